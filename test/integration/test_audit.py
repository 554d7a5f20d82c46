"""What matters for security is recorded, without secrets and without what people typed"""

import contextlib
import json
import queue
import signal
import sqlite3
import subprocess
import threading
import time
import uuid
from contextlib import closing
from datetime import datetime, timedelta, timezone

import pytest

from client import Client
from database import change, query
from expect import failed, granted, refused, succeeded
from people import NOBODYS_ID, Person, new_email, new_password, refresh
from program import PROGRAM, START_SECONDS, STOP_SECONDS, first_line
from server import Server


def events(server, account_id):
    """(type, succeeded, reason) of all that happened to an account, in order."""
    statement = "SELECT type, succeeded, reason FROM audit_event WHERE subject = ? ORDER BY id"
    return query(server, statement, uuid.UUID(account_id).bytes)


def rows(server):
    with closing(sqlite3.connect(server.database_file, timeout=10)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute("SELECT * FROM audit_event ORDER BY id")]


@pytest.fixture
def account_id(app):
    return granted(app.get("/api/account"))["account_id"]


def types(server, account_id):
    return [kind for kind, _, _ in events(server, account_id)]


@pytest.mark.embedded
def test_records_register_and_log_in(server, account_id):
    assert types(server, account_id) == ["register", "log_in"]
    assert all(succeeded for _, succeeded, _ in events(server, account_id))


@pytest.mark.embedded
def test_records_the_inner_reason_of_a_failed_log_in(server, person, account_id, stranger):
    refused(Person(person.email, new_password()).log_in(stranger), 401, 200007)
    assert events(server, account_id)[-1] == ("log_in", 0, "wrong_password")
    refused(Person.unknown().log_in(stranger), 401, 200007)
    last = rows(server)[-1]
    assert (last["type"], last["succeeded"], last["reason"], last["subject"]) == ("log_in", 0, "unknown_account", None)


@pytest.mark.embedded
def test_records_refresh_its_reuse_and_log_out(server, person, app, account_id):
    second = granted(refresh(server, app.refresh_token))["refresh_token"]
    granted(refresh(server, second))
    assert types(server, account_id)[2:] == ["refresh", "refresh"]
    change(server, "UPDATE session SET rotated_at = rotated_at - 31000000")
    refused(refresh(server, app.refresh_token), 401, 200008)
    assert events(server, account_id)[-1][:2] == ("refresh_reuse", 0)
    succeeded(person.browser(server).post("/api/account/logout"))
    assert types(server, account_id)[-2:] == ["log_in", "log_out"]


@pytest.mark.embedded
def test_records_what_a_user_does_to_the_account(server, person, app, account_id):
    for _ in range(2):
        person.browser(server)
    succeeded(app.delete("/api/account/sessions"))
    assert types(server, account_id)[-3:] == ["log_in", "session_end", "session_end"]
    new = new_password()
    changed = app.post("/api/account/password", form={"current_password": person.password, "new_password": new})
    app.bearer = granted(changed)["access_token"]
    assert types(server, account_id)[-1] == "password_change"
    refused(app.delete("/api/account", form={"password": person.password}), 403, 200013)
    succeeded(app.delete("/api/account", form={"password": new}))
    assert events(server, account_id)[-1][:2] == ("delete_account", 1)


@pytest.mark.embedded
def test_records_which_session_ended(server, person, app):
    person.browser(server)
    succeeded(app.delete("/api/account/sessions"))
    own, other = [row["session"] for row in rows(server) if row["type"] == "log_in"][-2:]
    ended = [row["session"] for row in rows(server) if row["type"] == "session_end"][-1]
    assert ended == other != own


@pytest.mark.embedded
def test_records_the_session_that_one_too_many_ended(make_server):
    server = make_server(SESSIONS_PER_ACCOUNT="1")
    person = Person.registered(server)
    account_id = granted(person.app(server).get("/api/account"))["account_id"]
    person.app(server)
    assert events(server, account_id)[-2:] == [("log_in", 1, ""), ("session_end", 1, "too_many")]
    first, last = [row for row in rows(server) if row["type"] in ("log_in", "session_end")][::2]
    assert first["session"] == last["session"]


@pytest.mark.embedded
def test_records_a_register_of_an_email_that_is_taken_with_its_owner(server, person, account_id, stranger):
    refused(Person(person.email, new_password()).register(stranger), 409, 200001)
    last = rows(server)[-1]
    assert (last["type"], last["succeeded"], last["reason"], last["actor"]) == ("register", 0, "taken", "")
    assert uuid.UUID(bytes=last["subject"]) == uuid.UUID(account_id)


