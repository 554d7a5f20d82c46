"""The service goes and comes back under an open page."""

import time

import pytest
from selenium.webdriver.common.keys import Keys

from browser import DESKTOP
from journeys import enter, log_in
from people import Person
from waiting import wait_until

AWAY = "The service can’t be reached."
BACK = "The service is back."
GONE = {"net::ERR_CONNECTION_REFUSED", "net::ERR_CONNECTION_RESET", "net::ERR_EMPTY_RESPONSE", "net::ERR_SOCKET_NOT_CONNECTED"}


@pytest.fixture(autouse=True)
def failures_expected(browser, server):
    browser.expected = {*GONE, "404"}
    yield
    if not server.running:
        server.start()


def test_a_form_keeps_what_was_typed_and_can_be_sent_when_the_service_is_back(page, server):
    person = Person.unknown()
    page.open("/register").type("Email address", person.email).type("Password", person.password)
    server.kill()
    page.press("Create account").says(AWAY).says("This could not be sent.")
    server.start()
    page.says(BACK).says("You can try again now.")
    page.press("Create account").comes_to("/profile").heading("Set up your profile")


def test_a_page_that_could_not_be_loaded_loads_by_itself(page, server, ada):
    enter(page, ada).heading("Ada Lovelace", level=2)
    server.kill()
    page.follow("Security").comes_to("/security").heading("Security")
    page.says(AWAY)
    server.start()
    page.says(BACK).button("Change password")
    assert AWAY not in page.text()


def test_who_does_not_want_to_wait_asks_for_another_try(page, browser, server, ada):
    def tries():
        return sum(url == server.url + "/healthz" for _, url in browser.requests())

    before = tries()
    enter(page, ada).heading("Ada Lovelace", level=2)
    server.kill()
    page.follow("Security").says(AWAY)
    wait_until(lambda: tries() == before + 3, "it has tried three times, and waits longer now", seconds=20)
    server.start()
    began = time.monotonic()
    page.press("Try again now").says(BACK).button("Change password")
    assert time.monotonic() - began < 3  # its own next try would have come later
    assert page.focused.text == "Security"  # the button is gone


def test_an_edit_that_was_not_saved_is_saved_after_the_service_came_back(page, server, ada):
    enter(page, ada).press("Edit profile").type("Username", "Countess of Lovelace")
    server.kill()
    page.press("Save changes").says(AWAY)
    server.start()
    page.says(BACK).press("Save changes").says("Your profile is saved.")
    page.heading("Countess of Lovelace", level=2)


def test_who_logs_out_while_the_service_is_away_is_logged_out_when_it_is_back(page, browser, server, ada):
    enter(page, ada).heading("Ada Lovelace", level=2)
    server.kill()
    page.press("Log out").says(AWAY)
    server.start()
    page.comes_to("/login").says("You are logged out.")
    assert [each["name"] for each in browser.tell("Network.getCookies")["cookies"]] == ["device"]


def test_sessions_that_cannot_be_loaded_say_nothing_wrong(page, server, ada):
    enter(page, ada, "/security").shows("This device")
    ada.app(server)
    page.open("/security").button("End all other sessions")
    server.kill()
    page.press("End all other sessions").says(AWAY)
    server.start()
    page.says(BACK).press("End all other sessions").says("All other sessions have ended.")


def test_what_has_the_focus_is_not_beneath_the_banner(page, browser, server, ada):
    browser.resize((360, 500))
    enter(page, ada, "/security").button("Change password")
    server.kill()
    page.press("Log out").says(AWAY)
    browser.run("arguments[0].focus()", page.link("Delete account…"))
    for _ in range(6):
        page.key_with(Keys.SHIFT, Keys.TAB)
        bottom = browser.run("return document.querySelector('.banner').getBoundingClientRect().bottom")
        assert browser.run("return document.activeElement.getBoundingClientRect().top") >= bottom, page.focused.text
    server.start()
    page.comes_to("/login")
    browser.resize(DESKTOP)


@pytest.fixture
def unavailable(browser):
    """Reads of that address are answered as by a service whose storage is away; None ends that. Until the page is left."""

    def answer(path):
        browser.run(
            """
            window.plainFetch ??= window.fetch;
            window.fetch = (path, how) => path === arguments[0] && how.method === "GET"
              ? Promise.resolve(Response.json({code: 100001, msg: "", data: null}, {status: 503, headers: {"Retry-After": "1"}}))
              : plainFetch(path, how);
            """,
            path,
        )

    return answer


def test_a_profile_that_cannot_be_read_is_not_taken_for_none(page, ada, unavailable):
    page.open("/login").heading("Log in")
    unavailable("/api/user/profile")
    page.type("Email address", ada.email).type("Password", ada.password).press("Log in")
    page.says("The service is busy.").heading("Your profile")
    unavailable(None)
    page.press("Try again").heading("Ada Lovelace", level=2)


@pytest.mark.parametrize("path", ["/api/account", "/api/user/profile"])
def test_a_profile_that_was_saved_and_cannot_be_read_says_both(page, ada, unavailable, path):
    log_in(page, ada).press("Edit profile").type("Username", "Countess of Lovelace")
    unavailable(path)
    page.press("Save changes").says("Your profile is saved.").says("The service is busy.")
    unavailable(None)
    page.press("Try again").heading("Countess of Lovelace", level=2)
