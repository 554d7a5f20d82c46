"""HTTP itself: what is no request of ours, request ids, framing, limits."""

import json
from urllib.parse import urlencode

import pytest

from client import Client
from expect import alive, granted, invalid, refused, succeeded
from people import Person
from raw_http import Connection, exchange, request

FORM = "Content-Type: application/x-www-form-urlencoded"
LOG_IN = "/api/account/login"


def health(*headers):
    return request("GET", "/healthz", *headers)


def test_says_that_it_is_alive(stranger):
    succeeded(stranger.get("/healthz"))


def test_answers_a_head_like_a_get_without_the_body(server):
    head = exchange(server, request("HEAD", "/healthz"), head=True)
    assert head.status == 200
    with Connection(server) as connection:
        connection.send(request("HEAD", "/healthz") + health())
        assert connection.receive(head=True).status == 200
        assert connection.receive().json["code"] == 0


@pytest.mark.listener
@pytest.mark.parametrize("path", ["/nothing", "/api", "/api/", "/api/nothing", "/api/account/", "/api/account/sessions/a/b"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_knows_no_other_path(stranger, method, path):
    refused(stranger.request(method, path), 404, 300001)


@pytest.mark.parametrize(
    "method, path, allow",
    [
        ("GET", "/api/account/register", {"POST"}),
        ("GET", "/api/account/login", {"POST"}),
        ("DELETE", "/api/account/logout", {"POST"}),
        ("POST", "/api/account", {"GET", "DELETE"}),
        ("PATCH", "/api/user/profile", {"GET", "POST", "PUT", "DELETE"}),
        ("GET", "/api/account/sessions/x", {"DELETE"}),
        ("POST", "/healthz", {"GET"}),
    ],
)
def test_says_which_methods_a_path_has(stranger, method, path, allow):
    reply = refused(stranger.request(method, path), 405, 300002)
    assert {name.strip() for name in reply.header("Allow").split(",")} - {"HEAD", "OPTIONS"} == allow


@pytest.mark.parametrize(
    "target, allow",
    [
        ("/healthz", "GET, HEAD, OPTIONS"),
        ("/api/user/profile", "GET, HEAD, POST, PUT, DELETE, OPTIONS"),
        ("/api/account/sessions/x?a=b", "DELETE, OPTIONS"),
        ("/login", "GET, HEAD, OPTIONS"),
        ("/main.js", "GET, HEAD, OPTIONS"),
        ("*", "GET, HEAD, POST, PUT, DELETE, OPTIONS"),
        ("http://localhost/healthz", "GET, HEAD, OPTIONS"),
    ],
)
def test_tells_options_the_methods(server, target, allow):
    with Connection(server) as connection:
        connection.send(request("OPTIONS", target) + health())
        reply = connection.receive()
        assert (reply.status, reply.header("Allow"), reply.header("Content-Length")) == (204, allow, None)
        assert reply.header("X-Content-Type-Options") == "nosniff"
        succeeded(connection.receive())


def test_the_management_listener_tells_its_own_methods(server):
    for target in ("/readyz", "*"):
        reply = exchange(server, request("OPTIONS", target), management=True)
        assert (reply.status, reply.header("Allow")) == (204, "GET, HEAD, OPTIONS")


def test_there_are_no_methods_where_nothing_is(server):
    for method in ("OPTIONS", "CONNECT", "PATCH"):
        refused(exchange(server, request(method, "/nothing")), 404, 300001)


def test_connects_to_nobody(server):
    reply = refused(exchange(server, request("CONNECT", "example.com:443")), 405, 300002)
    assert reply.header("Allow") == "GET, HEAD, POST, PUT, DELETE, OPTIONS"


@pytest.mark.parametrize("method", ["BREW", "PROPFIND", "get", "X" * 32])
@pytest.mark.parametrize("path", ["/healthz", "/nothing", "/login"])
def test_knows_no_method_that_is_none_of_http(server, method, path):
    with Connection(server) as connection:
        connection.send(request(method, path) + health())
        refused(connection.receive(), 501, 300002)
        succeeded(connection.receive())


def test_the_management_listener_knows_no_other_method_either(server):
    refused(exchange(server, request("BREW", "/readyz"), management=True), 501, 300002)
    refused(exchange(server, request("PATCH", "/readyz"), management=True), 405, 300002)


@pytest.mark.parametrize("given", ["a", "Ab1.-_", "x" * 64, "00000000-0000-0000-0000-000000000000"])
def test_keeps_a_good_request_id(stranger, given):
    assert stranger.get("/healthz", headers={"X-Request-Id": given}).request_id == given
    assert stranger.get("/api/nothing", headers={"X-Request-Id": given}).request_id == given


@pytest.mark.parametrize("given", ["", "x" * 65, "with space", "quote\"", "new/line", "{}", "é"])
def test_replaces_a_bad_request_id(stranger, given):
    assert stranger.get("/healthz", headers={"X-Request-Id": given}).request_id not in (given, "", None)


def test_gives_each_request_an_id_of_its_own(stranger):
    ids = {stranger.get("/healthz").request_id for _ in range(50)}
    assert len(ids) == 50


@pytest.mark.listener
def test_does_not_tell_what_it_runs_on(stranger):
    assert stranger.get("/healthz").header("Server") is None


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data; boundary=x", "application/jsonx", "json"])
def test_takes_forms_and_json_only(stranger, content_type):
    body = json.dumps(Person.unknown().credentials).encode()
    refused(stranger.post(LOG_IN, body=body, headers={"Content-Type": content_type}), 415, 300003)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "APPLICATION/JSON"])
