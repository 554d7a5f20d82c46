"""POST /api/account/refresh"""

import time

import pytest

from client import Client
from database import change
from expect import alive, ended, granted, invalid, refused, succeeded
from people import REFRESH, Person, claims_of, refresh
from waiting import wait_until


def next_token(server, token):
    return granted(refresh(server, token))["refresh_token"]


def test_gives_a_bearer_the_next_tokens_of_the_same_session(server, app):
    tokens = granted(refresh(server, app.refresh_token))
    assert tokens["refresh_token"] != app.refresh_token
    assert claims_of(tokens["access_token"])["sid"] == claims_of(app.bearer)["sid"]
    alive(Client(server, bearer=tokens["access_token"]))
    alive(app)


def test_gives_a_browser_new_cookies_and_no_tokens_in_the_body(browser):
    before = dict(browser.cookies)
    reply = succeeded(browser.post(REFRESH))
    assert {"access_token", "refresh_token"} <= reply.cookies.keys()
    assert browser.cookies["refresh_token"] != before["refresh_token"]
    alive(browser)


def test_takes_json_too(server, app):
    granted(Client(server).post(REFRESH, json={"refresh_token": app.refresh_token}))


def test_refuses_a_request_without_a_token(stranger, app):
    invalid(stranger.post(REFRESH), 200014, "refresh_token", "missing")
    invalid(app.post(REFRESH), 200014, "refresh_token", "missing")


def test_a_token_in_the_body_that_is_null_or_empty_is_as_if_absent(browser, stranger):
    for token in (None, ""):
        succeeded(browser.post(REFRESH, json={"refresh_token": token}))
        invalid(stranger.post(REFRESH, json={"refresh_token": token}), 200014, "refresh_token", "missing")
    succeeded(browser.post("/api/account/logout", json={"refresh_token": None}))
    assert "access_token" not in browser.cookies


def test_names_a_token_given_twice_or_of_the_wrong_type(stranger, app):
    twice = [("refresh_token", app.refresh_token)] * 2
    invalid(stranger.post(REFRESH, form=twice), 200014, "refresh_token", "duplicate")
    invalid(stranger.post(REFRESH, json={"refresh_token": 5}), 200014, "refresh_token", "wrong_type")


def damaged(token):
    middle = len(token) // 2
    yield token[:-1]
    yield token + "A"
    yield token[:middle]
    for place in (0, middle, len(token) - 3):
        yield token[:place] + ("B" if token[place] != "B" else "C") + token[place + 1 :]


def test_refuses_a_damaged_token_and_leaves_the_session_alone(server, app):
    for token in (*damaged(app.refresh_token), "nonsense", app.bearer, "é", "A" * 5000):
        refused(refresh(server, token), 401, 200008)
    granted(refresh(server, app.refresh_token))


def test_refuses_a_token_of_another_server(server, make_server):
    elsewhere = make_server()
    token = Person.registered(elsewhere).app(elsewhere).refresh_token
    server.secrets.add_token(token)
    refused(refresh(server, token), 401, 200008)


def test_keeps_cookie_sessions_and_bearer_sessions_apart(server, browser, app):
    refused(refresh(server, browser.cookies["refresh_token"]), 401, 200008)
    refused(Client(server, cookies={"refresh_token": app.refresh_token}).post(REFRESH), 401, 200008)
    refused(Client(server, cookies={"refresh_token": app.refresh_token}).get("/api/account"), 401, 200008)
    succeeded(browser.post(REFRESH))
    granted(refresh(server, app.refresh_token))


def test_answers_the_predecessor_with_the_same_successor(server, app):
    successor = next_token(server, app.refresh_token)
    assert next_token(server, app.refresh_token) == successor
    assert next_token(server, app.refresh_token) == successor
    assert next_token(server, successor) not in (successor, app.refresh_token)


def test_an_older_token_is_refused_just_after_a_rotation_and_ends_nothing(server, app):
    second = next_token(server, app.refresh_token)
    third = granted(refresh(server, second))
    refused(refresh(server, app.refresh_token), 401, 200008)
    alive(Client(server, bearer=third["access_token"]))
    granted(refresh(server, third["refresh_token"]))


def test_a_browser_that_was_overtaken_by_itself_keeps_its_cookies(server, browser):
    late = Client(server, cookies={"refresh_token": browser.cookies["refresh_token"]})
    for _ in range(2):
        succeeded(browser.post(REFRESH))
    reply = refused(late.get("/api/account"), 401, 200008)
    assert reply.cookies == {}
    alive(browser)


@pytest.mark.embedded
def test_an_older_token_ends_the_session(server, app):
    second = next_token(server, app.refresh_token)
    third = granted(refresh(server, second))
    change(server, "UPDATE session SET rotated_at = rotated_at - 31000000")
    refused(refresh(server, app.refresh_token), 401, 200008)
    refused(refresh(server, third["refresh_token"]), 401, 200008)
    ended(Client(server, bearer=third["access_token"]))
    ended(app)


def test_a_damaged_older_token_ends_nothing(server, app):
    second = next_token(server, app.refresh_token)
    third = next_token(server, second)
    for token in damaged(app.refresh_token):
        refused(refresh(server, token), 401, 200008)
    granted(refresh(server, third))


def test_counts_as_being_seen(server, app):
    def last_seen():
        return granted(app.get("/api/account/sessions"))["sessions"][0]["last_seen_at"]

    begin = last_seen()

    def seen_later():
        app.refresh_token = next_token(server, app.refresh_token)
        return last_seen() > begin

    wait_until(seen_later, "a refresh moves it on")


def test_a_session_ends_when_it_is_not_used(make_server):
    server = make_server(SESSIONS_IDLE="2s")
    app = Person.registered(server).app(server)
    idle_until = time.monotonic() + 2.1
    wait_until(lambda: time.monotonic() > idle_until, "the session is idle")
    refused(refresh(server, app.refresh_token), 401, 200008)


def test_a_session_ends_at_last_however_much_it_is_used(make_server):
    server = make_server(SESSIONS_ABSOLUTE="3s", SESSIONS_IDLE="3s")
    person = Person.registered(server)
    begin = time.monotonic()
    app = person.app(server)
    seconds_left = []

    def refusal():
        reply = refresh(server, app.refresh_token)
        if reply.status != 200:
            return reply
        app.refresh_token = reply.data["refresh_token"]
        seconds_left.append(reply.data["refresh_expires_in"])
        return None

    refused(wait_until(refusal, "the session has ended", every=0.2), 401, 200008)
    assert time.monotonic() - begin > 2.9
    assert seconds_left == sorted(seconds_left, reverse=True) and max(seconds_left) <= 3
