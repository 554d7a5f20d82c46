"""Which of several MariaDB servers is the primary, by what they say."""

import pytest

import status_table
from servers.leadership import primary_of
from topology import Mistake

SILENT = None


def server(epoch=None, follows=False, writable=False):
    said = {"read_only": "0" if writable else "1"}
    if epoch is not None:
        said["epoch"] = str(epoch)
    if follows:
        said["Master_Host"] = "127.0.0.1"
    return said


# What three servers say, of which A is remembered as the primary; and which one it is.
CASES = {
    "all are new": ("A", server(), server(), server()),
    "all is well": ("A", server(1, writable=True), server(1, follows=True), server(1, follows=True)),
    "all have been restarted": ("A", server(1), server(1, follows=True), server(1, follows=True)),
    "a replica lags behind a promotion": ("A", server(2, writable=True), server(1, follows=True), server(1, follows=True)),
    "a switchover was interrupted before its epoch": ("A", server(1), server(1), server(1, follows=True)),
    "a switchover went on until the former one follows": ("B", server(1, follows=True), server(1), server(1, follows=True)),
    "another one was promoted": ("B", server(1), server(2, writable=True), server(2, follows=True)),
    "A does not know of it": ("B", server(1, writable=True), server(2, writable=True), server(2, follows=True)),
    "another one was promoted, and restarted": ("B", server(1, writable=True), server(2), server(2, follows=True)),
    "A was made its replica": ("B", server(2, follows=True), server(2, writable=True), server(2, follows=True)),
    "the promoted one is silent": (None, server(1), SILENT, server(2, follows=True)),
    "A follows one that is silent": (None, server(2, follows=True), SILENT, server(2, follows=True)),
    "two may lead": (None, server(1), server(2), server(2)),
    "A is silent": ("A", SILENT, server(1, follows=True), server(1, follows=True)),
    "A is silent, and another one follows nobody": ("A", SILENT, server(1), server(1, follows=True)),
    "A is silent, and another one was promoted": ("B", SILENT, server(2, writable=True), server(2, follows=True)),
    "all are silent": ("A", SILENT, SILENT, SILENT),
}


@pytest.mark.parametrize("case", CASES)
def test_the_primary_has_the_highest_epoch_and_follows_nobody(case):
    primary, *said = CASES[case]
    assert primary_of(dict(zip("ABC", said, strict=True)), "A") == primary


def lines(cluster):
    return {line.name: (line.health, line.detail) for line in status_table.lines(cluster)}


@pytest.mark.slow
@pytest.mark.usefixtures("whole_cluster")
def test_a_former_primary_follows_the_one_that_was_promoted_by_other_means(cluster, told):
    former, promoted = cluster.primary, cluster.replicas[0]
    names = former.process().name, promoted.process().name
    cluster.kill(names[0])
    promoted.promote()
    former.process("SLAVE").start()
    former.process().wait_ready()
    former.lead()  # as one that wakes up and does not know
    found = lines(cluster)
    assert found[names[0]][0] == "takes writes, but must not"
    assert found[names[1]][0] == "no replica confirms writes" and found[names[1]][1].startswith("primary")
    told.clear()
    cluster.start(names[0])
    assert told[0] == f"{names[1]} has been promoted since, and is the primary instead of {names[0]}"
    assert cluster.primary is promoted and promoted.status()["read_only"] == "0"
    assert former.status()["read_only"] == "1"


@pytest.mark.slow
@pytest.mark.usefixtures("whole_cluster")
def test_a_whole_cluster_comes_up_with_the_primary_that_was_promoted_by_other_means(cluster):
    former, promoted = cluster.primary, cluster.replicas[0]
    cluster.kill(former.process().name)
    promoted.promote()
    promoted.process().stop()
    cluster.up()
    assert cluster.primary is promoted and promoted.status()["read_only"] == "0"
    assert former.status()["read_only"] == "1" and former.status()["Master_Host"]


@pytest.mark.slow
@pytest.mark.usefixtures("whole_cluster")
def test_a_switchover_whose_command_was_killed_is_finished_by_a_start(cluster):
    """Else no service would send the new primary a write: it has the epoch of the former one."""
    former, chosen = cluster.primary, cluster.replicas[0]
    epoch = int(former.status()["epoch"])
    chosen.leave_primary(former.refuse_writes())
    former.follow(chosen)
    cluster.start(former.process().name)
    assert cluster.primary is chosen
    assert (chosen.status()["read_only"], chosen.status()["epoch"]) == ("0", str(epoch + 1))


@pytest.mark.slow
@pytest.mark.usefixtures("whole_cluster")
def test_a_promotion_whose_command_was_killed_can_be_run_again(cluster):
    former, chosen = cluster.primary, cluster.replicas[0]
    name, epoch = chosen.process().name, int(former.status()["epoch"])
    chosen.sql("STOP SLAVE; RESET SLAVE ALL;")
    with pytest.raises(Mistake, match=f"{name} follows no server; `start {name}` lets it follow the primary"):
        cluster.promote(name)
    cluster.kill(former.process().name)
    cluster.promote(name)
    assert cluster.primary is chosen
    assert (chosen.status()["read_only"], chosen.status()["epoch"]) == ("0", str(epoch + 1))
