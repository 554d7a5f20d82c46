"""Several browsers of one person, and a session that ends while one looks at it."""

import pytest
from selenium.webdriver.common.keys import Keys

from browser import PHONE
from conftest import give_profile
from journeys import log_in
from page import Page
from people import Person, new_password

CURL = {"User-Agent": "curl/7.88.1"}


@pytest.fixture(scope="module")
def second_browser(make_browser):
    return make_browser(size=PHONE)


@pytest.fixture
def other(second_browser, server):
    """A page in another browser, which is told of an end by 401."""
    second_browser.forget()
    second_browser.expected = {"401", "404"}
    yield Page(second_browser, server)
    second_browser.note()
    complaints, second_browser.complaints = second_browser.complaints, []
    assert complaints == []


def test_a_session_that_another_browser_ends_leads_to_log_in_and_back(page, other, ada):
    log_in(other, ada, "/security", "/security").shows("This device")
    log_in(page, ada, "/security", "/security").shows("Chrome on Linux")
    page.press("End the session of Chrome on Linux").says("The session of Chrome on Linux has ended.")

    other.follow("Profile").comes_to("/login?to=/profile")
    other.says("Your session has ended. Log in again, and you will be back where you were.")
    other.type("Email address", ada.email).type("Password", ada.password).press("Log in").comes_to("/profile")
    other.heading("Ada Lovelace", level=2)


def test_a_session_is_ended_once_however_often_one_presses(page, browser, server, person):
    person.app(server)
    log_in(page, person, "/security", "/security").button("End the session of userinfo-test")
    before = len(browser.requests())
    browser.run("const button = document.querySelector('.session button'); for (let i = 0; i < 3; i++) button.click()")
    page.says("The session of userinfo-test has ended.")
    assert [method for method, _ in browser.requests()[before:]].count("DELETE") == 1


def test_who_ends_all_other_sessions_stays_logged_in(page, other, ada, server):
    app = ada.app(server)
    log_in(other, ada)
    log_in(page, ada, "/security", "/security").press("End all other sessions")
    page.says("All other sessions have ended.").shows("You are logged in on no other device.")
    assert app.get("/api/account").status == 401
    other.follow("Security").comes_to("/login?to=/security")


def test_a_change_of_the_password_ends_the_other_sessions_in_the_list_too(page, other, ada):
    log_in(other, ada)
    log_in(page, ada, "/security", "/security").button("End all other sessions")
    page.type("Current password", ada.password).type("New password", new_password()).press("Change password")
    page.says("Your password is changed. All other devices are logged out.")
    page.shows("You are logged in on no other device.")
    other.follow("Security").comes_to("/login?to=/security")


def test_a_tab_that_is_looked_at_again_notices_that_the_session_has_ended(page, browser, ada, server):
    browser.expected = {"401"}
    log_in(page, ada).heading("Ada Lovelace", level=2)
    end_all_sessions(server, ada)
    browser.run("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")
    page.comes_to("/login?to=/profile").says("Your session has ended.")


def test_two_tabs_log_out_together(page, ada):
    log_in(page, ada).heading("Ada Lovelace", level=2)
    first = page.driver.current_window_handle
    page.driver.switch_to.new_window("tab")
    page.open("/security").press("Log out").comes_to("/login")
    page.browser.note()
    page.driver.close()
    page.driver.switch_to.window(first)
    page.comes_to("/login?to=/profile")


@pytest.fixture
def carol(server):
    carol = Person.registered(server)
    give_profile(server, carol, username="Carol Shaw")
    return carol


def test_a_tab_shows_who_has_logged_in_in_another_and_not_what_somebody_else_typed(page, ada, carol, server):
    first = page.open("/login").driver.current_window_handle
    page.driver.switch_to.new_window("tab")
    second = page.open("/login").heading("Log in").driver.current_window_handle
    page.driver.switch_to.window(first)
    log_in(page, ada).press("Edit profile").type("Username", "Countess of Lovelace")
    page.driver.switch_to.window(second)
    page.type("Email address", carol.email).type("Password", carol.password).press("Log in").heading("Carol Shaw", level=2)
    page.browser.note()
    page.driver.close()
    page.driver.switch_to.window(first)
    page.heading("Carol Shaw", level=2)
    assert "Countess" not in page.text()
    assert carol.app(server).get("/api/user/profile").data["username"] == "Carol Shaw"


