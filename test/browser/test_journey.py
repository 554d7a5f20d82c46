"""From the first visit to the end of an account, as people go: by mouse and by keyboard, on a desk and on a phone."""

import pytest

from browser import DESKTOP, PHONE
from page import ByKeyboard, ByMouse
from people import Person, new_password


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("way", [ByMouse, ByKeyboard], ids=["mouse", "keyboard"])
def test_from_register_to_delete(browser, server, way, size):
    browser.resize(size)
    browser.expected = {"404"}  # there is no profile at first
    page = way(browser, server)
    person = Person.unknown()
    next_password = new_password()

    page.open("/").comes_to("/login")
    page.go_to("Create an account").comes_to("/register")
    page.fill("Email address", person.email).fill("Password", person.password)
    page.activate("Create account").comes_to("/profile")

    page.heading("Set up your profile")
    page.fill("Username", "Ada Lovelace").activate("Create profile")
    page.says("Your profile is there.")
    page.heading("Ada Lovelace", level=2)
    page.shows(person.email)

    page.activate("Edit profile")
    page.fill("Username", "Countess of Lovelace").set_date("Birthday (optional)", 1990, 12, 10)
    page.activate("Save changes")
    page.says("Your profile is saved.")
    page.heading("Countess of Lovelace", level=2)
    page.shows("December 10, 1990")

    page.go_to("Security").comes_to("/security")
    page.fill("Current password", person.password).fill("New password", next_password)
    page.activate("Change password")
    page.says("Your password is changed. All other devices are logged out.")
    page.shows("This device").shows("You are logged in on no other device.")

    page.activate("Log out").comes_to("/login")
    page.says("You are logged out.")
    page.fill("Email address", person.email).fill("Password", next_password)
    page.activate("Log in").comes_to("/profile")
    page.heading("Countess of Lovelace", level=2)

    page.go_to("Security").go_to("Delete account…").comes_to("/delete-account")
    page.shows(person.email)
    page.fill("Password", next_password).tick("I understand that this cannot be undone")
    page.activate("Delete account for good").comes_to("/login")
    page.says("Your account is deleted.")

    browser.expected |= {"401"}
    page.fill("Email address", person.email).fill("Password", next_password)
    page.activate("Log in")
    page.says("The email address or the password is wrong.")
