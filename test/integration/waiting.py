"""Bounded waits, and things that happen at once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial


def wait_until(condition, what, seconds=10, every=0.02):
    """What `condition` returns once that is true; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(every)
    return result


def at_once(calls):
    """The results of `calls`, in their order, each called on a thread of its own at the same moment."""
    calls = list(calls)
    start = threading.Barrier(len(calls), timeout=30)

    def run(call):
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def map_at_once(function, *columns):
    """As `map`, but with all calls at the same moment."""
    return at_once([partial(function, *row) for row in zip(*columns)])
