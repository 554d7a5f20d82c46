"""A service's announcement in etcd, whose answers are scripted: what is left of it when the service stops at a bad moment"""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from program import SocketFolder, free_port
from scripted_etcd import ScriptedEtcd
from standalone import Role
from waiting import wait_until


@pytest.fixture
def etcd():
    with ScriptedEtcd() as etcd:
        yield etcd


def service_of(folder, etcd_address):
    service = Role("service", folder)
    service.socket_folder = SocketFolder()
    service.settings |= {
        "RPC_LISTEN": service.socket_folder.address,
        "PUBLIC_URL": "http://127.0.0.1:8080",
        "DISCOVERY_ETCD": etcd_address,
    }
    return service


@pytest.fixture
def service(tmp_path, etcd):
    """It has announced itself."""
    service = service_of(tmp_path, etcd.address).start()
    wait_until(lambda: etcd.keys, "the service is announced")
    yield service
    service.finish()


def test_a_service_that_was_there_before_etcd_is_announced(tmp_path):
    port = free_port()
    service = service_of(tmp_path, f"127.0.0.1:{port}").start()
    wait_until(lambda: len(service.log_lines("etcd does not answer")) >= 5, "etcd has refused it again and again")
    with ScriptedEtcd(port) as etcd:
        wait_until(lambda: etcd.keys, "the service is announced")
        service.finish()


def test_a_service_is_not_ready_before_it_is_announced(tmp_path, etcd):
    etcd.holds.add("put")
    service = service_of(tmp_path, etcd.address)
    with ThreadPoolExecutor(1) as aside:
        starting = aside.submit(service.start)
        wait_until(lambda: etcd.has_been_asked("put", 1), "it announces itself")
        etcd.holds.clear()
        starting.result()
    service.finish()
    lines = (json.loads(line)["message"] for line in service.log_file.read_text().splitlines())
    assert [line for line in lines if line in ("announced to gateways", "started")] == ["announced to gateways", "started"]


def test_a_service_that_stops_while_its_lease_is_kept_alive_leaves_nothing(etcd, service):
    etcd.holds.add("keep alive")
    wait_until(lambda: etcd.has_been_asked("keep alive", 1), "the lease is kept alive")
    service.stop()
    assert not etcd.keys
    assert etcd.asked[-1] == ("revoke", 1)


def test_a_service_that_stops_after_a_keep_alive_has_failed_leaves_nothing(etcd, service):
    etcd.refuses.add("keep alive")
    etcd.holds.add("put")
    # Granted, put, kept alive in vain, and then: kept alive once more, or put under a lease that holds nothing.
    wait_until(lambda: etcd.asked[3:] and etcd.asked[-1][0] in ("keep alive", "put"), "it is tried again")
    service.stop()
    assert not etcd.keys


def test_a_keep_alive_that_fails_is_tried_again_with_the_same_lease(etcd, service):
    etcd.refuses.add("keep alive")
    wait_until(lambda: etcd.has_been_asked("keep alive", 1), "the lease is kept alive")
    etcd.refuses.clear()
    wait_until(lambda: etcd.asked.count(("keep alive", 1)) >= 2, "the lease is kept alive again")
    assert etcd.granted == 1
    assert etcd.asked.count(("put", 1)) == 1


def test_a_service_whose_lease_is_forgotten_is_announced_under_another(etcd, service):
    etcd.end(1)
    wait_until(lambda: etcd.keys, "the service is announced again")
    assert set(etcd.keys.values()) == {2}
    told = "etcd has forgotten this service's lease: announcing it again"
    assert len(wait_until(lambda: service.log_lines(told), "the line of the log")) == 1
