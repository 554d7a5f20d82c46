"""GET and DELETE /api/account"""

from datetime import datetime, timedelta, timezone
from uuid import UUID

import pytest

from client import Client
from expect import ended, granted, invalid, refused, succeeded
from people import Person, new_email, new_password, refresh

ACCOUNT = "/api/account"


def delete(client, password):
    return client.delete(ACCOUNT, form={"password": password})


def test_tells_a_user_who_they_are(app, browser, person):
    account = granted(app.get(ACCOUNT))
    assert account.keys() == {"account_id", "email", "created_at", "status"}
    assert account["email"] == person.email
    assert account["status"] == "active"
    assert UUID(account["account_id"]).version == 4
    created = datetime.fromisoformat(account["created_at"].replace("Z", "+00:00")[:19] + "+00:00")
    assert abs(datetime.now(timezone.utc) - created) < timedelta(minutes=1)
    assert granted(browser.get(ACCOUNT)) == account


def test_keeps_the_email_as_it_was_typed(server):
    person = Person("Typed." + new_email().upper(), new_password())
    succeeded(person.register(Client(server)))
    assert granted(person.app(server).get(ACCOUNT))["email"] == person.email


@pytest.mark.parametrize("method, path", [("GET", ACCOUNT), ("DELETE", ACCOUNT), ("POST", "/api/account/password")])
def test_needs_a_user(stranger, method, path):
    secrets = {"password": new_password(), "current_password": new_password(), "new_password": new_password()}
    form = None if method == "GET" else secrets
    reply = refused(stranger.request(method, path, form=form), 401, 200008)
    assert reply.header("WWW-Authenticate").startswith("Bearer")


def test_deletes_account_profile_and_sessions(server, person, browser, app):
    granted(browser.post("/api/user/profile", form={"username": "Ada"}))
    before = Client(server, cookies=browser.cookies)
    reply = succeeded(delete(browser, person.password))
    assert reply.cookies.keys() >= {"access_token", "refresh_token", "userinfo_version"}
    assert all(cookie.clears for cookie in reply.cookies.values())
    ended(before)
    ended(app)
    refused(refresh(server, app.refresh_token), 401, 200008)
    refused(person.log_in(Client(server)), 401, 200007)


def test_a_bearer_deletes_the_account_too(app, person):
    succeeded(delete(app, person.password))
    ended(app)


def test_the_email_of_a_deleted_account_is_free_for_a_new_one(server, person, app):
    old_id = granted(app.get(ACCOUNT))["account_id"]
    granted(app.post("/api/user/profile", form={"username": "Ada"}))
    succeeded(delete(app, person.password))
    again = Person(person.email, new_password())
    succeeded(again.register(Client(server)))
    newcomer = again.app(server)
    assert granted(newcomer.get(ACCOUNT))["account_id"] != old_id
    refused(newcomer.get("/api/user/profile"), 404, 100001)
    ended(app)


def test_deletes_nothing_without_the_password(app, browser):
    for client in (app, browser):
        refused(delete(client, new_password()), 403, 200013)
        invalid(client.delete(ACCOUNT), 200014, "password", "missing")
        invalid(client.delete(ACCOUNT, json={"password": ["a list"]}), 200014, "password", "wrong_type")
        granted(client.get(ACCOUNT))
