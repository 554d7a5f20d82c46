"""Whole-system tests: each file starts the program on free ports, with a data folder of its own, and talks to it.

    pytest-3 -n 2 test/integration

USERINFO_PROGRAM names another program than the release build's.
"""

from contextlib import ExitStack
from itertools import count

import pytest

from client import Client
from people import Person
from server import Server


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """The tests of a file stay together: they share a server."""
    from xdist.scheduler import LoadFileScheduling

    return LoadFileScheduling(config, log)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server with default settings, for all tests of a file."""
    server = Server(tmp_path_factory.mktemp("server")).start()
    yield server
    server.finish()


@pytest.fixture
def make_server(tmp_path):
    """Makes servers with settings of their own; they run until the test ends."""
    names = (f"server{number}" for number in count(1))
    with ExitStack() as made:

        def make(**settings):
            server = Server(tmp_path / next(names), **settings).start()
            made.callback(server.finish)
            return server

        yield make


@pytest.fixture
def person(server):
    """Somebody with an account."""
    return Person.registered(server)


@pytest.fixture
def stranger(server):
    """A client that is not logged in."""
    return Client(server)


@pytest.fixture
def browser(server, person):
    """A client of `person`, logged in by cookies."""
    return person.browser(server)


@pytest.fixture
def app(server, person):
    """A client of `person`, logged in by a bearer token."""
    return person.app(server)
