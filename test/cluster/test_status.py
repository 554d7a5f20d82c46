"""What `./dev cluster status` says of each part, and what other verbs say of one that does not answer."""

from contextlib import ExitStack

import pytest

import status_table
from faults import hung, lock_held
from topology import Cluster, Mistake
from waiting import wait_until

@pytest.fixture(autouse=True)
def known_primary(cluster):
    """Services find the primary again before the next test begins."""
    yield
    found = "userinfo_storage_has_primary"
    wait_until(lambda: all(service.metrics().get(found) == 1 for service in cluster.services), "services have a primary")


def health(cluster):
    return {line.name: line.health for line in status_table.lines(cluster)}


def test_the_status_says_that_what_was_never_started_does_not_run(cluster, tmp_path):
    other = Cluster(tmp_path / "other", cluster.program, cluster.ports.offset + 500)
    assert set(health(other).values()) == {"does not run"}


@pytest.mark.usefixtures("whole_cluster")
def test_the_status_tells_a_part_that_hangs_from_one_that_does_not_run(cluster):
    follower = next(member.name for member in cluster.members if not member.leads())
    parts = [follower, "mariadb-1", "mariadb-2", "redis-6", "service-2", "gateway-2", "nginx"]
    with ExitStack() as hanging:
        for name in parts:
            hanging.enter_context(hung(cluster.process(name)))
        found = health(cluster)
    assert {found[name] for name in parts} == {"runs, but does not answer"}
    assert {found[name] for name in ("etcd-1", "etcd-2", "etcd-3") if name != follower} == {"well"}


def test_the_status_tries_to_write_to_the_primary_and_leaves_nothing_behind(cluster):
    primary = cluster.primary
    name = primary.process().name
    wait_until(lambda: health(cluster)[name] == "well", "a replica confirms writes again")
    with lock_held(primary, "FLUSH TABLES WITH READ LOCK"):
        assert "takes no writes" in health(cluster)[name]

    def looks_without_a_trace():
        before = primary.status()["gtid"]
        return health(cluster)[name] == "well" and primary.status()["gtid"] == before

    # Services write now and then, too, so that one look among several has to do.
    wait_until(looks_without_a_trace, "the status leaves nothing behind")


@pytest.mark.parametrize("verb", ["switch", "promote"])
def test_a_replica_that_hangs_is_not_called_one_that_does_not_run(cluster, verb):
    replica = cluster.replicas[0].process()
    with hung(replica), pytest.raises(Mistake, match=f"{replica.name} runs, but does not answer"):
        getattr(cluster, verb)(replica.name)


def test_a_switchover_from_a_primary_that_hangs_says_so(cluster):
    primary = cluster.primary.process()
    with hung(primary), pytest.raises(Mistake, match=f"{primary.name}, the primary, runs, but does not answer"):
        cluster.switch(cluster.replicas[0].process().name)
