"""SIGTERM: the server stops accepting, finishes what runs, and ends with 0; what it knew, it knows after the restart"""

import socket
import time

import pytest
import requests

from client import Client, CutOff
from expect import alive, granted, refused, succeeded
from people import Person
from raw_http import Connection, request
from slow import request_in_flight, stopping
from waiting import wait_until


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        return True
    except (ConnectionRefusedError, ConnectionResetError):  # reset: the socket closed while this one connected
        return False


@pytest.mark.listener
def test_a_running_request_is_finished(make_server):
    server = make_server()
    with request_in_flight(server) as reply:
        server.terminate()
        wait_until(lambda: not accepts(server.port), "new connections are refused")
        assert server.running and not reply.done()
    succeeded(reply.result(timeout=10))
    assert server.wait() == 0


@pytest.mark.listener
def test_the_reply_of_the_last_request_closes_its_connection(make_server):
    server = make_server()
    with request_in_flight(server) as reply:
        server.terminate()
        wait_until(lambda: not accepts(server.port), "new connections are refused")
    assert reply.result(timeout=10).header("Connection") == "close"
    assert server.wait() == 0


@pytest.mark.listener
def test_it_is_not_ready_any_more_while_it_stops(make_server):
    server = make_server()
    with stopping(server) as unready:
        refused(unready, 503, unready.code)
    assert server.wait() == 0


def test_it_stops_in_order_even_if_it_is_told_so_as_soon_as_it_is_ready(make_server):
    server = make_server()
    for _ in range(10):
        server.stop()
        server.start()


def test_an_idle_connection_does_not_delay_the_end(make_server):
    server = make_server()
    with Connection(server) as idle, Connection(server) as used:
        used.send(request("GET", "/healthz"))
        assert used.receive().status == 200
        begin = time.monotonic()
        server.stop()
        assert time.monotonic() - begin < 3
        assert used.at_end() and idle.at_end()


def test_a_client_that_never_ends_its_request_delays_the_end_no_longer_than_allowed(make_server):
    server = make_server(SHUTDOWN_TIME="1s")
    with Connection(server) as slow:
        slow.send(b"POST /api/account/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nemail=")
        Client(server).get("/healthz")
        begin = time.monotonic()
        server.stop()
        assert time.monotonic() - begin < 4
        assert slow.at_end()


@pytest.mark.listener
def test_a_busy_client_never_gets_half_a_reply(make_server):
    server = make_server()
    app = Person.registered(server).app(server)
    granted(app.get("/api/account"))
    server.terminate()
    with pytest.raises(requests.exceptions.ConnectionError) as ended:
        while True:
            granted(app.get("/api/account"))
    assert not isinstance(ended.value, CutOff)
    assert server.wait() == 0


def test_a_second_start_continues_sessions_accounts_and_profiles(make_server):
    server = make_server()
    person = Person.registered(server)
    browser, app = person.browser(server), person.app(server)
    succeeded(browser.post("/api/user/profile", form={"username": "Ada"}))
    server.stop()
    server.start()
    alive(app)
    alive(browser)
    assert granted(app.get("/api/user/profile"))["username"] == "Ada"
    succeeded(browser.post("/api/account/refresh"))
    succeeded(person.log_in(Client(server)))


def test_what_was_revoked_stays_so_after_a_restart(make_server):
    server = make_server()
    person = Person.registered(server)
    app, browser, other = person.app(server), person.browser(server), person.app(server)
    before = Client(server, cookies=browser.cookies)
    succeeded(browser.post("/api/account/logout"))
    succeeded(app.delete("/api/account/sessions"))
    server.stop()
    server.start()
    refused(before.get("/api/account"), 401, 200008)
    refused(other.get("/api/account"), 401, 200008)
    alive(app)


def test_the_keys_stay_the_same(make_server):
    server = make_server()
    keys = Client(server).get("/.well-known/jwks.json").json
    server.stop()
    server.start()
    assert Client(server).get("/.well-known/jwks.json").json == keys
