"""Very many connections, and none to spare: the server goes on, in little memory"""

import os
import resource
import socket

import pytest

from client import Client
from descriptors import room_for
from expect import granted, succeeded
from people import Person
from raw_http import Connection, request
from server import Server
from waiting import wait_until

CROWD = 10_000
MOST_MEGABYTES = 150
MOST_MEGABYTES_UNUSED = 40  # with memory to read into it would be 70
HEALTH = request("GET", "/healthz")

as_root = pytest.mark.skipif(
    os.geteuid() != 0 and not os.environ.get("CI"), reason="the program shows its open files to root alone"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """All its clients have one address."""
    server = Server(tmp_path_factory.mktemp("server"), HTTP_CONNECTIONS_PER_SOURCE="20000").start()
    yield server
    server.finish()


@pytest.fixture
def room_for_a_crowd():
    with room_for(CROWD):
        yield


def resident_megabytes(server):
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as status:
        (line,) = [line for line in status if line.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024


def open_files(server):
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


def ask_all(sockets):
    """Each sends a request; then each has its answer."""
    for each in sockets:
        each.sendall(HEALTH)
    for each in sockets:
        assert each.recv(4096).startswith(b"HTTP/1.1 200 ")


@as_root
def test_ten_thousand_idle_connections_cost_little_and_are_still_answered(server, app, room_for_a_crowd):
    sockets, before = [], resident_megabytes(server)
    try:
        for _ in range(CROWD):
            sockets.append(socket.create_connection(("127.0.0.1", server.port), timeout=30))
        wait_until(lambda: open_files(server) > CROWD, "all are accepted")
        assert resident_megabytes(server) - before < MOST_MEGABYTES_UNUSED
        ask_all(sockets)
        small = lambda: resident_megabytes(server) < MOST_MEGABYTES
        wait_until(small, f"less than {MOST_MEGABYTES} MB: {resident_megabytes(server)}", seconds=5)
        granted(app.get("/api/account"))
        ask_all(sockets[::10])
        assert small(), resident_megabytes(server)
    finally:
        for each in sockets:
            each.close()
    wait_until(lambda: open_files(server) < 500, "the connections are forgotten", seconds=20)


def test_raises_its_own_limit_of_open_files(server):
    soft, hard = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)
    assert soft == hard


@as_root
def test_goes_on_without_a_free_descriptor_and_accepts_again(make_server):
    server = make_server()
    app = Person.registered(server).app(server)
    pid = server.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (open_files(server) + 3, before[1]))
    crowd = [Connection(server) for _ in range(20)]
    for connection in crowd:
        connection.send(HEALTH)
    wait_until(lambda: server.log_lines("cannot accept connections"), "the complaint")
    succeeded(app.post("/api/user/profile", form={"username": "Ada"}))
    assert granted(app.get("/api/user/profile"))["username"] == "Ada"
    resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
    for connection in crowd:
        succeeded(connection.receive())
        connection.close()
    wait_until(lambda: server.log_lines("accepting connections again"), "the end of it")
    assert len(server.log_lines("cannot accept connections")) == 1
    succeeded(Client(server).get("/healthz"))
