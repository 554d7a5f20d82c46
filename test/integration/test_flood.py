"""A flood of log-ins from one address, and what everybody else notices of it"""

import statistics
import time

import pytest

from client import Client
from expect import granted
from flood import flooding
from people import Person
from waiting import at_once

pytestmark = pytest.mark.alone

RATE = 1000
SECONDS = 5
LOG_INS = 20  # a turn, each of somebody else
LOG_IN_P99 = 1.0
READ_P99 = 0.020
READ_PAUSE = 0.005


def p99(seconds):
    return statistics.quantiles(seconds, n=100)[98]


def timed_log_ins(server, people):
    """Each person from an address of their own, one after the other."""
    times = []
    for number, person in enumerate(people):
        client = Client(server)
        begin = time.perf_counter()
        address = {"X-Forwarded-For": f"198.51.100.{number + 1}"}
        granted(client.request("POST", "/api/account/login", form=person.credentials, headers=address))
        times.append(time.perf_counter() - begin)
    return times


def timed_reads(app, until):
    times = []
    while time.monotonic() < until:
        begin = time.perf_counter()
        granted(app.get("/api/user/profile"))
        times.append(time.perf_counter() - begin)
        time.sleep(READ_PAUSE)  # a rate, not a wait
    return times


def flooded(server, people, app, refusal):
    """The times of everybody else's log-ins and reads, while a flood goes on of which most is refused."""
    until = time.monotonic() + SECONDS - 1
    with flooding(server, "192.0.2.66", RATE, SECONDS, connections=120) as flood:
        log_ins, reads = at_once([lambda: timed_log_ins(server, people), lambda: timed_reads(app, until)])
    (figures,) = flood
    assert figures["sent"] / figures["seconds"] > RATE * 0.7, figures
    assert figures["statuses"].get(refusal, 0) > figures["sent"] * 0.5, figures
    return log_ins, reads


# With the default limits nearly all are refused unhashed; without limits, what protects the others is that the hashing
# queue is fair and its threads give way.
@pytest.mark.parametrize("limits, refusal", [("default", "429"), ("none", "503")])
def test_a_flood_of_log_ins_from_one_address_leaves_the_others_in_peace(make_server, limits, refusal):
    """In the quietest of three turns: a machine that others use, too, lets even an idle server wait now and then."""
    defaults = {"ATTEMPTS_CHECKS_PER_MINUTE": None, "ATTEMPTS_CHECKS_BURST": None, "ATTEMPTS_FREE_FAILURES": None}
    server = make_server(HTTP_TRUSTED_PROXIES="127.0.0.1", LOG_LEVEL="warning", **(defaults if limits == "default" else {}))
    people = [Person.registered(server) for _ in range(LOG_INS)]
    app = people[0].app(server)
    granted(app.post("/api/user/profile", form={"username": "Ada"}))

    log_ins, reads = zip(*(flooded(server, people, app, refusal) for _ in range(3)))
    print(f"p99 of log-ins {[*map(p99, log_ins)]} s, of reads {[*map(p99, reads)]} s")
    assert min(map(p99, log_ins)) < LOG_IN_P99
    assert min(map(p99, reads)) < READ_P99
