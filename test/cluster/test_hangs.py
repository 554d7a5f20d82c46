"""Parts of the cluster hang: SIGSTOP keeps their connections open, but nothing answers on them. What people may notice is less
than when nobody did anything about it; that nothing acknowledged is lost or undone is checked by `load`."""

import signal
import threading
import time
from contextlib import ExitStack

import pytest

from client import Client
from faults import hung, row_locked, services_known
from load import PEOPLE
from people import Person
from waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("whole_cluster")]


def transactions(primary, condition):
    return int(primary.sql(f"SELECT COUNT(*) FROM information_schema.innodb_trx WHERE {condition};"))


def service_that_waits(cluster):
    """The one whose transaction waits for a lock on the primary. None: there is none, or another one is at work, too."""
    if transactions(cluster.primary, "trx_state = 'LOCK WAIT'") == 0:
        return None
    name = f'userinfo_storage_queue{{host="127.0.0.1:{cluster.primary.port}"}}'
    busy = [service for service in cluster.services if service.metrics()[name] > 0]
    return busy[0] if len(busy) == 1 else None


def test_a_database_server_notices_after_11_seconds_that_a_clients_machine_is_gone(cluster):
    for server in cluster.databases:
        seconds = server.sql("SELECT @@tcp_keepalive_time + @@tcp_keepalive_probes * @@tcp_keepalive_interval;")
        assert seconds == "11\n"


def test_a_service_that_hangs_in_a_transaction_gives_its_locks_back_and_writes_nothing_when_it_wakes(cluster, server):
    """A write locks its account first and then its profile. It waits for the profile when the service is stopped, gets it, and
    holds both."""
    primary = cluster.primary
    app = Person.registered(server).app(server)
    assert app.post("/api/user/profile", form={"username": "before"}).status == 200
    writer = threading.Thread(target=lambda: app.put("/api/user/profile", form={"username": "of the hung one"}))
    account = primary.sql("SELECT account_id FROM userinfo.profile WHERE username = 'before';").strip()
    with row_locked(primary, "userinfo.profile", f"account_id = {account}"):
        writer.start()
        service = wait_until(lambda: service_that_waits(cluster), "a service waits for the profile")
        service.process().signal(signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert wait_until(lambda: transactions(primary, "trx_rows_locked > 0"), "the hung one holds its locks")
        other = Client(server, bearer=app.bearer)
        form = {"username": "of another"}
        wait_until(lambda: other.put("/api/user/profile", form=form).status == 200, "another one writes")
        took = time.monotonic() - began
        assert took < 5
        print(f"another one wrote after {took:.2f} s")
    finally:
        service.process().signal(signal.SIGCONT)
    writer.join()
    wait_until(lambda: service.readiness() == "ready", "the service has woken up")
    wait_until(lambda: transactions(primary, "trx_rows_locked > 0") == 0, "no lock is left")
    assert primary.sql(f"SELECT username FROM userinfo.profile WHERE account_id = {account};") == "of another\n"


def test_a_hung_service_delays_reads_by_less_than_nginx_waits_and_announces_itself_again_when_it_wakes(cluster, load):
    load.go_on(1)
    began = time.monotonic()
    with hung(cluster.process("service-2")):
        wait_until(lambda: services_known(cluster) == [1.0, 1.0], "its lease has ended", 20)
        load.go_on(1)
    woke = time.monotonic()
    wait_until(lambda: services_known(cluster) == [2.0, 2.0], "both gateways know both services")
    load.go_on(2)
    assert load.statuses("read", began) == {200}
    assert load.statuses("write", began) <= {200, 503}
    assert load.outage_until("write", began, woke) < 3
    assert load.failures("write", woke + 1) == []
    assert load.longest("read", began) < 2


@pytest.mark.parametrize("leads", [True, False], ids=["leader", "follower"])
def test_a_hung_etcd_member_is_not_noticed_and_services_that_come_and_go_meanwhile_are(cluster, load, leads):
    """A gateway that watches through this member finds out by a ping, within 8 s."""
    member = next(member for member in cluster.members if member.leads() is leads)
    others = [other for other in cluster.members if other is not member]
    began = time.monotonic()
    with hung(member.process()):
        wait_until(lambda: any(other.leads() for other in others), "the other two have a leader")
        cluster.process("service-2").stop()
        wait_until(lambda: services_known(cluster) == [1.0, 1.0], "both gateways know that it has left", 20)
        cluster.start("service-2")
        wait_until(lambda: services_known(cluster) == [2.0, 2.0], "both gateways know both services", 20)
        print(f"the gateways knew after {time.monotonic() - began:.1f} s")
    load.go_on(1)
    assert load.statuses("read", began) == load.statuses("write", began) == {200}
    assert services_known(cluster) == [2.0, 2.0]


def test_while_all_of_etcd_hangs_the_last_known_services_are_called(cluster, load):
    began = time.monotonic()
    with ExitStack() as stack:
        for member in cluster.members:
            stack.enter_context(hung(member.process()))
        load.go_on(12)  # longer than a lease
    cluster.process("service-2").stop()
    wait_until(lambda: services_known(cluster) == [1.0, 1.0], "both gateways hear of etcd again", 20)
    cluster.start("service-2")
    wait_until(lambda: services_known(cluster) == [2.0, 2.0], "both gateways know both services", 20)
    assert load.statuses("read", began) == load.statuses("write", began) == {200}


def test_a_hung_redis_primary_is_not_noticed(cluster, load):
    node = next(node for node in cluster.redis.nodes if "role:master" in node.ask("INFO", "replication"))
    began = time.monotonic()
    with hung(cluster.process(f"redis-{cluster.redis.nodes.index(node) + 1}")):
        load.go_on(6)
    wait_until(cluster.redis.is_whole, "the cluster of Redis is whole", 30)
    assert load.statuses("read", began) == load.statuses("write", began) == {200}
    assert load.longest("read", began) < 1


def test_a_hung_replica_of_the_database_is_not_noticed(cluster, load):
    load.go_on(1)
    began = time.monotonic()
    with hung(cluster.replicas[0].process()):
        load.go_on(5)
    load.go_on(2)
    assert load.statuses("read", began) == load.statuses("write", began) == {200}
    assert load.longest("write", began) < 2


def test_a_hung_primary_takes_writes_away_until_a_promotion_and_none_when_it_wakes(cluster, load):
    load.go_on(1)
    former = cluster.primary
    began = time.monotonic()
    with hung(former.process()):
        load.go_on(5)
        cluster.promote(cluster.replicas[0].process().name)
        promoted = time.monotonic()
        load.go_on(3)
    woke = time.monotonic()
    load.go_on(3)
    takes_writes = former.status()["read_only"] == "0"
    cluster.join(former.process().name)  # it may have committed what it was told of before it hung
    assert takes_writes
    assert load.statuses("read", began) <= {200, 503}
    assert len(load.failures("read", began)) <= PEOPLE  # of what the cache had not confirmed yet
    assert load.statuses("write", began) <= {200, 503}
    assert load.failures("write", promoted + 2) == []
    assert load.failures("write", woke) == []
    assert load.longest("write", began) < 4
