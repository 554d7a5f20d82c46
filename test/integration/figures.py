"""The server's metrics, read."""

import re

from client import Client

LINE = re.compile(r"([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)")
LABEL = re.compile(r'\w+="(?:[^"\\]|\\.)*"')


def figures(server):
    """Value by name with labels, these in order of their names: 'name{a="b"}', or 'name' without any. Of all its processes
    together."""
    return values_in(metrics_text(server))


def figures_of(role):
    """The same, of one process."""
    return values_in(text_of(role))


def values_in(text):
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, labels, value = LINE.fullmatch(line).groups()
            ordered = ",".join(sorted(LABEL.findall(labels or "")))
            key = f"{name}{{{ordered}}}" if ordered else name
            found[key] = found.get(key, 0) + float(value)
    return found


def metrics_text(server):
    """As they are served, of all its processes."""
    return "".join(text_of(role) for role in server.roles)


def text_of(role):
    return Client(role, management=True).get("/metrics").body.decode()


def passwords_hashed(server):
    """How many passwords the server has hashed or verified."""
    return figures(server)["userinfo_password_hash_seconds_count"]
