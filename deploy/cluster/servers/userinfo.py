"""The program itself: services and gateways, each a process with a configuration file of its own."""

import contextlib
import json
import os
import secrets
import urllib.error
import urllib.request
from base64 import urlsafe_b64encode
from pathlib import Path

from mistake import Mistake
from servers.private_files import write_private
from servers.process import Process

LONGEST_SOCKET_PATH = 107


def new_master_key():
    return urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def socket(folder, role, number):
    """Where that role listens, in the cluster's folder: all are on this machine, and only this user may connect."""
    path = folder / f"{role}-{number}" / "socket"
    if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
        raise Mistake(f"the path of {folder} is too long: a unix socket's has {LONGEST_SOCKET_PATH} bytes at most")
    return f"unix:{path}"


class Role:
    """A process of `userinfo service` or `userinfo gateway`. `settings`: of its file, by their keys; `ports`: for its
    management, and for those who call it."""

    def __init__(self, program, role, number, folder, settings, ports):
        self.program = program
        self.role = role
        self.name = f"{role}-{number}"
        self.folder = folder / self.name
        self.settings = settings
        self.ports = ports
        self.management_port = ports[0]

    def prepare(self):
        settings = {
            "management.listen": f"127.0.0.1:{self.management_port}",
            "log.format": "json",
            "log.file": str(self.folder / "userinfo.log"),
        } | self.settings
        # JSON's texts, numbers and lists are YAML's.
        write_private(self.folder / "config.yaml", "".join(f"{key}: {json.dumps(to)}\n" for key, to in settings.items()))

    def process(self):
        return Process(
            name=self.name,
            folder=self.folder,
            command=[str(self.program), self.role, "--config", "config.yaml"],
            ports=self.ports,
            is_ready=lambda: self.readiness() == "ready",
            ready_seconds=40,
            socket=self.inherited_socket(),
        )

    def inherited_socket(self):
        """Services need none: gateways call another one meanwhile."""
        address = self.settings.get("listen", "")
        return Path(address.removeprefix("unix:")) if address.startswith("unix:") else None

    def readiness(self):
        """What it says of itself; None if it does not answer."""
        with contextlib.suppress(OSError):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.management_port}/readyz", timeout=2):
                    return "ready"
            except urllib.error.HTTPError as refused:
                refused.close()
                return "not ready"
        return None

    def metrics(self):
        """The figures by their names with labels; empty if it does not answer."""
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(f"http://127.0.0.1:{self.management_port}/metrics", timeout=2) as answer:
                lines = answer.read().decode().splitlines()
            return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[:1] != "#")}
        return {}
