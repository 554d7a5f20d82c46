"""A disk on which nothing can be written: writes are refused whole, reads go on, and afterwards all is as before"""

import json
import resource
from contextlib import contextmanager

import pytest

from client import Client
from database import rows
from expect import alive, granted, succeeded
from figures import figures
from people import Person, new_password, refresh
from waiting import at_once, map_at_once, wait_until

pytestmark = pytest.mark.embedded

PROFILE = "/api/user/profile"


@pytest.fixture
def server(make_server):
    return make_server()


@contextmanager
def no_file_larger_than(server, size):
    """As long as it lasts, the server cannot write beyond that place of any file: not its data, and not its log."""
    pids, unlimited = [role.process.pid for role in server.roles], resource.RLIM_INFINITY
    for pid in pids:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, unlimited))
    try:
        yield
    finally:
        if server.running:
            for pid in pids:
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (unlimited, unlimited))


@contextmanager
def full_disk(server):
    with no_file_larger_than(server, 0):
        yield


def wal_size(server):
    return (server.data / (server.database_file.name + "-wal")).stat().st_size


def unavailable(reply):
    assert reply.status == 503 and reply.data is None, reply
    assert int(reply.header("Retry-After")) >= 1
    assert reply.cookies == {}


def with_profile(server, person):
    app = person.app(server)
    succeeded(app.post(PROFILE, form={"username": "before"}))
    return app


def test_every_kind_of_write_is_refused_and_leaves_nothing_behind(server, person):
    app, other = with_profile(server, person), person.app(server)
    newcomer = Person.unknown()
    (session,) = [each for each in granted(app.get("/api/account/sessions"))["sessions"] if not each["current"]]
    device, *_ = granted(app.get("/api/account/devices"))["devices"]
    before = rows(server)
    change = {"current_password": person.password, "new_password": new_password()}
    with full_disk(server):
        unavailable(newcomer.register(Client(server)))
        unavailable(person.log_in(Client(server)))
        unavailable(app.put(PROFILE, form={"username": "after"}))
        unavailable(app.delete(PROFILE))
        unavailable(app.post("/api/account/password", form=change))
        unavailable(app.delete(f"/api/account/sessions/{session['id']}"))
        unavailable(app.delete("/api/account/sessions"))
        unavailable(app.delete(f"/api/account/devices/{device['id']}"))
        unavailable(refresh(server, other.refresh_token))
        unavailable(app.delete("/api/account", form={"password": person.password}))
        unavailable(app.post("/api/account/logout"))
        assert rows(server) == before
    alive(app)
    alive(other)
    succeeded(person.log_in(Client(server)))
    succeeded(newcomer.register(Client(server)))


def test_reads_go_on(server, person):
    app = with_profile(server, person)
    with full_disk(server):
        for _ in range(3):
            unavailable(app.put(PROFILE, form={"username": "after"}))
            reply = app.get(PROFILE)
            assert granted(reply)["username"] == "before" and reply.header("ETag") == '"1"'
            alive(app)
        succeeded(Client(server).get("/healthz"))
        assert Client(server, management=True).get("/readyz").status == 200
        assert figures(server)["userinfo_log_lines_lost_total"] > 0


def test_writes_succeed_again_without_a_restart(server, person):
    app = with_profile(server, person)
    for number in range(2, 5):
        with full_disk(server):
            unavailable(app.put(PROFILE, form={"username": "never"}))
        reply = succeeded(app.put(PROFILE, form={"username": f"name {number}"}))
        assert reply.header("ETag") == f'"{number}"'
        assert granted(app.get(PROFILE))["username"] == f"name {number}"


@pytest.mark.parametrize("room", [1, 100, 4000, 5000, 9000])
def test_a_write_that_stops_in_the_middle_leaves_nothing_behind(server, person, room):
    app = with_profile(server, person)
    before = rows(server)
    with no_file_larger_than(server, wal_size(server) + room):
        replies = [app.put(PROFILE, form={"username": f"name {number}"}) for number in range(2, 8)]
    written = [reply for reply in replies if reply.status == 200]
    for reply in replies[len(written) :]:
        unavailable(reply)
    assert len(written) < len(replies)
    reply = app.get(PROFILE)
    assert reply.header("ETag") == f'"{1 + len(written)}"'
    after = rows(server)
    assert (after["profile"], after["account"]) == (before["profile"], before["account"])
    succeeded(app.put(PROFILE, form={"username": "at last"}))
    server.kill()
    server.start()
    reply = app.get(PROFILE)
    assert (granted(reply)["username"], reply.header("ETag")) == ("at last", f'"{2 + len(written)}"')


def test_all_that_were_to_be_committed_together_are_told(server):
    apps = [with_profile(server, Person.registered(server)) for _ in range(8)]
    write = lambda app: app.put(PROFILE, form={"username": "after"})
    with full_disk(server):
        for reply in map_at_once(write, apps):
            unavailable(reply)
    for app in apps:
        assert granted(app.get(PROFILE))["username"] == "before"
    for reply in map_at_once(write, apps):
        succeeded(reply)


def test_a_log_in_that_was_refused_opened_no_session(server, person):
    app = person.app(server)
    with full_disk(server):
        for reply in at_once([lambda: person.log_in(Client(server))] * 4):
            unavailable(reply)
        unavailable(Person(person.email, new_password()).log_in(Client(server)))  # what is not audited is not done
    assert len(granted(app.get("/api/account/sessions"))["sessions"]) == 1


def test_a_line_of_the_log_that_was_cut_short_does_not_spoil_the_next(server):
    client = Client(server)
    with no_file_larger_than(server, server.log_file.stat().st_size + 100):
        succeeded(client.get("/healthz", headers={"X-Request-Id": "cut-short"}))
        wait_until(lambda: figures(server)["userinfo_log_lines_lost_total"] > 0, "a line is lost")
    succeeded(client.get("/healthz", headers={"X-Request-Id": "whole-again"}))
    wait_until(lambda: "whole-again" in server.log_file.read_text(), "a new line")
    (line,) = [line for line in server.log_file.read_text().splitlines() if "whole-again" in line]
    assert json.loads(line)["request_id"] == "whole-again"


def test_stops_in_order_on_a_full_disk_and_starts_again(server, person):
    app = with_profile(server, person)
    with full_disk(server):
        unavailable(app.put(PROFILE, form={"username": "after"}))
        server.stop()
    server.start()
    assert granted(app.get(PROFILE))["username"] == "before"
