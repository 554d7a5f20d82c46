"""What MariaDB servers and their users prove themselves with: passwords and certificates, in files of this user alone."""

import json
import secrets
from dataclasses import asdict, dataclass, field

from servers.private_files import write_private
from servers.process import run


def new_password():
    return secrets.token_urlsafe(24)


@dataclass(frozen=True)
class Passwords:
    """Of the databases' users. Made once, and kept where only this user can read them."""

    app: str = field(default_factory=new_password)
    migrate: str = field(default_factory=new_password)
    monitor: str = field(default_factory=new_password)
    replication: str = field(default_factory=new_password)
    rescue: str = field(default_factory=new_password)

    @classmethod
    def of(cls, folder):
        """Those that are kept, and new ones for users that there were not yet."""
        file = folder / "passwords.json"
        known = json.loads(file.read_text()) if file.exists() else {}
        passwords = cls(**known)
        if asdict(passwords) != known:
            write_private(file, json.dumps(asdict(passwords)))
        return passwords


def make_certificates(folder):
    """An authority, and what the servers on 127.0.0.1 prove themselves with."""
    if (folder / "server.pem").exists():
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = ("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", 365)
    run(*new, "-subj", "/CN=userinfo test authority", "-keyout", folder / "ca.key", "-out", folder / "ca.pem")
    authority = ("-CA", folder / "ca.pem", "-CAkey", folder / "ca.key")
    names = ("-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE")
    files = ("-keyout", folder / "server.key", "-out", folder / "server.pem")
    run(*new, *authority, *names, "-subj", "/CN=mariadb", *files)
