"""etcd asked by https: services and gateways believe only the etcd that their authority vouches for, and it only them."""

import os
import subprocess

import pytest

from certificates import Authority
from program import PROGRAM, free_port
from servers.process import Process
from servers.userinfo import Role
from waiting import wait_until

UNHEARD = "etcd does not answer"


@pytest.fixture(scope="module")
def authorities(tmp_path_factory):
    """Ours, and one that nobody trusts."""
    made = [Authority(tmp_path_factory.mktemp(name)) for name in ("ours", "foreign")]
    for authority in made:
        authority.issue()
    return made


def ask_etcd(port, authority, *words):
    """What etcd's own client prints."""
    files = [f"--cacert={authority.certificate_file}", f"--cert={authority.server_certificate}", f"--key={authority.server_key}"]
    command = ["etcdctl", f"--endpoints=https://127.0.0.1:{port}", "--command-timeout=2s", *files, *words]
    return subprocess.run(command, env=os.environ | {"ETCDCTL_API": "3"}, capture_output=True, text=True)


@pytest.fixture(scope="module")
def etcd_port(tmp_path_factory, authorities):
    """Of a member of our authority, which takes no client without a certificate."""
    ours, port = authorities[0], free_port()
    folder = tmp_path_factory.mktemp("etcd")
    url, peer = f"https://127.0.0.1:{port}", f"http://127.0.0.1:{free_port()}"
    options = {
        "name": "etcd-1",
        "data-dir": folder / "data",
        "listen-client-urls": url,
        "advertise-client-urls": url,
        "listen-peer-urls": peer,
        "initial-advertise-peer-urls": peer,
        "initial-cluster": f"etcd-1={peer}",
        "cert-file": ours.server_certificate,
        "key-file": ours.server_key,
        "trusted-ca-file": ours.certificate_file,
        "logger": "zap",
        "log-level": "warn",
    }
    member = Process(
        name="etcd-1",
        folder=folder,
        command=["etcd", "--client-cert-auth", *(f"--{key}={value}" for key, value in options.items())],
        is_ready=lambda: ask_etcd(port, ours, "endpoint", "health").returncode == 0,
    )
    try:
        member.start()
        member.wait_ready()
        yield port
    finally:
        member.stop()


@pytest.fixture
def make_role(tmp_path, etcd_port):
    """Makes services and gateways that run until the test ends. They trust one authority, and show what another one vouches
    for."""
    made = []

    def make(kind, trusted, shown):
        port = free_port()
        settings = {
            "public_url": "http://127.0.0.1:8080",
            "discovery.etcd": [f"https://127.0.0.1:{etcd_port}"],
            "discovery.prefix": tmp_path.name,
            "log.level": "debug",
            "rpc.authority": str(trusted.certificate_file),
            "rpc.certificate": str(shown.server_certificate),
            "rpc.key": str(shown.server_key),
            "rpc.listen" if kind == "service" else "listen": f"127.0.0.1:{port}",
        }
        role = Role(PROGRAM, kind, len(made) + 1, tmp_path, settings, (free_port(), port))
        made.append(role)
        role.prepare()
        role.process().start()
        wait_until(role.readiness, f"{role.name} answers", 20)
        return role

    yield make
    for role in made:
        role.process().stop()


def services_known(gateway):
    return gateway.metrics().get("userinfo_services")


def log_of(role):
    return (role.folder / "userinfo.log").read_text()


def test_those_of_one_authority_find_each_other(authorities, make_role):
    ours = authorities[0]
    make_role("service", ours, ours)
    gateway = make_role("gateway", ours, ours)
    wait_until(lambda: services_known(gateway) == 1, "the gateway knows the service")
    wait_until(lambda: gateway.readiness() == "ready", "the gateway calls it")
    assert UNHEARD not in log_of(gateway)


@pytest.mark.parametrize("wrong", ["trusted", "shown"])
def test_a_gateway_does_not_hear_an_etcd_when_one_of_both_is_of_another_authority(authorities, make_role, wrong):
    ours, foreign = authorities
    make_role("service", ours, ours)
    gateway = make_role("gateway", **({"trusted": ours, "shown": ours} | {wrong: foreign}))
    wait_until(lambda: UNHEARD in log_of(gateway), "the gateway says that etcd does not answer")
    right = make_role("gateway", ours, ours)
    wait_until(lambda: services_known(right) == 1, "etcd answers others")
    assert services_known(gateway) == 0


@pytest.mark.parametrize("wrong", ["trusted", "shown"])
def test_a_service_is_not_announced_when_one_of_both_is_of_another_authority(authorities, make_role, etcd_port, tmp_path, wrong):
    ours, foreign = authorities
    stranger = make_role("service", **({"trusted": ours, "shown": ours} | {wrong: foreign}))
    wait_until(lambda: UNHEARD in log_of(stranger), "it has tried")
    known = make_role("service", ours, ours)
    wait_until(lambda: known.settings["rpc.listen"] in announced(etcd_port, ours, tmp_path), "the other one is announced")
    assert stranger.settings["rpc.listen"] not in announced(etcd_port, ours, tmp_path)
    assert "announced to gateways" not in log_of(stranger)


def announced(port, authority, folder):
    return ask_etcd(port, authority, "get", "--prefix", "--keys-only", folder.name).stdout
