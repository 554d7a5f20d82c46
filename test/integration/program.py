"""The program itself: where it is, how it is run, and what it says when it is ready."""

import contextlib
import itertools
import os
import queue
import random
import re
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("USERINFO_PROGRAM", ROOT / "build" / "release" / "src" / "programs" / "userinfo"))
PORTS = 2_000  # of each worker
START_SECONDS = 20
STOP_SECONDS = 15
READY = re.compile(r"userinfo is ready at (?:(?:https?://)?127\.0\.0\.1:(\d+)|unix:.+)")


def ports_in_turn():
    """Those of this worker of pytest, each again only after all others, below the ones that the system gives to clients: so
    a server that starts again finds its own free."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = 10_000 + worker * PORTS
    begin = random.randrange(PORTS)
    return (first + (begin + turn) % PORTS for turn in itertools.count())


PORTS_IN_TURN = ports_in_turn()


def free_port():
    """One that nobody has."""
    for port in PORTS_IN_TURN:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class SocketFolder:
    """A folder for the socket of a service, until nobody knows it any more. pytest's own are too deep: the path of a socket has
    107 bytes at most."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="userinfo-")
        self.address = f"unix:{self.folder.name}/rpc.sock"


def clean_environment(settings):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("USERINFO_")}
    return {**inherited, **settings}


def run_program(*arguments, typed="", environment=None, close=(), folder=None):
    """`close`: the numbers of standard streams that the program gets closed. `folder`: where it runs."""
    closing = "".join(f" {stream}>&-" for stream in close)
    shell = ["sh", "-c", f'exec "$0" "$@"{closing}'] if close else []
    return subprocess.run(
        [*shell, PROGRAM, *arguments],
        env=clean_environment({}) if environment is None else environment,
        input=typed,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def first_line(stream):
    """The first line that comes within START_SECONDS, without its end; empty if there is none."""
    lines = queue.Queue()
    threading.Thread(target=lambda: lines.put(stream.readline()), daemon=True).start()
    try:
        return lines.get(timeout=START_SECONDS).rstrip("\n")
    except queue.Empty:
        return ""
