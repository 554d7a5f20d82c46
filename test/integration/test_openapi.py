"""openapi.json against the running server: each route and status in it is real, and none is missing.

That none is missing is checked twice: here by what the server says of its routes, and in every test of the suite, whose
client refuses a reply that is not documented (client.py, contract.py).
"""

import pytest

import contract
from apart import Apart
from client import Client
from expect import succeeded
from openapi_calls import EVERYWHERE, LOG_IN, LOG_OUT, MANAGEMENT, ONLY_HERE, PROFILE, REFRESH, REGISTER, SESSION
from openapi_calls import WITHOUT_STORAGE
from openapi_calls import Stage, form_for, path_of, provoke
from people import Person, first_token
from raw_http import Connection, request
from reply import Reply
from schema import Mismatch, validate
from server import Server
from waiting import at_once

DOCUMENTED = sorted(contract.documented())
REFILLED_ONCE_A_MINUTE = {"ATTEMPTS_REGISTERS_PER_MINUTE": "1", "ATTEMPTS_CHECKS_PER_MINUTE": "1"}
WITHOUT_SESSION = (REGISTER, LOG_IN)
OPERATIONS = sorted({(method, route) for method, route, _ in DOCUMENTED})


@pytest.fixture(scope="module")
def slow_replies(tmp_path_factory):
    """What requests get that never end, by operation."""
    server = Server(tmp_path_factory.mktemp("slow"), HTTP_HEADER_TIME="1s").start()
    connections = {}
    for method, route in OPERATIONS:
        connections[method, route] = Connection(server, management=route in MANAGEMENT)
        connections[method, route].send(request(method, path_of(route), "X-Endless: ").removesuffix(b"\r\n\r\n"))
    replies = {operation: connection.receive() for operation, connection in connections.items()}
    for connection in connections.values():
        connection.close()
    server.finish()
    return replies


@pytest.fixture(scope="module")
def storage_down_replies(tmp_path_factory):
    """What requests get that need to write while the database cannot be written, by operation. A read needs to write
    if the access token must be renewed."""
    server = Server(tmp_path_factory.mktemp("storage_down")).start()
    person = Person.registered(server)
    without = (*MANAGEMENT, *WITHOUT_STORAGE)
    operations = [(method, route) for method, route, status in DOCUMENTED if status == 503 and route not in without]
    calls = [write_or_renewal(server, person, *operation) for operation in operations]
    with server.storage_locked():
        replies = at_once(calls)
    server.finish()
    return dict(zip(operations, replies))


@pytest.fixture(scope="module")
def service_down_replies(tmp_path_factory):
    """What a gateway without a service answers to requests that need no storage, by operation."""
    server = Apart(tmp_path_factory.mktemp("service_down")).start()
    server.service.kill()
    replies = {("GET", route): Client(server).get(route) for route in WITHOUT_STORAGE}
    server.service.start()
    server.finish()
    return replies


def write_or_renewal(server, person, method, route):
    """A call that has to write, in a session of its own."""
    session_id = person.app(server).get("/api/account/sessions").data["sessions"][0]["id"]
    client = person.browser(server)
    form = form_for(method, route, person)
    if route in (REFRESH, LOG_OUT):
        form = None  # the token comes as a cookie
    if method == "GET":
        del client.cookies["access_token"]
    return lambda: client.request(method, path_of(route, session_id), form=form)


@pytest.fixture(scope="module")
def throttled_replies(tmp_path_factory):
    """What requests get from a source or a session that has used up its attempts, by operation. Each that needs a session
    may have to renew it."""
    limits = {"ATTEMPTS_REGISTERS_BURST": "1", "ATTEMPTS_CHECKS_BURST": "1", "ATTEMPTS_REFRESHES_PER_SESSION": "1"}
    server = Server(tmp_path_factory.mktemp("throttled"), **limits, **REFILLED_ONCE_A_MINUTE).start()
    person = Person.registered(server)
    browser = person.browser(server)
    succeeded(browser.post(REFRESH))
    del browser.cookies["access_token"]

    def log_out_by_guesses():
        for _ in range(500):
            reply = Client(server).post(LOG_OUT, form={"refresh_token": first_token()})
            if reply.status == 429:
                break
        return reply

    def throttled(method, route):
        if route == LOG_OUT:
            return log_out_by_guesses()
        form = None if route == REFRESH else form_for(method, route, person)
        return (Client(server) if route in WITHOUT_SESSION else browser).request(method, path_of(route), form=form)

    operations = [(method, route) for method, route, status in DOCUMENTED if status == 429]
    replies = {operation: throttled(*operation) for operation in operations}
    assert "refresh_token" in browser.cookies, "it is still logged in"
    server.finish()
    return replies


