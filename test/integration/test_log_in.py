"""POST /api/account/login and /api/account/logout"""

import time

import pytest

from client import Client
from expect import alive, ended, granted, invalid, refused, succeeded
from people import Person, new_email, new_password

LOG_IN = "/api/account/login"
LOG_OUT = "/api/account/logout"
OURS = {"access_token", "refresh_token", "userinfo_version", "__Host-access_token", "__Host-refresh_token"}
TWO_WEEKS = 14 * 24 * 3600


def test_sets_two_cookies_that_scripts_cannot_read(person, stranger):
    reply = succeeded(person.log_in(stranger))
    for name in ("access_token", "refresh_token"):
        cookie = reply.cookies[name]
        assert cookie.value
        assert cookie.attributes["httponly"] is True
        assert cookie.attributes["path"] == "/"
        assert cookie.attributes["samesite"] == "Lax"
        assert 0 < int(cookie.attributes["max-age"]) <= TWO_WEEKS
        assert "secure" not in cookie.attributes and "domain" not in cookie.attributes
    assert not any(name.startswith("__Host-") for name in reply.cookies)
    alive(stranger)


def test_gives_tokens_in_the_body_when_asked_and_then_no_cookies(person, stranger):
    reply = person.log_in(stranger, tokens="body")
    tokens = granted(reply)
    assert tokens.keys() == {"access_token", "refresh_token", "token_type", "expires_in", "refresh_expires_in", "device"}
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 15 * 60
    assert abs(tokens["refresh_expires_in"] - TWO_WEEKS) <= 1
    assert not reply.cookies.keys() & {"access_token", "refresh_token"}


def test_a_bearer_token_is_enough(app, person):
    assert granted(app.get("/api/account"))["email"] == person.email


def test_takes_the_email_in_any_case_and_the_password_in_its_own(server):
    person = Person(new_email(), "Mixed-Case-" + new_password())
    succeeded(person.register(Client(server)))
    succeeded(Person(person.email.upper(), person.password).log_in(Client(server)))
    refused(Person(person.email, person.password.swapcase()).log_in(Client(server)), 401, 200007)


@pytest.mark.parametrize("kind", ["form", "json"])
@pytest.mark.parametrize("around", [" {}", "{} ", "\t{}\r\n", "\u3000{}\u00a0", "\ufeff{}"])
def test_takes_the_email_with_white_space_around_it(person, stranger, kind, around):
    typed = {"email": around.format(person.email), "password": person.password}
    succeeded(stranger.post(LOG_IN, **{kind: typed}))


@pytest.mark.parametrize("domain", ["BÜCHER.example", "bu\u0308cher.Example", "bücher\u3002example", "xn--bcher-kva.example"])
def test_takes_the_domain_as_a_browser_would(server, stranger, domain):
    local = new_email().partition("@")[0]
    person = Person(f"{local}@bücher.example", new_password())
    succeeded(person.register(Client(server)))
    succeeded(Person(f"{local}@{domain}", person.password).log_in(stranger))


def test_answers_the_same_to_an_unknown_email_and_to_a_wrong_password(person, stranger):
    wrong = refused(Person(person.email, new_password()).log_in(stranger), 401, 200007)
    unknown = refused(Person.unknown().log_in(stranger), 401, 200007)
    assert wrong.body == unknown.body
    assert without_what_always_differs(wrong) == without_what_always_differs(unknown)


def without_what_always_differs(reply):
    return [line for line in reply.header_lines if line[0].lower() not in ("x-request-id", "date")]


def test_refuses_no_sooner_than_the_floor(make_server):
    server = make_server(PASSWORDS_LOG_IN_FLOOR="400ms")
    person = Person.registered(server)
    for attempt in (Person(person.email, new_password()), Person.unknown()):
        begin = time.monotonic()
        refused(attempt.log_in(Client(server)), 401, 200007)
        assert time.monotonic() - begin >= 0.4


def test_tells_of_a_suspension_only_after_the_right_password(server, person, stranger):
    server.succeed("user", "suspend", person.email)
    refused(Person(person.email, new_password()).log_in(stranger), 401, 200007)
    refused(person.log_in(stranger), 403, 200012)
    assert stranger.cookies == {}


@pytest.mark.parametrize("field", ["email", "password"])
def test_names_a_missing_field(stranger, field):
    fields = Person.unknown().credentials
    del fields[field]
    invalid(stranger.post(LOG_IN, form=fields), 200006, field, "missing")


