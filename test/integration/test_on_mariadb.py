"""A service on MariaDB and Redis Cluster: how it starts, and how its keys are looked after"""

import json
import os
import signal
import socket
import subprocess
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from expect import alive, failed
from grpc_peer import Peer, v1
from people import Person
from program import PROGRAM, free_port
from server import Server
from server_keys import kid_in, published
from waiting import at_once, wait_until

pytestmark = pytest.mark.clustered


@contextmanager
def silent_servers(count):
    """The addresses of servers that take connections and say nothing."""
    with ExitStack() as open_ones:
        sockets = [open_ones.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        yield ",".join(f"127.0.0.1:{each.getsockname()[1]}" for each in sockets)


def first_keys(address):
    """What a service publishes as soon as it can be reached."""

    def reach():
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(address.removeprefix("unix:"))
            return connection
        except (FileNotFoundError, ConnectionRefusedError):
            return connection.close()

    wait_until(reach, "the service can be reached", every=0.001).close()
    with Peer(address) as peer:
        return json.loads(peer.ask("GetPublicKeys", v1.GetPublicKeysRequest()).jwks)["keys"]


def test_can_be_reached_only_when_it_has_its_keys(tmp_path):
    """Without them it would call every token wrong. Redis servers that say nothing make its start long."""
    with silent_servers(6) as nodes:
        server = Server(tmp_path, REDIS_NODES=nodes)
        _, keys = at_once([server.start, lambda: first_keys(server.settings["DISCOVERY_FIXED"])])
        server.finish()
    assert len(keys) == 1


@contextmanager
def waiting_for_a_primary(server):
    """A service that knows of the replica alone."""
    environment = server.environment() | {
        "USERINFO_MARIADB_HOSTS": f"127.0.0.1:{os.environ['MARIADB_REPLICA_PORT']}",
        "USERINFO_RPC_LISTEN": "127.0.0.1:0",
        "USERINFO_MANAGEMENT_LISTEN": "127.0.0.1:0",
    }
    with subprocess.Popen([PROGRAM, "service"], env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_until(lambda: "db-probe" in names_of_threads(process.pid), "it asks the servers")
            yield process
        finally:
            process.kill()


def names_of_threads(pid):
    return {file.read_text().strip() for file in Path(f"/proc/{pid}/task").glob("*/comm")}


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_can_be_stopped_while_it_waits_for_a_primary(make_server, sign):
    with waiting_for_a_primary(make_server()) as process:
        process.send_signal(sign)
        assert process.wait(5) == 0
        assert process.stderr.read() == ""


def test_says_of_each_server_why_it_is_no_primary(make_server):
    """After the half minute for which it waits for servers that are started together with it."""
    server = make_server()
    nobody, replica = f"127.0.0.1:{free_port()}", f"127.0.0.1:{os.environ['MARIADB_REPLICA_PORT']}"
    began = time.monotonic()
    denied, none = at_once(
        [
            lambda: server.run("user", "list", MARIADB_PASSWORD="another"),
            lambda: server.run("user", "list", MARIADB_HOSTS=f"{nobody},{replica}"),
        ]
    )
    assert time.monotonic() - began < 40
    found_none = "mariadb.hosts: none of the servers is a primary that takes writes: "
    failed(denied, found_none, "cannot connect to the database", "Access denied")
    failed(none, f"{found_none}{nobody}: cannot connect to the database", f"; {replica}: it is read-only")


def keys_verb(server, *words):
    """Needs no data folder."""
    done = server.run("keys", *words, DATA_DIR=str(server.folder / "nowhere"))
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout


def test_keys_are_rotated_revoked_and_rewrapped(make_server):
    server = make_server()
    person = Person.registered(server)
    app = person.app(server)
    new = keys_verb(server, "rotate", "access", "--now").split()[0]
    later = wait_until(lambda: kid_in((later := person.app(server)).bearer) == new and later, "the new key signs")
    keys_verb(server, "revoke", "--", kid_in(app.bearer))
    assert published(server).keys() == {new}
    assert "keys are sealed" in keys_verb(server, "rewrap")
    server.stop()
    server.start()
    alive(later)


def test_verbs_that_change_keys_at_once_lose_none(make_server):
    server = make_server()
    app = Person.registered(server).app(server)
    verbs = [["rewrap"], ["rotate", "access"], ["rewrap"], ["rotate", "refresh"], ["rewrap"]]
    at_once([lambda verb=verb: keys_verb(server, *verb) for verb in verbs])
    server.stop()
    server.start()
    alive(app)
