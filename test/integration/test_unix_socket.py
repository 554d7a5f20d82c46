"""Behind a proxy on the same machine, which comes by a unix socket"""

import json
import os
import socket
import stat
import tempfile
from contextlib import closing, ExitStack
from urllib.parse import urlencode

import pytest

from expect import granted, refused, succeeded
from people import Person
from raw_http import Connection, exchange, request
from program import run_program
from server import Server
from test_attempts import DEFAULTS
from waiting import wait_until

pytestmark = pytest.mark.listener

PUBLIC_URL = "https://accounts.example"


@pytest.fixture
def path():
    with tempfile.TemporaryDirectory() as short:  # a socket's path has 107 bytes at most
        yield os.path.join(short, "userinfo.sock")


@pytest.fixture
def make_server(tmp_path, path):
    with ExitStack() as made:

        def make(**settings):
            server = Server(tmp_path / "server", **{"LISTEN": f"unix:{path}", "PUBLIC_URL": PUBLIC_URL, **settings})
            server.start()
            made.callback(server.finish)
            return server

        yield make


def ask(server, method, path, *headers, form=None, source=None):
    """As a proxy asks for a client at the address `source`."""
    lines = [*headers, *([f"X-Forwarded-For: {source}"] if source else [])]
    body = urlencode(form).encode() if form else b""
    if form:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return exchange(server, request(method, path, *lines, body=body))


def register(server, source=None):
    person = Person.unknown()
    server.secrets.add(person.password)
    return person, ask(server, "POST", "/api/account/register", form=person.credentials, source=source)


def sessions(server, person, source):
    """Logs in from there, and returns the account's sessions."""
    form = {**person.credentials, "tokens": "body"}
    token = granted(ask(server, "POST", "/api/account/login", form=form, source=source))["access_token"]
    server.secrets.add_token(token)
    reply = ask(server, "GET", "/api/account/sessions", f"Authorization: Bearer {token}", source=source)
    return granted(reply)["sessions"]


def audited(server):
    """(type, address) of each register and log-in."""
    events = map(json.loads, server.storing.succeed("audit").splitlines())
    return [(event["type"], event["address"]) for event in events if event["type"] in ("register", "log_in")]


def test_serves_a_proxy_that_keeps_its_connections(make_server):
    server = make_server()
    with Connection(server) as proxy:
        for _ in range(3):
            proxy.send(request("GET", "/healthz"))
            assert proxy.receive().status == 200
    with Connection(server, management=True) as monitor:
        monitor.send(request("GET", "/readyz"))
        assert monitor.receive().status == 200


def test_believes_whom_the_proxy_names(make_server):
    server = make_server()
    person, reply = register(server, source="9.9.9.9, 203.0.113.7")
    succeeded(reply)
    (session,) = sessions(server, person, source="203.0.113.8")
    assert session["address"] == "203.0.113.8"
    assert audited(server) == [("register", "203.0.113.7"), ("log_in", "203.0.113.8")]
    last = {"address": "203.0.113.8", "route": "/api/account/sessions"}
    wait_until(lambda: any(last.items() <= line.items() for line in server.log_lines("request")), "its access line")


def test_says_so_if_the_proxy_names_nobody(make_server):
    server = make_server()
    person, reply = register(server)
    succeeded(reply)
    (session,) = sessions(server, person, source=None)
    assert session["address"] == "unix:"
    assert audited(server) == [("register", "unix:"), ("log_in", "unix:")]


def test_limits_each_client_that_the_proxy_names_and_all_others_together(make_server):
    server = make_server(**DEFAULTS)
    for source in ("203.0.113.1", None):
        replies = [register(server, source)[1] for _ in range(12)]
        assert [reply.status for reply in replies[:10]] == [200] * 10
        refused(replies[-1], 429, 200010)
    succeeded(register(server, "203.0.113.2")[1])


def test_keeps_the_rules_of_an_https_url(make_server):
    """The proxy's own way to here is no reason for weaker cookies."""
    server = make_server()
    person, _ = register(server)
    reply = ask(server, "POST", "/api/account/login", form=person.credentials)
    for name in ("__Host-access_token", "__Host-refresh_token"):
        assert reply.cookies[name].value
        server.secrets.add_token(reply.cookies[name].value)
    assert ask(server, "POST", "/api/account/login", "Origin: https://evil.example", form=person.credentials).status == 403


def test_lets_owner_and_group_in_and_removes_the_socket_at_the_end(make_server, path):
    server = make_server()
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o660
    server.stop()
    assert not os.path.exists(path)


def test_replaces_the_socket_of_a_server_that_was_killed(make_server, path):
    server = make_server()
    server.kill()
    assert stat.S_ISSOCK(os.stat(path).st_mode)
    server.start()
    assert exchange(server, request("GET", "/healthz")).status == 200


def test_leaves_the_socket_of_a_server_that_runs(make_server, tmp_path, path):
    server = make_server()
    (tmp_path / "second").mkdir()
    second = Server(tmp_path / "second", LISTEN=f"unix:{path}", PUBLIC_URL=PUBLIC_URL)
    faulty(second.run("standalone"), f"listen: unix:{path} is in use")
    faulty(second.run("gateway"), f"listen: unix:{path} is in use")
    assert exchange(server, request("GET", "/healthz")).status == 200


def test_finishes_what_runs_when_it_is_told_to_stop(make_server):
    server = make_server()
    person, _ = register(server)
    with Connection(server) as proxy, closing(socket.socket(socket.AF_UNIX)) as late:
        form = urlencode(person.credentials).encode()
        form_type = "Content-Type: application/x-www-form-urlencoded"
        length = f"Content-Length: {len(form)}"
        proxy.send(request("POST", "/api/account/login", form_type, length, "Expect: 100-continue"))
        assert proxy.receive().status == 100
        server.terminate()
        wait_until(lambda: not os.path.exists(server.socket_file), "it lets nobody in any more")
        with pytest.raises(FileNotFoundError):
            late.connect(server.socket_file)
        proxy.send(form)
        assert proxy.receive().status == 200
    assert server.wait() == 0


def faulty(result, *named):
    assert (result.returncode, result.stdout) == (2, ""), result
    assert all(word in result.stderr for word in named), result.stderr


@pytest.mark.parametrize(
    "settings, named",
    [
        ({"LISTEN": "unix:/" + "x" * 107}, ["USERINFO_LISTEN", "at most 107 bytes"]),
        ({"LISTEN": "unix:userinfo.sock"}, ["USERINFO_LISTEN", "not an absolute path"]),
        ({"PUBLIC_URL": None}, ["public_url", "unix:/tmp/userinfo.sock"]),
        ({"TLS_CERTIFICATE": "c.pem", "TLS_KEY": "k.pem"}, ["tls.certificate", "unix:/tmp/userinfo.sock"]),
        ({"LISTEN": "127.0.0.1:0", "MANAGEMENT_LISTEN": "unix:/tmp/userinfo.sock"}, ["USERINFO_MANAGEMENT_LISTEN"]),
    ],
)
def test_names_what_is_wrong_with_the_settings(settings, named):
    given = {"LISTEN": "unix:/tmp/userinfo.sock", "PUBLIC_URL": PUBLIC_URL, **settings}
    environment = {f"USERINFO_{name}": value for name, value in given.items() if value is not None}
    faulty(run_program("config", "check", environment={**os.environ, **environment}), *named)
