"""What protects people in browsers: Origin and Sec-Fetch-Site, names and attributes of cookies, bearer before cookie"""

import pytest

from client import Client
from expect import alive, granted, refused, succeeded
from people import NOBODYS_ID, Person
from raw_http import exchange, request

UNSAFE = [
    ("POST", "/api/account/register"),
    ("POST", "/api/account/login"),
    ("POST", "/api/account/logout"),
    ("POST", "/api/account/refresh"),
    ("POST", "/api/account/password"),
    ("DELETE", "/api/account"),
    ("DELETE", "/api/account/sessions"),
    ("DELETE", f"/api/account/sessions/{NOBODYS_ID}"),
    ("DELETE", f"/api/account/devices/{NOBODYS_ID}"),
    ("POST", "/api/user/profile"),
    ("PUT", "/api/user/profile"),
    ("DELETE", "/api/user/profile"),
]
PROFILE = "/api/user/profile"
HTTPS = "https://accounts.example"
SECURE_NAMES = {"__Host-access_token", "__Host-refresh_token"}
PLAIN_NAMES = {"access_token", "refresh_token"}


@pytest.mark.parametrize("method, path", UNSAFE)
def test_a_foreign_page_can_change_nothing(browser, person, method, path):
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        refused(browser.request(method, path, form=person.credentials, headers=headers), 403, 200011)
    alive(browser)


@pytest.mark.listener
@pytest.mark.parametrize("origin", ["http://127.0.0.1:{port}", "http://localhost:{port}", "http://[::1]:{port}"])
def test_our_own_pages_can_in_each_spelling_of_loopback(server, browser, origin):
    headers = {"Origin": origin.format(port=server.port), "Sec-Fetch-Site": "same-origin"}
    succeeded(browser.post(PROFILE, form={"username": "Ada"}, headers=headers))


@pytest.mark.parametrize(
    "origin",
    [
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "https://127.0.0.1:{port}",
        "http://127.0.0.1:{port}.evil.example",
        "http://127.0.0.1:{port}/",
        "http://127.0.0.1:{port}, https://evil.example",
        "http://evil.example:{port}",
        "http://localhost.evil.example:{port}",
        "file://",
        "",
    ],
)
def test_what_only_resembles_our_origin_is_foreign(server, browser, origin):
    headers = {"Origin": origin.format(port=server.port)}
    refused(browser.post(PROFILE, form={"username": "Ada"}, headers=headers), 403, 200011)


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_page_of_ours_or_a_persons_own_click_can(browser, site):
    succeeded(browser.post(PROFILE, form={"username": "Ada"}, headers={"Sec-Fetch-Site": site}))


@pytest.mark.parametrize("site", ["same-site", "cross-site", "something-new"])
def test_a_page_that_the_browser_calls_another_cannot(browser, site):
    refused(browser.post(PROFILE, form={"username": "Ada"}, headers={"Sec-Fetch-Site": site}), 403, 200011)


def test_both_headers_must_be_right(server, browser):
    mixed = {"Origin": server.url, "Sec-Fetch-Site": "cross-site"}
    refused(browser.post(PROFILE, form={"username": "Ada"}, headers=mixed), 403, 200011)
    mixed = {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}
    refused(browser.post(PROFILE, form={"username": "Ada"}, headers=mixed), 403, 200011)


def test_reading_needs_no_origin_of_ours_but_gives_no_cors_header(browser):
    reply = browser.get("/api/account", headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"})
    granted(reply)
    assert not [name for name, _ in reply.header_lines if name.lower().startswith("access-control-")]


def test_a_preflight_is_not_granted(stranger):
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "PUT"}
    reply = stranger.request("OPTIONS", PROFILE, headers=headers)
    assert reply.status == 204
    assert not [name for name, _ in reply.header_lines if name.lower().startswith("access-control-")]


def test_a_bearer_is_no_browser_and_may_send_any_origin(app):
    headers = {"Origin": "https://app.example", "Sec-Fetch-Site": "cross-site"}
    succeeded(app.post(PROFILE, form={"username": "Ada"}, headers=headers))


def test_a_bearer_token_makes_the_cookies_be_ignored(server, browser, app):
    cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}
    refused(Client(server, bearer="wrong").get("/api/account", headers=cookies), 401, 200008)
    twice = {"Cookie": "access_token=a; access_token=b"}
    alive(app)
    granted(app.get("/api/account", headers=twice))


def test_a_bearer_gets_no_cookies(server, person, app):
    replies = [
        person.log_in(Client(server), tokens="body"),
        app.post(PROFILE, form={"username": "Ada"}),
        app.get(PROFILE, headers={"Userinfo-Version": f"{NOBODYS_ID}.7"}),
        app.post("/api/account/logout"),
    ]
    assert [reply.cookies for reply in replies] == [{}] * 4


@pytest.mark.parametrize("name", ["access_token", "refresh_token"])
def test_refuses_a_cookie_of_ours_that_is_sent_twice(server, browser, name):
    value = browser.cookies.get(name, "x")
    pair = f"{name}={value}; {name}={value}"
    refused(Client(server).get("/api/account", headers={"Cookie": pair}), 400, 300005)
    lines = [f"Cookie: {name}={value}", f"Cookie: {name}=other"]
    refused(exchange(server, request("GET", "/api/account", *lines)), 400, 300005)


READ_BY_NOBODY = ["/healthz", "/.well-known/jwks.json", "/api/openapi.json", "/api/pages/settings"]


def twice(*names):
    return {"Cookie": "; ".join(f"{name}={value}" for name in names for value in ("one", "two"))}


