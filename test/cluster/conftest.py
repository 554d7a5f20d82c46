"""A cluster of real servers, as `./dev cluster` starts it, for faults: one for all tests of a run, on ports of its own.

    pytest-3 test/cluster

USERINFO_PROGRAM names another program than the release build's.
"""

import tempfile
from pathlib import Path

import pytest

from leaks import Secrets
from load import Load
from program import PROGRAM
from topology import Cluster

PORT_OFFSET = 15_000
IN_MEMORY = "/dev/shm"

# All tests come from one address, faster than people do.
SETTINGS = {
    "service": {
        "attempts.checks_per_minute": 1_000_000,
        "attempts.checks_burst": 1_000_000,
        "attempts.registers_per_minute": 1_000_000,
        "attempts.registers_burst": 1_000_000,
        "attempts.refreshes_per_session": 60_000_000,
        "attempts.refreshes_per_source": 60_000_000,
        "attempts.writes_per_session": 60_000_000,
        "attempts.writes_per_source": 60_000_000,
        "attempts.forced_reads_per_session": 60_000_000,
        "attempts.forced_reads_per_source": 60_000_000,
        "passwords.memory": 7168,
    }
}


class Front:
    """nginx, as a client sees it."""

    authority = None

    def __init__(self, url):
        self.url = url
        self.secrets = Secrets()


@pytest.fixture(scope="session")
def cluster():
    with tempfile.TemporaryDirectory(prefix="userinfo-", dir=IN_MEMORY) as folder:
        cluster = Cluster(Path(folder), PROGRAM, PORT_OFFSET, SETTINGS)
        try:
            cluster.up()
            yield cluster
        finally:
            cluster.down()


@pytest.fixture
def whole_cluster(cluster):
    """Whatever a test has broken is mended after it."""
    yield
    cluster.up()


@pytest.fixture
def told(cluster, monkeypatch):
    """What the cluster says."""
    lines = []
    monkeypatch.setattr(cluster, "say", lines.append)
    return lines


@pytest.fixture(scope="session")
def server(cluster):
    return Front(cluster.url)


@pytest.fixture
def load(server):
    """People who read and write their profiles until the test ends; then nothing of theirs may be lost."""
    with Load(server) as load:
        yield load
    print(load.summary())
