"""The whole topology of deploy/docker in containers, and people who use it through nginx. ./dev test docker runs these."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parent.parent / "integration"))

from client import Client  # noqa: E402: found by the line above
from compose import URL, DockerFailed, Topology  # noqa: E402
from leaks import Secrets  # noqa: E402
from people import Person  # noqa: E402
from waiting import wait_until  # noqa: E402


class Server:
    """What a client knows of it."""

    url = URL
    authority = None

    def __init__(self):
        self.secrets = Secrets()


@pytest.fixture(scope="session")
def topology():
    try:
        topology = Topology()
    except DockerFailed as why:
        pytest.exit(str(why), returncode=1)
    topology.build()
    topology.down("--volumes")  # of a run that was interrupted
    try:
        topology.up()
        wait_until(lambda: topology.is_healthy("nginx"), "nginx is healthy", seconds=60)
        yield topology
    finally:
        topology.down("--volumes")


@pytest.fixture(scope="session")
def server(topology):
    return Server()


@pytest.fixture
def person(server):
    """Somebody with an account."""
    return Person.registered(server)


@pytest.fixture
def browser(server, person):
    """A client that is logged in by cookies."""
    return person.browser(server)


@pytest.fixture
def stranger(server):
    """A client that is not logged in."""
    return Client(server)
