"""What no well-behaved client sends: each gets an error that says what is wrong, in the one form, and changes nothing.

Framing and limits as such are in test_http.py, the rules of the fields in the files about them.
"""

import json

import pytest

import contract
from client import Client
from database import rows
from expect import granted, refused, succeeded
from openapi_calls import form_for
from people import Person
from raw_http import Connection, exchange, request

pytestmark = pytest.mark.listener

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
PROFILE = "/api/user/profile"
WRITES = sorted((method, route) for method, route, each in contract.operations() if "requestBody" in each)
READS = sorted(route for route, _ in contract.reads())
MALFORMED = 300005


@pytest.fixture(scope="module")
def app(server):
    """Somebody with a profile, for all tests of this file: none of them changes it."""
    app = Person.registered(server).app(server)
    succeeded(app.post(PROFILE, form={"username": "Ada"}))
    return app


@pytest.fixture(autouse=True)
def unchanged(server, app):
    """Nothing that a test of this file sends leaves a trace in the database."""
    before = rows(server)
    yield
    assert rows(server) == before
    reply = app.get(PROFILE)
    assert (granted(reply)["username"], reply.header("ETag")) == ("Ada", '"1"')


def explained(reply, status=400):
    """That error, with the envelope and a message for people."""
    assert reply.status == status, reply
    assert reply.header("Content-Type") == "application/json"
    envelope = reply.json
    assert set(envelope) == {"code", "msg", "data"} and envelope["code"] > 0
    assert envelope["msg"].endswith(".") and len(envelope["msg"]) > 10
    return reply


def bearer(client):
    return f"Authorization: Bearer {client.bearer}"


