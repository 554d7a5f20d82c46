"""A certificate authority of the tests' own, and what it vouches for; made anew each time."""

import datetime
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)


def new_key(kind="ec"):
    return rsa.generate_private_key(65537, 2048) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def pem_of_key(key, pass_phrase=None):
    sealing = serialization.BestAvailableEncryption(pass_phrase) if pass_phrase else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, sealing)


class Authority:
    """Keeps its own certificate, and those that it makes for 127.0.0.1, in `folder`."""

    def __init__(self, folder):
        self.folder = folder
        self.key = new_key()
        self.certificate_file = folder / "authority.pem"
        self.server_certificate = folder / "server.pem"
        self.server_key = folder / "server.key"
        authority = self._certificate("authority", self.key, x509.BasicConstraints(True, None))
        self.certificate_file.write_bytes(authority.public_bytes(serialization.Encoding.PEM))

    def issue(self, kind="ec", begin=-DAY, end=30 * DAY):
        """A new certificate and key for the server take the place of those before. Returns its serial number."""
        key = new_key(kind)
        certificate = self._certificate("server", key, x509.BasicConstraints(False, None), begin, end)
        self.write_key(key)
        self.server_certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return certificate.serial_number

    def write_key(self, key):
        self.server_key.touch(0o600)
        self.server_key.write_bytes(pem_of_key(key))

    @property
    def settings(self):
        return {"TLS_CERTIFICATE": str(self.server_certificate), "TLS_KEY": str(self.server_key)}

    def _certificate(self, subject, key, constraints, begin=-DAY, end=30 * DAY):
        now = datetime.datetime.utcnow()
        local = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        return (
            x509.CertificateBuilder()
            .subject_name(name(subject))
            .issuer_name(name("authority"))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + begin)
            .not_valid_after(now + end)
            .add_extension(constraints, critical=True)
            .add_extension(local, critical=False)
            .sign(self.key, hashes.SHA256())
        )
