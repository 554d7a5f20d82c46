"""The log: JSON lines, an access line for each request, and never a secret.

Every server of the suite logs at the lowest level, and when it ends its log is searched for all secrets that were used
(server.py, leaks.py); here is the proof that this search finds what it should.
"""

import json
import re
import stat
import time

import pytest

from client import Client
from database import change
from expect import granted, refused, succeeded
from people import Person, claims_of, new_password, refresh
from raw_http import exchange, request
from server import Server
from waiting import wait_until

PROFILE = "/api/user/profile"


def lines_of(server):
    """What the server has logged, after it has stopped."""
    return [json.loads(line) for line in server.log_file.read_text().splitlines()]


def access_lines(server):
    return [line for line in lines_of(server) if "route" in line]


def journey(server):
    """Goes through everything in which a secret takes part, right and wrong."""
    person, new = Person.registered(server), new_password()
    person.register(Client(server))
    Person(person.email, new_password()).log_in(Client(server))
    browser, app = person.browser(server), person.app(server)
    query = f"/api/account?access_token={app.bearer}&password={person.password}&email={person.email}"
    Client(server).get(query)
    Client(server).get(f"/{person.password}/{person.email}")
    granted(app.get("/api/account/sessions"))
    app.delete(f"/api/account/sessions/{claims_of(browser.cookies['access_token'])['sid']}")
    for token in (app.refresh_token, app.refresh_token[:-2] + "xx", app.bearer):
        refresh(server, token)
    Client(server, bearer=app.bearer[:-6] + "AAAAAA").get("/api/account")
    for content_type in ("text/plain", "application/json", "application/x-www-form-urlencoded"):
        broken = f"{person.password}%zz{person.email}".encode()
        Client(server).post("/api/account/login", body=broken, headers={"Content-Type": content_type})
    granted(app.post(PROFILE, form={"username": "Ada", "avatar": "https://example.com/ada"}))
    changed = app.post("/api/account/password", form={"current_password": person.password, "new_password": new})
    app.bearer = granted(changed)["access_token"]
    server.succeed("user", "suspend", person.email)
    server.succeed("user", "restore", person.email)
    person.password = new
    granted(person.app(server).delete("/api/account", form={"password": new}))


@pytest.mark.listener
def test_a_journey_leaves_no_secret_in_the_log(make_server):
    server = make_server()
    journey(server)
    server.secrets.add((server.data / "master.key").read_text(errors="replace").strip())
    server.stop()
    assert len(access_lines(server)) > 15
    assert server.secrets.found_in(server.log_file) == []


def test_the_search_finds_a_secret_in_any_of_its_forms(server, person, app, tmp_path):
    app.get("/api/account/sessions")
    secrets = [person.password, person.email, person.email.partition("@")[0], app.bearer, app.bearer.split(".")[2]]
    for number, secret in enumerate([*secrets, app.refresh_token, claims_of(app.bearer)["sid"]]):
        file = tmp_path / f"log{number}"
        file.write_text(f'{{"message": "nothing"}}\n{{"message": "said {secret}!"}}\n')
        assert len(server.secrets.found_in(file)) == 1, secret


def test_a_line_says_when_what_and_where_in_the_source(make_server):
    server = make_server()
    succeeded(Client(server).get("/healthz"))
    server.stop()
    lines = lines_of(server)
    assert lines
    for line in lines:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", line["time"])
        assert line["level"] in ("debug", "info", "warning", "error")
        assert re.fullmatch(r"[\w/]+\.(cpp|h):\d+", line["source"])
        assert line["message"]


def test_each_request_leaves_one_access_line(make_server):
    server = make_server()
    app = Person.registered(server).app(server)
    account_id = granted(app.get("/api/account"))["account_id"]
    begin = time.monotonic()
    refused(app.get(PROFILE, headers={"X-Request-Id": "my-own-request"}), 404, 100001)
    longest = (time.monotonic() - begin) * 1e6
    server.stop()
    (line,) = [line for line in access_lines(server) if line["request_id"] == "my-own-request"]
    assert (line["method"], line["route"], line["status"]) == ("GET", PROFILE, 404)
    assert 0 < line["us"] <= longest
    assert line["account"] == account_id
    assert len(access_lines(server)) == 4


