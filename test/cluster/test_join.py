"""A MariaDB server that is given a copy of the primary's data loses its own only when it follows with the copy."""

import pytest

from servers import mariadb
from servers.mariadb_copy import Exchange
from servers.ports import Ports
from servers.process import ServerFailed
from topology import Mistake
from waiting import wait_until

@pytest.mark.slow
@pytest.mark.usefixtures("whole_cluster")
def test_a_join_without_a_primary_leaves_the_data(cluster):
    replica = cluster.replicas[0]
    cluster.kill(cluster.primary.process().name)
    with pytest.raises(Mistake, match="does not run: there is nothing to copy"):
        cluster.join(replica.process().name)
    assert replica.has_data() and replica.status()


@pytest.fixture
def owned(tmp_path):
    """A server that has been given a copy of others' data, before somebody has finished that."""
    server = mariadb.Server(1, tmp_path, Ports(), memory="32M")
    exchange = Exchange(server.folder)
    for folder, owner in ((exchange.data, "own"), (exchange.copy, "other")):
        folder.mkdir(parents=True)
        (folder / owner).touch()
    exchange.begin()
    assert (exchange.data / "other").exists()
    return server, exchange


def test_data_whose_exchange_nobody_finished_are_the_servers_own_at_its_next_start(owned):
    server, exchange = owned
    server.keep_own_data()
    assert (exchange.data / "own").exists() and not exchange.former.exists()


def test_data_whose_exchange_ended_between_its_two_steps_are_not_made_anew(owned):
    server, exchange = owned
    exchange.data.rename(exchange.copy)
    server.keep_own_data()
    assert (exchange.data / "own").exists()


def test_a_finished_exchange_of_data_is_not_undone(owned):
    server, exchange = owned
    exchange.finish()
    server.keep_own_data()
    assert (exchange.data / "other").exists() and not exchange.waste.exists()


def test_a_new_server_whose_join_nobody_finished_has_no_data(owned):
    server, exchange = owned
    exchange.undo()
    exchange.throw_away(exchange.data)
    exchange.copy.mkdir()
    exchange.begin()
    exchange.undo()
    assert not server.has_data()


@pytest.mark.slow
@pytest.mark.usefixtures("whole_cluster")
def test_a_replica_whose_join_fails_follows_with_its_own_data_as_before(cluster, monkeypatch):
    replica = cluster.replicas[0]
    own = replica.folder / "data" / "own"
    own.touch()

    def fail(server, primary):
        assert server.number == replica.number and not own.exists()
        raise ServerFailed("no more")

    with monkeypatch.context() as failing:
        failing.setattr(mariadb.Server, "follow", fail)
        with pytest.raises(ServerFailed, match="no more"):
            cluster.join(replica.process().name)
    assert own.exists()
    own.unlink()
    wait_until(lambda: replica.status()["Slave_IO_Running"] == "Yes", "the replica follows")


@pytest.mark.slow
@pytest.mark.usefixtures("whole_cluster")
@pytest.mark.parametrize("verb", ["switch", "promote"])
def test_a_replica_whose_join_nobody_finished_does_not_lead(cluster, verb):
    """At its next start it would lose what it has written."""
    replica = cluster.replicas[0]
    name, former = replica.process().name, replica.exchange.former
    former.mkdir()
    try:
        with pytest.raises(Mistake, match=f"{name} runs with a copy whose `join` was not finished; `join {name}`"):
            getattr(cluster, verb)(name)
    finally:
        former.rmdir()
    assert cluster.primary is not replica
