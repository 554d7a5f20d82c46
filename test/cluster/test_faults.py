"""Parts of the cluster die, hang and come back while people read and write through nginx. Each test says what they may
notice; that nothing acknowledged is lost or undone is checked by `load` in all of them."""

import json
import time

import pytest

from client import Client
from faults import services_known, times_told
from load import is_refused
from people import Person
from topology import Mistake
from waiting import wait_until

pytestmark = pytest.mark.usefixtures("whole_cluster")


def notice_nothing(load, began):
    assert load.statuses("read", began) == {200}
    assert load.statuses("write", began) == {200}


@pytest.mark.parametrize("name", ["service-1", "gateway-1"])
def test_a_killed_service_or_gateway_costs_no_read_and_at_most_a_second_of_writes(cluster, load, name):
    load.go_on(1)
    began = time.monotonic()
    cluster.kill(name)
    load.go_on(3)
    cluster.start(name)
    load.go_on(2)
    assert load.statuses("read", began) == {200}
    assert load.statuses("write", began) <= {200, 503}
    assert load.outage("write", began) < 1


@pytest.mark.parametrize("leads", [pytest.param(True, marks=pytest.mark.slow, id="leader"), pytest.param(False, id="follower")])
def test_a_killed_etcd_member_is_not_noticed_and_services_that_come_and_go_meanwhile_are(cluster, load, leads):
    """Who stops while there is no leader stays announced until its lease ends."""
    killed = next(member for member in cluster.members if member.leads() is leads)
    known_before = [len(counts_told(gateway)) for gateway in cluster.gateways]
    began = time.monotonic()
    cluster.kill(killed.name)
    wait_until(lambda: any(member.leads() for member in cluster.members), "the other two have a leader")
    cluster.process("service-2").stop()
    wait_until(lambda: services_known(cluster) == [1.0, 1.0], "both gateways know that it has left")
    cluster.start("service-2")
    wait_until(lambda: services_known(cluster) == [2.0, 2.0], "both gateways know both services")
    load.go_on(11)  # longer than a lease
    cluster.start(killed.name)
    load.go_on(1)
    notice_nothing(load, began)
    for gateway, before in zip(cluster.gateways, known_before):
        assert counts_told(gateway)[before:] == [1, 2]  # and no other service was gone in between


def counts_told(gateway):
    """How many services there were after each change that its log tells of."""
    lines = map(json.loads, (gateway.folder / "userinfo.log").read_text().splitlines())
    return [line["count"] for line in lines if line["message"] == "the services have changed"]


@pytest.mark.slow
def test_without_etcd_the_last_known_services_are_called(cluster, load):
    began = time.monotonic()
    for member in cluster.members:
        cluster.kill(member.name)
    load.go_on(12)  # longer than a lease
    with pytest.raises(Mistake, match="etcd does not answer, so gateway-1 would find no service again"):
        cluster.restart("gateway-1")
    for member in cluster.members:
        member.process().start()
    for member in cluster.members:
        member.process().wait_ready()
    load.go_on(3)
    notice_nothing(load, began)
    assert services_known(cluster) == [2.0, 2.0]
    cluster.process("service-2").stop()
    wait_until(lambda: services_known(cluster) == [1.0, 1.0], "both gateways hear of etcd again")


def test_services_that_etcd_has_forgotten_are_called_until_they_announce_themselves_again(cluster, load):
    began = time.monotonic()
    forgotten = "etcd has forgotten this service's lease"
    told = times_told(cluster, forgotten)
    etcd = cluster.members[0]
    for lease in etcd.ask("lease/leases")["leases"]:
        etcd.ask("lease/revoke", **lease)
    wait_until(lambda: times_told(cluster, forgotten) == [count + 1 for count in told], "both services know")
    wait_until(lambda: services_known(cluster) == [2.0, 2.0], "both gateways know both services")
    load.go_on(1)
    notice_nothing(load, began)


def test_a_service_that_is_stopped_leaves_first_and_comes_back(cluster, load):
    load.go_on(1)
    began = time.monotonic()
    cluster.process("service-2").stop()
    wait_until(lambda: services_known(cluster) == [1.0, 1.0], "both gateways know that it has left")
    load.go_on(1)
    cluster.start("service-2")
    wait_until(lambda: services_known(cluster) == [2.0, 2.0], "both gateways know both services")
    load.go_on(1)
    notice_nothing(load, began)