def test_what_is_refused_leaves_an_access_line(make_server):
    server = make_server(ATTEMPTS_REGISTERS_PER_MINUTE="1", ATTEMPTS_REGISTERS_BURST="2")
    person, other = Person.registered(server), Person.registered(server)
    app, stranger = person.app(server), Client(server)
    account = granted(app.get("/api/account"))["account_id"]
    not_theirs = f"/api/account/sessions/{claims_of(other.app(server).bearer)['sid']}"
    wrong = {"password": new_password()}

    def named(request_id, **more):
        return {"headers": {"X-Request-Id": request_id, **more.pop("headers", {})}, **more}

    refused(stranger.get(PROFILE, **named("nobody")), 401, 200008)
    refused(Client(server, bearer=app.bearer[:-6] + "AAAAAA").get(PROFILE, **named("forged")), 401, 200008)
    foreign = {"Origin": "https://evil.example"}
    refused(stranger.post("/api/account/login", **named("foreign", headers=foreign, form=person.credentials)), 403, 200011)
    refused(app.delete(not_theirs, **named("anothers")), 404, 200015)
    refused(app.delete("/api/account", **named("wrong", form=wrong)), 403, 200013)
    refused(stranger.post("/api/account/register", **named("limit", form=Person.unknown().credentials)), 429, 200010)
    server.stop()
    lines = {line["request_id"]: line for line in access_lines(server)}
    told = {name: (line["route"], line["status"], line.get("account")) for name, line in lines.items()}
    expected = {
        "nobody": (PROFILE, 401, None),
        "forged": (PROFILE, 401, None),
        "foreign": ("/api/account/login", 403, None),
        "anothers": ("/api/account/sessions/{id}", 404, account),
        "wrong": ("/api/account", 403, account),
        "limit": ("/api/account/register", 429, None),
    }
    assert {name: told.get(name) for name in expected} == expected
    assert {lines[name]["address"] for name in expected} == {"127.0.0.1"}


@pytest.mark.listener
def test_a_malformed_request_leaves_an_access_line_too(make_server):
    server = make_server()
    for sent, status in {
        request("POST", PROFILE, "Content-Length: 1", "Content-Length: 2"): 400,
        request("POST", PROFILE, "Content-Length: 10000000"): 413,
        request("GET", "/" + "a" * 9_000): 414,
        request("GET", PROFILE, "X-Large: " + "a" * 17_000): 431,
        b"A" * 100 + b" / HTTP/1.1\r\n\r\n": 501,
        b"GET / HTTP/2.0\r\n\r\n": 505,
    }.items():
        assert exchange(server, sent).status == status
    server.stop()
    lines = [(line["status"], line["address"]) for line in access_lines(server) if line["route"] == "none"]
    assert lines == [(status, "127.0.0.1") for status in (400, 413, 414, 431, 501, 505)]


@pytest.mark.embedded
def test_what_the_database_says_is_in_the_log_and_in_no_reply(make_server):
    server = make_server()
    app = Person.registered(server).app(server)
    change(server, "ALTER TABLE profile RENAME TO renamed_behind_its_back")
    reply = exchange(server, request("GET", PROFILE, f"Authorization: Bearer {app.bearer}"))
    assert reply.status == 500
    assert reply.json == {"code": reply.code, "msg": "Something went wrong inside.", "data": None}
    lines = wait_until(lambda: server.log_lines("a database operation failed"), "the line of the log")
    assert "profile" in lines[-1]["detail"]


