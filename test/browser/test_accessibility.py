"""WCAG 2.2 AA: what axe-core can tell of each page and state, and what it cannot."""

import os
import shutil

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from browser import DESKTOP, PHONE
from conftest import give_profile
from journeys import enter
from program import ROOT

AXE = ROOT / "build" / "axe" / "node_modules" / "axe-core" / "axe.min.js"  # tools/test.sh gets it from npm
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALLEST_TARGET = 24  # CSS pixels, WCAG 2.5.8

needs_axe = pytest.mark.skipif(
    shutil.which("npm") is None and not os.environ.get("CI"), reason="there is no npm to get axe-core with"
)


@pytest.fixture(params=[(DESKTOP, False), (PHONE, True)], ids=["desktop-light", "phone-dark"])
def look(request, browser):
    size, dark = request.param
    browser.resize(size)
    browser.prefer(dark=dark)
    yield
    browser.resize(DESKTOP)
    browser.prefer()


def assert_axe_finds_nothing(page):
    """Once what moves has come to rest."""
    page.driver.execute_async_script(
        "Promise.allSettled(document.getAnimations().map((each) => each.finished)).then(arguments[0])"
    )
    if not page.driver.execute_script("return Boolean(window.axe)"):
        page.driver.execute_script(AXE.read_text())
    found = page.driver.execute_async_script(
        "const [tags, done] = arguments; axe.run({runOnly: tags}).then(done, (why) => done({violations: [String(why)]}))",
        RULES,
    )
    assert found["violations"] == []
    assert len(found["passes"]) > 10


@needs_axe
@pytest.mark.usefixtures("look")
class TestAxe:
    def test_finds_nothing_on_pages_for_everybody(self, page, browser):
        browser.expected = {"404"}
        for path, heading in (("/login?return_to=/app", "Log in"), ("/register", "Create your account"), ("/no/page", "There is nothing here")):
            page.open(path).heading(heading)
            assert_axe_finds_nothing(page)

    def test_finds_nothing_in_chinese(self, page, ada):
        page.open("/register").choose("Language", "中文").heading("创建账号")
        page.press("创建账号").complains_of("电子邮箱", "请输入电子邮箱。")
        assert_axe_finds_nothing(page)
        enter(page, ada).heading("Ada Lovelace", level=2)
        assert_axe_finds_nothing(page)
        for path, button in (("/security", "修改密码"), ("/delete-account", "永久删除账号")):
            page.open(path).button(button)
            assert_axe_finds_nothing(page)

    def test_finds_nothing_when_something_is_wrong(self, page, browser, person):
        browser.expected = {"401", "409"}
        page.open("/register").type("Email address", "ada@").type("Password", "tjqmzkwbpd").press("Create account")
        page.says("Strength: Fair", css=".strength-words")
        assert_axe_finds_nothing(page)
        page.type("Email address", person.email).press("Create account").link("Log in instead")
        assert_axe_finds_nothing(page)
        page.open("/login").type("Email address", "nobody@example.com").type("Password", "wrong").press("Log in")
        page.says("The email address or the password is wrong.")
        assert_axe_finds_nothing(page)

    def test_finds_nothing_on_the_pages_of_an_account(self, page, browser, server, person):
        browser.expected = {"404"}
        enter(page, person).button("Create profile")
        assert_axe_finds_nothing(page)
        page.type("Username", "Ada Lovelace").press("Create profile").says("Your profile is there.")
        assert_axe_finds_nothing(page)
        page.press("Edit profile").type("Username", "").press("Save changes").complains_of("Username", "Enter a username.")
        assert_axe_finds_nothing(page)
        person.app(server)
        page.open("/security?return_to=/app").button("End all other sessions")
        assert_axe_finds_nothing(page)
        page.open("/delete-account").press("Delete account for good")
        page.complains_of("Password", "Enter your password.")
        assert_axe_finds_nothing(page)

    def test_finds_nothing_in_a_conflict(self, page, browser, server, ada):
        browser.expected = {"412"}
        enter(page, ada).press("Edit profile").type("Username", "Ada King")
        ada.app(server).put("/api/user/profile", json={"username": "Countess of Lovelace", "birthday": "1915-12-10"})
        page.press("Save changes").heading("Your profile was changed elsewhere", level=2)
        assert_axe_finds_nothing(page)

    def test_finds_nothing_while_the_service_is_away(self, page, browser, server, ada):
        browser.expected = {"net::ERR_CONNECTION_REFUSED", "net::ERR_CONNECTION_RESET", "net::ERR_EMPTY_RESPONSE"}
        enter(page, ada).button("Edit profile")
        server.kill()
        page.follow("Security").says("The service can’t be reached.")
        assert_axe_finds_nothing(page)
        server.start()
        page.button("Change password")
        assert_axe_finds_nothing(page)

    def test_finds_nothing_in_a_dialog(self, page_of_long_ago):
        page_of_long_ago.press("End all other sessions").heading("Is it you?", level=2)
        assert_axe_finds_nothing(page_of_long_ago)


