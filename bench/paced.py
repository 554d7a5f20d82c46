"""A client with a fixed rate. wrk sends as fast as it is answered, so a server that stalls is asked less and looks
better than it is. This one has a time for each request, and counts a reply's delay from then on, whenever it was sent."""
import collections
import concurrent.futures
import dataclasses
import threading
import time

import wire


@dataclasses.dataclass
class tally:
    delays_ms: list = dataclasses.field(default_factory=list)
    failures: collections.Counter = dataclasses.field(default_factory=collections.Counter)  # by reason

    def add(self, other):
        self.delays_ms += other.delays_ms
        self.failures += other.failures

    @property
    def requests(self):
        return len(self.delays_ms)

    @property
    def errors(self):
        return self.failures.total()

    def percentile(self, percent):
        return percentile(self.delays_ms, percent)


def percentile(values, percent):
    """The nearest-rank percentile; not a number if there are no values."""
    if not values:
        return float("nan")
    rank = -(-len(values) * percent // 100)  # rounded up
    return sorted(values)[max(rank, 1) - 1]


class client:
    """Calls `step` so many times a second on a thread of its own, one call after the other. `step` returns what was wrong
    with the answer, or nothing; OSError and wire.broken count as failures, too. Use as a context."""

    def __init__(self, rate, step):
        self.interval = 1 / rate
        self.step = step
        self.lock = threading.Lock()
        self.current = tally()
        self.stopping = False
        self.thread = concurrent.futures.ThreadPoolExecutor(1)

    def run(self):
        due = time.monotonic()
        while not self.stopping:
            due += self.interval
            early = due - time.monotonic()
            if early > 0:
                time.sleep(early)
            try:
                failure = self.step()
            except (OSError, wire.broken) as error:
                failure = repr(error)
            delay = (time.monotonic() - due) * 1000
            with self.lock:
                self.current.delays_ms.append(delay)
                if failure:
                    self.current.failures[failure] += 1

    def take(self):
        """What was counted since the last time. Raises what ended the thread, if something did."""
        if self.running.done():
            self.running.result()
        with self.lock:
            taken, self.current = self.current, tally()
        return taken

    def __enter__(self):
        self.running = self.thread.submit(self.run)
        return self

    def __exit__(self, *_):
        self.stopping = True
        self.thread.shutdown()
        self.running.result()