@pytest.mark.embedded
def test_records_a_log_in_to_a_suspended_account(server, person, account_id, stranger):
    server.succeed("user", "suspend", person.email)
    refused(person.log_in(stranger), 403, 200012)
    assert events(server, account_id)[-1] == ("log_in", 0, "suspended")


@pytest.mark.embedded
def test_records_what_an_operator_does_by_their_user_id(server, person):
    new = Person.unknown()
    assert server.run("user", "create", "--email", new.email, typed=new.password).returncode == 0
    for verb in ("suspend", "restore", "delete"):
        server.succeed("user", verb, person.email)
    made = [row for row in rows(server) if row["actor"].startswith("cli:")]
    assert [row["type"] for row in made][-4:] == ["register", "suspend", "restore", "delete_account"]


@pytest.mark.embedded
def test_records_where_a_request_came_from(server, person):
    headers = {"User-Agent": "auditor's browser", "X-Request-Id": "the-request-of-the-audit"}
    granted(Client(server).post("/api/account/login", form=person.credentials, headers=headers))
    (row,) = [row for row in rows(server) if row["request_id"] == "the-request-of-the-audit"]
    assert (row["address"], row["user_agent"]) == ("127.0.0.1", "auditor's browser")


@pytest.mark.embedded
def test_records_no_part_of_a_character(server, person):
    agent = "a" * 254 + "\u20ac"
    headers = {"User-Agent": agent.encode(), "X-Request-Id": "the-request-of-the-long-agent"}
    granted(Client(server).post("/api/account/login", form={**person.credentials, "tokens": "body"}, headers=headers))
    (row,) = [row for row in rows(server) if row["request_id"] == "the-request-of-the-long-agent"]
    assert row["user_agent"] == "a" * 254


@pytest.mark.embedded
def test_prints_nothing_that_steers_a_terminal(server, person, app):
    agent = "\u009b31m\u202eevil\u2066\u200b\u2028\ufeff\U000e0041"
    form = {"email": person.email, "password": new_password()}
    refused(Client(server).post("/api/account/login", form=form, headers={"User-Agent": agent.encode()}), 401, 200007)
    text = server.succeed("audit", "--account", person.email)
    assert all(character.isprintable() for character in text.replace("\n", ""))
    assert json.loads(text.splitlines()[-1])["user_agent"] == agent


@pytest.mark.embedded
def test_records_no_secret_and_no_typed_identifier(server, person, stranger, tmp_path):
    Person(person.email, new_password()).log_in(stranger)
    Person.unknown().log_in(stranger)
    file = tmp_path / "audit"
    file.write_text("\n".join(str(row) for row in rows(server)))
    assert server.secrets.found_in(file) == []


def printed(server, *arguments):
    """The events that `userinfo audit` prints."""
    return [json.loads(line) for line in server.succeed("audit", *arguments).splitlines()]


@pytest.mark.embedded
def test_prints_all_columns_of_all_events_the_oldest_first(server, person, account_id, stranger):
    refused(Person(person.email, new_password()).log_in(stranger), 401, 200007)
    shown = printed(server)
    assert [event["id"] for event in shown] == [row["id"] for row in rows(server)]
    last, row = shown[-1], rows(server)[-1]
    assert list(last) == [
        *("id", "time", "type", "succeeded", "reason", "actor", "account", "session"),
        *("address", "user_agent", "request_id", "details"),
    ]
    assert datetime.fromisoformat(last["time"]) == datetime.fromtimestamp(0, timezone.utc) + timedelta(
        microseconds=row["occurred_at"]
    )
    assert last["account"] == account_id and last["succeeded"] is False and last["reason"] == "wrong_password"
    for name in ("type", "reason", "actor", "session", "address", "user_agent", "request_id", "details"):
        assert last[name] == row[name]


def test_prints_the_events_of_an_account_by_email_or_id_also_after_its_end(server, person, account_id):
    by_email = printed(server, "--account", person.email)
    assert [event["type"] for event in by_email] == ["register", "log_in"]
    assert printed(server, "--account", account_id) == by_email
    server.succeed("user", "delete", person.email)
    assert [event["type"] for event in printed(server, "--account", account_id)] == [
        "register",
        "log_in",
        "delete_account",
    ]
    assert printed(server, "--account", NOBODYS_ID) == []


