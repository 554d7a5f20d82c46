"""Whom a gateway calls: those that etcd names, unless they are reached by TCP and there is no certificate"""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from client import Client
from expect import failed
from figures import figures
from program import SocketFolder, free_port
from scripted_etcd import ScriptedEtcd
from standalone import Role
from waiting import wait_until

ELSEWHERE = "192.0.2.1:8090"


def role(kind, folder, **settings):
    made = Role(kind, folder)
    made.settings |= {"PUBLIC_URL": "http://127.0.0.1:8080", **settings}
    return made


def announced(address):
    return json.dumps({"address": address, "version": "1", "weight": 1}).encode()


def test_a_service_that_is_reached_by_tcp_is_not_called_without_a_certificate(tmp_path):
    local = f"127.0.0.1:{free_port()}"
    socket = SocketFolder().address
    with ScriptedEtcd() as etcd:
        values = map(announced, (ELSEWHERE, local, socket))
        etcd.values = {f"userinfo/services/{number}".encode(): value for number, value in enumerate(values)}
        gateway = role("gateway", tmp_path, DISCOVERY_ETCD=etcd.address).start()
        wait_until(lambda: gateway.log_lines("the services have changed"), "the gateway knows what etcd holds")
        assert figures(gateway)["userinfo_services"] == 1
        refused = "ignoring a service that is reached by TCP, because rpc.certificate is not set"
        assert sorted(line["instance"] for line in gateway.log_lines(refused)) == [local, ELSEWHERE]
        gateway.finish()


def test_a_gateway_accepts_nobody_before_it_knows_the_services(tmp_path):
    with ScriptedEtcd() as etcd, ThreadPoolExecutor(1) as aside:
        etcd.values = {b"userinfo/services/1": announced(SocketFolder().address)}
        etcd.holds.add("range")
        gateway = role("gateway", tmp_path, DISCOVERY_ETCD=etcd.address)
        starting = aside.submit(gateway.start)
        wait_until(lambda: etcd.has_been_asked("range", 0), "it asks etcd")
        etcd.holds.clear()
        starting.result()
        gateway.finish()
    assert messages_of(gateway, "the services have changed", "started") == ["the services have changed", "started"]


def messages_of(role, *wanted):
    """In the order of the log."""
    lines = map(json.loads, role.log_file.read_text().splitlines())
    return [line["message"] for line in lines if line["message"] in wanted]


def readiness(gateway):
    return Client(gateway, management=True).get("/readyz").status


def test_a_gateway_starts_though_etcd_does_not_answer_and_is_ready_once_it_knows_a_service(tmp_path):
    port = free_port()
    gateway = role("gateway", tmp_path, DISCOVERY_ETCD=f"127.0.0.1:{port}").start()
    assert figures(gateway)["userinfo_services"] == 0
    assert readiness(gateway) == 503
    with ScriptedEtcd(port) as etcd:
        etcd.values = {b"userinfo/services/1": announced(SocketFolder().address)}
        wait_until(lambda: readiness(gateway) == 200, "it knows a service")
    assert readiness(gateway) == 200  # it goes on with what it knows
    gateway.finish()


def test_a_gateway_is_not_ready_while_etcd_names_no_service(tmp_path):
    with ScriptedEtcd() as etcd:
        gateway = role("gateway", tmp_path, DISCOVERY_ETCD=etcd.address).start()
        wait_until(lambda: gateway.log_lines("the services have changed"), "etcd has answered")
        assert readiness(gateway) == 503
        gateway.finish()


def test_a_service_that_no_gateway_would_call_is_not_announced(tmp_path):
    local = f"127.0.0.1:{free_port()}"
    etcd = {"DISCOVERY_ETCD": "127.0.0.1:2379"}
    words = ("without mutual TLS", "unix:/PATH", "rpc.certificate")
    failed(role("service", tmp_path, RPC_LISTEN=local, **etcd).run("service"), "rpc.listen", local, *words, status=2)
    socket = SocketFolder()
    named = {"RPC_LISTEN": socket.address, "DISCOVERY_ANNOUNCE": local, **etcd}
    failed(role("service", tmp_path, **named).run("service"), "discovery.announce", local, *words, status=2)


@pytest.mark.parametrize("kind", ["gateway", "service"])
def test_an_etcd_on_another_machine_is_asked_by_https_alone(tmp_path, kind):
    for member in ("etcd.example:2379", "192.0.2.1:2379"):
        result = role(kind, tmp_path, DISCOVERY_ETCD=f"127.0.0.1:2379,{member}").run(kind)
        failed(result, "discovery.etcd", member, "use https", status=2)


@pytest.mark.parametrize("kind", ["gateway", "service"])
def test_https_to_etcd_takes_a_certificate(tmp_path, kind):
    result = role(kind, tmp_path, DISCOVERY_ETCD="https://etcd.example:2379").run(kind)
    failed(result, "discovery.etcd", "rpc.certificate", status=2)
