"""Sends log-ins at a steady rate, in a process of its own, and prints how many got which status.

    python3 flood.py PORT ADDRESS RATE SECONDS CONNECTIONS
"""

import itertools
import json
import selectors
import socket
import subprocess
import sys
import time
import urllib.parse
from collections import Counter
from contextlib import contextmanager


def log_in(address, email="nobody@flood.example"):
    form = urllib.parse.urlencode({"email": email, "password": "no password of anybody"})
    head = [
        "POST /api/account/login HTTP/1.1",
        "Host: 127.0.0.1",
        f"X-Forwarded-For: {address}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(form)}",
    ]
    return ("\r\n".join(head) + "\r\n\r\n" + form).encode()


def is_whole(reply):
    head, separator, body = reply.partition(b"\r\n\r\n")
    if not separator:
        return False
    length = next(line for line in head.split(b"\r\n") if line.startswith(b"Content-Length:"))
    return len(body) >= int(length.partition(b":")[2])


def keep_sending(port, requests, rate, seconds, connections):
    """Sends so many of `requests` a second, as long as a connection is idle when one is due. Returns the figures."""
    selector = selectors.DefaultSelector()
    idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(connections)]
    received = {}
    statuses = Counter()
    begin = time.monotonic()
    sent = 0
    while (elapsed := time.monotonic() - begin) < seconds:
        while idle and sent < elapsed * rate:
            connection = idle.pop()
            connection.sendall(next(requests))
            received[connection] = b""
            selector.register(connection, selectors.EVENT_READ)
            sent += 1
        for key, _ in selector.select(0.002):
            connection = key.fileobj
            received[connection] += connection.recv(65536)
            if is_whole(received[connection]):
                statuses[received[connection][9:12].decode()] += 1
                selector.unregister(connection)
                idle.append(connection)
    return {"sent": sent, "seconds": time.monotonic() - begin, "statuses": statuses}


@contextmanager
def figures_of(script, seconds, *arguments, environment=None):
    """Runs the script beside the block, for at most `seconds`; afterwards the list that it gives holds its figures."""
    figures = []
    command = [sys.executable, script, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            yield figures
        finally:
            output, _ = process.communicate(timeout=seconds + 30)
            figures.append(json.loads(output))


def flooding(server, address, rate, seconds, connections):
    return figures_of(__file__, seconds, server.port, address, rate, seconds, connections)


if __name__ == "__main__":
    port, address, *numbers = sys.argv[1:6]
    print(json.dumps(keep_sending(int(port), itertools.repeat(log_in(address)), *map(int, numbers))))
