"""Devices that have logged in before: strangers who fail do not slow them down, and learn nothing from them.

A stranger fails from other addresses. Sources are told apart by X-Forwarded-For, as behind a proxy.
"""

import secrets
import time

import pytest

from client import Client
from expect import alive, ended, granted, refused, succeeded
from people import NOBODYS_ID, Person, new_password
from server import Server

BEHIND_PROXY = {"HTTP_TRUSTED_PROXIES": "127.0.0.1"}
HTTPS = "https://id.example.com"
LOG_IN = "/api/account/login"
LOG_OUT = "/api/account/logout"
PASSWORD = "/api/account/password"
REAUTHENTICATE = "/api/account/reauthenticate"
DEVICES = "/api/account/devices"
FOUR_HUNDRED_DAYS = 400 * 24 * 3600


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("server"), ATTEMPTS_FREE_FAILURES=None, **BEHIND_PROXY).start()
    yield server
    server.finish()


def from_elsewhere():
    return {"X-Forwarded-For": f"198.51.100.{secrets.randbelow(250) + 1}"}


def guess(server, person, headers=None):
    """A stranger's log-in with a wrong password."""
    return Client(server).post(
        LOG_IN, form={"email": person.email, "password": new_password()}, headers={**from_elsewhere(), **(headers or {})}
    )


def hammer(server, person):
    """A stranger has failed so often that the next attempt has to wait for longer than a test lasts. Returns the reply to
    it."""
    for _ in range(6):
        refused(guess(server, person), 401, 200007)
    now = int(time.time() * 1e6)
    server.storing.change(
        f"UPDATE throttle SET failures = 20, last_at = {now}, blocked_until = {now + 3000 * 10**6} "
        "WHERE kind = 1 AND failures = 6"
    )
    return refused(guess(server, person), 429, 200010)


def shown(device):
    return {"Userinfo-Device": device}


def without_what_always_differs(reply):
    varying = ("x-request-id", "date", "retry-after")
    return reply.status, reply.body, [line for line in reply.header_lines if line[0].lower() not in varying]


def test_a_log_in_brings_a_cookie_that_no_script_can_read(person, stranger):
    reply = succeeded(person.log_in(stranger))
    cookie = reply.cookies["device"]
    assert cookie.attributes == {"path": "/", "max-age": str(FOUR_HUNDRED_DAYS), "httponly": True, "samesite": "Lax"}
    assert reply.header("Userinfo-Device") is None
    assert list(reply.cookies)[-1] == "access_token"


def test_over_https_the_cookie_is_bound_to_the_host(make_server):
    server = make_server(PUBLIC_URL=HTTPS, ATTEMPTS_FREE_FAILURES=None, **BEHIND_PROXY)
    person = Person.registered(server)
    browser = Client(server)
    cookie = person.log_in(browser).cookies["__Host-device"]
    assert cookie.attributes["secure"] is True and cookie.attributes["samesite"] == "Strict"
    hammer(server, person)
    succeeded(person.log_in(browser))
    plain = Client(server, cookies={"device": browser.cookies["__Host-device"]})
    refused(person.log_in(plain), 429, 200010)


def test_a_program_gets_it_as_a_header_and_as_a_field(person, stranger):
    reply = person.log_in(stranger, tokens="body")
    assert granted(reply)["device"] == reply.header("Userinfo-Device")
    assert reply.cookies == {}


def test_only_a_log_in_brings_one(server, person):
    app = person.app(server)
    replies = [
        app.post("/api/account/refresh", form={"refresh_token": app.refresh_token}),
        app.post(REAUTHENTICATE, form={"password": person.password}),
        app.post(PASSWORD, form={"current_password": person.password, "new_password": new_password()}),
        Person.unknown().register(Client(server)),
        guess(server, person),
    ]
    for reply in replies:
        assert reply.header("Userinfo-Device") is None and "device" not in reply.cookies
        assert "device" not in (reply.data or {})


def test_the_owner_logs_in_at_once_while_a_stranger_hammers(server, person):
    browser = person.browser(server)
    hammer(server, person)
    for _ in range(3):
        begin = time.monotonic()
        succeeded(person.log_in(browser))
        assert time.monotonic() - begin < 5
        refused(guess(server, person), 429, 200010)
    refused(person.log_in(Client(server)), 429, 200010)


def test_a_program_logs_in_at_once_with_its_header(server, person):
    device = granted(person.log_in(Client(server), tokens="body"))["device"]
    hammer(server, person)
    form = {**person.credentials, "tokens": "body"}
    device = granted(Client(server).post(LOG_IN, form=form, headers=shown(device)))["device"]
    granted(Client(server).post(LOG_IN, form=form, headers=shown(device)))


def test_a_stranger_cannot_tell_whether_and_when_the_owner_logs_in(server, person):
    browser = person.browser(server)
    unknown = Person.unknown()
    before = hammer(server, person)
    of_nobody = hammer(server, unknown)
    begin = time.monotonic()
    succeeded(person.log_in(browser))
    after = refused(guess(server, person), 429, 200010)
    assert without_what_always_differs(before) == without_what_always_differs(after)
    assert without_what_always_differs(before) == without_what_always_differs(of_nobody)
    passed = time.monotonic() - begin
    waits = [int(reply.header("Retry-After")) for reply in (before, after)]
    assert waits[0] - passed - 10 < waits[1] <= waits[0], "it goes on as it was"


def test_an_owner_who_is_logged_in_proves_the_password_while_a_stranger_hammers(server, person):
    browser = person.browser(server)
    hammer(server, person)
    granted(browser.post(REAUTHENTICATE, form={"password": person.password}))
    change = {"current_password": person.password, "new_password": new_password()}
    succeeded(browser.post(PASSWORD, form=change))
    succeeded(browser.delete("/api/account", form={"password": change["new_password"]}))


