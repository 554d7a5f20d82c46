"""The pages behind a proxy that compresses replies, which makes the tags of versions weak."""

import pytest

from compressing_proxy import CompressingProxy
from conftest import give_profile
from journeys import log_in
from page import Page
from people import Person


@pytest.fixture(scope="module")
def proxy(tmp_path_factory):
    proxy = CompressingProxy(tmp_path_factory.mktemp("proxy")).start()
    yield proxy
    proxy.finish()


@pytest.fixture
def ada(proxy):
    person = Person.registered(proxy.program)
    give_profile(proxy.program, person, username="Ada Lovelace")
    return person


def username(proxy, person):
    return person.app(proxy.program).get("/api/user/profile").data["username"]


def test_an_edit_is_saved_and_the_next_one_as_well(browser, proxy, ada):
    page = log_in(Page(browser, proxy), ada)
    for name in ("Ada King", "Countess of Lovelace"):
        page.press("Edit profile").type("Username", name).press("Save changes")
        page.says("Your profile is saved.").heading(name, level=2)
        assert username(proxy, ada) == name
    browser.forget()  # while there is a server that it may ask


def test_an_edit_that_came_too_late_still_does(browser, proxy, ada):
    browser.expected = {"412"}
    page = log_in(Page(browser, proxy), ada).press("Edit profile").type("Username", "Ada King")
    give = ada.app(proxy.program).put("/api/user/profile", json={"username": "Countess of Lovelace"})
    assert give.status == 200
    page.press("Save changes").heading("Your profile was changed elsewhere", level=2)
    page.press("Save this choice").says("Your profile is saved.")
    assert username(proxy, ada) == "Ada King"
    browser.forget()
