"""Tests of the web pages, in Debian's Chromium.

    python3 -m pytest -n 2 test/browser
"""

from contextlib import ExitStack

import pytest

from browser import Browser
from journeys import log_in
from page import Page
from people import NOBODYS_ID, Person
from server import Server
from standalone import Standalone
from waiting import wait_until

PASSWORD_TOO_OLD = 200017


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """The tests of a file stay together: they share a server and a browser."""
    from xdist.scheduler import LoadFileScheduling

    return LoadFileScheduling(config, log)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server with default settings, for all tests of a file."""
    server = Server(tmp_path_factory.mktemp("server")).start()
    yield server
    server.finish()


@pytest.fixture(scope="module")
def make_browser(tmp_path_factory, server):
    """Makes browsers, each a person's own; they end with the tests of the file, and before `server`, which they may still
    ask for something."""
    with ExitStack() as made:

        def make(**how):
            browser = Browser(tmp_path_factory.mktemp("browser"), **how)
            made.callback(browser.finish)
            return browser

        yield make


@pytest.fixture(scope="module")
def shared_browser(make_browser):
    return make_browser()


@pytest.fixture
def browser(shared_browser):
    """A browser that has never been here, and expects no failure."""
    shared_browser.forget()
    shared_browser.expected = set()
    yield shared_browser
    shared_browser.note()
    complaints, shared_browser.complaints = shared_browser.complaints, []
    assert complaints == []


@pytest.fixture
def page(browser, server):
    return Page(browser, server)


@pytest.fixture
def person(server):
    """Somebody with an account and no profile."""
    return Person.registered(server)


@pytest.fixture
def ada(server, person):
    """Somebody with a profile."""
    give_profile(server, person, username="Ada Lovelace", birthday="1990-12-10")
    return person


@pytest.fixture(scope="module")
def forgetful(tmp_path_factory):
    """A server that wants the password again soon after a log-in."""
    server = Standalone(tmp_path_factory.mktemp("server"), SESSIONS_RECENT_LOG_IN="2s").start()
    yield server
    server.finish()


@pytest.fixture
def person_of_long_ago(forgetful):
    return Person.registered(forgetful)


@pytest.fixture
def page_of_long_ago(browser, person_of_long_ago, forgetful):
    """The list of sessions, one of which is a program's; the password was given longer ago than two seconds."""
    browser.expected = {"401"}
    page = log_in(Page(browser, forgetful), person_of_long_ago, "/security", "/security")
    app = person_of_long_ago.app(forgetful)
    page.open("/security").button("End the session of userinfo-test")
    other = f"/api/account/sessions/{NOBODYS_ID}"
    wait_until(lambda: app.delete(other).code == PASSWORD_TOO_OLD, "even the program's password is of long ago")
    yield page
    browser.forget()  # while there is a server that it may ask


def give_profile(server, person, **profile):
    reply = person.app(server).post("/api/user/profile", json=profile)
    assert reply.status == 200, reply


