"""The pages below a path of their own."""

import pytest

from page import Page
from people import Person
from standalone import Standalone


@pytest.fixture
def below(browser, tmp_path):
    """A server whose pages are below /account."""
    server = Standalone(tmp_path / "server", PAGES_PATH="/account").start()
    yield Page(browser, server)
    browser.forget()  # while there is a server that it may ask
    server.finish()


def test_from_register_to_delete(below):
    below.browser.expected = {"404"}  # there is no profile
    person = Person.unknown()
    page = below.open("/account").comes_to("/account/login")
    page.follow("Create an account").comes_to("/account/register")
    page.type("Email address", person.email).type("Password", person.password).press("Create account")
    page.comes_to("/account/profile").heading("Set up your profile").follow("Security").comes_to("/account/security")
    page.open("/account/login").comes_to("/account/profile")
    page.open("/account/no/such/page").heading("There is nothing here").follow("Go to the start").comes_to("/account/profile")
    page.open("/account/login?return_to=/account/security").comes_to("/account/security").heading("Security")
    page.follow("Delete account…").comes_to("/account/delete-account").follow("Keep my account").comes_to("/account/security")
    page.driver.back()
    page.comes_to("/account/delete-account").press("Log out").comes_to("/account/login").says("You are logged out.")
    page.open("/account/security").comes_to("/account/login?to=/security").choose("Language", "中文").heading("登录")
    assert page.driver.find_element("css selector", ".mark").get_property("naturalWidth") > 0


def test_a_path_beside_them_is_the_products(below):
    below.browser.expected = {"404"}
    person = Person.registered(below.server)
    page = below.open("/account/login?return_to=/login").type("Email address", person.email)
    page.type("Password", person.password).press("Log in").comes_to("/login")
