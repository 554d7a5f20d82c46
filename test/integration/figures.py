"""The server's metrics, read."""

import re

from client import Client

LINE = re.compile(r"([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)")
LABEL = re.compile(r'\w+="(?:[^"\\]|\\.)*"')


def figures(server):
    """Value by name with labels, these in order of their names: 'name{a="b"}', or 'name' without any."""
    found = {}
    for line in Client(server, management=True).get("/metrics").body.decode().splitlines():
        if line and not line.startswith("#"):
            name, labels, value = LINE.fullmatch(line).groups()
            ordered = ",".join(sorted(LABEL.findall(labels or "")))
            found[f"{name}{{{ordered}}}" if ordered else name] = float(value)
    return found


def passwords_hashed(server):
    """How many passwords the server has hashed or verified."""
    return figures(server)["userinfo_password_hash_seconds_count"]
