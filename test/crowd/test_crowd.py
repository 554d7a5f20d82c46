"""Log-ins from 400 sources of one /48, each within its limits, and what everybody else notices of them"""

import statistics
import time

import pytest

from client import Client
from crowd import crowding
from expect import granted
from people import Person
from server import Server
from waiting import at_once

SOURCES = 400
RATE = 200  # log-ins a second of all together, 0.5 of each
SECONDS = 24  # a source has its burst of 20, and 12 more
WARM_UP = 3  # s, in which the crowd fills the queue
LOG_INS = 20
PAUSE = 0.5  # a rate, not a wait
SLOWEST_LOG_IN = 2.0
SLOWEST_ON_KNOWN_DEVICE = 1.0
READ_P99 = 0.020
READ_PAUSE = 0.005


@pytest.fixture
def server(tmp_path):
    """With the limits of the program, not the tests'."""
    defaults = {"ATTEMPTS_CHECKS_PER_MINUTE": None, "ATTEMPTS_CHECKS_BURST": None, "ATTEMPTS_FREE_FAILURES": None}
    server = Server(tmp_path, HTTP_TRUSTED_PROXIES="127.0.0.1", LOG_LEVEL="warning", **defaults).start()
    yield server
    server.finish()


def timed_log_ins(person, address, next_client):
    """Of an owner whose address is in another network, one after the other."""
    time.sleep(WARM_UP)
    times = []
    for _ in range(LOG_INS):
        client = next_client()
        headers = {"X-Forwarded-For": address}
        begin = time.perf_counter()
        granted(client.request("POST", "/api/account/login", form=person.credentials, headers=headers))
        times.append(time.perf_counter() - begin)
        time.sleep(PAUSE)
    return times


def timed_reads(app, until):
    times = []
    while time.monotonic() < until:
        begin = time.perf_counter()
        granted(app.get("/api/user/profile"))
        times.append(time.perf_counter() - begin)
        time.sleep(READ_PAUSE)
    return times


def test_a_crowd_of_one_network_leaves_the_others_in_peace(server):
    owner, other_owner, reader = (Person.registered(server) for _ in range(3))
    known_device = other_owner.browser(server)
    app = reader.app(server)
    granted(app.post("/api/user/profile", form={"username": "Ada"}))
    until = time.monotonic() + SECONDS - 1
    with crowding(server, SOURCES, RATE, SECONDS) as crowd:
        log_ins, on_known_device, reads = at_once(
            [
                lambda: timed_log_ins(owner, "198.51.100.7", lambda: Client(server)),
                lambda: timed_log_ins(other_owner, "203.0.113.7", lambda: known_device),
                lambda: timed_reads(app, until),
            ]
        )
    (figures,) = crowd
    read_p99 = statistics.quantiles(reads, n=100)[98]
    print(f"the crowd: {figures}")
    for name, times in (("log-ins", log_ins), ("log-ins on a known device", on_known_device)):
        print(f"{name}: slowest {max(times):.3f} s, median {statistics.median(times):.3f} s")
    print(f"reads: p99 {1000 * read_p99:.1f} ms of {len(reads)}")
    assert figures["sent"] / figures["seconds"] > RATE * 0.9, "the crowd was slower than it should be"
    assert "429" not in figures["statuses"], "a source was beyond its limits"
    assert figures["statuses"].get("503", 0) > figures["sent"] * 0.1, "the crowd did not fill its share of the queue"
    assert max(log_ins) < SLOWEST_LOG_IN
    assert max(on_known_device) < SLOWEST_ON_KNOWN_DEVICE
    assert read_p99 < READ_P99
