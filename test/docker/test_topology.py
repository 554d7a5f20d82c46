"""The containers of deploy/docker/compose.yaml, together. In this order: the last tests kill some of them."""

from contextlib import contextmanager

import pytest
import requests

from client import Client
from compose import COMMIT, FOLDER, DockerFailed
from expect import granted, refused, succeeded
from people import Person
from waiting import wait_until

PROFILE = "/api/user/profile"
SERVERS = FOLDER.parent / "servers"
ONE_SHOT = {"migrate", "redis-form", "secrets"}


def answers(client, method, **options):
    """Whether it is served. While parts are missing, nginx answers in its own words, which no client needs to check."""
    how = {"cookies": client.cookies, "timeout": 30}
    return requests.request(method, client.server.url + PROFILE, **how, **options).status_code == 200


def can_write(client):
    return answers(client, "PUT", data={"username": "Ada"})


def can_read(client):
    return answers(client, "GET")


@contextmanager
def without(topology, service):
    topology.kill(service)
    yield
    topology.start(service)
    wait_until(lambda: topology.is_healthy(service), f"{service} is healthy again", seconds=60)


def test_a_person_registers_logs_in_keeps_a_profile_and_logs_out(server):
    person, client = Person.unknown(), Client(server)
    succeeded(person.register(client))
    succeeded(person.log_in(client))
    succeeded(client.post(PROFILE, form={"username": "Ada"}))
    assert granted(client.get(PROFILE))["username"] == "Ada"
    succeeded(client.put(PROFILE, form={"username": "Ada Lovelace"}))
    assert granted(client.get(PROFILE))["username"] == "Ada Lovelace"
    kept = dict(client.cookies)
    succeeded(client.post("/api/account/logout"))
    assert Client(server, cookies=kept).get(PROFILE).status == 401


@pytest.mark.parametrize("path, kind", [("/", "text/html"), ("/security", "text/html"), ("/main.js", "text/javascript")])
def test_nginx_serves_the_pages(server, path, kind):
    reply = requests.get(server.url + path, timeout=30)
    assert reply.status_code == 200
    assert reply.headers["Content-Type"].startswith(kind)
    assert reply.headers["Cache-Control"] == "no-cache"


def test_the_log_shows_the_address_that_nginx_saw_and_not_what_a_client_claims(topology, person, server):
    client = Client(server)
    succeeded(client.post("/api/account/login", form=person.credentials, headers={"X-Forwarded-For": "192.0.2.7"}))
    [session] = granted(client.get("/api/account/sessions"))["sessions"]
    assert session["address"] != "192.0.2.7"
    assert session["address"] not in topology.addresses("nginx")


@pytest.mark.parametrize("service", ["nginx", "gateway-1"])
def test_who_faces_strangers_cannot_reach_the_data(topology, service):
    for data, port in (("mariadb-1", 3306), ("mariadb-2", 3306), ("redis-1", 6379)):
        for address in topology.addresses(data):
            assert topology.can_reach("service-1", address, port)
            assert not topology.can_reach(service, address, port)


def test_nginx_reaches_gateways_alone(topology):
    for address in topology.addresses("service-1"):
        assert not topology.can_reach("nginx", address, 8090)
    for address in topology.addresses("etcd-1"):
        assert not topology.can_reach("nginx", address, 2379)


def test_a_service_answers_nobody_without_a_certificate(topology):
    assert topology.can_reach("gateway-1", "service-1", 8090)
    ask = "exec 3<>/dev/tcp/service-1/8090; printf 'PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n' >&3; timeout 3 head -c 9 <&3 | od -An -tx1"
    answer = topology.inside("gateway-1", "bash", "-c", ask).split()
    # In clear a gRPC server begins with the frame of its settings, whose first byte is 0; TLS with a record, an alert.
    assert answer[:1] in ([], ["15"])


def test_no_process_is_root_and_none_can_change_its_image(topology):
    for service in set(topology.services()) - ONE_SHOT:
        assert topology.inside(service, "id", "-u").strip() != "0", service
        assert not topology.inside(service, "touch", "/usr/local/bin/new", check=False), service
        host = topology.state(service)["HostConfig"]
        assert host["ReadonlyRootfs"] and host["CapDrop"] == ["ALL"] and not host["CapAdd"], service


def test_each_container_has_a_numeric_user_and_a_limit_on_its_memory(topology):
    for service in topology.services():
        state = topology.state(service)
        assert state["HostConfig"]["Memory"] > 0, service
        if service != "secrets":
            assert state["Config"]["User"].replace(":", "").isdigit(), service


def test_the_program_tells_the_commit_that_it_was_built_of(topology):
    assert f" (commit {COMMIT})\n" in topology.inside("service-1", "userinfo", "--version")


def test_no_secret_stands_in_a_container_s_description(topology):
    password = topology.inside("service-1", "cat", "/run/secrets/mariadb.password")
    key = topology.inside("service-1", "cat", "/run/secrets/master.key")
    for service in topology.services():
        description = str(topology.state(service))
        assert password not in description and key not in description, service


@pytest.mark.parametrize("service", ["gateway-1", "service-1", "etcd-1", "redis-1"])
def test_one_of_several_may_die(topology, browser, service):
    succeeded(browser.post(PROFILE, form={"username": "Ada"}))
    with without(topology, service):
        wait_until(lambda: can_write(browser) and can_read(browser), f"served without {service}", seconds=20)


def test_a_primary_that_was_restarted_takes_writes_again(topology, browser):
    succeeded(browser.post(PROFILE, form={"username": "Ada"}))
    with without(topology, "mariadb-1"):
        pass
    wait_until(lambda: can_write(browser), "writes are taken again", seconds=30)