def test_takes_a_content_type_with_parameters_in_any_case(server, person, content_type):
    body = json.dumps(person.credentials).encode()
    succeeded(Client(server).post(LOG_IN, body=body, headers={"Content-Type": content_type}))


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "identity, br", ",deflate", "x-unknown"])
def test_takes_no_body_that_is_encoded(server, person, stranger, coding):
    headers = {"Content-Encoding": coding}
    reply = refused(stranger.post(LOG_IN, form=person.credentials, headers=headers), 415, 300003)
    assert reply.header("Accept-Encoding") == "identity"
    succeeded(stranger.request("POST", "/api/account/logout", headers=headers))  # there is no body


@pytest.mark.parametrize("coding", ["identity", "Identity", "identity,", ""])
def test_takes_a_body_that_says_that_it_is_not_encoded(person, stranger, coding):
    succeeded(stranger.post(LOG_IN, form=person.credentials, headers={"Content-Encoding": coding}))


@pytest.mark.listener
def test_refuses_a_body_that_is_too_large(stranger):
    reply = stranger.post(LOG_IN, body=b"email=" + b"a" * 65536, headers={"Content-Type": FORM.partition(": ")[2]})
    refused(reply, 413, 300004)


def test_refuses_a_large_body_before_it_has_come(server):
    refused(exchange(server, request("POST", LOG_IN, FORM, "Content-Length: 1000000000")), 413, 300004)


def test_refuses_a_large_body_that_comes_in_chunks(server):
    chunk = b"4000\r\n" + b"a" * 0x4000 + b"\r\n"
    refused(exchange(server, request("POST", LOG_IN, FORM, "Transfer-Encoding: chunked", body=chunk * 5)), 413, 300004)


def test_takes_a_body_in_chunks(server, person):
    body = f"email={person.email}&password={person.password}".encode()
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (body[:7], body[7:])) + b"0\r\n\r\n"
    succeeded(exchange(server, request("POST", LOG_IN, FORM, "Transfer-Encoding: chunked", body=chunks)))


@pytest.mark.parametrize(
    "lines",
    [["X-Large: " + "a" * 20_000], ["Cookie: a=" + "b" * 20_000], ["X-Many: " + "a" * 200] * 99, ["X-More: b"] * 500],
    ids=["one field", "a cookie", "many fields", "very many fields"],
)
def test_refuses_a_header_that_is_too_large(server, lines):
    refused(exchange(server, health(*lines)), 431, 300005)


@pytest.mark.parametrize("target", ["/" + "a" * 9_000, "/healthz?" + "a" * 9_000, "/" + "a" * 100_000])
def test_refuses_a_target_that_is_too_long_and_closes(server, target):
    with Connection(server) as connection:
        connection.send(request("GET", target, "X-Large: " + "a" * 8_000))
        refused(connection.receive(), 414, 300005)
        assert connection.at_end()


