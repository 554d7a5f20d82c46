"""The limits of what people type come from the service, and are told before the first mistake."""

import pytest

from conftest import give_profile
from journeys import enter
from page import Page
from people import Person, new_email
from standalone import Standalone

SETTINGS = "/api/pages/settings"
PASSWORD = "tjqmzkwbpdxrvhl"  # of 15 characters


@pytest.fixture
def careful(browser, tmp_path):
    """A server that takes no password of fewer than 15 characters."""
    server = Standalone(tmp_path / "server", PASSWORDS_SHORTEST="15").start()
    yield server
    browser.forget()  # while there is a server that it may ask
    server.finish()


@pytest.fixture
def lenient(browser, tmp_path):
    """A server that takes short passwords at registration, as the reference system does, but not later."""
    server = Standalone(tmp_path / "server", COMPATIBILITY_REFERENCE="true").start()
    yield server
    browser.forget()  # while there is a server that it may ask
    server.finish()


@pytest.fixture
def untold(browser):
    """The pages get no answer when they ask for the limits."""
    browser.expected = {"400", "net::ERR_BLOCKED_BY_CLIENT"}
    browser.tell("Network.clearBrowserCache")
    browser.tell("Network.setBlockedURLs", urls=["*" + SETTINGS])
    yield
    browser.note()
    browser.tell("Network.setBlockedURLs", urls=[])


def strength(page, words):
    return page.says(f"Strength: {words}", css=".strength-words")


def test_the_service_says_how_long_a_password_must_be(browser, careful):
    browser.expected = {"404"}  # there is no profile yet
    page = Page(browser, careful).open("/register").shows("At least 15 characters.")
    page.type("Email address", new_email()).type("Password", PASSWORD[:14])
    strength(page, "Too short").complains_of("Password", "At least 15 characters are needed.")
    strength(page.type("Password", PASSWORD), "Good").complains_of("Password", None)
    page.press("Create account").comes_to("/profile").heading("Set up your profile")
    page.follow("Security").shows("At least 15 characters.")
    strength(page.type("New password", PASSWORD[:14]), "Too short")
    page.complains_of("New password", "At least 15 characters are needed.")


def test_a_page_asks_again_when_the_service_may_have_other_limits(browser, careful):
    page = Page(browser, careful).open("/login").follow("Create an account").shows("At least 15 characters.")
    careful.stop()
    careful.settings["PASSWORDS_SHORTEST"] = "12"
    careful.start()
    browser.tell("Network.clearBrowserCache")  # as after a minute
    page.follow("Log in").comes_to("/login").follow("Create an account").shows("At least 12 characters.")


def test_a_first_password_may_be_shorter_than_a_later_one_if_the_service_says_so(browser, lenient):
    browser.expected = {"404"}  # there is no profile yet
    page = Page(browser, lenient).open("/register").shows("At least 6 characters.")
    page.type("Email address", new_email()).type("Password", PASSWORD[:5])
    strength(page, "Too short").complains_of("Password", "At least 6 characters are needed.")
    strength(page.type("Password", PASSWORD[:6]), "Easy to guess").complains_of("Password", None)
    page.press("Create account").comes_to("/profile").heading("Set up your profile")
    page.follow("Security").shows("At least 8 characters.")
    page.type("New password", PASSWORD[:7]).complains_of("New password", "At least 8 characters are needed.")


def test_the_limits_follow_the_language(page):
    page.open("/register").shows("At least 8 characters.")
    page.choose("Language", "中文").shows("至少 8 个字符。")


def test_the_service_is_asked_for_the_limits_once_a_minute_and_not_by_who_logs_in(make_browser, server, ada):
    browser = make_browser()

    def asked():
        replies = (each["params"]["response"] for each in browser.network() if each["method"] == "Network.responseReceived")
        return sum(reply["url"] == server.url + SETTINGS and not reply["fromDiskCache"] for reply in replies)

    page = Page(browser, server).open("/login").heading("Log in")
    assert asked() == 0
    page.type("Email address", ada.email).type("Password", ada.password).press("Log in")
    page.comes_to("/profile").press("Edit profile").shows("1 to 64 characters.")
    page.follow("Security").shows("At least 8 characters.")
    assert asked() == 1


@pytest.mark.usefixtures("untold")
def test_without_an_answer_no_length_of_a_password_is_told_and_the_service_decides(page):
    page.open("/register").shows("Use a long password.")
    page.type("Email address", new_email())
    strength(page.type("Password", "tjqm"), "Easy to guess")
    page.press("Create account").complains_of("Password", "A longer password is needed here.")
    assert "At least" not in page.text()


@pytest.mark.usefixtures("untold")
def test_without_an_answer_the_service_decides_what_a_profile_may_be(page, server):
    person = Person.registered(server)
    give_profile(server, person, username="Ada")
    enter(page, person).press("Edit profile").type("Username", "x" * 65).press("Save changes")
    page.complains_of("Username", "The username is too long.")
    assert "64" not in page.text()
    page.type("Username", "Ada").set_date("Birthday (optional)", 1899, 12, 31).press("Save changes")
    page.complains_of("Birthday (optional)", "This date is out of range.")
    page.set_date("Birthday (optional)", 2999, 1, 1).press("Save changes")
    page.complains_of("Birthday (optional)", "Enter a date no later than today.")
