"""How a replica becomes the primary, and what goes on if it cannot: nothing is lost, and one server takes writes."""

import os
import signal
import threading

import pytest

from command_line import command_run
from faults import lock_held
from servers.process import ServerFailed
from topology import Mistake
from waiting import wait_until

pytestmark = pytest.mark.usefixtures("whole_cluster")

MARK = "INSERT INTO userinfo.throttle (kind, key_hash, failures, first_at, last_at, blocked_until) VALUES (99, '{}', 0, 0, 0, 0);"
MARKS = "SELECT COUNT(*) FROM userinfo.throttle WHERE kind = 99;"
CHANGES = 20  # more than the workers of a replica begin at once


@pytest.mark.slow
def test_a_replica_that_lacks_changes_is_not_promoted_and_the_primary_goes_on(cluster):
    replica, primary = cluster.replicas[0], cluster.primary
    replica.sql("STOP SLAVE IO_THREAD;")
    received = replica.received()
    primary.sql(MARK.format("acknowledged"))
    assert primary.applied() > received
    with pytest.raises(Mistake, match="has not received [1-9][0-9]* changes that others have"):
        cluster.promote(replica.process().name)
    assert cluster.primary is primary
    assert primary.status()["read_only"] == "0"
    primary.sql("DELETE FROM userinfo.throttle WHERE kind = 99;")


@pytest.mark.slow
def test_a_former_primary_that_hung_is_read_only_when_it_follows(cluster):
    former, replica = cluster.primary, cluster.replicas[0]
    former.process().signal(signal.SIGSTOP)
    try:
        cluster.promote(replica.process().name)
    finally:
        former.process().signal(signal.SIGCONT)
    assert former.status()["read_only"] == "0"
    cluster.start(former.process().name)
    assert former.status()["read_only"] == "1"


@pytest.fixture
def behind(cluster):
    """A replica that has received some changes and not applied them, when the primary dies."""
    primary, replica = cluster.primary, cluster.replicas[0]
    wait_until(lambda: replica.is_in_sync_with(primary.status()["gtid"]), "the replica follows")
    replica.sql("STOP SLAVE SQL_THREAD;")
    primary.sql("".join(MARK.format(number) for number in range(CHANGES)))
    latest = primary.applied()
    wait_until(lambda: replica.received() >= latest, "the replica holds them")
    assert replica.sql(MARKS) == "0\n"
    cluster.kill(primary.process().name)
    yield replica
    cluster.start(primary.process().name)
    cluster.primary.sql("DELETE FROM userinfo.throttle WHERE kind = 99;")


def test_a_replica_applies_what_it_has_received_before_it_leads(cluster, behind):
    cluster.promote(behind.process().name)
    assert behind.sql(MARKS) == f"{CHANGES}\n"
    assert behind.status()["read_only"] == "0"


READER = "SELECT state FROM information_schema.processlist WHERE command = 'Slave_SQL';"


@pytest.mark.slow
def test_a_promotion_waits_for_a_replicas_workers_and_says_how_far_they_are(cluster, behind, monkeypatch):
    """They wait for a lock, while the thread that gives them changes has read all."""
    told = []
    monkeypatch.setattr(cluster, "say", told.append)
    applied, received = behind.applied(), behind.received()
    with lock_held(behind, "LOCK TABLES userinfo.throttle WRITE"):
        promotion = threading.Thread(target=cluster.promote, args=[behind.process().name])
        promotion.start()
        wait_until(lambda: behind.sql(READER).startswith("Slave has read all relay log"), "the thread has read all")
        told.clear()
        wait_until(lambda: len(told) >= 3, "it has waited for three seconds")
    promotion.join()
    assert told[0] == f"{behind.process().name} has applied the changes up to {applied} of {received}"
    assert behind.sql(MARKS) == f"{CHANGES}\n"


def test_a_switchover_to_a_replica_that_is_not_well_is_refused_and_the_primary_goes_on(cluster):
    replica, primary = cluster.replicas[0], cluster.primary
    replica.sql("STOP SLAVE SQL_THREAD;")
    with pytest.raises(Mistake, match="does not follow the primary"):
        cluster.switch(replica.process().name)
    replica.sql("START SLAVE SQL_THREAD;")
    assert cluster.primary is primary
    assert primary.status()["read_only"] == "0"


