"""`./dev cluster`, as a person starts it."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

COMMAND = Path(__file__).resolve().parents[2] / "deploy" / "cluster" / "cluster.py"


@contextmanager
def command_run(cluster, *words):
    """What a person started at a terminal of its own."""
    command = [sys.executable, COMMAND, "--folder", cluster.folder, "--program", cluster.program, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True) as run:
        try:
            yield run
        finally:
            run.kill()
