"""What is sensitive asks for a password that was given lately"""

import time
import uuid

import pytest

from database import query
from expect import alive, ended, granted, invalid, refused, succeeded
from people import claims_of, new_password, refresh
from server import Server
from waiting import wait_until

REAUTHENTICATE = "/api/account/reauthenticate"
SESSIONS = "/api/account/sessions"
DEVICES = "/api/account/devices"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("server"), SESSIONS_RECENT_LOG_IN="2s").start()
    yield server
    server.finish()


def audit_of(server, account, kind):
    statement = "SELECT succeeded, reason FROM audit_event WHERE subject = ? AND type = ? ORDER BY id"
    return query(server, statement, uuid.UUID(account).bytes, kind)


def needs_a_password_again(reply):
    refused(reply, 401, 200017)
    assert reply.header("WWW-Authenticate") == 'Bearer error="insufficient_user_authentication", max_age=2'


def stale(client):
    """The client, when its log-in is too long ago to end sessions."""
    wait_until(lambda: client.delete(f"{SESSIONS}/none").status == 401, "the log-in is no longer recent")
    return client


def test_ending_sessions_asks_for_a_recent_password(server, person):
    app, other = person.app(server), person.browser(server)
    stale(app)
    needs_a_password_again(app.delete(SESSIONS))
    own = [session["id"] for session in granted(app.get(SESSIONS))["sessions"]]
    for session in own:
        needs_a_password_again(app.delete(f"{SESSIONS}/{session}"))
    for condition in ({"If-Match": '"1"'}, {"If-None-Match": "*"}):
        for path in (SESSIONS, f"{SESSIONS}/{own[0]}", f"{DEVICES}/none"):
            needs_a_password_again(app.delete(path, headers=condition))
    alive(app)
    alive(other)


def test_a_bearer_gets_a_new_access_token_and_keeps_the_refresh_token(server, person):
    app, other = person.app(server), person.browser(server)
    before = claims_of(stale(app).bearer)
    tokens = granted(app.post(REAUTHENTICATE, form={"password": person.password}))
    assert set(tokens) == {"access_token", "token_type", "expires_in"}
    app.bearer = tokens["access_token"]
    after = claims_of(app.bearer)
    assert after["auth_time"] >= before["auth_time"] + 2
    assert (after["sid"], after["sub"]) == (before["sid"], before["sub"])
    succeeded(app.delete(SESSIONS))
    ended(other)
    granted(refresh(server, app.refresh_token))


def test_a_browser_gets_a_new_access_cookie_alone(server, person):
    browser, other = person.browser(server), person.app(server)
    stale(browser)
    needs_a_password_again(browser.delete(SESSIONS))
    reply = succeeded(browser.post(REAUTHENTICATE, form={"password": person.password}))
    assert set(reply.cookies) == {"access_token"}
    succeeded(browser.delete(SESSIONS))
    ended(other)
    alive(browser)


def test_a_browser_whose_access_cookie_is_renewed_on_the_way_keeps_both(server, person):
    browser = person.browser(server)
    del browser.cookies["access_token"]
    reply = succeeded(browser.post(REAUTHENTICATE, form={"password": person.password}))
    assert set(reply.cookies) == {"access_token", "refresh_token"}
    del browser.cookies["access_token"]
    alive(browser)


def test_a_renewal_does_not_make_a_log_in_recent(server, person):
    app = stale(person.app(server))
    tokens = granted(refresh(server, app.refresh_token))
    app.bearer = tokens["access_token"]
    needs_a_password_again(app.delete(SESSIONS))


def test_a_renewal_keeps_the_new_auth_time(server, person):
    app = stale(person.app(server))
    granted(app.post(REAUTHENTICATE, form={"password": person.password}))
    tokens = granted(refresh(server, app.refresh_token))
    assert time.time() - claims_of(tokens["access_token"])["auth_time"] < 2


def test_a_wrong_password_proves_nothing(server, person):
    app = stale(person.app(server))
    refused(app.post(REAUTHENTICATE, form={"password": new_password()}), 403, 200013)
    invalid(app.post(REAUTHENTICATE, form={}), 200014, "password", "missing")
    needs_a_password_again(app.delete(SESSIONS))


def test_nobody_who_is_not_logged_in_can_prove_anything(server, stranger):
    refused(stranger.post(REAUTHENTICATE, form={"password": new_password()}), 401, 200008)


def test_what_takes_the_password_itself_needs_no_recent_one(server, person):
    app = stale(person.app(server))
    change = {"current_password": person.password, "new_password": new_password()}
    app.bearer = granted(app.post("/api/account/password", form=change))["access_token"]
    succeeded(stale(app).delete("/api/account", form={"password": change["new_password"]}))


@pytest.mark.embedded
def test_it_is_in_the_audit_trail(server, person):
    app = person.app(server)
    granted(app.post(REAUTHENTICATE, form={"password": person.password}))
    refused(app.post(REAUTHENTICATE, form={"password": new_password()}), 403, 200013)
    account = granted(app.get("/api/account"))["account_id"]
    assert audit_of(server, account, "reauthenticate") == [(1, ""), (0, "wrong_password")]