@pytest.mark.parametrize("method, path", WRITES)
@pytest.mark.parametrize(
    "content_type, body",
    [
        (JSON, b'{"email": "a@example.com", "password'),
        (JSON, b'{"email": "a@example.com"'),
        (JSON, b"{} {}"),
        (JSON, b"[" * 30_000),
        (JSON, b'{"username":' * 5_000),
        (JSON, b"[" * 17 + b"]" * 17),
        (JSON, b'{"username": "\xff\xfe"}'),
        (JSON, b'{"username": "\xc0\x80"}'),
        (JSON, b'{"username": "\xed\xa0\x80"}'),
        (JSON, b'{"username": "\\ud800"}'),
        (JSON, b'{"username": "a\0b"}'),
        (JSON, b'{"username": "Bea",}'),
        (JSON, b"{'username': 'Bea'}"),
        (JSON, b'{"username": NaN}'),
        (JSON, b'\xef\xbb\xbf{"username": "Bea"}'),
        (JSON, b'\xff\xfe{\x00}\x00'),
        (JSON, b'"text"'),
        (JSON, json.dumps({f"field{n}": "x" for n in range(101)}).encode()),
        (FORM, b"username=%"),
        (FORM, b"username=%4"),
        (FORM, b"username=%zz"),
        (FORM, b"&".join(b"f%d=x" % n for n in range(101))),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_everywhere(server, app, method, path, content_type, body):
    client = Client(server, bearer=app.bearer)
    explained(client.request(method, path, body=body, headers={"Content-Type": content_type}))


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize(
    "body",
    [
        b"username=%ff%fe",
        b"username=\xff\xfe",
        b"username=%c0%80",
        b"username=%ed%a0%80",
        b"username=a%00b",
        b"username=a\0b",
    ],
)
def test_a_form_with_text_that_is_no_utf8_or_has_a_nul_is_refused(app, method, body):
    explained(app.request(method, PROFILE, body=body, headers={"Content-Type": FORM}))


@pytest.mark.parametrize("method, path", WRITES)
@pytest.mark.parametrize("value", ["7", "1e999", "true", "[]", '["x"]', "{}", '{"a": 1}'])
def test_a_field_of_the_wrong_type_is_named(server, app, method, path, value):
    names = form_for(method, path, Person.unknown())
    body = "{" + ", ".join(f'"{name}": {value}' for name in names) + "}"
    reply = Client(server, bearer=app.bearer).request(method, path, body=body.encode(), headers={"Content-Type": JSON})
    if path == "/api/account/logout" or path == "/api/account/refresh":
        assert reply.status in (400, 401), reply
    else:
        assert explained(reply).data["reason"] == "wrong_type" and reply.data["field"] in names


@pytest.mark.parametrize("method, path", WRITES)
@pytest.mark.parametrize("content_type", [FORM, JSON])
def test_a_field_that_is_there_twice_is_named(server, app, method, path, content_type):
    (name, value), *rest = form_for(method, path, Person.unknown()).items()
    if content_type == FORM:
        pairs = [(name, value), *rest, (name, value)]
        body = "&".join(f"{key}={text.replace('@', '%40')}" for key, text in pairs)
    else:
        pairs = [(name, value), *rest, (name, value)]
        body = "{" + ", ".join(f"{json.dumps(key)}: {json.dumps(text)}" for key, text in pairs) + "}"
    reply = Client(server, bearer=app.bearer).request(
        method, path, body=body.encode(), headers={"Content-Type": content_type}
    )
    assert explained(reply).data == {"field": name, "reason": "duplicate"}


@pytest.mark.parametrize("method, path", WRITES)
def test_a_body_of_ten_megabytes_is_refused(server, app, method, path):
    body = b"username=" + b"a" * 10_000_000
    head = [bearer(app), f"Content-Type: {FORM}", f"Content-Length: {len(body)}"]
    explained(exchange(server, request(method, path, *head, body=body)), 413)


@pytest.mark.parametrize("cut", [1, 10, 25])
@pytest.mark.parametrize(
    "sent",
    [
        request("PUT", PROFILE, "Content-Length: 100", body=b"username=Bea" + b" " * 25),
        request("PUT", PROFILE, "Transfer-Encoding: chunked", body=b"c\r\nusername=Bea\r\n" + b"19\r\n" + b" " * 25),
        request("GET", PROFILE),
    ],
)
def test_a_request_that_ends_too_early_is_told_so_and_not_performed(server, app, sent, cut):
    head, _, rest = sent.partition(b"\r\n")
    data = b"\r\n".join([head, bearer(app).encode(), f"Content-Type: {FORM}".encode(), rest])
    with Connection(server) as connection:
        connection.send(data[:-cut])
        connection.shut_down_sending()
        refused(connection.receive(), 400, MALFORMED)
        assert connection.at_end()


@pytest.mark.parametrize(
    "lines",
    [
        ["Content-Type: application/json", f"Content-Type: {FORM}"],
        [f"Content-Type: {FORM}", f"Content-Type: {FORM}"],
        ["Host: localhost", "Host: localhost"],
        ["Host: localhost", "Host:"],
        ["Host: local host"],
        ["Host: user@localhost"],
        ["Content-Length: 12", "Content-Length: 12"],
        ["Content-Length: 12, 12"],
        ["Content-Length: +12"],
        ["Content-Length: 0x0c"],
        ["Content-Length: 1 2"],
        ["Content-Length: 99999999999999999999999"],
        ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
        ["Transfer-Encoding: chunked, chunked"],
        ["Transfer-Encoding: identity"],
        ["Transfer-Encoding: xchunked"],
        ["Transfer-Encoding:"],
        ["Content-Length: 12", "Transfer-Encoding: chunked"],
        ["X-Folded: a", " b"],
        ["X-Folded: a", "\tContent-Length: 0"],
        [" X-First-Folded: a"],
        ["X-Control: a\x01b"],
        ["X-Return: a\rb"],
        [": no name"],
        ["Übermut: a"],
    ],
)
def test_headers_that_two_servers_could_read_differently_are_refused(server, app, lines):
    given = [bearer(app), *lines]
    if not any(line.startswith("Content-Type") for line in lines):
        given.append(f"Content-Type: {FORM}")
    if not any(line.startswith(("Content-Length", "Transfer-Encoding")) for line in lines):
        given.append("Content-Length: 12")
    explained(exchange(server, request("PUT", PROFILE, *given, body=b"username=Bea")))


@pytest.mark.parametrize(
    "lines",
    [
        ["Authorization: Bearer {token}", "Authorization: Bearer {token}"],
        ["Authorization:", "Authorization: Bearer {token}"],
        ["Cookie: access_token={token}", "Cookie: access_token={token}"],
        ["Cookie: access_token={token}; access_token=x"],
        ["Cookie: refresh_token=a; refresh_token=a"],
        ["Authorization: Bearer {token}", 'If-Match: *', 'If-Match: *'],
    ],
)
def test_credentials_and_conditions_that_are_there_twice_are_refused(server, app, lines):
    given = [line.format(token=app.bearer) for line in lines]
    body = b"username=Bea"
    sent = request("PUT", PROFILE, *given, f"Content-Type: {FORM}", f"Content-Length: {len(body)}", body=body)
    explained(exchange(server, sent))


@pytest.mark.parametrize("line_end", [b"\n", b"\r", b"\n\r", b"\r\r\n"])
def test_lines_that_do_not_end_in_crlf_are_refused(server, app, line_end):
    sent = request("DELETE", PROFILE, bearer(app)).replace(b"\r\n", line_end)
    with Connection(server) as connection:
        connection.send(sent)
        connection.shut_down_sending()
        refused(connection.receive(), 400, MALFORMED)


@pytest.mark.parametrize(
    "chunks",
    [
        b"c\nusername=Bea\r\n0\r\n\r\n",
        b"c\r\nusername=Bea\n0\r\n\r\n",
        b"c\r\nusername=BeaX\r\n0\r\n\r\n",
        b"0c0c0c0c0c0c0c0c0c\r\nusername=Bea\r\n0\r\n\r\n",
        b"fffffffffffffffff\r\nusername=Bea\r\n0\r\n\r\n",
        b"-1\r\nusername=Bea\r\n0\r\n\r\n",
        b"0xc\r\nusername=Bea\r\n0\r\n\r\n",
        b" c\r\nusername=Bea\r\n0\r\n\r\n",
        b"\r\n\r\n",
        b";a=b\r\nusername=Bea\r\n0\r\n\r\n",
        b"c;" + b"x" * 10_000 + b"\r\nusername=Bea\r\n0\r\n\r\n",
        b"c\r\nusername=Bea\r\n0\r\n" + b"X-Trailer: a\r\n" * 1_000 + b"\r\n",
        b"c\r\nusername=Bea\r\n0\r\nX-Trailer: a\n\r\n",
    ],
)
def test_chunks_that_are_no_chunks_are_refused(server, app, chunks):
    head = [bearer(app), f"Content-Type: {FORM}", "Transfer-Encoding: chunked"]
    reply = exchange(server, request("PUT", PROFILE, *head, body=chunks))
    explained(reply, reply.status)
    assert reply.status in (400, 413)


def test_what_follows_a_refused_request_is_not_performed(server, app):
    bad = request("PUT", PROFILE, bearer(app), "Content-Length: 1", "Transfer-Encoding: chunked")
    with Connection(server) as connection:
        connection.send(request("GET", "/healthz") * 2 + bad + request("DELETE", PROFILE, bearer(app)))
        assert [connection.receive().status for _ in range(3)] == [200, 200, 400]
        assert connection.at_end()


@pytest.mark.parametrize(
    "target",
    [
        "//",
        "/..",
        "/api//account",
        "/api/./account",
        "/api/account/../account",
        "/API/ACCOUNT",
        "/api%2faccount",
        "/%61pi/account",
        "/api/account;x=y",
        "/api/account%00",
        "/api/account%20",
        "/api/account/sessions/",
        "/" + "a" * 8_000,
    ],
)
def test_a_path_has_one_spelling(server, app, target):
    explained(exchange(server, request("GET", target, bearer(app))), 404)


@pytest.mark.parametrize(
    "target", ["api/account", "*", "", "/a b", "/a\tb", "/a\x7fb", "ftp://localhost/healthz", "http://"]
)
def test_a_target_that_is_none_is_refused(server, target):
    refused(exchange(server, request("GET", target)), 400, MALFORMED)


def test_an_absolute_target_goes_before_the_host(server):
    succeeded(exchange(server, request("GET", "http://localhost/healthz", "Host: localhost")))
    succeeded(exchange(server, request("GET", "HTTP://LOCALHOST/healthz", "Host: localhost")))
    assert exchange(server, request("GET", "http://localhost", "Host: localhost")).status == 200  # the page at "/"
    for host in ("other", "[::1]:80"):
        succeeded(exchange(server, request("GET", f"http://{host}/healthz", "Host: localhost")))
        succeeded(exchange(server, request("GET", f"https://{host}/readyz", "Host: localhost"), management=True))
    refused(exchange(server, request("GET", "http://localhost/healthz", "Host: a", "Host: b")), 400, MALFORMED)
    refused(exchange(server, b"GET http://localhost/healthz HTTP/1.1\r\n\r\n"), 400, MALFORMED)
    refused(exchange(server, request("GET", "http://user@localhost/healthz", "Host: localhost")), 400, MALFORMED)


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PATCH"])
def test_a_method_that_a_path_does_not_have_is_refused(server, app, method):
    reply = explained(exchange(server, request(method, PROFILE, bearer(app))), 405)
    assert {name.strip() for name in reply.header("Allow").split(",")} == {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"}


@pytest.mark.parametrize("method, status, code", [("X" * 33, 501, 300002), *((x, 400, MALFORMED) for x in ("G@T", "GET\0", ""))])
def test_a_method_that_can_be_none_is_refused_and_ends_the_connection(server, method, status, code):
    with Connection(server) as connection:
        connection.send(request(method, "/healthz"))
        refused(connection.receive(), status, code)
        assert connection.at_end()


@pytest.mark.parametrize("path", READS)
def test_head_is_answered_as_get_on_every_path(server, app, path):
    got = exchange(server, request("GET", path, bearer(app)))
    with Connection(server) as connection:
        connection.send(request("HEAD", path, bearer(app)) + request("GET", "/healthz"))
        head = connection.receive(head=True)
        succeeded(connection.receive())
    for name in ("Content-Type", "Content-Length", "ETag", "Cache-Control"):
        assert head.header(name) == got.header(name), name
    assert (head.status, head.body) == (got.status, b"")


def test_a_client_that_has_closed_its_sending_side_gets_all_its_answers(server, app):
    with Connection(server) as connection:
        connection.send(request("GET", PROFILE, bearer(app)) + request("GET", "/api/account", bearer(app)))
        connection.shut_down_sending()
        assert granted(connection.receive())["username"] == "Ada"
        assert "email" in granted(connection.receive())
        assert connection.at_end()


def test_a_flood_of_headers_does_not_disturb_others(server, app):
    with Connection(server) as flood:
        flood.send(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
        flood.send(b"X-Many: a\r\n" * 101)
        granted(app.get("/api/account"))
        flood.send(b"\r\n")
        explained(flood.receive(), 431)
        assert flood.at_end()


def test_an_expectation_does_not_make_a_bad_request_good(server, app):
    head = [bearer(app), f"Content-Type: {FORM}", "Expect: 100-continue"]
    explained(exchange(server, request("PUT", PROFILE, *head, "Content-Length: 10000000")), 413)
    with Connection(server) as connection:
        connection.send(request("PUT", PROFILE, *head, "Content-Length: 4"))
        assert connection.receive().status == 100
        connection.send(b"a=%z")
        explained(connection.receive())
