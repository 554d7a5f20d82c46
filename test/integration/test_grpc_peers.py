"""Who may call a service, and which services a gateway calls"""

import os
import socket
import stat
import struct
import tempfile
import threading
import time
from pathlib import Path

import grpc
import pytest

from certificates import Authority
from client import Client
from descriptors import room_for
from expect import alive, failed, succeeded
from figures import figures
from grpc_peer import HEALTH, SERVING, Peer, audited, in_bytes, service, v1
from people import Person
from apart import Apart
from standalone import Role
from waiting import wait_until

Code = grpc.StatusCode
NOBODY = 65534


def test_a_unix_socket_is_its_owners_alone(tmp_path):
    with tempfile.TemporaryDirectory() as short:  # a socket's path has 107 bytes at most
        socket = os.path.join(short, "rpc.sock")
        server = service(tmp_path, RPC_LISTEN=f"unix:{socket}").start()
        assert stat.S_IMODE(os.stat(socket).st_mode) == 0o600
        with Peer(f"unix:{socket}") as peer:
            assert peer.raw(HEALTH, b"") == SERVING
        server.finish()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_who_is_let_in_at_the_socket_by_its_mode_alone_is_no_gateway(tmp_path):
    server = service(tmp_path).start()
    path = Path(server.rpc.removeprefix("unix:"))
    path.parent.chmod(0o755)
    path.chmod(0o666)
    with Peer(server.rpc) as peer:
        os.seteuid(NOBODY)
        try:
            peer.ask("Register", v1.RegisterRequest(**in_bytes(Person.unknown())), userinfo_client_address="192.0.2.7")
        finally:
            os.seteuid(0)
    assert [event["address"] for event in audited(server, "register")] == ["unix:"]
    server.finish()


def with_certificates(authority):
    return {
        "RPC_CERTIFICATE": str(authority.server_certificate),
        "RPC_KEY": str(authority.server_key),
        "RPC_AUTHORITY": str(authority.certificate_file),
    }


def credentials(authority, *, shown=None):
    """Trusts `authority`; shows a certificate that `shown` vouches for."""
    chain = (shown.server_key.read_bytes(), shown.server_certificate.read_bytes()) if shown else (None, None)
    return grpc.ssl_channel_credentials(authority.certificate_file.read_bytes(), *chain)


@pytest.fixture
def authorities(tmp_path):
    """Ours, and one that nobody trusts."""
    made = []
    for name in ("ours", "foreign"):
        folder = tmp_path / name
        folder.mkdir()
        made.append(Authority(folder))
        made[-1].issue()
    return made


def test_with_certificates_both_sides_must_show_one_of_the_same_authority(tmp_path, authorities):
    ours, foreign = authorities
    server = service(tmp_path / "service", **with_certificates(ours)).start()
    with Peer(server.rpc, credentials(ours, shown=ours)) as peer:
        assert peer.raw(HEALTH, b"") == SERVING
    for wrong in (credentials(ours), credentials(ours, shown=foreign), credentials(foreign, shown=ours), None):
        with Peer(server.rpc, wrong) as peer, pytest.raises(grpc.RpcError) as refused:
            peer.ask("GetPublicKeys", v1.GetPublicKeysRequest())
        assert refused.value.code() == Code.UNAVAILABLE
    server.finish()


def test_new_certificates_are_used_for_new_connections_without_a_restart(tmp_path, authorities):
    ours, foreign = authorities
    server = Apart(tmp_path / "apart", **with_certificates(ours)).start()
    app = Person.registered(server).app(server)
    for path in ("certificate_file", "server_certificate", "server_key"):
        getattr(ours, path).write_bytes(getattr(foreign, path).read_bytes())
    server.hang_up()
    target = server.settings["DISCOVERY_FIXED"]

    def is_used():
        try:
            with Peer(target, credentials(foreign, shown=foreign)) as peer:
                return peer.raw(HEALTH, b"") == SERVING
        except grpc.RpcError:
            return False

    wait_until(is_used, "the service shows its new certificate")
    alive(app)  # on the connection of before
    server.service.kill()
    server.service.start()
    wait_until(lambda: app.get("/api/account").status == 200, "the gateway shows its new certificate, too")
    server.finish()


SILENT = 1100


class Crowd:
    """Connections that send nothing, each of which is opened again and again on a thread of its own."""

    def __init__(self, target):
        host, _, port = target.rpartition(":")
        self.address = (host, int(port))
        self.over = threading.Event()
        self.rounds = 0
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        wait_until(lambda: self.rounds, "all have been opened once")
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def run(self):
        with room_for(SILENT):
            sockets = [self.connected() for _ in range(SILENT)]
            while not self.over.is_set():
                self.rounds += 1
                for number, old in enumerate(sockets):
                    old.close()
                    sockets[number] = self.connected()
                self.over.wait(0.2)
            for each in sockets:
                each.close()

    def connected(self):
        made = socket.create_connection(self.address, timeout=10)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset frees its port at once
        return made


