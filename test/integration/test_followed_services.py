"""Whom a gateway calls: those that etcd names, unless they are on another machine and there is no certificate"""

import json

import pytest

from expect import failed
from figures import figures
from program import free_port
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


def test_a_service_on_another_machine_is_not_called_without_a_certificate(tmp_path):
    local = f"127.0.0.1:{free_port()}"
    with ScriptedEtcd() as etcd:
        etcd.values = {b"userinfo/services/1": announced(ELSEWHERE), b"userinfo/services/2": announced(local)}
        gateway = role("gateway", tmp_path, DISCOVERY_ETCD=etcd.address).start()
        wait_until(lambda: gateway.log_lines("the services have changed"), "the gateway knows what etcd holds")
        assert figures(gateway)["userinfo_services"] == 1
        refused = "ignoring a service on another machine, because rpc.certificate is not set"
        assert [line["instance"] for line in gateway.log_lines(refused)] == [ELSEWHERE]
        gateway.finish()


@pytest.mark.parametrize("kind", ["gateway", "service"])
def test_an_etcd_on_another_machine_is_asked_by_https_alone(tmp_path, kind):
    for member in ("etcd.example:2379", "192.0.2.1:2379"):
        result = role(kind, tmp_path, DISCOVERY_ETCD=f"127.0.0.1:2379,{member}").run(kind)
        failed(result, "discovery.etcd", member, "use https", status=2)


@pytest.mark.parametrize("kind", ["gateway", "service"])
def test_https_to_etcd_takes_a_certificate(tmp_path, kind):
    result = role(kind, tmp_path, DISCOVERY_ETCD="https://etcd.example:2379").run(kind)
    failed(result, "discovery.etcd", "rpc.certificate", status=2)