def test_a_request_is_part_of_the_trace_that_its_client_names(make_server):
    server = make_server()
    client = Client(server)
    trace = "0af7651916cd43dd8448eb211c80319c"
    client.get("/healthz", headers={"X-Request-Id": "named", "traceparent": f"00-{trace}-b7ad6b7169203331-01"})
    client.get("/healthz", headers={"X-Request-Id": "wrong", "traceparent": f"00-{trace}-0000000000000000-01"})
    client.get("/healthz", headers={"X-Request-Id": "unnamed"})
    server.stop()
    traces = {line["request_id"]: line["trace_id"] for line in access_lines(server)}
    assert traces["named"] == trace
    assert len({traces["named"], traces["wrong"], traces["unnamed"]}) == 3
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in traces.values())


def test_gateway_and_service_write_of_a_request_under_the_same_ids(make_server):
    server = make_server()
    app = Person.registered(server).app(server)
    granted(app.get("/api/account", headers={"X-Request-Id": "traced"}))
    server.stop()
    (line,) = [line for line in access_lines(server) if line["request_id"] == "traced"]
    for service in server.roles[1:]:
        (call,) = [call for call in service.log_lines("rpc") if call["request_id"] == "traced"]
        assert (call["method"], call["code"], call["trace_id"]) == ("GetAccount", "OK", line["trace_id"])
        assert (call["account"], call["address"]) == (line["account"], line["address"])


@pytest.mark.listener
def test_a_route_in_the_log_is_a_template_and_what_has_none_is_not_logged(make_server):
    server = make_server()
    app = Person.registered(server).app(server)
    app.delete("/api/account/sessions/made-up-session")
    app.get("/made-up/path?made-up=query")
    server.stop()
    assert "/api/account/sessions/{id}" in [line["route"] for line in access_lines(server)]
    assert "made-up" not in server.log_file.read_text()


def test_all_lines_of_a_request_bear_its_id(make_server):
    server = make_server()
    refused(Person.unknown().log_in(Client(server)), 401, 200007)
    reply = Client(server).get("/healthz", headers={"X-Request-Id": "not-mine"})
    server.stop()
    assert reply.request_id == "not-mine"
    assert {line["request_id"] for line in access_lines(server)} >= {"not-mine"}
    assert all("request_id" in line for line in access_lines(server))


@pytest.mark.listener
def test_what_a_client_sends_makes_no_line_of_its_own(make_server):
    server = make_server()
    forged = b'x"}\\n{"level":"error","message":"forged"}'
    Client(server).get("/healthz", headers={"X-Request-Id": forged, "User-Agent": forged})
    Client(server).get('/"%0a{"forged":1}')
    server.stop()
    assert "forged" not in [line["message"] for line in lines_of(server)]


def test_a_higher_level_leaves_out_the_access_lines(make_server):
    server = make_server(LOG_LEVEL="warning")
    succeeded(Client(server).get("/healthz"))
    server.stop()
    assert not server.log_file.exists() or "healthz" not in server.log_file.read_text()


def test_plain_lines_are_for_people(make_server):
    server = make_server(LOG_FORMAT="plain")
    succeeded(Client(server).get("/healthz"))
    server.stop()
    (line,) = [line for line in server.log_file.read_text().splitlines() if "/healthz" in line]
    assert re.match(r"\d\d:\d\d:\d\d\.\d{3} ", line) and "200" in line and not line.startswith("{")


def test_without_a_file_it_goes_to_standard_error(tmp_path):
    server = Server(tmp_path, LOG_FORMAT="automatic")
    del server.settings["LOG_FILE"]
    server.start()
    succeeded(Client(server).get("/healthz"))
    server.stop()
    lines = [json.loads(line) for line in server.error_output().splitlines()]
    assert "/healthz" in [line.get("route") for line in lines]


def test_its_file_is_closed_to_strangers(server):
    assert stat.S_IMODE(server.log_file.stat().st_mode) == 0o640


def test_goes_on_with_a_log_that_is_there(make_server):
    server = make_server()
    server.stop()
    before = server.log_file.read_text()
    server.start()
    server.stop()
    after = server.log_file.read_text()
    assert after.startswith(before) and len(after) > len(before)