def test_a_crowd_that_is_silent_does_not_keep_a_gateway_out(tmp_path, authorities):
    ours, _ = authorities
    server = service(tmp_path / "service", **with_certificates(ours)).start()
    with Crowd(server.rpc):
        for _ in range(25):
            begin = time.monotonic()
            with Peer(server.rpc, credentials(ours, shown=ours)) as peer:
                assert peer.raw(HEALTH, b"") == SERVING
            assert time.monotonic() - begin < 5
    assert figures(server)['userinfo_connections_refused_total{listener="rpc",reason="displaced"}'] > SILENT / 2
    told = "closing connections that have not proven themselves, because others come"
    lines = wait_until(lambda: server.log_lines(told), "the warning")
    assert len(lines) == 1 and lines[0]["source"] == "127.0.0.1", lines
    server.finish()


def test_who_does_not_prove_to_be_a_gateway_in_time_is_cut_off(tmp_path, authorities):
    server = service(tmp_path / "service", **with_certificates(authorities[0])).start()
    host, _, port = server.rpc.rpartition(":")
    for words in (b"", b"\x16\x03\x01"):
        with socket.create_connection((host, int(port)), timeout=8) as silent:
            silent.sendall(words)
            assert silent.recv(1) == b""
    assert figures(server)['userinfo_connections_refused_total{listener="rpc",reason="unproven"}'] == 2
    server.finish()


def refused_start(server, *words):
    result = server.run("service")
    assert (result.returncode, result.stdout) == (2, ""), result
    assert all(word in result.stderr for word in words), result.stderr


def test_does_not_listen_beyond_this_machine_without_certificates(tmp_path):
    refused_start(service(tmp_path, RPC_LISTEN="0.0.0.0:0"), "rpc.listen", "rpc.certificate")


def test_needs_all_three_files_and_that_they_can_be_read(tmp_path, authorities):
    files = with_certificates(authorities[0])
    refused_start(service(tmp_path, **(files | {"RPC_KEY": None})), "rpc.key")
    refused_start(service(tmp_path, **(files | {"RPC_KEY": str(tmp_path / "nowhere")})), "nowhere", "cannot be read")


def test_tells_its_contract_to_nobody_beyond_this_machine(tmp_path, authorities):
    files = with_certificates(authorities[0])
    refused_start(service(tmp_path, RPC_LISTEN="0.0.0.0:0", RPC_REFLECTION="true", **files), "rpc.reflection")


def test_must_know_the_public_url(tmp_path):
    refused_start(service(tmp_path, PUBLIC_URL=None), "public_url")


def test_a_gateway_does_not_call_beyond_this_machine_without_certificates(tmp_path):
    server = service(tmp_path, DISCOVERY_FIXED="users.example:8090")
    result = server.run("gateway")
    assert result.returncode == 2 and "discovery.fixed" in result.stderr


def test_a_gateway_calls_by_tcp_with_certificates_alone(tmp_path):
    """A service would not believe what it says about its clients."""
    result = service(tmp_path, DISCOVERY_FIXED="127.0.0.1:9").run("gateway")
    failed(result, "discovery.fixed", "127.0.0.1:9", "without mutual TLS", "unix:/PATH", "rpc.certificate", status=2)


def test_gateway_and_service_meet_by_default_at_a_socket_in_the_data_folder():
    with tempfile.TemporaryDirectory() as short:
        roles = [Role(kind, os.path.join(short, kind)) for kind in ("service", "gateway")]
        for role in roles:
            role.settings |= {"PUBLIC_URL": "http://127.0.0.1:8080", "DATA_DIR": os.path.join(short, "data")}
            role.start()
        assert stat.S_IMODE(os.stat(os.path.join(short, "data", "rpc.sock")).st_mode) == 0o600
        assert Client(roles[1]).get("/.well-known/jwks.json").status == 200
        for role in reversed(roles):
            role.finish()


def test_a_data_folder_too_deep_for_a_socket_is_refused_by_name(tmp_path):
    deep = service(tmp_path, RPC_LISTEN=None, DATA_DIR=str(tmp_path / ("d" * 100)))
    refused_start(deep, "rpc.listen", "107 bytes")
    result = deep.run("gateway")
    assert result.returncode == 2 and "discovery.fixed" in result.stderr, result


def test_a_gateway_shows_its_certificate(tmp_path, authorities):
    server = Apart(tmp_path / "apart", **with_certificates(authorities[0])).start()
    alive(Person.registered(server).app(server))
    server.finish()


def test_a_gateway_outlives_its_service(tmp_path):
    server = Apart(tmp_path / "apart").start()
    app = Person.registered(server).app(server)
    server.service.kill()
    reply = app.get("/api/account")
    assert reply.status == 503 and int(reply.header("Retry-After")) >= 1, reply
    succeeded(Client(server).get("/healthz"))
    server.service.start()
    wait_until(lambda: app.get("/api/account").status == 200, "the service is found again")
    server.finish()