@pytest.mark.parametrize(
    "data",
    [
        b"nonsense\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /healthz\r\n\r\n",
        b"GET healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        health("Host: a", "Host: b"),
        health("No colon"),
        health("Space : before colon"),
        health("Na me: x"),
        health("Nul: a\0b"),
        request("POST", LOG_IN, FORM, "Content-Length: 3", "Transfer-Encoding: chunked", body=b"0\r\n\r\n"),
        request("POST", LOG_IN, FORM, "Content-Length: 3", "Content-Length: 4", body=b"abcd"),
        request("POST", LOG_IN, FORM, "Content-Length: -1"),
        request("POST", LOG_IN, FORM, "Content-Length: 3x", body=b"abc"),
        request("POST", LOG_IN, FORM, "Transfer-Encoding: gzip, chunked", body=b"0\r\n\r\n"),
        request("POST", LOG_IN, FORM, "Transfer-Encoding: chunked", body=b"zz\r\nabc\r\n0\r\n\r\n"),
    ],
)
def test_refuses_what_is_no_request_and_closes(server, data):
    with Connection(server) as connection:
        connection.send(data)
        refused(connection.receive(), 400, 300005)
        assert connection.at_end()


@pytest.mark.parametrize("version", ["HTTP/0.9", "HTTP/2.0", "HTTP/3.0"])
def test_knows_no_other_major_version_of_http(server, version):
    assert exchange(server, f"GET /healthz {version}\r\nHost: localhost\r\n\r\n".encode()).status == 505


@pytest.mark.parametrize("management, path", [(False, "/healthz"), (True, "/readyz")])
def test_serves_a_later_minor_version_as_http_1_1(server, management, path):
    with Connection(server, management) as connection:
        for version in ("HTTP/1.2", "HTTP/1.9", "HTTP/1.1"):
            connection.send(f"GET {path} {version}\r\nHost: localhost\r\n\r\n".encode())
            succeeded(connection.receive())
        connection.send(f"GET {path} HTTP/1.2\r\n\r\n".encode())
        refused(connection.receive(), 400, 300005)


def test_answers_http_1_0_and_closes(server):
    with Connection(server) as connection:
        connection.send(b"GET /healthz HTTP/1.0\r\n\r\n")
        succeeded(connection.receive())
        assert connection.at_end()


def test_answers_many_requests_on_one_connection_in_their_order(server):
    with Connection(server) as connection:
        connection.send(b"".join(health(f"X-Request-Id: number-{n}") for n in range(50)))
        assert [connection.receive().request_id for _ in range(50)] == [f"number-{n}" for n in range(50)]


def test_a_body_is_not_taken_for_the_next_request(server):
    hidden = health("X-Request-Id: hidden")
    post = request("POST", LOG_IN, FORM, f"Content-Length: {len(hidden)}", body=hidden)
    with Connection(server) as connection:
        connection.send(post + health("X-Request-Id: second"))
        assert connection.receive().status == 400
        assert connection.receive().request_id == "second"


def test_closes_when_it_is_asked_to(server):
    with Connection(server) as connection:
        connection.send(health("Connection: close"))
        succeeded(connection.receive())
        assert connection.at_end()


def test_a_request_that_comes_byte_by_byte_is_as_good(server):
    with Connection(server) as connection:
        for byte in health():
            connection.send(bytes([byte]))
        succeeded(connection.receive())


def test_passes_over_the_query(person, app, stranger):
    granted(app.get("/api/account?access_token=x&a=%ff"))
    alive(app)
    refused(stranger.get(f"/api/account?access_token={app.bearer}"), 401, 200008)
    query = urlencode({**person.credentials, "refresh_token": app.refresh_token})
    invalid(stranger.post(f"{LOG_IN}?{query}"), 200006, "email", "missing")
    invalid(stranger.post(f"/api/account/refresh?{query}"), 200014, "refresh_token", "missing")


@pytest.mark.parametrize("expectation", ["100-continue", "100-Continue", "100-continue,"])
def test_lets_a_client_go_on_that_waits_with_its_body(server, person, expectation):
    body = f"email={person.email}&password={person.password}".encode()
    with Connection(server) as connection:
        connection.send(request("POST", LOG_IN, FORM, f"Expect: {expectation}", f"Content-Length: {len(body)}"))
        assert connection.receive().status == 100
        connection.send(body)
        succeeded(connection.receive())
