"""The program itself: where it is, how it is run, and what it says when it is ready."""

import os
import queue
import random
import re
import socket
import subprocess
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("USERINFO_PROGRAM", ROOT / "build" / "release" / "src" / "programs" / "userinfo"))
START_SECONDS = 20
STOP_SECONDS = 15
READY = re.compile(r"userinfo is ready at (?:(?:https?://)?127\.0\.0\.1:(\d+)|unix:.+)")


def free_port():
    """One that nobody has, below those that the system gives to clients: so a restart finds it free again."""
    while True:
        port = random.randint(10_000, 30_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def clean_environment(settings):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("USERINFO_")}
    return {**inherited, **settings}


def run_program(*arguments, typed="", environment=None):
    return subprocess.run(
        [PROGRAM, *arguments],
        env=clean_environment({}) if environment is None else environment,
        input=typed,
        capture_output=True,
        text=True,
        timeout=30,
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
