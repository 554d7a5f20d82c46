"""Nobody is shown an older profile than before, although the database's replica lags and the cache forgets."""

from contextlib import contextmanager

import pytest

from expect import granted, succeeded
from people import Person
from servers.process import ServerFailed
from waiting import wait_until

PROFILE = "/api/user/profile"
WITHOUT_PRIMARY = "userinfo_profile_reads_without_primary_total"


def of_each_primary(cluster, *command):
    for node in cluster.redis.nodes:
        if "role:master" in node.ask("INFO", "replication"):
            try:
                node.ask(*command)
            except ServerFailed as moved:
                assert "MOVED" in str(moved)


def forget_all(cluster):
    of_each_primary(cluster, "FLUSHALL")


def forget_profile(cluster, account):
    """As after a minute, when the session is still known."""
    of_each_primary(cluster, "DEL", f"userinfo:get_profile:{{{account}}}")


def has_all(cluster):
    newest = cluster.primary.applied()
    return cluster.replicas[0].applied() >= newest


@contextmanager
def replica_held_back(cluster):
    wait_until(lambda: has_all(cluster), "the replica has all")
    cluster.replicas[0].sql("STOP SLAVE SQL_THREAD;")
    try:
        yield
    finally:
        cluster.replicas[0].sql("START SLAVE SQL_THREAD;")


def know_primary(cluster):
    return all(service.metrics()["userinfo_storage_has_primary"] == 1 for service in cluster.services)


@contextmanager
def without_primary(cluster):
    primary = cluster.primary.process().name
    cluster.kill(primary)
    try:
        yield
    finally:
        cluster.start(primary)
        wait_until(lambda: know_primary(cluster), "the services know the primary again")


@pytest.fixture
def app(server):
    app = Person.registered(server).app(server)
    succeeded(app.post(PROFILE, form={"username": "old"}))
    return app


def shown(app, seen=None):
    return granted(app.get(PROFILE, headers={"Userinfo-Version": seen} if seen else {}))["username"]


def test_after_a_flush_nobody_is_shown_what_a_replica_has_that_lags(cluster, app):
    with replica_held_back(cluster):
        first = app.get(PROFILE).header("Userinfo-Version")
        succeeded(app.put(PROFILE, form={"username": "new"}))
        assert shown(app) == "new"
        for _ in range(10):
            forget_all(cluster)
            assert [shown(app) for _ in range(4)] == ["new"] * 4
        # A replica may answer who has seen no more than it has. Others do not find its answer in the cache.
        forget_all(cluster)
        assert shown(app, first) in ("old", "new")
        assert [shown(app) for _ in range(4)] == ["new"] * 4


def test_each_read_tells_the_version_that_keeps_the_next_one_from_going_back(cluster, app):
    with replica_held_back(cluster):
        succeeded(app.put(PROFILE, form={"username": "new"}))
        seen = app.get(PROFILE).header("Userinfo-Version")
        for _ in range(10):
            forget_all(cluster)
            assert shown(app, seen) == "new"


def test_a_tab_is_not_shown_less_than_another_tab_of_its_browser_has_written(cluster, server):
    browser = Person.registered(server).browser(server)
    first = succeeded(browser.post(PROFILE, form={"username": "old"})).header("Userinfo-Version")
    with replica_held_back(cluster):
        succeeded(browser.put(PROFILE, form={"username": "new"}))
        for _ in range(5):
            forget_all(cluster)
            assert shown(browser, first) == "new"


def test_without_a_primary_a_replica_answers_and_is_counted_where_nobody_knows_what_was_seen(cluster, app):
    account = granted(app.get("/api/account"))["account_id"]
    seen = app.get(PROFILE).header("Userinfo-Version")
    wait_until(lambda: has_all(cluster), "the replica has all")
    before = read_without_primary(cluster)
    with without_primary(cluster):
        forget_profile(cluster, account)
        assert [shown(app, seen) for _ in range(4)] == ["old"] * 4
        assert read_without_primary(cluster) == before
        assert [shown(app) for _ in range(4)] == ["old"] * 4
        assert read_without_primary(cluster) == before + 4


def read_without_primary(cluster):
    return sum(service.metrics()[WITHOUT_PRIMARY] for service in cluster.services)
