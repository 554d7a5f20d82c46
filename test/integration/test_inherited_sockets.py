"""Sockets that the program inherits from whoever starts it (sd_listen_fds(3)): clients that come while it restarts wait for it"""

import socket
import subprocess
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from apart import Apart
from client import Client
from expect import failed
from people import Person
from program import PROGRAM, free_port
from raw_http import Connection, request
from servers.process import inheriting
from standalone import Standalone


@pytest.fixture(params=["port", "file"])
def server(request, tmp_path):
    """It has not started."""
    with tempfile.TemporaryDirectory(prefix="userinfo-") as folder:
        if request.param == "port":
            listening = socket.create_server(("127.0.0.1", free_port()))
            where = f"127.0.0.1:{listening.getsockname()[1]}"
        else:
            listening = socket.create_server(f"{folder}/socket", family=socket.AF_UNIX)
            where = f"unix:{folder}/socket"
        with listening:
            server = Standalone(tmp_path, LISTEN=where, PUBLIC_URL="http://127.0.0.1:8080")
            server.inherited = listening
            yield server
            if server.running:
                server.finish()


def run_inheriting(server, descriptor):
    command = inheriting([str(PROGRAM), "standalone"], descriptor)
    return subprocess.run(
        command, env=server.environment(), pass_fds=[descriptor], capture_output=True, text=True, timeout=60, check=False
    )


def test_who_connects_while_it_restarts_is_answered_by_its_successor(server):
    server.start()
    server.stop()
    with Connection(server) as early:
        early.send(request("GET", "/healthz"))
        server.start()
        assert early.receive().status == 200
    with Connection(server) as late:
        late.send(request("GET", "/healthz"))
        assert late.receive().status == 200


@pytest.mark.parametrize("server", ["file"], indirect=True, scope="function")
def test_the_file_of_the_socket_stays_when_it_stops(server):
    server.start()
    server.stop()
    assert Path(server.socket_file).is_socket()


def test_calls_wait_while_the_only_service_restarts(tmp_path):
    server = Apart(tmp_path)
    _, _, path = server.socket_folder.address.partition(":")
    with socket.create_server(path, family=socket.AF_UNIX) as listening:
        server.service.inherited = listening
        server.start()
        app = Person.registered(server).app(server)
        done = threading.Event()

        def ask_on():
            statuses = []
            while not done.is_set():
                statuses.append(app.get("/api/account").status)
            return statuses

        with ThreadPoolExecutor(1) as aside:
            asking = aside.submit(ask_on)
            server.service.stop()
            server.service.start()
            done.set()
            assert set(asking.result()) == {200}
        server.finish()


def test_an_address_that_no_setting_names_is_an_error(server):
    address = server.settings["LISTEN"]
    server.settings["LISTEN"] = f"127.0.0.1:{free_port()}"
    failed(run_inheriting(server, server.inherited.fileno()), "LISTEN_FDS", address, "listen", status=2)


@pytest.mark.parametrize("everywhere", ["0.0.0.0", "[::]"])
def test_the_same_port_of_all_addresses_is_another_address(tmp_path, everywhere):
    family = socket.AF_INET6 if everywhere == "[::]" else socket.AF_INET
    with socket.create_server((everywhere.strip("[]"), 0), family=family, dualstack_ipv6=family == socket.AF_INET6) as listening:
        port = listening.getsockname()[1]
        result = run_inheriting(Standalone(tmp_path, LISTEN=f"127.0.0.1:{port}"), listening.fileno())
    failed(result, "LISTEN_FDS", f"{everywhere}:{port}", "ListenStream", "same address", status=2)


def test_the_same_file_by_another_path_is_another_address(tmp_path):
    with tempfile.TemporaryDirectory(prefix="userinfo-") as folder:
        with socket.create_server(f"{folder}/./socket", family=socket.AF_UNIX) as listening:
            server = Standalone(tmp_path, LISTEN=f"unix:{folder}/socket", PUBLIC_URL="http://127.0.0.1:8080")
            failed(run_inheriting(server, listening.fileno()), "LISTEN_FDS", f"unix:{folder}/./socket", status=2)


def test_an_address_that_is_spelled_otherwise_is_the_same(tmp_path):
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listening:
        where = f"[0:0::1]:{listening.getsockname()[1]}"
        (tmp_path / "file").touch()
        server = Standalone(tmp_path, LISTEN=where, DATA_DIR=str(tmp_path / "file"))
        failed(run_inheriting(server, listening.fileno()), "data_dir", status=2)  # it has come that far


def test_what_does_not_listen_is_an_error(tmp_path):
    server = Standalone(tmp_path)
    with socket.socket() as deaf, (tmp_path / "file").open("w") as file:
        for descriptor in (deaf.fileno(), file.fileno()):
            failed(run_inheriting(server, descriptor), "LISTEN_FDS", "descriptor 3", status=2)


def test_empty_variables_count_as_not_set(tmp_path, monkeypatch):
    monkeypatch.setenv("LISTEN_PID", "")
    monkeypatch.setenv("LISTEN_FDS", "")
    Standalone(tmp_path).start().finish()


def test_sockets_that_are_meant_for_another_process_are_left_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("LISTEN_PID", "1")
    monkeypatch.setenv("LISTEN_FDS", "7")
    server = Standalone(tmp_path).start()
    Person.registered(server)
    assert Client(server).get("/healthz").status == 200
    server.finish()