def test_a_killed_redis_primary_is_not_noticed_and_comes_back_as_a_replica(cluster, load):
    node = next(node for node in cluster.redis.nodes if "role:master" in node.ask("INFO", "replication"))
    name = f"redis-{cluster.redis.nodes.index(node) + 1}"
    began = time.monotonic()
    cluster.kill(name)
    load.go_on(6)
    cluster.start(name)
    wait_until(cluster.redis.is_whole, "the cluster of Redis is whole", 30)
    assert "role:slave" in node.ask("INFO", "replication")
    notice_nothing(load, began)


def test_a_killed_replica_of_the_database_is_not_noticed(cluster, load):
    load.go_on(1)
    began = time.monotonic()
    replica = cluster.replicas[0].process().name
    cluster.kill(replica)
    load.go_on(4)
    cluster.start(replica)
    load.go_on(2)
    notice_nothing(load, began)


@pytest.mark.slow
def test_a_replica_that_lags_is_not_noticed(cluster, load):
    replica = cluster.replicas[0]
    began = time.monotonic()
    replica.sql("STOP SLAVE SQL_THREAD;")
    load.go_on(20)
    replica.sql("START SLAVE SQL_THREAD;")
    load.go_on(1)
    notice_nothing(load, began)


def test_without_the_primary_reads_go_on_and_a_promotion_brings_writes_back_within_two_seconds(cluster, load):
    load.go_on(1)
    former = cluster.primary
    told_before = times_told(cluster, "cannot read the revoked sessions")
    began = time.monotonic()
    cluster.kill(former.process().name)
    load.go_on(3)
    cluster.promote(cluster.replicas[0].process().name)
    promoted = time.monotonic()
    load.go_on(3)
    told = times_told(cluster, "cannot read the revoked sessions")
    assert [after - before for before, after in zip(told_before, told)] == [1] * len(cluster.services)
    assert load.statuses("read", began) == {200}
    assert load.statuses("write", began) <= {200, 503}
    assert load.failures("write", promoted + 2) == []

    # The former primary comes back under load, and takes no write.
    back = time.monotonic()
    cluster.start(former.process().name)
    load.go_on(3)
    notice_nothing(load, back)
    assert former.status()["read_only"] == "1"
    newest = cluster.primary.applied()
    wait_until(lambda: former.applied() >= newest, "the former primary follows")


def test_a_planned_switchover_takes_writes_away_for_at_most_a_second(cluster, load):
    for _ in range(2):  # there and back
        former, chosen = cluster.primary, cluster.replicas[0]
        load.go_on(1)
        began = time.monotonic()
        cluster.switch(chosen.process().name)
        load.go_on(2)
        assert cluster.primary is chosen
        assert load.statuses("read", began) == {200}
        assert load.statuses("write", began) <= {200, 503}
        assert load.outage("write", began) <= 1
        print(f"writes were away for {load.outage('write', began):.2f} s")
        assert former.status()["read_only"] == "1"
        newest = chosen.applied()
        wait_until(lambda: former.applied() >= newest, "the former primary follows")


def test_a_log_out_outlives_all_that_the_cache_forgets(cluster, server, load):
    person = Person.registered(server)
    apps = [person.app(server) for _ in range(3)]
    for app in apps:
        assert app.post("/api/user/profile", form={"username": "x"}).status in (200, 409)
        assert app.post("/api/account/logout", json={"refresh_token": app.refresh_token}).status == 200
        for node in cluster.redis.nodes:
            if "role:master" in node.ask("INFO", "replication"):
                node.ask("FLUSHALL")
        assert all(is_refused(server, app.bearer) for _ in range(20))


def test_a_suspension_by_command_line_holds_when_the_verb_returns(cluster, server, load):
    for _ in range(5):
        person = Person.registered(server)
        app = person.app(server)
        assert app.get("/api/account").status == 200
        cluster.run_verb("user", "suspend", person.email)
        assert all(is_refused(server, app.bearer) for _ in range(20))
        reply = person.log_in(Client(server))
        assert reply.status == 403


def test_every_answer_without_the_database_is_503_with_retry_after(cluster, server):
    person = Person.registered(server)
    app = person.app(server)
    assert app.post("/api/user/profile", form={"username": "x"}).status == 200
    for database in cluster.databases:
        cluster.kill(database.process().name)
    reply = wait_until(lambda: unless_ok(app.put("/api/user/profile", form={"username": "y"})), "writes are refused")
    assert reply.status == 503 and reply.header("Retry-After")
    assert app.get("/api/user/profile").status == 200  # from the cache
    for database in (cluster.primary, *cluster.replicas):
        cluster.start(database.process().name)
    wait_until(lambda: app.put("/api/user/profile", form={"username": "y"}).status == 200, "writes are taken again")


def unless_ok(reply):
    return reply if reply.status != 200 else None
