"""Redis Cluster: three primaries, each with a replica, as processes.

It is a cache: nothing is written to disk but each node's own view of the cluster, and what is full forgets first what
would expire first.

redis FOLDER    starts the node that was made there before
"""

import contextlib
import secrets
import signal
import socket
import sys
from pathlib import Path

from servers.private_files import kept, write_private
from servers.process import Process, ServerFailed, wait_until

PRIMARIES = 3
NODES = 2 * PRIMARIES
SLOTS = 16384

# What all nodes have in common, wherever they run.
COMMON = Path(__file__).resolve().parents[2] / "servers"

CONFIGURATION = """\
include {common}/redis.conf
bind 127.0.0.1
port {port}
cluster-port {bus}
cluster-node-timeout {node_timeout_ms}
requirepass {password}
masterauth {password}
maxmemory {megabytes}mb
"""


class Node:
    """One server, asked by its own protocol."""

    def __init__(self, folder, ports, number, password):
        self.folder = folder / f"redis-{number}"
        self.port, self.bus = ports.redis(number), ports.redis_bus(number)
        self.password = password

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def ask(self, *words):
        """The reply as text: an integer, a status or a bulk string. OSError or ServerFailed if there is none."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=1) as link, link.makefile("rwb") as stream:
            for command in (("AUTH", self.password), words):
                stream.write(b"*%d\r\n" % len(command))
                for word in map(str.encode, map(str, command)):
                    stream.write(b"$%d\r\n%s\r\n" % (len(word), word))
            stream.flush()
            read_reply(stream)
            return read_reply(stream)

    def answers(self):
        with contextlib.suppress(OSError, ServerFailed):
            return self.ask("PING") == "PONG"
        return False

    def id(self):
        return self.ask("CLUSTER", "MYID")

    def is_content(self):
        """It sees all slots served, and its replica or primary in step with it."""
        return (
            "cluster_state:ok" in self.ask("CLUSTER", "INFO")
            and "cluster_slots_ok:16384" in self.ask("CLUSTER", "INFO")
            and has_its_peer(self.ask("INFO", "replication"))
        )

    def others(self):
        """What it knows of the nodes, itself included: a list of words for each."""
        return [line.split() for line in self.ask("CLUSTER", "NODES").splitlines()]

    def write_configuration(self, node_timeout_ms, megabytes):
        self.folder.mkdir(parents=True, exist_ok=True)
        text = CONFIGURATION.format(
            common=COMMON,
            port=self.port,
            bus=self.bus,
            password=self.password,
            node_timeout_ms=node_timeout_ms,
            megabytes=megabytes,
        )
        write_private(self.folder / "redis.conf", text)


def read_reply(stream):
    line = stream.readline()
    if not line:
        raise ServerFailed("Redis closed the connection")
    kind, rest = line[:1], line[1:].rstrip(b"\r\n").decode()
    if kind == b"-":
        raise ServerFailed(f"Redis: {rest}")
    return stream.read(int(rest) + 2)[:-2].decode() if kind == b"$" else rest


def node_process(folder, ports=()):
    """A server by its folder alone, so that it can be started again by whoever finds it."""
    return Process(
        name=folder.name,
        folder=folder,
        command=["/usr/bin/redis-server", "redis.conf"],
        ports=ports,
        is_ready=lambda: True,  # RedisCluster asks all of them
    )


class RedisCluster:
    """Its nodes; what is in `folder` already goes on."""

    def __init__(self, folder, ports, node_timeout_ms=2000, megabytes=64):
        self.password = kept(folder / "password", lambda: secrets.token_hex(32))
        self.nodes = [Node(folder, ports, number, self.password) for number in range(1, NODES + 1)]
        for node in self.nodes:
            node.write_configuration(node_timeout_ms, megabytes)
        self.processes = [node_process(node.folder, (node.port, node.bus)) for node in self.nodes]

    def start(self):
        for process in self.processes:
            process.start()
        self.wait(lambda: all(node.answers() for node in self.nodes), "nodes do not answer")
        if not self.is_whole():
            self.form()
        self.wait(self.is_whole, "the cluster is not whole")

    def stop(self):
        for process in self.processes:
            process.signal(signal.SIGCONT)  # whoever holds one still
            process.stop()

    def wait(self, condition, what):
        if not wait_until(condition, 60):
            words = "\n".join(process.last_words(3) for process in self.processes)
            raise ServerFailed(f"Redis: {what}; the nodes' last words:\n{words}")

    def form(self):
        """Of nodes that do not know each other. Nothing, if they were a cluster before: they find each other again."""
        first = self.nodes[0]
        if len(first.others()) > 1:
            return
        primaries, replicas = self.nodes[:PRIMARIES], self.nodes[PRIMARIES:]
        for i, node in enumerate(primaries):
            node.ask("CLUSTER", "ADDSLOTSRANGE", i * SLOTS // PRIMARIES, (i + 1) * SLOTS // PRIMARIES - 1)
        for i, node in enumerate(self.nodes):
            node.ask("CLUSTER", "SET-CONFIG-EPOCH", i + 1)  # else they settle it among themselves, slowly
            if node is not first:
                first.ask("CLUSTER", "MEET", "127.0.0.1", node.port, node.bus)
        self.wait(lambda: all(self.knows_all(node) for node in self.nodes), "nodes do not find each other")
        for primary, replica in zip(primaries, replicas, strict=True):
            replica.ask("CLUSTER", "REPLICATE", primary.id())

    def knows_all(self, node):
        others = node.others()
        return len(others) == NODES and not any("handshake" in other[2] for other in others)

    def is_whole(self):
        """Every node says so, and each primary's replica has its data."""
        with contextlib.suppress(OSError, ServerFailed):
            return all(node.is_content() for node in self.nodes)
        return False


def has_its_peer(replication):
    """Of the text of INFO replication: a primary whose replica follows, or a replica that does."""
    if "role:master" in replication:
        return "state=online" in replication
    return "master_link_status:up" in replication


@contextlib.contextmanager
def for_tests(folder, ports):
    cluster = RedisCluster(folder, ports, node_timeout_ms=1000)
    try:
        cluster.start()
        yield {
            "USERINFO_TEST_REDIS_NODES": ",".join(node.address for node in cluster.nodes),
            "USERINFO_TEST_REDIS_PASSWORD": cluster.password,
            # Node n's process id begins the file redis-n/pid there.
            "USERINFO_TEST_REDIS_FOLDER": str(folder),
            # With a node's folder behind it: starts the node again.
            "USERINFO_TEST_REDIS_START": f"env PYTHONPATH={Path(__file__).parent.parent} {sys.executable} -m servers.redis",
        }
    finally:
        cluster.stop()


if __name__ == "__main__":
    node_process(Path(sys.argv[1]).resolve()).start()
