"""Limits on attempts hold for the cluster as a whole, whichever of its services an attempt reaches."""

import tempfile
import time
from pathlib import Path

import pytest

from client import Client
from conftest import IN_MEMORY, Front
from people import Person
from program import PROGRAM
from topology import Cluster

PORT_OFFSET = 16_000
FREE_FAILURES = 5
BURST = 30
MOST_TRIES = 20
SETTINGS = {
    "service": {
        "attempts.checks_per_minute": 60,
        "attempts.checks_burst": BURST,
        "attempts.free_failures": FREE_FAILURES,
        "passwords.memory": 7168,
    }
}


@pytest.fixture(scope="module")
def cluster():
    with tempfile.TemporaryDirectory(prefix="userinfo-", dir=IN_MEMORY) as folder:
        cluster = Cluster(Path(folder), PROGRAM, PORT_OFFSET, SETTINGS)
        try:
            cluster.up()
            yield cluster
        finally:
            cluster.down()


@pytest.fixture
def server(cluster):
    return Front(cluster.url)


def log_in(server, email, password="not the password"):
    return Client(server).post("/api/account/login", form={"email": email, "password": password})


def log_ins_of_each(cluster):
    def of(service):
        name = 'userinfo_rpc_server_calls_total{code="%s",method="Login"}'
        figures = service.metrics()
        return sum(figures.get(name % code, 0) for code in ("UNAUTHENTICATED", "RESOURCE_EXHAUSTED"))

    return [of(service) for service in cluster.services]


def test_failures_of_one_email_are_counted_together(cluster, server):
    person = Person.registered(server)
    first_to_wait = FREE_FAILURES + 1  # after it, that is
    statuses = [log_in(server, person.email).status for _ in range(first_to_wait + 1)]
    assert statuses == [401] * first_to_wait + [429]
    for _ in range(MOST_TRIES):  # which service it is, is drawn
        if all(log_ins_of_each(cluster)):
            break
        assert log_in(server, person.email).status == 429
    assert all(log_ins_of_each(cluster)), "both services take part, and refuse"


def test_what_one_address_tries_is_counted_together(server):
    begin = time.monotonic()
    for number in range(3 * BURST):
        if log_in(server, Person.unknown().email).status == 429:
            break
    assert number <= BURST + (time.monotonic() - begin) + 1  # one flows back each second
