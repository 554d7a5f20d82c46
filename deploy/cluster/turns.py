"""Verbs that decide what runs and which server leads take turns. In the midst of a switchover no server takes writes, and another
verb that makes one take them would lose what it accepts."""

import fcntl
from contextlib import contextmanager

from mistake import Mistake


@contextmanager
def alone(folder):
    """Mistake: another verb works on the cluster in this folder. Nobody has to clear up after one that was killed."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise Mistake(f"another verb works on the cluster in {folder}; wait until it has ended") from held
        yield
