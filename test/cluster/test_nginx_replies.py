"""What nginx answers itself, with the shipped configuration"""

from contextlib import ExitStack, contextmanager

import pytest

from program import free_port
from raw_http import exchange, request
from servers import nginx
from standalone import Standalone

SECURITY_FIELDS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HOST = "Host: evil.example"
LOG_IN = "/api/account/login"


class Front:
    """nginx, for raw_http."""

    socket_file = None

    def __init__(self, port):
        self.port = port


@contextmanager
def running(folder):
    """nginx before the program."""
    program = Standalone(folder / "program", HTTP_TRUSTED_PROXIES="127.0.0.1")
    with ExitStack() as stack:
        program.start()
        stack.callback(program.finish)
        front = Front(free_port())
        process = nginx.process(folder / "nginx", front.port, [(f"127.0.0.1:{program.port}", 1)])
        process.start()
        stack.callback(process.stop)
        process.wait_ready()
        yield front


@pytest.fixture(scope="module")
def front(tmp_path_factory):
    with running(tmp_path_factory.mktemp("front")) as front:
        yield front


def assert_each_once(reply, fields=None):
    for name, value in (fields or SECURITY_FIELDS).items():
        assert [sent for key, sent in reply.header_lines if key.lower() == name.lower()] == [value], (name, reply)


@pytest.mark.parametrize("path", ["/api", "/api?a=b", "/api/", "/styles", "/styles/", "/login/", "//evil.example/%2f.."])
def test_leads_nobody_to_the_host_that_was_sent(front, path):
    reply = exchange(front, request("GET", path, HOST))
    assert reply.status == 404 and reply.header("Location") is None, reply


def test_its_redirection_names_no_host(front):
    reply = exchange(front, request("GET", "/.well-known/change-password", HOST))
    assert (reply.status, reply.header("Location")) == (302, "/security")


MALFORMED = {
    "no HTTP": (400, b"nonsense\r\n\r\n"),
    "no Host": (400, b"GET / HTTP/1.1\r\n\r\n"),
    "two lengths": (400, request("POST", LOG_IN, "Content-Length: 1", "Content-Length: 2")),
    "a field too large": (400, request("GET", "/api/account", f"X: {'x' * 40_000}")),
    "a target too long": (414, request("GET", "/" + "x" * 40_000)),
    "a method that mirrors": (405, request("TRACE", "/api/account")),
    "a version that is not spoken": (505, b"GET / HTTP/3.0\r\nHost: a\r\n\r\n"),
}


@pytest.mark.parametrize("what", MALFORMED)
def test_what_it_refuses_itself_has_the_security_header_fields(front, what):
    status, sent = MALFORMED[what]
    reply = exchange(front, sent)
    assert reply.status == status, reply
    assert_each_once(reply)


BAD_CHUNK = request("POST", LOG_IN, "Transfer-Encoding: chunked", body=b"no length\r\n")
TOO_LARGE = request("POST", LOG_IN, "Content-Length: 100000")


@pytest.mark.parametrize("sent, status, code", [(BAD_CHUNK, 400, 300005), (TOO_LARGE, 413, 300004)])
def test_what_it_refuses_in_the_place_of_the_api_is_as_the_api_refuses_it(front, sent, status, code):
    reply = exchange(front, sent)
    assert (reply.status, reply.json["code"], reply.json["data"]) == (status, code, None)
    assert_each_once(reply)
    assert reply.header("X-Request-Id")


@pytest.mark.parametrize("path", ["/api/account", "/healthz", "/api/openapi.json", "/api/nowhere"])
def test_what_the_program_answers_has_them_once(front, path):
    assert_each_once(exchange(front, request("GET", path)))


def test_a_page_has_those_of_a_page_once(front):
    reply = exchange(front, request("GET", "/"))
    common = ("X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Resource-Policy")
    assert_each_once(reply, {name: SECURITY_FIELDS[name] for name in common} | {"Cache-Control": "no-cache"})
    policies = [value for name, value in reply.header_lines if name == "Content-Security-Policy"]
    assert len(policies) == 1 and "script-src 'self'" in policies[0]