@pytest.mark.parametrize("path", READ_BY_NOBODY)
def test_a_cookie_that_is_sent_twice_does_not_matter_where_none_is_read(stranger, path):
    assert stranger.get(path, headers=twice(*PLAIN_NAMES)).status == 200


def test_a_cookie_that_is_sent_twice_does_not_keep_anybody_from_an_account(server, stranger):
    person = Person.unknown()
    headers = twice(*PLAIN_NAMES)
    succeeded(stranger.post("/api/account/register", form=person.credentials, headers=headers))
    reply = succeeded(stranger.post("/api/account/login", form=person.credentials, headers=headers))
    assert {name for name in PLAIN_NAMES if not reply.cookies[name].clears} == PLAIN_NAMES
    assert {name for name in SECURE_NAMES if reply.cookies[name].clears} == SECURE_NAMES
    alive(stranger)


def test_a_cookie_that_is_sent_twice_does_not_keep_anybody_from_logging_out(server, browser):
    tokens = dict(browser.cookies)
    planted = {"Cookie": "; ".join(f"{name}={value}" for name in PLAIN_NAMES for value in ("planted", tokens[name]))}
    reply = succeeded(browser.post("/api/account/logout", headers=planted))
    assert {name for name in PLAIN_NAMES | SECURE_NAMES if reply.cookies[name].clears} == PLAIN_NAMES | SECURE_NAMES
    for name in PLAIN_NAMES:
        refused(Client(server, cookies={name: tokens[name]}).get("/api/account"), 401, 200008)


def test_a_cookie_that_is_sent_twice_excuses_no_foreign_page(browser):
    headers = twice(*PLAIN_NAMES) | {"Origin": "https://evil.example"}
    for path in ("/api/account/login", "/api/account/logout", "/api/account/refresh"):
        refused(browser.post(path, headers=headers), 403, 200011)
    alive(browser)


def test_a_cookie_that_is_sent_twice_renews_nothing(stranger):
    refused(stranger.post("/api/account/refresh", headers=twice("refresh_token")), 400, 300005)


def test_cookies_that_are_not_ours_do_not_matter(server, browser):
    mine = f"access_token={browser.cookies['access_token']}"
    odd = 'odd="quoted"; empty=; =nameless; lonely'
    for line in (f"theme=a; theme=b; {mine}", f"{mine}; {odd}", f"{odd};{mine}", f"Access_Token=x;{mine}"):
        granted(Client(server).get("/api/account", headers={"Cookie": line}))


def test_over_http_the_host_names_are_not_read(server, browser):
    cookies = {f"__Host-{name}": browser.cookies[name] for name in PLAIN_NAMES}
    refused(Client(server, cookies=cookies).get("/api/account"), 401, 200008)


@pytest.fixture
def secure_server(make_server):
    return make_server(PUBLIC_URL=HTTPS)


def test_over_https_the_cookies_are_bound_to_the_host(secure_server):
    browser = Client(secure_server)
    reply = succeeded(Person.registered(secure_server).log_in(browser))
    set_to_a_value = {name for name, cookie in reply.cookies.items() if not cookie.clears}
    assert set_to_a_value == SECURE_NAMES | {"__Host-device"}
    for name in set_to_a_value:
        attributes = reply.cookies[name].attributes
        assert attributes["secure"] is True and attributes["httponly"] is True
        assert (attributes["path"], attributes["samesite"]) == ("/", "Strict")
        assert "domain" not in attributes and int(attributes["max-age"]) > 0
    alive(browser)
    succeeded(browser.post("/api/account/refresh"))
    alive(browser)


def test_over_https_the_plain_names_are_not_read(secure_server):
    browser = Person.registered(secure_server).browser(secure_server)
    plain = {name: browser.cookies[f"__Host-{name}"] for name in PLAIN_NAMES}
    refused(Client(secure_server, cookies=plain).get("/api/account"), 401, 200008)


def test_over_https_a_renewal_sets_the_host_names(secure_server):
    browser = Person.registered(secure_server).browser(secure_server)
    del browser.cookies["__Host-access_token"]
    reply = browser.get("/api/account")
    granted(reply)
    assert reply.cookies.keys() == SECURE_NAMES
    for cookie in reply.cookies.values():
        assert cookie.attributes["secure"] is True and cookie.attributes["samesite"] == "Strict"


def test_over_https_only_the_public_url_is_our_origin(secure_server):
    browser = Person.registered(secure_server).browser(secure_server)
    for foreign in (secure_server.url, HTTPS.replace("https", "http")):
        refused(browser.post(PROFILE, form={"username": "Ada"}, headers={"Origin": foreign}), 403, 200011)
    succeeded(browser.post(PROFILE, form={"username": "Ada"}, headers={"Origin": HTTPS}))


def test_over_https_logging_out_clears_the_host_names(secure_server):
    browser = Person.registered(secure_server).browser(secure_server)
    reply = succeeded(browser.post("/api/account/logout"))
    assert all(reply.cookies[name].clears and reply.cookies[name].attributes["secure"] for name in SECURE_NAMES)
    assert browser.cookies.keys() == {"__Host-device"}


def test_compatible_names_are_the_plain_ones_over_https_too(make_server):
    server = make_server(PUBLIC_URL=HTTPS, COOKIES_COMPATIBLE_NAMES="true")
    browser = Client(server)
    reply = succeeded(Person.registered(server).log_in(browser))
    names = PLAIN_NAMES | {"device"}
    assert {name for name, cookie in reply.cookies.items() if not cookie.clears} == names
    assert all(reply.cookies[name].attributes["samesite"] == "Lax" for name in names)
    assert all(reply.cookies[name].attributes.get("secure") is True for name in names)
    alive(browser)
