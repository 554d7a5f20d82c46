"""Whether somebody is logged in is asked of the service, not of what the browser remembers."""

from contextlib import contextmanager

import pytest

from journeys import enter, give_cookies, log_in

START = "/api/pages/start"

# All headings that a page shows, however briefly.
NOTE_HEADINGS = """
window.headings = [];
new MutationObserver(() => {
  const shown = document.querySelector("h1")?.textContent;
  if (shown && shown !== headings.at(-1)) headings.push(shown);
}).observe(document, {childList: true, subtree: true, characterData: true});
"""


@contextmanager
def no_flash(page, heading):
    """The document that is opened within never shows another heading."""
    with page.browser.lacking(NOTE_HEADINGS):
        yield
        page.heading(heading)
        assert page.driver.execute_script("return headings") == [heading]


def test_a_log_in_that_no_page_has_seen_counts(page, ada):
    give_cookies(page, ada)
    with no_flash(page, "Security"):
        page.open("/security").button("Change password")
    assert page.path == "/security"
    for path in ("/login", "/register", "/"):
        with no_flash(page, "Your profile"):
            page.open(path).comes_to("/profile")


def test_what_the_browser_remembers_logs_nobody_in(page):
    page.open("/login").driver.execute_script("localStorage.setItem('userinfo.signed_in', '1')")
    for path in ("/profile", "/security", "/delete-account"):
        with no_flash(page, "Log in"):
            page.open(path).comes_to(f"/login?to={path}").says("Log in to go on.")


def test_a_browser_that_forgets_stays_logged_in(page, ada):
    log_in(page, ada).heading("Ada Lovelace", level=2)
    page.driver.execute_script("localStorage.clear()")
    page.open("/login").comes_to("/profile").heading("Ada Lovelace", level=2)


def test_who_comes_back_after_the_access_token_is_gone_is_still_logged_in(page, browser, ada):
    give_cookies(page, ada)
    browser.tell("Network.deleteCookies", name="access_token", url=page.server.url)
    page.open("/login").comes_to("/profile").heading("Ada Lovelace", level=2)
    cookies = {each["name"] for each in browser.tell("Network.getCookies")["cookies"]}
    assert "access_token" in cookies


def test_it_is_asked_once(page, browser, ada):
    def asked():
        return [url.removeprefix(page.server.url) for _, url in browser.requests() if "/api/" in url]

    before = len(asked())
    page.open("/login").heading("Log in").follow("Create an account").comes_to("/register").heading("Create your account")
    page.follow("Log in").comes_to("/login").heading("Log in")
    assert [url for url in asked()[before:] if url != "/api/pages/settings"] == [START]
    give_cookies(page, ada)
    before = len(asked())
    page.open("/profile").button("Edit profile")
    assert asked()[before:].count(START) == 1


def test_a_page_that_the_browser_has_kept_notices_a_log_in(page, ada):
    page.open("/login").heading("Log in").driver.execute_script("window.isKept = true")
    page.driver.get(page.server.url + "/api/openapi.json")
    give_cookies(page, ada)
    page.driver.back()
    page.comes_to("/profile").heading("Your profile")
    assert page.driver.execute_script("return window.isKept"), "the browser has not kept the page"


@pytest.fixture
def untold(browser):
    """The pages get no answer when they are loaded."""
    browser.expected = {"401", "net::ERR_BLOCKED_BY_CLIENT"}
    browser.tell("Network.setBlockedURLs", urls=["*" + START])
    yield
    browser.note()
    browser.tell("Network.setBlockedURLs", urls=[])


@pytest.mark.usefixtures("untold")
def test_without_an_answer_each_page_learns_it_from_its_own_calls(page, ada):
    log_in(page, ada).heading("Ada Lovelace", level=2)
    page.open("/profile").heading("Ada Lovelace", level=2).press("Log out").comes_to("/login")
    page.open("/security").comes_to("/login?to=/security").says("Your session has ended.")


def test_the_banner_goes_when_the_service_answers_and_the_page_is_the_right_one(page, browser, ada):
    enter(page, ada).heading("Ada Lovelace", level=2)
    fail_once = """
    const plain = window.fetch;
    window.fetch = (path, how) => path === "%s" && !window.failed ? (window.failed = true, Promise.reject(new TypeError())) : plain(path, how);
    """
    with browser.lacking(fail_once % START):
        page.open("/login").says("The service can’t be reached.").says("The service is back.")
        page.comes_to("/profile").heading("Ada Lovelace", level=2)
