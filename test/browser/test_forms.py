"""Forms: what is wrong stands beside its field, and what fails is said."""

import re
import time

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from conftest import give_profile
from journeys import enter
from page import Page
from people import Person, new_email, new_password
from standalone import Standalone
from waiting import wait_until

NOT_AN_EMAIL = "That is not an email address. It looks like name@example.com."
TOO_SHORT = "At least 8 characters are needed."


def test_what_is_wrong_is_said_while_one_types_and_no_longer_when_it_is_mended(page):
    page.open("/register").type("Email address", "ada@").complains_of("Email address", NOT_AN_EMAIL)
    page.type("Password", "short").complains_of("Password", TOO_SHORT)
    page.field("Email address").send_keys(Keys.END, "example.com")
    page.complains_of("Email address", None)
    page.field("Password").send_keys(" no more")
    page.complains_of("Password", None)


def test_nothing_is_wrong_before_it_was_begun(page):
    page.open("/register")
    page.field("Email address").click()
    page.key(Keys.TAB)
    assert page.error_of("Email address") is None


def test_a_form_that_is_sent_too_early_shows_what_is_missing_and_goes_there(page):
    page.open("/register").press("Create account")
    page.complains_of("Email address", "Enter your email address.").complains_of("Password", "Enter a new password.")
    assert page.focused == page.field("Email address")
    page.assert_focus_is_seen()


def test_a_common_password_is_refused_beside_its_field(page, browser):
    browser.expected = {"400"}
    page.open("/register").type("Email address", new_email()).type("Password", "iloveyou1")
    page.press("Create account")
    page.complains_of("Password", "This password is among the first that are guessed. Choose another.")
    assert page.focused == page.field("Password")


def test_an_email_that_is_taken_leads_to_the_log_in(page, browser, person):
    browser.expected = {"409"}
    page.open("/register").type("Email address", person.email).type("Password", new_password())
    page.press("Create account")
    page.complains_of("Email address", "There is an account with this address. Log in instead")
    page.follow("Log in instead").comes_to("/login")
    assert page.field("Email address").get_attribute("value") == person.email


@pytest.mark.parametrize(
    "password, words",
    [
        ("abc", "Too short"),
        ("aaaaaaaaaaaa", "Easy to guess"),
        ("password2024", "Easy to guess"),
        ("qwertyuiop12", "Easy to guess"),
        ("tjqmzkwb", "Easy to guess"),
        ("tjqmzkwbpd", "Fair"),
        ("tjqmzKwbpd7", "Good"),
        ("difference engine no. 2", "Strong"),
        ("正确的马电池订书钉", "Strong"),
    ],
)
def test_the_meter_says_how_hard_a_password_is_to_guess(page, password, words):
    page.open("/register").type("Password", password)
    page.says(f"Strength: {words}", css=".strength-words")


def test_the_meter_knows_that_an_email_is_no_secret(page):
    page.open("/register").type("Email address", "lovelaceada@example.com").type("Password", "lovelaceada")
    page.says("Strength: Easy to guess", css=".strength-words")


def test_a_password_can_be_looked_at_but_is_hidden_when_it_is_sent(page, browser):
    browser.expected = {"401"}
    page.open("/login").type("Email address", new_email()).type("Password", "wrong password")
    assert page.field("Password").get_attribute("type") == "password"
    page.press("Show password")
    assert page.field("Password").get_attribute("type") == "text"
    page.press("Hide password").press("Show password")
    page.press("Log in").says("The email address or the password is wrong.")
    assert page.field("Password").get_attribute("type") == "password"


def test_a_form_is_sent_once_however_often_one_presses(page, browser, server):
    browser.expected = {"404"}  # there is no profile yet
    person = Person.unknown()
    page.open("/register").type("Email address", person.email).type("Password", person.password)
    before = len(browser.requests())
    browser.run("const button = document.querySelector('form [type=submit]'); for (let i = 0; i < 3; i++) button.click()")
    page.comes_to("/profile").heading("Set up your profile")
    posts = [url for method, url in browser.requests()[before:] if method == "POST"]
    assert posts == [server.url + "/api/account/register", server.url + "/api/account/login"]


@pytest.mark.parametrize(
    "label, value, words",
    [
        ("Username", "", "Enter a username."),
        ("Username", "x" * 65, "At most 64 characters are allowed."),
        ("Username", "   ", "Enter a username."),
        ("Username", "\u034f\ufe0f\u17b4\u2800", "Enter a username."),
        ("Picture’s address (optional)", "http://example.com/ada.png", "Enter an address that begins with https://."),
        ("Picture’s address (optional)", "ada.png", "Enter an address that begins with https://."),
    ],
)
def test_what_a_profile_cannot_be_is_said_beside_its_field(page, ada, label, value, words):
    enter(page, ada).press("Edit profile")
    page.type(label, value).press("Save changes")
    page.complains_of(label, words)


