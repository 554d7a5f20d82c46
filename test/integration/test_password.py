"""POST /api/account/password"""

import pytest

from client import Client
from expect import alive, ended, granted, invalid, refused, succeeded
from people import REFRESH, Person, claims_of, new_password, refresh

PASSWORD = "/api/account/password"


def change(client, old, new):
    return client.post(PASSWORD, form={"current_password": old, "new_password": new})


def test_the_new_password_is_good_and_the_old_one_is_not(server, person, browser):
    new = new_password()
    succeeded(change(browser, person.password, new))
    refused(person.log_in(Client(server)), 401, 200007)
    succeeded(Person(person.email, new).log_in(Client(server)))


def test_a_browser_goes_on_with_new_cookies(person, browser):
    before = dict(browser.cookies)
    reply = succeeded(change(browser, person.password, new_password()))
    assert {"access_token", "refresh_token"} <= reply.cookies.keys()
    assert claims_of(browser.cookies["access_token"])["sid"] != claims_of(before["access_token"])["sid"]
    alive(browser)
    succeeded(browser.post(REFRESH))


def test_a_bearer_goes_on_with_new_tokens(server, person, app):
    tokens = granted(change(app, person.password, new_password()))
    assert tokens["token_type"] == "Bearer"
    assert claims_of(tokens["access_token"])["sid"] != claims_of(app.bearer)["sid"]
    alive(Client(server, bearer=tokens["access_token"]))
    granted(refresh(server, tokens["refresh_token"]))


def test_the_callers_own_older_tokens_are_dead_at_once(server, person, browser):
    cookies = dict(browser.cookies)
    succeeded(change(browser, person.password, new_password()))
    ended(Client(server, cookies=cookies))
    refused(Client(server, cookies=cookies).post(REFRESH), 401, 200008)


def test_a_bearers_own_older_tokens_are_dead_at_once(server, person, app):
    granted(change(app, person.password, new_password()))
    ended(app)
    refused(refresh(server, app.refresh_token), 401, 200008)


def test_all_other_sessions_end_at_once(server, person, app, browser):
    succeeded(change(browser, person.password, new_password()))
    ended(app)
    refused(refresh(server, app.refresh_token), 401, 200008)
    assert len(granted(browser.get("/api/account/sessions"))["sessions"]) == 1


def test_a_wrong_current_password_changes_nothing(server, person, app):
    refused(change(app, new_password(), new_password()), 403, 200013)
    alive(app)
    succeeded(person.log_in(Client(server)))


@pytest.mark.parametrize(
    "password, reason",
    [
        ("sh0rt-7", "too_short"),
        ("a" * 1025, "too_long"),
        ("é" * 257, "too_long"),
        ("password", "common"),
        ("userinfo", "contains_context"),
        ("before\0after-it", "not_allowed"),
    ],
)
def test_the_new_password_obeys_the_rules_of_registering(person, app, password, reason):
    reply = app.post(PASSWORD, json={"current_password": person.password, "new_password": password})
    invalid(reply, 200014, "new_password", reason)
    alive(app)


def test_the_new_password_is_not_the_email(person, app):
    invalid(change(app, person.password, person.email), 200014, "new_password", "contains_context")


@pytest.mark.parametrize("field", ["current_password", "new_password"])
def test_an_empty_password_is_not_a_missing_one(person, app, field):
    fields = {"current_password": person.password, "new_password": new_password(), field: ""}
    invalid(app.post(PASSWORD, form=fields), 200014, field, "too_short")
    invalid(app.post("/api/account/reauthenticate", form={"password": ""}), 200014, "password", "too_short")
    invalid(app.delete("/api/account", form={"password": ""}), 200014, "password", "too_short")
    alive(app)


@pytest.mark.parametrize("field", ["current_password", "new_password"])
def test_names_a_missing_field(person, app, field):
    fields = {"current_password": person.password, "new_password": new_password()}
    del fields[field]
    invalid(app.post(PASSWORD, form=fields), 200014, field, "missing")
    invalid(app.post(PASSWORD, json=fields), 200014, field, "missing")
