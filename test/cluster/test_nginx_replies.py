"""What nginx answers itself, with the shipped configuration: header fields, redirections, and the limit by client"""

import socket
from contextlib import ExitStack, contextmanager

import pytest

from pages_below import assert_pages_are_below
from program import free_port
from raw_http import Connection, exchange, request
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
AS_A_PROXY_SAYS = "real_ip_header X-Real-IP; set_real_ip_from 127.0.0.1;"


class Front:
    """nginx, for raw_http."""

    socket_file = None

    def __init__(self, port):
        self.port = port


@contextmanager
def running(folder, **changes):
    """nginx before the program; `changes` of what is shipped, and directives beside it."""
    program = Standalone(folder / "program", HTTP_TRUSTED_PROXIES="127.0.0.1")
    with ExitStack() as stack:
        program.start()
        stack.callback(program.finish)
        front = Front(free_port())
        place = folder / "nginx"
        gateways = [(f"127.0.0.1:{program.port}", 1)]
        process = nginx.process(place, front.port, gateways, more=changes.get("more", ""), below=changes.get("below"))
        if "limit" in changes:
            shipped = place / "userinfo.conf"
            before = "limit_conn userinfo_clients 1000;"
            assert before in shipped.read_text()
            shipped.write_text(shipped.read_text().replace(before, f"limit_conn userinfo_clients {changes['limit']};"))
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


@pytest.mark.parametrize("below", ["/account", "/a/b-1"])
def test_the_pages_can_be_below_a_path(tmp_path, below):
    """And all other paths are free for the product, which here has one page."""
    with running(tmp_path, below=below, more="location / { return 200 product; }") as front:
        assert_pages_are_below(front, below)
        for path in ("/", "/login", "/main.js", below + "x", "/index.html"):
            assert exchange(front, request("GET", path, HOST)).body == b"product", path


MALFORMED = {
    "no HTTP": (400, b"nonsense\r\n\r\n"),
    "no Host": (400, b"GET / HTTP/1.1\r\n\r\n"),
    "two lengths": (400, request("POST", LOG_IN, "Content-Length: 1", "Content-Length: 2")),
    "a field too large": (400, request("GET", "/api/account", f"X: {'x' * 40_000}")),
    "a target too long": (414, request("GET", "/" + "x" * 40_000)),
    "a target that the program would refuse, too": (414, request("GET", "/api/account?" + "x" * 9_000)),
    "a method that mirrors": (405, request("TRACE", "/api/account")),
    "a method for a proxy": (400, request("CONNECT", "example.com:443")),
    "a method in lower case": (400, request("get", "/api/account")),
    "a question about the server": (400, request("OPTIONS", "*")),
    "a version that is not spoken": (505, b"GET / HTTP/3.0\r\nHost: a\r\n\r\n"),
}


@pytest.mark.parametrize("what", MALFORMED)
def test_what_it_refuses_itself_has_the_security_header_fields(front, what):
    status, sent = MALFORMED[what]
    reply = exchange(front, sent)
    assert reply.status == status, reply
    assert_each_once(reply)


@pytest.mark.parametrize("path", ["/", "/login", "/main.js", "/no/page", "/.well-known/change-password", "/api/account"])
def test_tells_options_the_methods_as_the_program_does(front, path):
    reply = exchange(front, request("OPTIONS", path))
    methods = "GET, HEAD, DELETE, OPTIONS" if path.startswith("/api/") else "GET, HEAD, OPTIONS"
    assert (reply.status, reply.header("Allow")) == (204, methods)
    assert_each_once(reply, {"X-Content-Type-Options": "nosniff"})


@pytest.mark.parametrize("method, path, status", [("BREW", "/api/account", 501), ("BREW", "/login", 405), ("POST", "/login", 405)])
def test_a_method_that_is_not_for_it_is_refused(front, method, path, status):
    assert exchange(front, request(method, path)).status == status


def test_passes_conditions_and_codings_on(front):
    assert exchange(front, request("GET", "/healthz", 'If-Match: "1"')).status == 412
    assert exchange(front, request("GET", "/healthz", 'If-None-Match: "1"', "If-None-Match: *")).status == 400
    reply = exchange(front, request("GET", "/healthz", "If-None-Match: *"))
    assert (reply.status, reply.header("Content-Length")) == (304, None)
    assert exchange(front, request("DELETE", "/api/account", 'If-Match: "1",')).status == 401  # goes first
    body = b"email=a&password=b"
    form = ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    reply = exchange(front, request("POST", LOG_IN, *form, "Content-Encoding: gzip", body=body))
    assert (reply.status, reply.header("Accept-Encoding")) == (415, "identity")


def test_serves_a_later_minor_version_and_an_absolute_target(front):
    assert exchange(front, b"GET /healthz HTTP/1.2\r\nHost: a\r\n\r\n").status == 200
    assert exchange(front, request("GET", "http://other.example/healthz", "Host: a")).status == 200


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


@contextmanager
def held(front, *headers):
    """A request that nginx works on: it waits for the body."""
    with Connection(front) as connection:
        connection.send(request("POST", LOG_IN, *headers, "Content-Length: 9", "Expect: 100-continue"))
        assert connection.receive().status == 100
        yield connection


def test_one_client_holds_no_more_than_its_share_of_requests(tmp_path):
    with running(tmp_path, limit=2) as front, held(front), held(front):
        reply = exchange(front, request("GET", "/api/account"))
        assert (reply.status, reply.json["code"], reply.header("Retry-After")) == (429, 200010, "1")
        assert_each_once(reply)
        assert exchange(front, request("GET", "/main.js")).status == 429
        with socket.create_connection(("127.0.0.1", front.port), timeout=30, source_address=("127.0.0.2", 0)) as other:
            other.sendall(request("GET", "/healthz", "Connection: close"))
            assert other.makefile("rb").readline().split()[1] == b"200"


def test_an_ipv6_subscriber_is_one_client(tmp_path):
    """Of a /64, bytes of which may be any."""
    with running(tmp_path, limit=1, more=AS_A_PROXY_SAYS) as front, held(front, "X-Real-IP: 2001:db8:a0a:d0a::1"):

        def status_for(address):
            return exchange(front, request("GET", "/healthz", f"X-Real-IP: {address}")).status

        assert status_for("2001:db8:a0a:d0a:ffff:a:d:a0a") == 429
        assert status_for("2001:db8:a0a:d0b::1") == 200
        assert status_for("192.0.2.1") == 200


def test_the_shipped_limit_is_generous(front):
    with ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(held(front))
        assert exchange(front, request("GET", "/healthz")).status == 200
