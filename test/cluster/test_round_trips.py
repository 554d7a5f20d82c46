"""What a request costs the servers behind a service, by their own count."""

import pytest

from load import Reader
from people import Person

REQUESTS = 400
# Services ask by themselves, meanwhile: whether sessions have ended, and how the servers are. One statement more for each
# request would be this at least.
TOO_MANY = REQUESTS / 2


def redis_calls(cluster):
    """How often each command was called, over all nodes; what a script calls is counted, too."""
    calls = {}
    for node in cluster.redis.nodes:
        for line in node.ask("INFO", "commandstats").splitlines():
            name, _, values = line.partition(":")
            if name.startswith("cmdstat_"):
                count = int(values.split(",")[0].removeprefix("calls="))
                name = name.removeprefix("cmdstat_")
                calls[name] = calls.get(name, 0) + count
    return calls


def sql_calls(servers):
    """How many statements of each kind there were; a replica counts those that it follows, too."""
    calls = {}
    for server in servers:
        for line in server.sql("SHOW GLOBAL STATUS LIKE 'Com\\_%';").splitlines():
            name, count = line.split()
            name = name.removeprefix("Com_")
            calls[name] = calls.get(name, 0) + int(count)
    return calls


def cost_of(perform, cluster, databases):
    before = redis_calls(cluster), sql_calls(databases)
    perform()
    after = redis_calls(cluster), sql_calls(databases)
    return [{name: now - then.get(name, 0) for name, now in counts.items()} for then, counts in zip(before, after)]


@pytest.fixture
def reader(server):
    """Somebody with a profile, which the cache knows."""
    app = Person.registered(server).app(server)
    assert app.post("/api/user/profile", form={"username": "0"}).status == 200
    reader = Reader(server, app.bearer)
    assert reader.request("GET")[0] == 200
    yield reader
    reader.close()


def test_a_profile_read_that_the_cache_answers_is_one_question_to_redis_and_none_to_mariadb(cluster, reader):
    def read():
        for _ in range(REQUESTS):
            assert reader.request("GET")[0] == 200

    redis, sql = cost_of(read, cluster, cluster.databases)
    assert redis["mget"] == REQUESTS, redis
    assert not any(redis.get(name, 0) for name in ("get", "set", "evalsha")), redis
    assert sql["select"] + sql["stmt_execute"] < TOO_MANY, sql


def test_a_profile_update_is_one_transaction_and_two_questions_to_redis(cluster, reader):
    """Is the session live, and here is the new profile."""

    def update():
        for number in range(REQUESTS):
            assert reader.request("PUT", {"username": str(number + 1)})[0] == 200

    redis, sql = cost_of(update, cluster, [cluster.primary])
    assert redis["evalsha"] == REQUESTS, redis
    assert redis["mget"] == REQUESTS, redis
    assert REQUESTS <= sql["commit"] < REQUESTS + TOO_MANY, sql
