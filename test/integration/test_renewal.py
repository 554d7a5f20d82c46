"""The gateway renews an expired or missing access cookie from the refresh cookie."""

import pytest

import contract
from client import Client
from expect import granted, refused, succeeded
from people import Person, claims_of, refresh
from server import Server
from waiting import wait_until

PROFILE = "/api/user/profile"
PUBLIC_READS = sorted(route for route, operation in contract.reads() if operation.get("security") == [])
TOKENS = {"access_token", "refresh_token"}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("server"), TOKENS_ACCESS_LIFETIME="2s").start()
    yield server
    server.finish()


def wait_for_expiry(server, access_token):
    """Until the server takes the token no longer."""
    alone = Client(server, bearer=access_token)
    reply = wait_until(lambda: (reply := alone.get("/api/account")).status != 200 and reply, "the token expires")
    return refused(reply, 401, 200009)


def test_renews_an_expired_access_cookie(server, browser):
    before = dict(browser.cookies)
    wait_for_expiry(server, before["access_token"])
    reply = browser.get("/api/account")
    granted(reply)
    assert reply.cookies.keys() == TOKENS
    assert claims_of(browser.cookies["access_token"])["sid"] == claims_of(before["access_token"])["sid"]
    assert browser.cookies["refresh_token"] != before["refresh_token"]


@pytest.mark.parametrize(
    "method, path", [("GET", "/api/account"), ("GET", "/api/account/sessions"), ("DELETE", "/api/account/sessions")]
)
def test_renews_a_missing_access_cookie(browser, method, path):
    del browser.cookies["access_token"]
    reply = browser.request(method, path)
    granted(reply)
    assert reply.cookies.keys() == TOKENS


def test_the_new_cookies_have_the_attributes_of_a_log_in(person, browser):
    at_log_in = person.log_in(browser).cookies
    del browser.cookies["access_token"]
    renewed = browser.get("/api/account").cookies
    for name in TOKENS:
        assert renewed[name].attributes.keys() == at_log_in[name].attributes.keys()
        assert renewed[name].attributes["httponly"] is True


@pytest.mark.parametrize(
    "method, path, form, status",
    [
        ("GET", PROFILE, None, 404),
        ("POST", PROFILE, {"username": ""}, 400),
        ("PUT", PROFILE, {"username": "Ada"}, 404),
        ("DELETE", "/api/account/sessions/none", None, 404),
        ("DELETE", "/api/account", {"password": "not this one"}, 403),
    ],
)
def test_new_cookies_go_out_with_whatever_status_follows(browser, method, path, form, status):
    del browser.cookies["access_token"]
    reply = browser.request(method, path, form=form)
    assert reply.status == status, reply
    assert TOKENS <= reply.cookies.keys()
    assert all(reply.cookies[name].value for name in TOKENS)


def test_a_write_happens_once_although_it_renews(browser):
    del browser.cookies["access_token"]
    succeeded(browser.post(PROFILE, form={"username": "Ada"}))
    reply = browser.get(PROFILE)
    assert (granted(reply)["username"], reply.header("ETag")) == ("Ada", '"1"')


def test_an_expired_token_with_nothing_to_renew_it_from_is_expired(server, browser):
    reply = wait_for_expiry(server, browser.cookies["access_token"])
    assert reply.header("WWW-Authenticate").startswith("Bearer")
    del browser.cookies["refresh_token"]
    refused(browser.get("/api/account"), 401, 200009)


def test_no_token_at_all_is_invalid(stranger):
    reply = refused(stranger.get("/api/account"), 401, 200008)
    assert reply.header("WWW-Authenticate").startswith("Bearer")


@pytest.mark.parametrize("setting", ["TOKENS_AUDIENCE", "PUBLIC_URL"])
def test_a_change_of_audience_or_address_ends_no_session(make_server, setting):
    server = make_server()
    person = Person.registered(server)
    browser, leaving, app = person.browser(server), person.browser(server), person.app(server)
    before = dict(browser.cookies)
    server.stop()
    server.settings[setting] = "another" if setting == "TOKENS_AUDIENCE" else "http://127.0.0.1:1"
    server.start()
    reply = browser.get("/api/account")
    granted(reply)
    assert reply.cookies.keys() == TOKENS
    old = Client(server, cookies={"access_token": before["access_token"]})
    refused(old.get("/api/account"), 401, 200009)
    succeeded(Client(server, cookies={"access_token": leaving.cookies["access_token"]}).post("/api/account/logout"))
    refused(leaving.get("/api/account"), 401, 200008)
    refused(app.get("/api/account"), 401, 200009)
    granted(Client(server, bearer=granted(refresh(server, app.refresh_token))["access_token"]).get("/api/account"))


def test_does_not_renew_for_a_bearer(server, app, browser):
    wait_for_expiry(server, app.bearer)
    headers = {"Cookie": f"refresh_token={browser.cookies['refresh_token']}"}
    refused(app.get("/api/account", headers=headers), 401, 200009)


@pytest.mark.parametrize("path", ["/api/account/register", "/api/account/login"])
def test_does_not_renew_where_no_user_is_needed(browser, path):
    del browser.cookies["access_token"]
    before = dict(browser.cookies)
    reply = browser.post(path, form=Person.unknown().credentials)
    assert not reply.cookies.keys() & TOKENS
    assert browser.cookies == before


@pytest.mark.parametrize("path", [*PUBLIC_READS, "/api/nothing"])
def test_does_not_renew_on_public_paths(browser, path):
    del browser.cookies["access_token"]
    assert browser.get(path).cookies == {}


def test_does_not_renew_for_a_foreign_page(browser):
    del browser.cookies["access_token"]
    reply = browser.put(PROFILE, form={"username": "Eve"}, headers={"Origin": "https://evil.example"})
    refused(reply, 403, 200011)
    assert reply.cookies == {}


def test_does_not_renew_for_a_malformed_request(browser):
    del browser.cookies["access_token"]
    reply = browser.put(PROFILE, body=b"<xml/>", headers={"Content-Type": "text/xml"})
    refused(reply, 415, 300003)
    assert reply.cookies == {}


def test_does_not_renew_an_ended_session(server, browser):
    before = Client(server, cookies={"refresh_token": browser.cookies["refresh_token"]})
    succeeded(browser.post("/api/account/logout"))
    refused(before.get("/api/account"), 401, 200008)


def test_a_browser_that_lost_the_reply_of_a_renewal_is_renewed_again(server, browser):
    lost = Client(server, cookies={"refresh_token": browser.cookies["refresh_token"]})
    granted(lost.get("/api/account"))
    del browser.cookies["access_token"]
    granted(browser.get("/api/account"))
    assert browser.cookies["refresh_token"] == lost.cookies["refresh_token"]
