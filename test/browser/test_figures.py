"""What a first visit costs."""

from statistics import median

import pytest

from browser import DESKTOP, PHONE
from journeys import enter
from page import Page
from waiting import wait_until

MOST_BYTES = 65_000  # compressed, of all that a first visit loads
MOST_OF_304 = 1000  # bytes: header fields alone
MOST_RENDER = 300  # ms until the first page is shown
MOST_SHIFT = 0.01  # the sum of what moves by itself (https://web.dev/articles/cls); 0.1 is called good


def test_a_first_visit_is_small_and_asks_no_other_host(make_browser, server):
    browser = make_browser()
    Page(browser, server).open("/").heading("Log in")
    last = server.url + "/pages/delete_account.js"
    wait_until(lambda: last in (url for _, url in browser.requests()), "all pages are asked for")
    wait_until(lambda: len(loaded(browser, server)) == len(asked_of(browser, server)), "all replies are there")
    sizes = loaded(browser, server)
    print(f"first visit: {sum(sizes):.0f} bytes in {len(sizes)} replies")
    assert 10_000 < sum(sizes) < MOST_BYTES
    assert all(url.startswith(server.url + "/") for _, url in browser.requests() if url.startswith("http"))


def test_a_browser_that_does_not_tell_when_it_is_idle_has_all_pages_soon_too(page, browser, server):
    with browser.lacking("delete window.requestIdleCallback"):
        page.open("/login").heading("Log in")
        last = server.url + "/pages/delete_account.js"
        wait_until(lambda: last in (url for _, url in browser.requests()), "all pages are asked for")


def test_a_second_visit_loads_nothing_again(make_browser, server):
    browser = make_browser()
    page = Page(browser, server).open("/login").heading("Log in")
    page.driver.get("about:blank")
    before = len(loaded(browser, server))
    page.open("/login").heading("Log in")
    again = loaded(browser, server)[before:]
    print(f"second visit: {sum(again):.0f} bytes in {len(again)} replies")
    assert all(size < MOST_OF_304 for size in again)


@pytest.mark.alone
def test_the_first_page_is_there_soon(make_browser, server):
    """To a browser that runs already, and has nothing of it; in the quietest of three moments."""
    page = Page(make_browser(), server)
    moments = [[time_to_first_page(page) for _ in range(3)] for _ in range(3)]
    print(f"first page after {moments} ms")
    assert min(map(median, moments)) < MOST_RENDER


def time_to_first_page(page):
    """ms from the beginning of the visit until the largest part of the page is drawn."""
    page.browser.forget()
    page.browser.tell("Network.clearBrowserCache")
    page.open("/").heading("Log in")
    return page.driver.execute_async_script(
        "new PerformanceObserver((list) => arguments[0](Math.round(list.getEntries()[0].startTime)))"
        ".observe({type: 'largest-contentful-paint', buffered: true})"
    )


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_moves_by_itself(page, browser, ada, size):
    browser.resize(size)
    page.open("/login").heading("Log in")
    shifts = {"/login": shift(browser)}
    page.open("/register").shows("At least 8 characters.")
    shifts["/register"] = shift(browser)
    enter(page, ada)
    for path, last in (("/profile", "Edit profile"), ("/security", "Change password"), ("/delete-account", "Delete account for good")):
        page.open(path).button(last)
        shifts[path] = shift(browser)
    browser.resize(DESKTOP)
    print(shifts)
    assert max(shifts.values()) < MOST_SHIFT


def asked_of(browser, server):
    return [url for _, url in browser.requests() if url.startswith(server.url)]


def loaded(browser, server):
    """The bytes of each reply of the server, header fields included."""
    entries = [(each["method"], each["params"]) for each in browser.network()]
    urls = {what["requestId"]: what["request"]["url"] for how, what in entries if how == "Network.requestWillBeSent"}
    finished = [what for how, what in entries if how == "Network.loadingFinished"]
    return [what["encodedDataLength"] for what in finished if urls.get(what["requestId"], "").startswith(server.url)]


def shift(browser):
    """After two frames more, so that what is drawn is observed."""
    return browser.driver.execute_async_script(
        "requestAnimationFrame(() => requestAnimationFrame(() => arguments[0](seen.shift)))"
    )
