"""GET /api/account/sessions and DELETE of one or all others"""

import pytest

from client import Client
from expect import alive, ended, granted, refused, succeeded
from people import NOBODYS_ID, Person, claims_of, refresh
from waiting import wait_until

SESSIONS = "/api/account/sessions"


def sessions(client):
    return granted(client.get(SESSIONS))["sessions"]


def own_id(client):
    (current,) = [session["id"] for session in sessions(client) if session["current"]]
    return current


def end(client, session_id):
    return client.delete(f"{SESSIONS}/{session_id}")


def test_lists_a_users_sessions_and_marks_the_current_one(app, browser):
    listed = sessions(app)
    assert len(listed) == 2
    (current,) = [session for session in listed if session["current"]]
    assert current["id"] == claims_of(app.bearer)["sid"]
    assert current["address"] == current["last_address"] == "127.0.0.1"
    assert current["created_at"] <= current["last_seen_at"] < current["expires_at"]
    assert {session["id"] for session in sessions(browser)} == {session["id"] for session in listed}
    assert own_id(browser) != own_id(app)


def test_a_session_bears_the_name_of_its_device(server, person, app):
    client = Client(server)
    name = "Mozilla/5.0 (X11; " + "é" + "x" * 400 + ")"
    granted(client.post("/api/account/login", form=person.credentials, headers={"User-Agent": name.encode()}))
    devices = {session["device"] for session in sessions(app)}
    assert "userinfo-test" in devices
    (long_name,) = devices - {"userinfo-test"}
    assert name.startswith(long_name) and 200 <= len(long_name.encode()) <= 256


def test_a_device_name_that_is_no_text_does_not_spoil_the_list(server, person, app):
    granted(Client(server).post("/api/account/login", form=person.credentials, headers={"User-Agent": b"\xff\xfe\"x"}))
    assert len(sessions(app)) == 2


def test_lists_the_session_that_was_seen_last_first(server, person, app):
    later = person.app(server)
    assert [session["current"] for session in sessions(app)] == [False, True]
    granted(refresh(server, app.refresh_token))
    assert [session["current"] for session in sessions(app)] == [True, False]
    alive(later)


def test_an_id_in_upper_case_is_the_same_session(person, server, app):
    other = person.app(server)
    succeeded(end(app, own_id(other).upper()))
    ended(other)
    alive(app)


def test_ends_one_session_at_once_and_no_other(server, person, app, browser):
    victim = person.app(server)
    succeeded(end(app, own_id(victim)))
    ended(victim)
    refused(refresh(server, victim.refresh_token), 401, 200008)
    alive(app)
    alive(browser)
    assert len(sessions(app)) == 2


def test_ends_a_cookie_session_together_with_its_renewal(app, browser):
    succeeded(end(app, own_id(browser)))
    del browser.cookies["access_token"]
    ended(browser)


def test_a_user_may_end_their_own_session(app):
    succeeded(end(app, own_id(app)))
    ended(app)


@pytest.mark.listener
@pytest.mark.parametrize("session_id", ["1", "nonsense", "%00", "..%2f..", NOBODYS_ID, "A" * 200])
def test_knows_no_session_of_an_id_that_is_not_there(app, session_id):
    refused(end(app, session_id), 404, 200015)
    refused(app.delete(f"{SESSIONS}/{session_id}", headers={"If-Match": '"1"'}), 404, 200015)


def test_does_not_touch_the_session_of_another(server, app):
    other = Person.registered(server).app(server)
    refused(end(app, own_id(other)), 404, 200015)
    alive(other)


def test_an_ended_session_is_not_there_any_more(server, person, app):
    victim = own_id(person.app(server))
    succeeded(end(app, victim))
    refused(end(app, victim), 404, 200015)


def test_no_session_is_ended_at_a_version(person, server, app):
    other = person.app(server)
    for condition in ({"If-Match": '"1"'}, {"If-None-Match": "*"}):
        for path in (SESSIONS, f"{SESSIONS}/{own_id(other)}"):
            refused(app.delete(path, headers=condition), 412, 100005)
    alive(other)
    succeeded(app.delete(f"{SESSIONS}/{own_id(other)}", headers={"If-Match": "*"}))
    ended(other)


def test_ends_all_other_sessions(server, person, app, browser):
    others = [person.app(server), person.browser(server), browser]
    bystander = Person.registered(server).app(server)
    succeeded(app.delete(SESSIONS))
    for client in others:
        ended(client)
    alive(app)
    alive(bystander)
    assert len(sessions(app)) == 1
    succeeded(app.delete(SESSIONS))


@pytest.mark.parametrize(
    "method, path", [("GET", SESSIONS), ("DELETE", SESSIONS), ("DELETE", f"{SESSIONS}/{NOBODYS_ID}")]
)
def test_needs_a_user(stranger, method, path):
    refused(stranger.request(method, path), 401, 200008)


def test_one_session_too_many_ends_the_one_unused_for_longest(make_server):
    server = make_server(SESSIONS_PER_ACCOUNT="3")
    person = Person.registered(server)
    used, *others = [person.app(server) for _ in range(3)]
    tokens = granted(refresh(server, used.refresh_token))
    used.bearer, used.refresh_token = tokens["access_token"], tokens["refresh_token"]
    latest = [person.app(server) for _ in range(2)]
    for client in others:
        ended(client)
    for client in (used, *latest):
        alive(client)
    assert len(sessions(used)) == 3


def test_an_expired_session_is_not_listed(make_server):
    server = make_server(SESSIONS_IDLE="2s")
    person = Person.registered(server)
    used = person.app(server)
    person.app(server)
    assert len(sessions(used)) == 2

    def only_the_used_one_is_left():
        tokens = granted(refresh(server, used.refresh_token))
        used.bearer, used.refresh_token = tokens["access_token"], tokens["refresh_token"]
        return len(sessions(used)) == 1

    wait_until(only_the_used_one_is_left, "the idle session expires", every=0.3)
