"""What `./dev cluster` refuses, so that nothing is lost, and what it leaves behind: nothing."""

import re
import signal
from pathlib import Path

import pytest

import cluster as command
from client import Client
from command_line import command_run
from servers.process import is_free
from topology import Cluster, Mistake
from turns import alone
from waiting import wait_until

DOCS = Path(__file__).resolve().parents[2] / "docs"

pytestmark = pytest.mark.usefixtures("whole_cluster")


def test_the_documentation_lists_the_verbs_that_there_are():
    documented = re.findall(r"^\| `([a-z]+)[^`]*` \|", (DOCS / "cluster.md").read_text(), re.MULTILINE)
    assert documented == list(command.VERBS)


def test_each_verb_says_in_a_line_what_it_has_done(cluster, told):
    for verb in ("start", "stop", "stop", "start", "restart", "kill"):
        getattr(cluster, verb)("gateway-2")
    assert told == [
        "gateway-2 runs already",
        "gateway-2 has stopped",
        "gateway-2 does not run",
        "gateway-2 is up",
        "gateway-2 has restarted",
        "gateway-2 was killed",
    ]
    primary, replica = cluster.primary.process().name, cluster.replicas[0].process().name
    told.clear()
    cluster.start(replica)
    cluster.start(primary)
    cluster.switch(replica)
    assert told == [
        f"{replica} runs already as a replica of {primary}",
        f"{primary} runs already as the primary",
        f"{replica} is the primary now, in place of {primary}",
    ]


def test_a_verb_that_changes_who_leads_fails_while_another_one_works(cluster):
    primary, replica = cluster.primary, cluster.replicas[0].process().name
    with alone(cluster.folder):
        with command_run(cluster, "switch", replica) as run:
            assert run.wait(10) == 1
            assert run.stdout.read() == f"cluster: another verb works on the cluster in {cluster.folder}; wait until it has ended\n"
        with command_run(cluster, "status") as run:
            assert replica in run.stdout.read()
    with command_run(cluster, "start", replica) as run:
        assert run.stdout.read() == f"{replica} runs already as a replica of {primary.process().name}\n"


def test_a_service_is_not_restarted_while_it_would_find_no_primary(cluster):
    service = cluster.process("service-1")
    before = service.pid()
    cluster.kill(cluster.primary.process().name)
    with pytest.raises(Mistake, match="no MariaDB server takes writes, so service-1 would not start again; start or `promote`"):
        cluster.restart(service.name)
    assert service.pid() == before


def test_nginx_passes_on_a_body_that_it_has_to_store_on_the_way(server):
    reply = Client(server).post("/api/account/register", form={"email": "x@example.com", "password": "x" * 40_000})
    assert reply.status == 400


def test_nginx_says_in_the_envelope_that_a_body_is_too_large(server):
    reply = Client(server).post("/api/account/register", form={"password": "x" * 70_000})
    assert (reply.status, reply.code) == (413, 300004)


def test_workers_of_a_killed_nginx_do_not_go_on(cluster):
    cluster.kill("nginx")
    assert is_free(cluster.ports.nginx())


def test_workers_that_outlived_their_master_end_before_nginx_starts_again(cluster):
    nginx = cluster.process("nginx")
    nginx.signal(signal.SIGKILL)
    wait_until(lambda: not nginx.pid(), "the master has ended")
    assert nginx.children()
    cluster.start("nginx")
    assert nginx.pid()


def test_a_port_that_another_program_uses_is_named_before_anything_starts(cluster, tmp_path):
    other = Cluster(tmp_path / "other", cluster.program, cluster.ports.offset)
    with pytest.raises(Mistake, match=f"port {cluster.ports.etcd(1)} of etcd-1 is in use"):
        other.up()
    assert not any(process.pid() for process in other.processes())
