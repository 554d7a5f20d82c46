"""How many connections one address may have, so that it cannot have all"""

import pytest

from expect import succeeded
from figures import figures
from raw_http import Connection, request
from waiting import wait_until

SHARE = 10
MOST = 4 * SHARE
NOBODY = "192.0.2.1"  # who connects to no test's server
HEALTH = request("GET", "/healthz")
FULL = 'userinfo_connections_refused_total{listener="public",reason="full"}'
SHARED = 'userinfo_connections_refused_total{listener="public",reason="source"}'


@pytest.fixture
def crowd():
    """Opens connections, which live until the test ends."""
    made = []

    def add(server, count, address="127.0.0.1"):
        made.extend(Connection(server, address=address) for _ in range(count))
        return made[-count:]

    yield add
    for connection in made:
        connection.close()


def answered(connection):
    connection.send(HEALTH)
    succeeded(connection.receive())


def test_one_address_has_a_quarter_of_the_connections_and_others_have_the_rest(make_server, crowd):
    server = make_server(HTTP_CONNECTIONS=str(MOST), HTTP_TRUSTED_PROXIES=NOBODY)
    first = crowd(server, SHARE)
    refused = crowd(server, MOST)
    for connection in refused:
        assert connection.at_end()
    for connection in first:
        answered(connection)
    for number in (2, 3, 4):
        for connection in crowd(server, SHARE, f"127.0.0.{number}"):
            answered(connection)
    assert figures(server)[SHARED] == MOST
    told = "refusing connections: their source has its share of the places"
    (line,) = wait_until(lambda: server.log_lines(told), "the warning")
    assert (line["listener"], line["source"]) == ("public", "127.0.0.1")

    (late,) = crowd(server, 1, "127.0.0.5")
    assert late.at_end()
    assert figures(server)[FULL] == 1
    first[0].close()

    def is_let_in():
        (next,) = crowd(server, 1)
        next.send(HEALTH)
        return not next.at_end()

    wait_until(is_let_in, "the place of the connection that is closed is free")


def test_the_share_is_a_setting(make_server, crowd):
    server = make_server(HTTP_CONNECTIONS=str(MOST), HTTP_CONNECTIONS_PER_SOURCE="2", HTTP_TRUSTED_PROXIES=NOBODY)
    connections = crowd(server, 3)
    assert connections[2].at_end()
    for connection in connections[:2]:
        answered(connection)


def test_a_trusted_proxy_may_have_all_connections(make_server, crowd):
    server = make_server(HTTP_CONNECTIONS=str(MOST), HTTP_TRUSTED_PROXIES="127.0.0.1")
    for connection in crowd(server, MOST):
        answered(connection)
    assert figures(server)[SHARED] == 0


def test_the_management_listener_is_not_for_crowds(make_server):
    server = make_server()
    crowd = [Connection(server, management=True) for _ in range(129)]
    assert crowd[128].at_end()
    for connection in crowd[:128]:
        connection.close()
    refused = 'userinfo_connections_refused_total{listener="management",reason="source"}'

    def read():
        with Connection(server, management=True) as connection:
            connection.send(request("GET", "/metrics"))
            return not connection.at_end()

    wait_until(read, "the places are free again")
    assert figures(server)[refused] >= 1
    crowd[128].close()