@pytest.mark.parametrize("year, month, day", [(1899, 12, 31), (2999, 1, 1), (2023, 2, 31)])
def test_a_birthday_that_cannot_be_is_refused(page, ada, year, month, day):
    enter(page, ada).press("Edit profile")
    page.set_date("Birthday (optional)", year, month, day).press("Save changes")
    page.complains_of("Birthday (optional)", "Enter a date between January 1, 1900 and today.")


def test_what_may_be_empty_can_be_cleared(page, server, person):
    give_profile(server, person, username="Ada", birthday="1990-12-10", avatar="https://example.com/ada.png")
    enter(page, person).press("Edit profile")
    page.type("Picture’s address (optional)", "")
    page.field("Birthday (optional)").send_keys(Keys.HOME, Keys.DELETE, Keys.TAB, Keys.DELETE, Keys.TAB, Keys.DELETE)
    page.press("Save changes").says("Your profile is saved.")
    assert page.text().count("Not given") == 2


def test_an_edit_can_be_given_up(page, ada):
    enter(page, ada).press("Edit profile").type("Username", "Somebody else").press("Cancel")
    page.heading("Ada Lovelace", level=2)
    assert page.focused == page.button("Edit profile")


def test_an_edit_that_changes_nothing_says_so(page, ada):
    enter(page, ada).press("Edit profile").press("Save changes")
    page.says("Nothing has changed.")


def test_a_wrong_password_is_said_where_it_is_asked_for(page, browser, ada):
    browser.expected = {"403"}
    enter(page, ada, "/security")
    page.type("Current password", "not the password").type("New password", new_password())
    page.press("Change password").complains_of("Current password", "That is not your password.")
    page.open("/delete-account").type("Password", "not the password")
    page.press("Delete account for good")
    page.complains_of("I understand that this cannot be undone", "Confirm this first.")
    page.click(page.field("I understand that this cannot be undone")).press("Delete account for good")
    page.complains_of("Password", "That is not your password.")


def test_keepers_of_passwords_know_the_fields(page, ada):
    def tokens():
        fields = page.driver.find_elements(By.CSS_SELECTOR, "form input")
        return [each.get_attribute("autocomplete") for each in fields]

    page.open("/register").heading("Create your account")
    assert tokens() == ["username", "new-password"]
    page.open("/login").heading("Log in")
    assert tokens() == ["username", "current-password"]
    enter(page, ada, "/security").button("Change password")
    assert tokens() == ["username", "current-password", "new-password"]
    hidden = page.driver.find_element(By.CSS_SELECTOR, "form input[autocomplete=username]")
    assert hidden.get_attribute("value") == ada.email
    page.follow("Profile").press("Edit profile")
    assert tokens() == ["nickname", "bday", "photo"]


PASTE = """
const [field, text] = arguments;
const data = new DataTransfer();
data.setData("text/plain", text);
const isTaken = field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
field.focus();
return isTaken && document.execCommand("insertText", false, text);
"""


@pytest.mark.parametrize("path, label", [("/login", "Password"), ("/register", "Password"), ("/security", "New password")])
def test_a_password_can_be_pasted(page, ada, path, label):
    if path == "/security":
        enter(page, ada, path)
    field = page.open(path).field(label)
    pasted = new_password()
    assert page.driver.execute_script(PASTE, field, pasted)
    assert field.get_attribute("value") == pasted


@pytest.fixture
def strict(browser, tmp_path):
    """A server that lets nobody try twice within 4 s."""
    server = Standalone(tmp_path / "server", ATTEMPTS_CHECKS_PER_MINUTE="15", ATTEMPTS_CHECKS_BURST="1").start()
    yield server
    browser.forget()  # while there is a server that it may ask
    server.finish()


def seconds_left(page):
    return int(re.search(r"Try again in 0:0(\d)", page.text())[1])


def test_too_many_attempts_say_how_long_to_wait_and_hold_the_button_until_then(browser, strict):
    browser.expected = {"401", "429"}
    page = Page(browser, strict).open("/login")
    page.type("Email address", new_email()).type("Password", "wrong password")
    page.press("Log in").says("The email address or the password is wrong.")
    page.press("Log in").says("Too many attempts. Try again in 0:0")
    left = seconds_left(page)
    wait_until(lambda: seconds_left(page) < left, "it counts down")
    button = page.button("Log in")
    assert button.get_attribute("aria-disabled") == "true"
    assert page.driver.find_elements(By.CSS_SELECTOR, "[aria-busy]") == []  # what is said is read out at once
    began = time.monotonic()
    page.press("Log in")  # in vain
    page.says("You can try again now.")
    assert time.monotonic() - began < 6
    assert button.get_attribute("aria-disabled") == "false"
    page.press("Log in").says("The email address or the password is wrong.")