@pytest.fixture
def stage(request, make_server, server, slow_replies, storage_down_replies, service_down_replies, throttled_replies):
    stops = request.node.callspec.params["route"] == "/readyz"
    unavailable_replies = storage_down_replies | service_down_replies
    return Stage(make_server() if stops else server, slow_replies, unavailable_replies, throttled_replies)


@pytest.mark.parametrize("method, route, status", DOCUMENTED)
def test_a_documented_reply_is_real(stage, method, route, status):
    reply = provoke(stage, method, route, status)
    assert reply.status == status, reply
    contract.check(method, path_of(route), reply, management=route in MANAGEMENT)


def test_every_way_to_provoke_a_reply_belongs_to_a_documented_one():
    assert ONLY_HERE.keys() <= set(DOCUMENTED)
    assert EVERYWHERE.keys() <= {status for _, _, status in DOCUMENTED}


def test_a_storage_that_is_down_costs_nobody_their_cookies(storage_down_replies):
    assert storage_down_replies
    for operation, reply in storage_down_replies.items():
        assert reply.status == 503, (operation, reply)
        assert reply.cookies == {}, operation


@pytest.mark.parametrize("route", sorted(contract.DOCUMENT["paths"]))
def test_a_documented_path_has_no_other_methods(server, route):
    methods = {method for method, each in OPERATIONS if each == route}
    reply = Client(server, management=route in MANAGEMENT).request("PATCH", path_of(route))
    assert reply.status == 405
    assert {name.upper() for name in contract.allowed(reply)} - {"HEAD", "OPTIONS"} == methods


def test_the_server_serves_this_very_document(stranger):
    assert stranger.get("/api/openapi.json").json == contract.DOCUMENT


@pytest.mark.parametrize("method, route", OPERATIONS)
def test_the_bodies_that_the_tests_send_are_as_documented(method, route):
    operation = contract.DOCUMENT["paths"][route][method.lower()]
    form = form_for(method, route, Person.unknown())
    for content in operation.get("requestBody", {}).get("content", {}).values():
        validate(form, content["schema"], contract.resolve)
    assert ("requestBody" in operation) == (form is not None)


def test_every_operation_has_a_name_of_its_own():
    names = [operation["operationId"] for _, _, operation in contract.operations()]
    assert len(set(names)) == len(names)


def test_every_reference_leads_somewhere():
    def follow(node):
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                assert contract.resolve(node["$ref"]) is not None
            node = node.values()
        for child in node if not isinstance(node, (str, int, bool, type(None))) else ():
            follow(child)

    follow(contract.DOCUMENT)


@pytest.mark.parametrize(
    "path, status, body",
    [
        ("/api/account", 418, b'{"code": 1, "msg": "x", "data": null}'),
        ("/api/account", 404, b'{"code": 300001, "msg": "x", "data": null}'),
        ("/api/account", 200, b'{"code": 0, "msg": "Success.", "data": {"email": "x"}}'),
        ("/api/account", 200, b'{"code": 0, "msg": "Success.", "data": null}'),
        ("/api/account", 401, b'{"code": 200010, "msg": "x", "data": null}'),
        ("/nothing", 200, b'{"code": 0, "msg": "Success.", "data": null}'),
        ("/readyz", 200, b'{"code": 0, "msg": "Success.", "data": null}'),
        (PROFILE, 404, b'{"code": 100001, "msg": "x", "data": null, "more": 1}'),
        (path_of(SESSION), 200, b"<html>"),
    ],
)
def test_the_check_itself_finds_what_is_not_documented(path, status, body):
    headers = [("X-Request-Id", "a"), *contract.FIXED_HEADERS.items()]
    headers += [("Content-Type", "application/json"), ("WWW-Authenticate", "Bearer")]
    with pytest.raises((AssertionError, ValueError)):
        contract.check("DELETE" if path == path_of(SESSION) else "GET", path, Reply(status, headers, body))


def test_the_check_itself_takes_what_is_documented():
    headers = [("X-Request-Id", "a"), *contract.FIXED_HEADERS.items(), ("Content-Type", "application/json")]
    contract.check("GET", "/healthz", Reply(200, headers, b'{"code": 0, "msg": "Success.", "data": null}'))
    for missing in headers:
        rest = [header for header in headers if header != missing]
        with pytest.raises(AssertionError):
            contract.check("GET", "/healthz", Reply(200, rest, b'{"code": 0, "msg": "Success.", "data": null}'))


def test_a_schema_word_that_the_check_does_not_know_is_an_error():
    with pytest.raises(KeyError):
        validate({}, {"minProperties": 1}, contract.resolve)
    with pytest.raises(Mismatch):
        validate({"a": 1}, {"properties": {}, "additionalProperties": False}, contract.resolve)
