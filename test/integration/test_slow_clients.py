"""Clients that take their time: each step of a request has a limit, and one slow client costs the others nothing"""

import time

import pytest

from expect import refused, succeeded
from raw_http import Connection, request
from server import Server

LIMIT = 1.0  # seconds, of each step
FORM = "Content-Type: application/x-www-form-urlencoded"
HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
BODY = request("POST", "/api/account/login", FORM, "Content-Length: 1000")
CHUNKS = request("POST", "/api/account/login", FORM, "Transfer-Encoding: chunked")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    limits = {"HTTP_HEADER_TIME": "1s", "HTTP_BODY_TIME": "1s", "HTTP_IDLE_TIME": "1s"}
    server = Server(tmp_path_factory.mktemp("server"), **limits).start()
    yield server
    server.finish()


@pytest.mark.parametrize(
    "begin", [b"G", HEAD, HEAD + b"X-Endless: a", BODY, BODY + b"email=", CHUNKS, CHUNKS + b"5\r\nem"]
)
def test_a_request_that_stops_is_told_that_it_was_too_slow(server, begin):
    with Connection(server, patience=10) as connection:
        connection.send(begin)
        began = time.monotonic()
        refused(connection.receive(), 408, 300005)
        assert LIMIT * 0.8 < time.monotonic() - began < LIMIT * 6
        assert connection.at_end()


@pytest.mark.parametrize("begin, drop", [(HEAD + b"X-Endless: ", b"a"), (BODY, b"a"), (CHUNKS, b"1\r\na\r\n")])
def test_a_request_that_trickles_gains_no_time(server, begin, drop):
    with Connection(server) as connection:
        connection.send(begin)
        began = time.monotonic()
        while not connection.hears_something(0.1):
            assert time.monotonic() - began < LIMIT * 6
            connection.send(drop)
        refused(connection.receive(), 408, 300005)


@pytest.mark.parametrize("begin", [b"", request("GET", "/healthz")], ids=["never used", "used"])
def test_a_connection_on_which_nothing_happens_is_closed_without_a_word(server, begin):
    with Connection(server, patience=10) as connection:
        connection.send(begin)
        if begin:
            succeeded(connection.receive())
        assert connection.at_end()


def test_many_slow_clients_leave_the_server_to_the_others(server):
    slow = [Connection(server) for _ in range(200)]
    for connection in slow:
        connection.send(HEAD)
    for _ in range(20):
        with Connection(server, patience=1) as quick:
            quick.send(request("GET", "/healthz"))
            succeeded(quick.receive())
    for connection in slow:
        refused(connection.receive(), 408, 300005)
        connection.close()
