"""A client that loses the reply to a refresh stays logged in; a thief of its token is found all the same."""

import uuid

import pytest

from client import Client
from database import change, query
from expect import alive, ended, granted, refused
from people import REFRESH, Person, claims_of, refresh
from raw_http import Connection, request
from server import Server
from waiting import wait_until

pytestmark = pytest.mark.embedded

TOKENS = {"access_token", "refresh_token"}
HOME = "127.0.0.1"
MINUTE, HOUR, DAY = 60, 3600, 86_400
FORM = "Content-Type: application/x-www-form-urlencoded"


def let_pass(server, seconds):
    """As far as the grace of a refresh token goes by it."""
    statement = "UPDATE session SET rotated_at = rotated_at - ?, arrived_at = arrived_at - ?"
    change(server, statement, *[seconds * 1_000_000] * 2)


def session_row(server, access_token):
    columns = "generation, arrived_generation, late_repeats"
    sid = uuid.UUID(claims_of(access_token)["sid"]).bytes
    (row,) = query(server, f"SELECT {columns} FROM session WHERE sid = ?", sid)
    return dict(zip(columns.split(", "), row))


def wait_for_arrival(server, access_token):
    generation = claims_of(access_token)["gen"]
    wait_until(lambda: session_row(server, access_token)["arrived_generation"] == generation, "it is noted")


def recorded(server, access_token, what):
    """(succeeded, reason, address) of each event of that type."""
    account = uuid.UUID(claims_of(access_token)["sub"]).bytes
    statement = "SELECT succeeded, reason, address FROM audit_event WHERE subject = ? AND type = ? ORDER BY id"
    return query(server, statement, account, what)


@pytest.fixture
def deaf(browser):
    """A browser that must renew, and whose cookies stay as they are: something on the way drops Set-Cookie."""
    del browser.cookies["access_token"]
    browser._keep_cookies = lambda reply: None
    return browser


def test_a_browser_behind_a_proxy_that_drops_cookies_stays_logged_in(server, deaf):
    first = deaf.get("/api/account")
    granted(first)
    for later in (MINUTE, HOUR, DAY):
        let_pass(server, later)
        reply = deaf.get("/api/account")
        granted(reply)
        assert reply.cookies.keys() == TOKENS
        assert reply.cookies["refresh_token"].value == first.cookies["refresh_token"].value
    access_token = first.cookies["access_token"].value
    assert recorded(server, access_token, "refresh_repeated") == [(1, "", f"{HOME} (rotated at {HOME})")] * 3
    assert recorded(server, access_token, "refresh_reuse") == []


def test_a_program_that_lost_the_reply_is_answered_a_minute_an_hour_and_a_day_later(server, app):
    lost = granted(refresh(server, app.refresh_token))
    for later in (MINUTE, HOUR, DAY):
        let_pass(server, later)
        tokens = granted(refresh(server, app.refresh_token))
        assert tokens["refresh_token"] == lost["refresh_token"]
    alive(Client(server, bearer=tokens["access_token"]))
    granted(refresh(server, tokens["refresh_token"]))


def test_a_renewal_of_the_gateway_proves_nothing_and_the_clients_next_request_does(server, browser):
    del browser.cookies["access_token"]
    granted(browser.get("/api/account"))
    renewed = browser.cookies["access_token"]
    assert session_row(server, renewed) == {"generation": 2, "arrived_generation": 1, "late_repeats": 0}
    granted(browser.get("/api/account"))
    wait_for_arrival(server, renewed)


def test_the_old_token_ends_the_session_half_a_minute_after_the_new_one_was_shown(server, app):
    tokens = granted(refresh(server, app.refresh_token))
    let_pass(server, HOUR)
    current = Client(server, bearer=tokens["access_token"])
    alive(current)
    wait_for_arrival(server, tokens["access_token"])
    assert granted(refresh(server, app.refresh_token))["refresh_token"] == tokens["refresh_token"]
    let_pass(server, 31)
    refused(refresh(server, app.refresh_token), 401, 200008)
    ended(current)
    refused(refresh(server, tokens["refresh_token"]), 401, 200008)
    assert recorded(server, app.bearer, "refresh_reuse") == [(0, "", HOME)]


def test_a_thief_in_lock_step_with_the_owner_is_found_at_the_second_use(server, app):
    thief = granted(refresh(server, app.refresh_token))
    let_pass(server, MINUTE)
    owner = granted(refresh(server, app.refresh_token))
    assert owner["refresh_token"] == thief["refresh_token"]
    alive(Client(server, bearer=owner["access_token"]))
    alive(Client(server, bearer=thief["access_token"]))
    let_pass(server, 15 * MINUTE)
    thief = granted(refresh(server, thief["refresh_token"]))
    alive(Client(server, bearer=thief["access_token"]))
    wait_for_arrival(server, thief["access_token"])
    let_pass(server, MINUTE)
    refused(refresh(server, owner["refresh_token"]), 401, 200008)
    ended(Client(server, bearer=thief["access_token"]))


def test_the_twenty_first_late_repeat_ends_the_session(server, app):
    lost = granted(refresh(server, app.refresh_token))
    let_pass(server, MINUTE)
    for _ in range(20):
        granted(refresh(server, app.refresh_token))
    refused(refresh(server, app.refresh_token), 401, 200008)
    refused(refresh(server, lost["refresh_token"]), 401, 200008)
    assert len(recorded(server, app.bearer, "refresh_repeated")) == 20
    assert recorded(server, app.bearer, "refresh_reuse") == [(0, "repeated_too_often", HOME)]


def test_an_arrival_that_cannot_be_written_refuses_nobody_and_is_noted_later(server, app):
    tokens = granted(refresh(server, app.refresh_token))
    current = Client(server, bearer=tokens["access_token"])
    with server.storing.storage_locked():
        alive(current)
        alive(current)
    wait_until(lambda: granted(current.get("/api/account")) and session_row(server, app.bearer)["arrived_generation"] == 2,
               "it is noted")


def test_an_older_programs_rotation_has_the_fixed_grace(server, app):
    tokens = granted(refresh(server, app.refresh_token))
    change(server, "UPDATE session SET telling_generation = 1 WHERE generation = 2")
    let_pass(server, 31)
    refused(refresh(server, app.refresh_token), 401, 200008)
    refused(refresh(server, tokens["refresh_token"]), 401, 200008)


def test_a_token_made_without_a_rotation_tells_the_generation_that_was_shown(server, person, app):
    granted(refresh(server, app.refresh_token))  # the reply is lost
    again = granted(app.post("/api/account/reauthenticate", form={"password": person.password}))
    assert claims_of(again["access_token"])["gen"] == 1
    alive(Client(server, bearer=again["access_token"]))
    let_pass(server, HOUR)
    granted(refresh(server, app.refresh_token))


def test_a_server_that_is_killed_between_commit_and_reply_ends_no_session(tmp_path):
    server = Server(tmp_path)
    server.start()
    app = Person.registered(server).app(server)
    for generation in range(2, 7):
        body = f"refresh_token={app.refresh_token}".encode()
        with Connection(server) as connection:
            connection.send(request("POST", REFRESH, FORM, f"Content-Length: {len(body)}", body=body))
            wait_until(lambda: session_row(server, app.bearer)["generation"] == generation, "it rotates", every=0.0005)
            server.kill()
        server.start()
        let_pass(server, HOUR)
        tokens = granted(refresh(server, app.refresh_token))
        assert session_row(server, app.bearer)["generation"] == generation
        app.bearer, app.refresh_token = tokens["access_token"], tokens["refresh_token"]
        alive(app)
    server.finish()
