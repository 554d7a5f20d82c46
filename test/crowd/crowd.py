"""Sends log-ins from many addresses at once, each at a rate within the limits of a source, in a process of its own, and
prints how many got which status.

    python3 crowd.py PORT SOURCES RATE SECONDS

SOURCES: how many IPv6 /64s of one /48, and as many addresses. RATE: log-ins a second of all together.
"""

import itertools
import json
import os
import sys

from flood import figures_of, keep_sending, log_in

CONNECTIONS = 200


def log_ins(sources):
    """Without end: the sources in turns, each time with another email address, so that no delay of one helps the server."""
    for number in itertools.count():
        yield log_in(f"2001:db8:1:{number % sources:x}::1", f"nobody-{number}@crowd.example")


def crowding(server, sources, rate, seconds):
    """As figures_of."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return figures_of(__file__, seconds, server.port, sources, rate, seconds, environment=environment)


if __name__ == "__main__":
    port, sources, rate, seconds = map(int, sys.argv[1:5])
    print(json.dumps(keep_sending(port, log_ins(sources), rate, seconds, CONNECTIONS)))
