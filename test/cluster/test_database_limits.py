"""What the primary database has too little of: room on its disk, and connections."""

import os
import socket
import subprocess
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

import status_table
from faults import times_told
from load import Load
from servers.process import ServerFailed
from waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("whole_cluster")]

SPARE_MB = 32

# Runs a program on a copy of a folder, which lies on a disk of its own. The disk goes with the program.
ON_SMALL_DISK = """
data=$1 size=$2
shift 2
mkdir -p "$data.small" && mount -t tmpfs -o "size=$size" none "$data.small"
cp -a "$data/." "$data.small" && mount --bind "$data.small" "$data" && exec "$@"
"""
IN_OWN_NAMESPACE = ["unshare", "--map-current-user", "--keep-caps", "--mount"]


@pytest.fixture
def small_primary(cluster):
    """The primary, with hardly more room than its data need. Afterwards another server has its place."""
    if subprocess.run([*IN_OWN_NAMESPACE, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode != 0:
        stop = pytest.fail if os.environ.get("CI") else pytest.skip
        stop("this user may not mount file systems, and the test needs a small one")
    primary = cluster.primary
    usual = primary.process("MASTER")
    usual.stop()
    data = primary.folder / "data"
    size = sum(file.stat().st_size for file in data.rglob("*") if file.is_file()) + SPARE_MB * 2**20
    replace(usual, command=[*IN_OWN_NAMESPACE, "sh", "-ec", ON_SMALL_DISK, "sh", str(data), str(size), *usual.command]).start()
    usual.wait_ready()
    primary.lead()
    wait_until(lambda: cluster.replicas[0].is_in_sync_with(primary.status()["gtid"]), "the replica follows")
    yield primary
    usual.kill()
    cluster.promote(cluster.replicas[0].process().name)
    cluster.join(usual.name)


@contextmanager
def disk_full(server):
    file = Path(f"/proc/{server.process().pid()}/root{server.folder}/data/filling")
    with file.open("wb", buffering=0) as filling:
        for size in (2**20, 2**10):
            try:
                while filling.write(bytes(size)) == size:
                    pass
            except OSError:
                continue
    try:
        yield
    finally:
        file.unlink()


def test_a_full_disk_refuses_writes_and_says_so_once_and_writes_come_back_with_the_room(cluster, server, small_primary):
    messages = (
        "the primary database does not finish writes",
        "the primary database finishes writes again",
        "no primary database is available",
        "found the primary database",
    )
    wait_until(lambda: all(service.readiness() == "ready" for service in cluster.services), "the services are ready")
    with Load(server) as load:
        wait_until(lambda: load.answers("write") and load.answers("write")[-1].status == 200, "writes are taken")
        load.go_on(1)
        before = [times_told(cluster, message) for message in messages]
        with disk_full(small_primary):
            began = time.monotonic()
            load.go_on(10)
            health = next(line.health for line in status_table.lines(cluster) if line.name == small_primary.process().name)
        room = time.monotonic()
        load.go_on(5)
        told = [times_told(cluster, message) for message in messages]
    assert health == "takes no writes: its disk is full"
    assert load.statuses("read", began) == {200}
    assert load.statuses("write", began) == {200, 503}
    refused = [answer for answer in load.answers("write", began + 4) if answer.began < room]
    assert refused and {answer.status for answer in refused} == {503}
    assert max(answer.ended - answer.began for answer in refused) < 1
    assert load.failures("write", room + 3) == []
    since = [[now - then for now, then in zip(*counts)] for counts in zip(told, before)]
    assert since == [[times] * len(cluster.services) for times in (1, 1, 0, 0)]
    print(load.summary())
    print(f"writes were back {max(answer.ended for answer in load.failures('write', began)) - room:.2f} s after the room")


def rescue(server, sql):
    """As the user who gets in when nobody else does."""
    client = ["mariadb", "--no-defaults", "--host=127.0.0.1", f"--port={server.extra_port}", "--user=rescue", "--batch"]
    environment = os.environ | {"MYSQL_PWD": server.passwords.rescue}
    return subprocess.run(client, input=sql, env=environment, capture_output=True, text=True, check=True).stdout


def greeting(server, stack):
    """What a new connection hears first. It stays open."""
    connection = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=5))
    return connection.recv(1000)


def test_an_administrator_gets_in_when_no_connection_is_left(cluster):
    primary = cluster.primary
    primary.sql("SET GLOBAL max_connections = 10;")
    with ExitStack() as open_ones:
        wait_until(lambda: b"Too many connections" in greeting(primary, open_ones), "no connection is left")
        with pytest.raises(ServerFailed, match="Too many connections"):
            primary.sql("SELECT 1;")
        assert "app" in rescue(primary, "SELECT user FROM information_schema.processlist;")
        rescue(primary, "SET GLOBAL max_connections = 500;")
        assert primary.sql("SELECT 1;") == "1\n"