def test_what_was_written_outlives_the_containers(topology, person, browser):
    succeeded(browser.post(PROFILE, form={"username": "Ada"}))
    topology.down()
    topology.up()
    wait_until(lambda: topology.is_healthy("nginx"), "nginx is healthy", seconds=60)
    assert granted(browser.get(PROFILE))["username"] == "Ada"


def keep(topology, *words):
    """What it says."""
    return topology.inside("mariadb-keep", "bash", "-c", 'keep "$@" 2>&1', "bash", *words)


@pytest.mark.parametrize("verb", ["switch", "promote"])
def test_who_is_the_primary_already_is_told_so(topology, verb):
    assert keep(topology, verb, "1") == "keep: mariadb-1 is the primary already\n"


def test_there_is_no_server_but_those_that_there_are(topology):
    assert not topology.inside("mariadb-keep", "keep", "promote", "3", check=False)


def ask(topology, number, statement):
    """What that MariaDB server answers its administrator."""
    return topology.inside(f"mariadb-{number}", "mariadb", "--no-defaults", "--socket=/run/mysqld/socket", "-BNe", statement).strip()


def takes_writes(topology, number):
    return ask(topology, number, "SELECT @@global.read_only") == "0"


def position(topology, number):
    return ask(topology, number, "SELECT @@global.gtid_current_pos")


def follow(topology, number, primary):
    """Without `keep`."""
    statement = (SERVERS / "mariadb_follow.sql").read_text()
    password = topology.inside(f"mariadb-{number}", "cat", "/run/secrets/replication.password")
    words = {"primary": f"mariadb-{primary}", "port": "3306", "password": password, "authority": "/run/secrets/authority.pem"}
    for word, value in words.items():
        statement = statement.replace("{" + word + "}", value)
    ask(topology, number, statement)


def times_looked_at(topology, number):
    """How often `keep` has asked that server whether it follows another. Its health check asks, too, every 2 s."""
    return int(ask(topology, number, "SHOW GLOBAL STATUS LIKE 'Com_show_slave_status'").split()[-1])


def test_a_replica_that_has_no_row_of_its_epoch_yet_does_not_end_the_writes(topology):
    epoch = ask(topology, 1, "SELECT epoch FROM userinfo.cluster_state")
    ask(topology, 2, "SET sql_log_bin = 0; DELETE FROM userinfo.cluster_state")
    try:
        enough = times_looked_at(topology, 2) + 8
        wait_until(lambda: times_looked_at(topology, 2) >= enough, "keep has looked at it several times", seconds=30)
        assert takes_writes(topology, 1)
    finally:
        ask(topology, 2, f"SET sql_log_bin = 0; INSERT INTO userinfo.cluster_state (id, epoch, heartbeat) VALUES (1, {epoch}, 0)")


def test_writes_go_on_when_keep_dies_in_the_midst_of_a_switchover(topology, browser):
    succeeded(browser.post(PROFILE, form={"username": "Ada"}))
    topology.kill("mariadb-keep")
    ask(topology, 1, "SET GLOBAL read_only = 1")
    wait_until(lambda: position(topology, 1) == position(topology, 2), "the replica has all changes")
    ask(topology, 2, "STOP SLAVE; RESET SLAVE ALL")
    follow(topology, 1, 2)
    topology.start("mariadb-keep")
    wait_until(lambda: can_write(browser), "writes go on at the server that the other one follows", seconds=30)
    assert takes_writes(topology, 2)
    assert "mariadb-1 takes writes" in keep(topology, "switch", "1")


def has_account(topology, number, person):
    """Without a table it has none, either."""
    try:
        return ask(topology, number, f"SELECT COUNT(*) FROM userinfo.login_identifier WHERE value = '{person.email}'") == "1"
    except DockerFailed:
        return False


def test_a_replica_is_promoted_when_the_primary_hangs(topology, server, browser):
    succeeded(browser.post(PROFILE, form={"username": "Ada"}))
    topology.pause("mariadb-1")
    wait_until(lambda: can_read(browser), "reads go on without a primary", seconds=20)
    assert "mariadb-2 takes writes" in keep(topology, "promote", "2")
    wait_until(lambda: can_write(browser), "writes go on at the new primary", seconds=30)
    assert topology.inside("mariadb-keep", "keep", "check", check=False)
    # The former one wakes up and takes writes, which nobody sends, until it is told not to.
    topology.unpause("mariadb-1")
    wait_until(lambda: not takes_writes(topology, 1), "the former primary takes no writes", seconds=20)
    assert takes_writes(topology, 2)
    wait_until(lambda: topology.is_healthy("mariadb-1"), "the former primary runs", seconds=60)
    person = Person.registered(server)
    assert [has_account(topology, number, person) for number in (1, 2)] == [False, True]
    refused(person.register(Client(server)), 409, 200001)


def test_a_former_primary_whose_data_were_removed_follows(topology, server):
    topology.compose("stop", "mariadb-1")
    topology.compose("run", "--rm", "--no-deps", "mariadb-1", "rm", "-rf", "/var/lib/mysql/data")
    topology.up()
    person = Person.registered(server)
    wait_until(lambda: has_account(topology, 1, person), "it has what the new primary has", seconds=60)
    assert [takes_writes(topology, number) for number in (1, 2)] == [False, True]


def test_no_secret_of_anybody_is_in_the_logs(topology, server, tmp_path):
    logs = tmp_path / "logs"
    logs.write_text(topology.logs())
    assert server.secrets.found_in(logs) == []