@pytest.mark.parametrize("value", ["forged", "A" * 322, "A" * 5000, "", "%00", "ä"])
def test_what_is_not_ours_is_as_none(server, person, value):
    person.browser(server)
    hammer(server, person)
    with_it = guess(server, person, {"Cookie": f"device={value}".encode()})
    without = guess(server, person)
    assert without_what_always_differs(with_it) == without_what_always_differs(without)
    refused(Client(server).post(LOG_IN, form=person.credentials, headers={"Cookie": f"device={value}".encode()}), 429, 200010)


def test_the_device_of_somebody_else_is_as_none(server, person):
    person.browser(server)
    other = Person.registered(server).browser(server)
    hammer(server, person)
    refused(person.log_in(other), 429, 200010)
    with_it = guess(server, person, {"Cookie": f"device={other.cookies['device']}"})
    without = guess(server, person)
    assert without_what_always_differs(with_it) == without_what_always_differs(without)


def test_an_older_one_is_as_none(server, person):
    browser = person.browser(server)
    older = browser.cookies["device"]
    succeeded(person.log_in(browser))
    hammer(server, person)
    refused(person.log_in(Client(server, cookies={"device": older})), 429, 200010)
    succeeded(person.log_in(browser))


def test_a_client_whose_reply_was_lost_is_no_worse_off_than_a_new_one(server, person):
    browser = person.browser(server)
    lost = Client(server, cookies={"device": browser.cookies["device"]})
    succeeded(person.log_in(lost))
    succeeded(person.log_in(browser))
    hammer(server, person)
    succeeded(person.log_in(browser))


def test_one_that_is_sent_twice_is_as_none_and_locks_nobody_out(server, person):
    browser = person.browser(server)
    twice = {"Cookie": f"device={browser.cookies['device']}; device=planted"}
    succeeded(Client(server).post(LOG_IN, form=person.credentials, headers=twice))
    hammer(server, person)
    refused(Client(server).post(LOG_IN, form=person.credentials, headers=twice), 429, 200010)


def test_several_people_share_a_browser(server):
    browser = Client(server)
    people = [Person.registered(server) for _ in range(5)]
    for each in people:
        succeeded(each.log_in(browser))
        succeeded(browser.post(LOG_OUT))
    for each in (people[0], people[4]):
        hammer(server, each)
        succeeded(each.log_in(browser))
    sixth = Person.registered(server)
    succeeded(sixth.log_in(browser))
    hammer(server, people[1])
    refused(people[1].log_in(browser), 429, 200010)


def test_logging_out_keeps_it(server, person):
    browser = person.browser(server)
    reply = succeeded(browser.post(LOG_OUT))
    assert "device" not in reply.cookies and browser.cookies.keys() == {"device"}
    hammer(server, person)
    succeeded(person.log_in(browser))


def test_a_changed_password_keeps_it(server, person):
    browser = person.browser(server)
    changed = Person(person.email, new_password())
    succeeded(browser.post(PASSWORD, form={"current_password": person.password, "new_password": changed.password}))
    hammer(server, person)
    succeeded(changed.log_in(browser))


def test_a_deleted_account_forgets_it(server, person):
    browser = person.browser(server)
    succeeded(browser.delete("/api/account", form={"password": person.password}))
    succeeded(person.register(Client(server)))
    hammer(server, person)
    refused(person.log_in(browser), 429, 200010)


def test_a_stolen_device_has_ten_guesses(server, person):
    device = granted(person.log_in(Client(server), tokens="body"))["device"]
    hammer(server, person)
    for _ in range(10):
        refused(guess(server, person, shown(device)), 401, 200007)
    refused(guess(server, person, shown(device)), 429, 200010)


def test_it_logs_nobody_in(server, person):
    browser = person.browser(server)
    alone = Client(server, cookies={"device": browser.cookies["device"]})
    refused(alone.get("/api/account"), 401, 200008)
    refused(alone.get(DEVICES), 401, 200008)


def test_an_owner_sees_and_forgets_devices(server, person):
    browser = person.browser(server)
    app = person.app(server)
    devices = granted(browser.get(DEVICES))["devices"]
    assert [each["name"] for each in devices] == ["userinfo-test"] * 2
    assert [each["current"] for each in devices] == [False, True], "the latest used first"
    assert [each["current"] for each in granted(app.get(DEVICES))["devices"]] == [False, False], "it shows none"
    refused(browser.delete(f"{DEVICES}/{NOBODYS_ID}"), 404, 200018)
    refused(Person.registered(server).browser(server).delete(f"{DEVICES}/{devices[1]['id']}"), 404, 200018)
    succeeded(app.delete(f"{DEVICES}/{devices[1]['id']}"))
    alive(browser)
    assert [each["id"] for each in granted(app.get(DEVICES))["devices"]] == [devices[0]["id"]]
    hammer(server, person)
    refused(person.log_in(browser), 429, 200010)
    events = server.succeed("audit", "--account", person.email, "--type", "device_forget").splitlines()
    assert len(events) == 1


def test_a_source_is_limited_whatever_devices_it_has(make_server):
    server = make_server(ATTEMPTS_CHECKS_PER_MINUTE="1", ATTEMPTS_CHECKS_BURST="3")
    person = Person.registered(server)
    browser = person.browser(server)
    for _ in range(2):
        succeeded(person.log_in(browser))
    refused(person.log_in(browser), 429, 200010)


def test_ending_sessions_keeps_devices(server, person):
    app, other = person.app(server), person.app(server)
    succeeded(app.delete("/api/account/sessions"))
    ended(other)
    assert len(granted(app.get(DEVICES))["devices"]) == 2
