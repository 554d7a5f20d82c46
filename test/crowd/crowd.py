"""Sends log-ins from many addresses at once, each at a rate within the limits of a source, in a process of its own, and
prints how many got which status.

    python3 crowd.py PORT SOURCES RATE SECONDS

SOURCES: how many IPv6 /64s of one /48, and as many addresses. RATE: log-ins a second of all together.
"""

import itertools
import json
import os
import selectors
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager

from flood import is_whole, log_in

CONNECTIONS = 200


def log_ins(sources):
    """Without end: the sources in turns, each time with another email address, so that no delay of one helps the server."""
    for number in itertools.count():
        yield log_in(f"2001:db8:1:{number % sources:x}::1", f"nobody-{number}@crowd.example")


def crowd(port, sources, rate, seconds):
    """Keeps the rate as long as a connection is idle when a request is due."""
    requests = log_ins(sources)
    selector = selectors.DefaultSelector()
    idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
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
        for key, _ in selector.select(0.005):
            connection = key.fileobj
            received[connection] += connection.recv(65536)
            if is_whole(received[connection]):
                statuses[received[connection][9:12].decode()] += 1
                selector.unregister(connection)
                idle.append(connection)
    return {"sent": sent, "seconds": time.monotonic() - begin, "statuses": statuses}


@contextmanager
def crowding(server, sources, rate, seconds):
    """As long as it lasts, at most `seconds`; afterwards the list that it gives holds the figures."""
    command = [sys.executable, __file__, *map(str, (server.port, sources, rate, seconds))]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    figures = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            yield figures
        finally:
            output, _ = process.communicate(timeout=seconds + 30)
            figures.append(json.loads(output))


if __name__ == "__main__":
    print(json.dumps(crowd(*map(int, sys.argv[1:5]))))