def test_a_switchover_in_which_the_replica_is_too_slow_leaves_the_primary_what_it_is(cluster):
    replica, primary = cluster.replicas[0], cluster.primary
    with lock_held(replica, "LOCK TABLES userinfo.throttle WRITE"):
        primary.sql(MARK.format("slow"))
        with pytest.raises(ServerFailed, match="has not applied all changes"):
            cluster.switch(replica.process().name)
        assert cluster.primary is primary
        assert primary.status()["read_only"] == "0"
    primary.sql("DELETE FROM userinfo.throttle WHERE kind = 99;")
    wait_until(lambda: replica.is_in_sync_with(primary.status()["gtid"]), "the replica follows still")


@pytest.mark.slow
def test_a_replica_that_cannot_apply_what_it_has_received_does_not_lead(cluster, behind):
    behind.sql("SET SQL_LOG_BIN = 0; " + MARK.format(0))  # so that the received one is a duplicate
    with pytest.raises(ServerFailed, match="cannot apply all that it has received"):
        cluster.promote(behind.process().name)
    assert behind.status()["read_only"] == "1"
    behind.sql("SET SQL_LOG_BIN = 0; DELETE FROM userinfo.throttle WHERE kind = 99;")
    cluster.promote(behind.process().name)
    assert behind.sql(MARKS) == f"{CHANGES}\n"


def takes_writes(server):
    return server.status()["read_only"] == "0"


def require_leads(cluster, primary, replica):
    """That server alone takes writes, and the other one follows it."""
    assert cluster.primary is primary
    assert takes_writes(primary) and not takes_writes(replica)
    wait_until(lambda: replica.is_in_sync_with(primary.status()["gtid"]), "the replica follows")
    assert not primary.status().get("Master_Host")


def interrupted(cluster, replica, number):
    """What a promotion says after the first line of its wait, which a signal ends."""
    with command_run(cluster, "promote", replica.process().name) as run:
        assert "has applied the changes up to" in run.stdout.readline()
        os.killpg(run.pid, number)
        assert run.wait(20) == 130
        return run.stdout.read()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_primary_goes_on_when_a_promotion_is_interrupted(cluster, number):
    replica, primary = cluster.replicas[0], cluster.primary
    wait_until(lambda: replica.is_in_sync_with(primary.status()["gtid"]), "the replica has the table")
    with lock_held(replica, "LOCK TABLES userinfo.throttle WRITE"):
        primary.sql(MARK.format("slow"))
        said = interrupted(cluster, replica, number)
        assert takes_writes(primary)
        assert f"{primary.process().name} takes writes\n" in said
    primary.sql("DELETE FROM userinfo.throttle WHERE kind = 99;")
    require_leads(cluster, primary, replica)


@pytest.mark.slow
def test_an_interrupted_promotion_says_what_makes_a_primary_if_there_is_none(cluster, behind):
    name, former = behind.process().name, cluster.primary.process().name
    with lock_held(behind, "LOCK TABLES userinfo.throttle WRITE"):
        said = interrupted(cluster, behind, signal.SIGINT)
    assert f"no server takes writes; `start {former}` or `promote {name}` makes one take them\n" in said
    cluster.promote(name)
    assert takes_writes(behind)


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["switch", "promote"])
def test_a_succession_that_is_interrupted_when_nobody_takes_writes_goes_on(cluster, monkeypatch, verb):
    chosen, former = cluster.replicas[0], cluster.primary
    leave_primary = chosen.leave_primary

    def interrupted(position):
        leave_primary(position)
        assert not takes_writes(chosen) and not takes_writes(former)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(chosen, "leave_primary", interrupted)
    with pytest.raises(KeyboardInterrupt):
        getattr(cluster, verb)(chosen.process().name)
    require_leads(cluster, chosen, former)


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["switch", "promote"])
def test_the_primary_goes_on_if_its_successor_fails_to_take_over(cluster, monkeypatch, verb):
    chosen, former = cluster.replicas[0], cluster.primary

    def fail():
        assert not takes_writes(chosen) and not takes_writes(former) and former.status()["Master_Host"]
        raise ServerFailed("no room")

    monkeypatch.setattr(chosen, "take_over", fail)
    with pytest.raises(ServerFailed, match="no room"):
        getattr(cluster, verb)(chosen.process().name)
    require_leads(cluster, former, chosen)


def test_a_successor_that_has_raised_its_epoch_leads_though_it_failed_then(cluster, monkeypatch):
    chosen, former = cluster.replicas[0], cluster.primary

    def fail():
        chosen.sql("UPDATE userinfo.cluster_state SET epoch = epoch + 1;")
        raise ServerFailed("no more")

    monkeypatch.setattr(chosen, "take_over", fail)
    with pytest.raises(ServerFailed, match="no more"):
        cluster.switch(chosen.process().name)
    require_leads(cluster, chosen, former)
