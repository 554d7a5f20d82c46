"""Gateways, services and nginx are restarted, or hang, while people read and write, log in and out through nginx."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from client import Client
from faults import hung
from people import Person, refresh

pytestmark = pytest.mark.usefixtures("whole_cluster")

VISITORS = 2


class Visitor(threading.Thread):
    """Somebody who logs in, renews the session, logs out, and comes again."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server = server
        self.person = Person.registered(server)
        self.statuses = []
        self.leaving = threading.Event()

    def run(self):
        while not self.leaving.is_set():
            self.visit()

    def visit(self):
        client = Client(self.server)
        log_in = self.ask(lambda: self.person.log_in(client, tokens="body"))
        if not log_in:
            return
        renewed = self.ask(lambda: refresh(self.server, log_in.data["refresh_token"]))
        if not renewed:
            return
        client.bearer = renewed.data["access_token"]
        self.ask(lambda: client.post("/api/account/logout", json={"refresh_token": renewed.data["refresh_token"]}))

    def ask(self, request):
        """The reply; None if it is not the one that is due."""
        try:
            reply = request()
        except (requests.exceptions.RequestException, AssertionError) as none:  # no reply, or one that openapi.json lacks
            self.statuses.append(str(none))
            return None
        self.statuses.append(reply.status)
        return reply if reply.status == 200 else None

    def finish(self):
        self.leaving.set()
        self.join(60)
        assert not self.is_alive()


@pytest.fixture
def visitors(server):
    made = [Visitor(server) for _ in range(VISITORS)]
    for visitor in made:
        visitor.start()
    yield made
    for visitor in made:
        visitor.finish()


def assert_nothing_failed(load, visitors, longest):
    load.go_on(1)
    for kind in ("read", "write"):
        assert load.failures(kind) == []
        assert max(answer.ended - answer.began for answer in load.answers(kind)) < longest
    for visitor in visitors:
        visitor.finish()
        assert set(visitor.statuses) == {200}


def test_a_rolling_restart_of_all_services_and_gateways_fails_no_request(cluster, load, visitors):
    roles = (*cluster.services, *cluster.gateways)
    before = {role.name: role.process().pid() for role in roles}
    for role in roles:
        cluster.restart(role.name)
    assert_nothing_failed(load, visitors, longest=3)
    assert [role.name for role in roles if role.process().pid() in (before[role.name], None)] == []


@pytest.mark.parametrize("apart", [0, 2])
def test_both_gateways_may_be_restarted_seconds_apart(cluster, load, visitors, apart):
    load.go_on(1)
    with ThreadPoolExecutor(1) as aside:
        first = aside.submit(cluster.restart, "gateway-1")
        load.go_on(apart)
        cluster.restart("gateway-2")
        first.result()
    assert_nothing_failed(load, visitors, longest=3)


def test_a_restarted_primary_of_the_database_takes_writes_again(cluster):
    primary = cluster.primary
    cluster.restart(primary.process().name)
    assert cluster.primary is primary
    assert primary.status()["read_only"] == "0"


def test_a_stopped_gateway_is_not_noticed(cluster, load, visitors):
    cluster.stop("gateway-1")
    load.go_on(6)  # it is tried again every few seconds
    cluster.start("gateway-1")
    assert_nothing_failed(load, visitors, longest=3)


def test_a_hung_gateway_delays_reads_by_at_most_three_seconds_and_fails_nothing(cluster, load):
    load.go_on(1)
    began = time.monotonic()
    with hung(cluster.process("gateway-1")):
        load.go_on(20)
    load.go_on(1)
    assert load.statuses("read", began) == {200}
    assert max(answer.ended - answer.began for answer in load.answers("read", began)) <= 3
    # A write that it has got waits for it, because it must not be sent twice.
    assert load.statuses("write", began) == {200}
    print("writes that waited:", sum(answer.ended - answer.began > 1 for answer in load.answers("write", began)))


def test_a_hung_nginx_delays_all_and_fails_none(cluster, load):
    began = time.monotonic()
    with hung(cluster.process("nginx")):
        load.go_on(3)
    load.go_on(1)
    for kind in ("read", "write"):
        assert load.statuses(kind, began) == {200}
    assert max(answer.ended for answer in load.answers("read", began)) > began + 3


def test_a_killed_nginx_answers_again_as_soon_as_it_is_started(cluster, load):
    cluster.kill("nginx")
    load.go_on(1)
    cluster.start("nginx")
    started = time.monotonic()
    load.go_on(1)
    for kind in ("read", "write"):
        assert load.statuses(kind, started) == {200}
        assert load.statuses(kind) == {0, 200}


def test_a_hung_service_fails_no_read_of_a_gateway_that_has_little_to_do(cluster, server):
    """Each connection of a gateway finds out for itself."""
    app = Person.registered(server).app(server)
    with hung(cluster.process("service-1")):
        for _ in range(12):
            began = time.monotonic()
            assert app.get("/api/account").status == 200
            assert time.monotonic() - began < 2
