"""Refresh tokens whose session is known to several services at once."""

import threading

import pytest

from client import Client
from expect import granted
from people import Person, claims_of, refresh
from raw_http import Connection, request
from waiting import at_once, wait_until

CROWD = 64
MOST_LATE_REPEATS = 20
REFRESH = "/api/account/refresh"
FORM = "Content-Type: application/x-www-form-urlencoded"


def session(cluster, access_token, column):
    sid = claims_of(access_token)["sid"].replace("-", "")
    return int(cluster.primary.sql(f"SELECT {column} FROM userinfo.session WHERE sid = UNHEX('{sid}')"))


def refreshes_of_each(cluster):
    name = 'userinfo_rpc_server_calls_total{code="OK",method="Refresh"}'
    return [service.metrics().get(name, 0) for service in cluster.services]


def let_pass(cluster, seconds):
    cluster.primary.sql(
        f"UPDATE userinfo.session SET rotated_at = rotated_at - {seconds * 1_000_000}, "
        f"arrived_at = arrived_at - {seconds * 1_000_000}"
    )


@pytest.mark.parametrize("late", [False, True], ids=["first", "late"])
def test_many_refreshes_at_once_over_two_services_have_one_successor(cluster, server, late):
    app = Person.registered(server).app(server)
    if late:
        granted(refresh(server, app.refresh_token))  # the reply is lost
        let_pass(cluster, 3600)
    before = refreshes_of_each(cluster)
    # Each service counts at least one late repeat, and at most each of them: a session bears twenty.
    crowd = MOST_LATE_REPEATS if late else CROWD
    replies = at_once([lambda: refresh(server, app.refresh_token)] * crowd)
    successors = {granted(reply)["refresh_token"] for reply in replies}
    assert len(successors) == 1
    assert all(now > then for now, then in zip(refreshes_of_each(cluster), before)), "both services took part"
    assert session(cluster, app.bearer, "generation") == 2
    latest = granted(refresh(server, successors.pop()))
    granted(Client(server, bearer=latest["access_token"]).get("/api/account"))


def test_what_has_arrived_at_one_service_is_written_once_for_all(cluster, server):
    app = Person.registered(server).app(server)
    tokens = granted(refresh(server, app.refresh_token))
    readers = [Client(server, bearer=tokens["access_token"]) for _ in range(20)]
    for reader in readers:
        granted(reader.get("/api/account"))
    wait_until(lambda: session(cluster, app.bearer, "arrived_generation") == 2, "it is noted")
    first = session(cluster, app.bearer, "arrived_at")
    for reader in readers:
        granted(reader.get("/api/account"))
    assert session(cluster, app.bearer, "arrived_at") == first
    let_pass(cluster, 31)
    assert refresh(server, app.refresh_token).status == 401


def test_a_renewal_of_a_gateway_proves_nothing(cluster, server):
    browser = Person.registered(server).browser(server)
    del browser.cookies["access_token"]
    granted(browser.get("/api/account"))
    renewed = browser.cookies["access_token"]
    assert session(cluster, renewed, "generation") == 2
    assert session(cluster, renewed, "arrived_generation") == 1
    granted(browser.get("/api/account"))
    wait_until(lambda: session(cluster, renewed, "arrived_generation") == 2, "it is noted")


def test_services_that_are_killed_between_commit_and_reply_end_no_session(cluster, server):
    app = Person.registered(server).app(server)
    for generation in range(2, 5):
        body = f"refresh_token={app.refresh_token}".encode()
        sent = threading.Thread(target=send_and_forget, args=(cluster, body))
        sent.start()
        wait_until(lambda: session(cluster, app.bearer, "generation") == generation, "it rotates", every=0)
        for name in ("service-1", "service-2"):
            cluster.kill(name)
        sent.join()
        for name in ("service-1", "service-2"):
            cluster.start(name)
        let_pass(cluster, 3600)
        tokens = granted(wait_until(lambda: unless_away(refresh(server, app.refresh_token)), "a service answers"))
        assert session(cluster, app.bearer, "generation") == generation
        app.bearer, app.refresh_token = tokens["access_token"], tokens["refresh_token"]
        granted(wait_until(lambda: unless_away(app.get("/api/account")), "a service answers"))


def unless_away(reply):
    return reply if reply.status != 503 else None


class Front:
    """nginx, by its port alone."""

    socket_file = None

    def __init__(self, cluster):
        self.port = int(cluster.url.rsplit(":", 1)[1])


def send_and_forget(cluster, body):
    with Connection(Front(cluster)) as connection:
        connection.send(request("POST", REFRESH, FORM, f"Content-Length: {len(body)}", body=body))
        connection.hears_something(10)