@pytest.mark.usefixtures("look")
def test_every_target_is_large_enough(page, ada, server):
    ada.app(server)
    for path, last in (("/login", "Log in"), ("/profile", "Edit profile"), ("/security", "Change password"), ("/delete-account", "Delete account for good")):
        if path == "/profile":
            enter(page, ada)
        page.open(path).button(last)
        small = page.driver.execute_script(
            """
            return [...document.querySelectorAll('a, button, input, select')]
              .filter((each) => each.checkVisibility() && getComputedStyle(each).display !== 'inline')
              .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
              .filter(([, box]) => Math.min(box.width, box.height) < arguments[0])
              .map(([html, box]) => `${html}: ${box.width} x ${box.height}`)
            """,
            SMALLEST_TARGET,
        )
        assert small == []


def test_who_wants_less_motion_gets_none(page, browser):
    browser.prefer(reduced_motion=True)
    page.open("/register").heading("Create your account")
    slow = page.driver.execute_script(
        """
        return [...document.querySelectorAll('*')].map((each) => getComputedStyle(each))
          .flatMap((style) => [...style.transitionDuration.split(','), ...style.animationDuration.split(',')])
          .filter((time) => parseFloat(time) > 0.001)
        """
    )
    browser.prefer()
    assert slow == []


def test_the_keyboard_reaches_all_in_the_order_in_which_it_stands(page, ada, server):
    ada.app(server)
    enter(page, ada, "/security").button("End all other sessions")
    page.open("/security").button("End all other sessions")
    places = []
    for _ in range(40):
        page.key(Keys.TAB)
        element = page.focused
        if element.tag_name == "body" or (places and element == places[0]):
            break
        page.assert_focus_is_seen()
        places.append(element)
    boxes = [element.rect["y"] for element in places[1:]]  # the first is the way past the navigation
    reachable = [
        each
        for each in page.driver.find_elements(By.CSS_SELECTOR, "a[href], button, input:not([hidden]), select")
        if each.is_displayed()
    ]
    assert set(reachable) <= set(places)
    assert all(next_y > y - 20 for y, next_y in zip(boxes, boxes[1:]))  # downwards, or in the same row

    places[-1].send_keys("")  # focuses it
    for place in reversed(places[:-1]):
        page.key_with(Keys.SHIFT, Keys.TAB)
        assert page.focused == place


def test_text_can_be_twice_as_large(page, browser, server, person):
    """WCAG 1.4.4 and 1.4.10: as a screen of half the width."""
    give_profile(server, person, username="Ada Lovelace")
    browser.resize((320, 360))
    enter(page, person).button("Edit profile")
    page.driver.execute_script("document.documentElement.style.fontSize = '200%'")
    width, scroll = page.driver.execute_script("return [innerWidth, document.documentElement.scrollWidth]")
    browser.resize(DESKTOP)
    assert scroll <= width
