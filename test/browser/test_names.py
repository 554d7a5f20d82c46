"""Text that people give stays text, and fits."""

import pytest

from browser import DESKTOP
from conftest import give_profile
from journeys import enter

NAMES = {
    "script": "<script>alert(1)</script>",
    "image": '"><img src=x onerror=alert(1)>',
    "template": "{email} ${1} {{constructor}}",
    "right to left": "עדה לאבלייס",
    "emoji": "👩🏽‍🔬🏳️‍🌈" * 8,
    "wide": "W" * 64,
    "combining": "Z\u0351\u036b\u0343" * 16,
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_name_is_shown_as_it_is_and_breaks_no_layout(page, browser, server, person, name):
    give_profile(server, person, username=name, avatar="https://example.com/" + "a" * 200)
    browser.resize((320, 640))
    enter(page, person).button("Edit profile")
    shown = page.driver.find_element("css selector", ".person-name").get_property("textContent")
    assert shown == page.driver.execute_script("return arguments[0].normalize('NFC')", name)
    assert page.driver.find_elements("css selector", "main script, main img[src=x]") == []
    assert_nothing_sticks_out(page)
    page.press("Edit profile")
    assert_nothing_sticks_out(page)
    browser.resize(DESKTOP)


@pytest.mark.parametrize("path", ["/register", "/login", "/profile", "/security", "/delete-account"])
@pytest.mark.parametrize("language", ["English", "中文"])
def test_the_narrowest_screen_shows_each_page_whole(page, browser, ada, path, language):
    if path not in ("/register", "/login"):
        enter(page, ada)
    browser.resize((320, 640))
    page.open(path).choose("Language", language)
    page.driver.find_element("css selector", "h1")
    assert_nothing_sticks_out(page)
    browser.resize(DESKTOP)


def test_a_device_that_calls_itself_a_script_is_text(page, server, ada):
    client = ada.app(server)
    reply = client.post("/api/account/login", form={**ada.credentials}, headers={"User-Agent": "<script>alert(1)</script>"})
    assert reply.status == 200
    enter(page, ada, "/security").shows("<script>alert(1)</script>")


def test_a_picture_of_another_host_is_not_loaded_but_can_be_opened(page, server, person):
    give_profile(server, person, username="Ada", avatar="https://example.com/ada.png")
    enter(page, person).heading("Ada", level=2)
    link = page.link("https://example.com/ada.png")
    assert set(link.get_attribute("rel").split()) >= {"noopener", "noreferrer"}
    assert page.driver.find_elements("css selector", "main img") == []


def assert_nothing_sticks_out(page):
    width, scroll = page.driver.execute_script("return [innerWidth, document.documentElement.scrollWidth]")
    assert scroll <= width