def test_names_a_field_given_twice(person, stranger):
    twice = [*person.credentials.items(), ("email", new_email())]
    invalid(stranger.post(LOG_IN, form=twice), 200006, "email", "duplicate")


def test_names_a_field_of_the_wrong_type(person, stranger):
    invalid(stranger.post(LOG_IN, json={**person.credentials, "password": 7}), 200006, "password", "wrong_type")


def test_refuses_tokens_in_a_place_that_it_does_not_know(person, stranger):
    reply = person.log_in(stranger, tokens="query")
    assert (reply.status, reply.code, reply.data["field"]) == (400, 200006, "tokens"), reply


@pytest.mark.parametrize("tokens", [None, "", "cookie"])
def test_gives_cookies_unless_it_is_asked_for_tokens_in_the_body(person, stranger, tokens):
    succeeded(stranger.post(LOG_IN, json={**person.credentials, "tokens": tokens}))
    assert "access_token" in stranger.cookies


@pytest.mark.parametrize("password", ["", "short", "a" * 2000, "nul\0inside-it"])
def test_a_password_that_can_be_nobodys_is_just_wrong(person, stranger, password):
    assert Person(person.email, password).log_in(stranger).status in (400, 401)
    assert stranger.cookies == {}


def test_a_new_log_in_forgets_which_version_was_seen(browser, person):
    granted(browser.post("/api/user/profile", form={"username": "Ada"}))
    assert "userinfo_version" in browser.cookies
    succeeded(person.log_in(browser))
    assert "userinfo_version" not in browser.cookies


def test_logging_out_ends_the_session_at_once(server, browser):
    before = Client(server, cookies=browser.cookies)
    succeeded(browser.post(LOG_OUT))
    refused(Client(server, cookies={"access_token": before.cookies["access_token"]}).get("/api/account"), 401, 200008)
    refused(Client(server, cookies={"refresh_token": before.cookies["refresh_token"]}).get("/api/account"), 401, 200008)
    refused(before.post("/api/account/refresh"), 401, 200008)


def test_logging_out_clears_every_cookie(browser):
    reply = succeeded(browser.post(LOG_OUT))
    assert reply.cookies.keys() == OURS
    assert all(cookie.clears for cookie in reply.cookies.values())
    assert all(reply.cookies[name].attributes["secure"] for name in OURS if name.startswith("__Host-"))


@pytest.mark.parametrize("kept", ["access_token", "refresh_token"])
def test_logs_out_with_either_cookie_alone(server, browser, kept):
    succeeded(Client(server, cookies={kept: browser.cookies[kept]}).post(LOG_OUT))
    ended(browser)


def test_logs_out_a_bearer(app):
    succeeded(app.post(LOG_OUT))
    ended(app)


def test_logs_out_by_a_refresh_token_in_the_body(server, app):
    succeeded(Client(server).post(LOG_OUT, form={"refresh_token": app.refresh_token}))
    ended(app)


def test_logging_out_twice_or_without_a_session_is_no_error(server, browser, stranger):
    again = Client(server, cookies=browser.cookies)
    succeeded(browser.post(LOG_OUT))
    for client in (again, stranger, Client(server, cookies={"access_token": "no token", "refresh_token": "nor this"})):
        reply = succeeded(client.post(LOG_OUT))
        assert reply.cookies.keys() == OURS


def test_logging_out_leaves_the_other_sessions(server, person, browser, app):
    elsewhere = person.browser(server)
    succeeded(browser.post(LOG_OUT))
    alive(elsewhere)
    alive(app)


def test_a_log_out_that_names_no_refresh_token_ends_the_session_of_the_cookie(server, browser):
    refresh_token = browser.cookies["refresh_token"]
    succeeded(Client(server, cookies={"refresh_token": refresh_token}).post(LOG_OUT, json={"refresh_token": None}))
    refused(Client(server, cookies={"refresh_token": refresh_token}).post("/api/account/refresh"), 401, 200008)


@pytest.mark.parametrize("of_another_session", [True, False])
def test_a_log_out_that_takes_a_cookie_away_ends_its_session_whatever_the_body_says(server, person, of_another_session):
    browser, app = person.browser(server), person.app(server)
    cookies = {"refresh_token": browser.cookies["refresh_token"]}
    token = app.refresh_token if of_another_session else "nonsense"
    succeeded(Client(server, cookies=cookies).post(LOG_OUT, form={"refresh_token": token}))
    ended(Client(server, cookies=cookies))
    if of_another_session:
        ended(app)
    else:
        alive(app)