def test_a_tab_that_is_looked_at_again_notices_that_somebody_else_is_logged_in(page, browser, ada, carol):
    log_in(page, ada).heading("Ada Lovelace", level=2)
    for name, value in carol.browser(page.server).cookies.items():
        browser.tell("Network.setCookie", name=name, value=value, url=page.server.url, httpOnly=True)
    browser.run("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")
    page.heading("Carol Shaw", level=2)


def test_a_log_out_that_failed_is_not_called_done(page, browser, ada):
    browser.expected = {"431"}
    log_in(page, ada).heading("Ada Lovelace", level=2)
    too_many = [{"name": f"filler{i}", "path": "/api/account/logout"} for i in range(5)]
    for cookie in too_many:
        browser.tell("Network.setCookie", url=page.server.url, value="x" * 4000, **cookie)
    page.press("Log out").says("Something went wrong (300005).").heading("Ada Lovelace", level=2)
    for cookie in too_many:
        browser.tell("Network.deleteCookies", url=page.server.url, **cookie)
    page.press("Log out").comes_to("/login").says("You are logged out.")


def test_what_was_typed_when_the_session_ended_is_there_after_the_log_in(page, browser, ada, server):
    browser.expected = {"401"}
    log_in(page, ada).press("Edit profile").type("Username", "Countess of Lovelace")
    end_all_sessions(server, ada)
    page.press("Save changes").comes_to("/login?to=/profile")
    page.type("Email address", ada.email).type("Password", ada.password).press("Log in").comes_to("/profile")
    assert page.field("Username").get_attribute("value") == "Countess of Lovelace"
    page.press("Save changes").says("Your profile is saved.")


def test_what_one_person_typed_is_not_shown_to_the_next(page, browser, ada, server):
    log_in(page, ada).press("Edit profile").type("Username", "Countess of Lovelace")
    page.press("Log out").comes_to("/login")
    somebody = type(ada).registered(server)
    browser.expected = {"404"}
    page.type("Email address", somebody.email).type("Password", somebody.password).press("Log in").comes_to("/profile")
    page.heading("Set up your profile")
    assert page.field("Username").get_attribute("value") == ""


def test_a_program_is_shown_by_the_name_that_it_gives_itself(page, ada, server):
    ada.app(server)
    log_in(page, ada, "/security", "/security").shows("userinfo-test").shows("Address 127.0.0.1").shows("Last seen now")


def end_all_sessions(server, person):
    client = person.browser(server)
    reply = client.delete("/api/account/sessions")
    assert reply.status == 200, reply


class TestAPasswordOfLongAgo:
    @pytest.fixture
    def page(self, page_of_long_ago):
        return page_of_long_ago

    def test_is_asked_for_and_then_the_session_is_ended(self, page, browser, person_of_long_ago):
        browser.expected |= {"403"}
        page.press("End the session of userinfo-test").heading("Is it you?", level=2)
        assert page.focused == page.field("Password")
        page.type("Password", "not the password").press("Go on").complains_of("Password", "That is not your password.")
        page.type("Password", person_of_long_ago.password).press("Go on")
        page.says("The session of userinfo-test has ended.").shows("You are logged in on no other device.")

    @pytest.mark.parametrize("way", ["Escape", "Cancel"])
    def test_need_not_be_given_and_then_nothing_changes(self, page, way):
        end = page.button("End the session of userinfo-test")
        page.click(end).heading("Is it you?", level=2)
        page.key(Keys.ESCAPE) if way == "Escape" else page.press("Cancel")
        assert page.focused == end
        page.open("/security").button("End the session of userinfo-test")

    def test_is_not_asked_for_any_more_on_another_page(self, page, browser):
        browser.expected |= {"404"}
        page.follow("Profile").comes_to("/profile").follow("Security").press("End the session of userinfo-test")
        page.heading("Is it you?", level=2)
        page.driver.back()
        page.comes_to("/profile").heading("Set up your profile")
        assert page.driver.find_elements("css selector", "dialog") == []
