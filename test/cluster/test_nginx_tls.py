"""nginx with the shipped configuration where clients come by https: it ends their TLS, and the program behind it knows."""

import socket
from contextlib import ExitStack

import pytest
import requests

from certificates import Authority
from client import Client
from conftest import Front
from people import Person
from program import free_port
from raw_http import request
from servers import nginx
from standalone import Standalone

A_YEAR = "max-age=31536000"


@pytest.fixture(scope="module")
def front(tmp_path_factory):
    authority = Authority(tmp_path_factory.mktemp("authority"))
    authority.issue()
    port = free_port()
    front = Front(f"https://127.0.0.1:{port}")
    front.authority = str(authority.certificate_file)
    program = Standalone(tmp_path_factory.mktemp("program"), PUBLIC_URL=front.url, HTTP_TRUSTED_PROXIES="127.0.0.1")
    with ExitStack() as running:
        program.start()
        running.callback(program.finish)
        front.secrets = program.secrets  # of which its log must hold none
        gateways = [(f"127.0.0.1:{program.port}", 1)]
        tls = (authority.server_certificate, authority.server_key)
        server = nginx.process(tmp_path_factory.mktemp("nginx"), port, gateways, tls)
        server.start()
        running.callback(server.stop)
        server.wait_ready()
        yield front


@pytest.mark.parametrize("path, status", [("/", 200), ("/main.js", 200), ("/no/page", 404), ("/healthz", 200)])
def test_every_reply_asks_browsers_to_come_by_https_only(front, path, status):
    reply = requests.get(front.url + path, verify=front.authority, timeout=30)
    assert reply.status_code == status
    assert reply.headers["Strict-Transport-Security"] == A_YEAR


def test_who_comes_without_tls_is_refused_with_the_security_header_fields(front):
    with socket.create_connection(("127.0.0.1", int(front.url.rpartition(":")[2])), timeout=30) as connection:
        connection.sendall(request("GET", "/api/account"))
        reply = connection.makefile("rb").read()
    assert reply.startswith(b"HTTP/1.1 400 ")
    for field in (b"Cache-Control: no-store", b"X-Content-Type-Options: nosniff", b"Referrer-Policy: no-referrer"):
        assert reply.count(b"\r\n" + field + b"\r\n") == 1


def test_people_log_in_with_cookies_that_never_leave_https(front):
    person = Person.registered(front)
    client = Client(front)
    cookies = person.log_in(client).cookies
    for name in ("__Host-access_token", "__Host-refresh_token"):
        assert cookies[name].attributes["secure"] is True
    assert client.get("/api/account").data["email"] == person.email


def test_a_browser_is_believed_by_the_address_that_it_shows(front):
    client = Client(front)
    person = Person.unknown()
    assert client.post("/api/account/register", form=person.credentials, headers={"Origin": front.url}).status == 200
    foreign = {"Origin": front.url.replace("https", "http")}
    assert client.post("/api/account/register", form=Person.unknown().credentials, headers=foreign).status == 403