def test_prints_the_events_of_a_type_and_since_a_time(server, person, app, account_id):
    last = printed(server, "--account", account_id)[-1]
    assert printed(server, "--account", account_id, "--type", "log_in") == [last]
    assert {event["type"] for event in printed(server, "--type", "register")} == {"register"}
    assert printed(server, "--since", last["time"]) == [last]
    assert printed(server, "--since", last["time"].replace("Z", "+00:00"), "--account", account_id) == [last]
    assert printed(server, "--since", "1h") == printed(server)
    assert printed(server, "--since", "2999-01-01T00:00:00Z") == []


class Follower:
    """`userinfo audit --follow` beside a server, and the events that it prints."""

    def __init__(self, server, *arguments):
        command = [PROGRAM, "audit", "--follow", *arguments]
        self.process = subprocess.Popen(command, env=server.environment(), stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def next(self):
        line = first_line(self.process.stdout)
        assert line, "no event comes"
        return json.loads(line)

    def rest(self):
        return self.process.stdout.read()

    def wait(self):
        return self.process.wait(STOP_SECONDS)


def follow_until_it_sees(server, follower, person):
    """Nobody is told when it has begun: log-ins until it prints one."""
    seen = queue.Queue()
    threading.Thread(target=lambda: seen.put(follower.next()), daemon=True).start()
    deadline = time.monotonic() + START_SECONDS
    while True:
        person.app(server)
        with contextlib.suppress(queue.Empty):
            return seen.get(timeout=0.5)
        assert time.monotonic() < deadline


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_follows_what_happens_until_it_is_told_to_stop(server, person, app, account_id, end):
    with Follower(server, "--account", person.email, "--type", "log_in") as follower:
        first = follow_until_it_sees(server, follower, person)
        assert first["account"] == account_id and first["type"] == "log_in"
        before = printed(server, "--account", person.email, "--type", "log_in")
        assert first["id"] > before[0]["id"], "what was there already is not printed"
        Person.registered(server).app(server)
        person.app(server)
        last = printed(server, "--account", person.email, "--type", "log_in")[-1]
        shown = [first]
        while shown[-1] != last:
            shown.append(follower.next())
        follower.process.send_signal(end)
        assert (follower.wait(), follower.rest()) == (0, "")
        of_account = printed(server, "--account", person.email, "--type", "log_in")
        assert shown == of_account[of_account.index(first) :], "each once, in order"


def test_follows_from_a_time_and_prints_each_event_once(server, person, app):
    with Follower(server, "--account", person.email, "--since", "1h") as follower:
        assert [follower.next()["type"] for _ in range(2)] == ["register", "log_in"]
        server.succeed("user", "suspend", person.email)
        assert follower.next()["type"] == "suspend"
        server.succeed("user", "restore", person.email)
        assert follower.next()["type"] == "restore"


def test_following_ends_when_nobody_reads_any_more(server):
    with Follower(server) as follower:
        follower.process.stdout.close()
        assert follower.wait() == 0


@pytest.mark.embedded
def test_following_can_be_stopped_while_its_reader_waits(tmp_path):
    """A pager does not read on: the pipe is full, and the program waits to write."""
    server = Server(tmp_path)
    server.succeed("migrate")
    store_events(server, 5000)
    with Follower(server, "--since", "1970-01-01T00:00:00Z") as follower:
        assert follower.next()["id"] == 1
        follower.process.send_signal(signal.SIGTERM)
        assert follower.wait() == 0


@pytest.mark.parametrize("since", ["yesterday", "2026-11-22", "2026-02-30T00:00:00Z", "-1h", "1"])
def test_refuses_what_is_no_time(server, since):
    failed(server.run("audit", f"--since={since}"), "--since", status=2)


def test_refuses_what_is_no_type_or_no_account(server):
    failed(server.run("audit", "--type", "dance"), "dance", status=2)
    failed(server.run("audit", "--account", new_email()), "no such account")
    failed(server.run("audit", "--account", "nonsense"))


def store_events(server, count):
    columns = "id, occurred_at, type, succeeded, reason, actor, session, address, user_agent, request_id"
    row = f"INSERT INTO audit_event ({columns}) VALUES (?, ?, 'log_in', 1, '', '', '', '', '', '')"
    with closing(sqlite3.connect(server.database_file)) as database, database:
        database.executemany(row, [(number, number // 700) for number in range(1, count + 1)])


@pytest.mark.embedded
def test_prints_more_events_than_one_would_read_at_once(tmp_path):
    server = Server(tmp_path)
    server.succeed("migrate")
    store_events(server, 2501)
    assert [event["id"] for event in printed(server)] == list(range(1, 2502))
    assert len(printed(server, "--type", "log_in")) == 2501
