"""Pictures of the pages. USERINFO_PICTURES names the folder that they go to; `./dev test pictures` makes those of docs/pages."""

import os
from pathlib import Path

import pytest

from browser import DESKTOP, PHONE
from client import Client
from page import Page
from people import Person, new_password
from program import ROOT

FOLDER = Path(os.environ.get("USERINFO_PICTURES", ROOT / "build" / "results" / "pages"))
MOST_BYTES = 150_000  # as the browser packs them; tools/test.sh makes those of docs/pages smaller
LOOKS = {
    "desktop-light": (DESKTOP, False),
    "desktop-dark": (DESKTOP, True),
    "phone-light": (PHONE, False),
    "phone-dark": (PHONE, True),
}


@pytest.mark.parametrize("look", LOOKS)
def test_each_page_is_taken(browser, server, look):
    browser.expected = {"404", "409", "412", "net::ERR_CONNECTION_REFUSED", "net::ERR_CONNECTION_RESET", "net::ERR_EMPTY_RESPONSE"}
    size, dark = LOOKS[look]
    browser.resize(size)
    browser.prefer(dark=dark, reduced_motion=True)
    page = Page(browser, server)
    person = Person("ada@example.com", new_password())

    def take(name):
        assert_picture(browser, size, f"{name}-{look}")

    page.open("/register").type("Email address", "ada@example").type("Password", "difference engine no. 2")
    page.complains_of("Email address", "That is not an email address. It looks like name@example.com.")
    take("register")
    page.open("/login").heading("Log in")
    take("log-in")
    page.choose("Language", "中文").heading("登录")
    take("log-in-chinese")
    page.choose("语言", "English")
    page.open("/register").type("Email address", person.email).type("Password", person.password).press("Create account")
    page.heading("Set up your profile")
    take("new-profile")
    page.type("Username", "Ada Lovelace").set_date("Birthday (optional)", 1915, 12, 10).press("Create profile")
    page.says("Your profile is there.")
    page.open("/profile").button("Edit profile")
    take("profile")
    page.press("Edit profile").type("Username", "Ada King")
    from_a_phone(server, person).put("/api/user/profile", json={"username": "Countess of Lovelace"})
    page.press("Save changes").heading("Your profile was changed elsewhere", level=2)
    take("conflict")
    page.open("/security").button("End all other sessions")
    take("security")
    page.open("/delete-account").button("Delete account for good")
    take("delete-account")
    page.open("/no/such/page").heading("There is nothing here")
    take("not-found")
    page.open("/profile").press("Edit profile").type("Username", "Ada, Countess")
    server.kill()
    page.press("Save changes").says("The service can’t be reached.")
    take("service-away")
    server.start()
    page.says("The service is back.")
    page.open("/delete-account").type("Password", person.password).click(page.field("I understand that this cannot be undone"))
    page.press("Delete account for good").says("Your account is deleted.")
    take("deleted")


def from_a_phone(server, person):
    agent = "Mozilla/5.0 (Android 16; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0"
    client = Client(server)
    form = {**person.credentials, "tokens": "body"}
    reply = client.post("/api/account/login", form=form, headers={"User-Agent": agent})
    client.bearer = reply.data["access_token"]
    return client


def assert_picture(browser, size, name):
    """Of the whole page, however long it is; with nothing that blinks."""
    browser.run("document.activeElement.blur(); scrollTo(0, 0)")
    width, height = size
    whole = browser.run("return document.documentElement.scrollHeight")
    browser.resize((width, max(height, whole)))
    picture = browser.driver.get_screenshot_as_png()
    browser.resize(size)
    assert len(picture) < MOST_BYTES
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.png").write_bytes(picture)
