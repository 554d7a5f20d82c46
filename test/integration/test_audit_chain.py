"""The chain over the audit trail: what `userinfo audit verify` says of a database that somebody tampered with"""

import json
import re
import shutil
import threading

import pytest

from client import Client
from database import change, query
from expect import failed, granted
from figures import figures
from people import Person
from server import Server
from waiting import wait_until

pytestmark = pytest.mark.embedded

RIGHT = re.compile(r"(\d+) events are right, from (\S+) to (\S+?);(?: \d+ are not linked yet;)? head (\d+):([0-9a-f]{64})\n")
OLD = 1_600_000_000_000_000  # a time long ago, in microseconds


def verify(server, *arguments):
    return server.run("audit", "verify", *arguments)


def right(server, *arguments):
    """How many events are right, and the head as PLACE:MAC."""
    result = verify(server, *arguments)
    assert (result.returncode, result.stderr) == (0, ""), result
    match = RIGHT.fullmatch(result.stdout)
    assert match, result.stdout
    return int(match[1]), f"{match[4]}:{match[5]}"


def wrong(server, *words, head=None):
    failed(verify(server, *(["--head", head] if head else [])), *words)


def tamper(server, *statements):
    for statement in statements:
        change(server, statement)


def ask(server, statement):
    ((value,),) = query(server, statement)
    return value


def find_lines(server, words):
    """The lines of the log that have these words."""
    return [line for line in server.storing.log_file.read_text().splitlines() if words in line]


def linked(server):
    """Waits until each event has its place."""
    unlinked = "SELECT COUNT(*) FROM audit_event WHERE id NOT IN (SELECT event_id FROM audit_chain WHERE event_id > 0)"
    wait_until(lambda: ask(server, unlinked) == 0, "all events are linked")


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A data folder with linked events, the last nine of them log-ins, of a server that has stopped."""
    server = Server(tmp_path_factory.mktemp("original")).start()
    person = Person.registered(server)
    for _ in range(9):
        person.app(server)
    server.finish()
    return server.data


@pytest.fixture
def stopped(original, tmp_path):
    """A server on a copy of these data, not running."""
    server = Server(tmp_path)
    shutil.copytree(original, server.data)
    return server


@pytest.fixture
def count(stopped):
    """How many events there are: the id and the place of the last one."""
    return ask(stopped, "SELECT COUNT(*) FROM audit_event")


@pytest.fixture
def at(count):
    """The id and the place of a log-in with others before and behind it."""
    return count - 5


def test_all_is_right_after_a_stop(stopped, count):
    found, head = right(stopped)
    assert found == count == ask(stopped, "SELECT MAX(id) FROM audit_event")
    assert head.startswith(f"{count}:")
    assert right(stopped, "--head", head) == (count, head)


def test_events_are_linked_within_seconds(server, person):
    linked(server)
    count, _ = right(server)
    person.app(server)
    linked(server)
    assert right(server)[0] == count + 1


@pytest.mark.parametrize(
    "change",
    [
        "type = 'log_out'",
        "succeeded = 0",
        "reason = 'x'",
        "actor = ''",
        "subject = NULL",
        "subject = x'00'",
        "session = ''",
        "address = '192.0.2.99'",
        "address = ''",
        "user_agent = 'x'",
        "request_id = 'x'",
        "details = 'x'",
        "occurred_at = occurred_at + 1",
    ],
)
def test_a_changed_event_is_noticed(stopped, at, change):
    tamper(stopped, f"UPDATE audit_event SET {change} WHERE id = {at}")
    wrong(stopped, f"place {at}:", f"event {at}")


def test_a_removed_event_is_noticed(stopped, at):
    tamper(stopped, f"DELETE FROM audit_event WHERE id = {at}")
    wrong(stopped, f"place {at}:", f"event {at}", "missing")


def test_a_removed_place_is_noticed(stopped, at):
    tamper(stopped, f"DELETE FROM audit_event WHERE id = {at}", f"DELETE FROM audit_chain WHERE place = {at}")
    wrong(stopped, f"place {at + 1}:", "missing")
    tamper(stopped, *(f"UPDATE audit_chain SET place = {at + i} WHERE place = {at + 1 + i}" for i in range(5)))
    wrong(stopped, f"place {at}:", f"event {at + 1}")


def test_an_inserted_event_is_noticed(stopped, count):
    new = count + 1
    columns = "occurred_at, type, succeeded, reason, actor, session, address, user_agent, request_id"
    row = f"INSERT INTO audit_event ({columns}) VALUES ({OLD}, 'log_in', 1, '', '', '', '', '', '')"
    tamper(stopped, row)
    wrong(stopped, f"event {new}", "no place")
    columns = "place, event_id, salt, personal, mac"
    place = f"INSERT INTO audit_chain ({columns}) SELECT {{}}, {new}, salt, personal, mac FROM audit_chain WHERE place = 2"
    tamper(stopped, place.format(0))
    wrong(stopped, f"event {new}", "no place")
    tamper(stopped, "DELETE FROM audit_chain WHERE place = 0", place.format(new))
    wrong(stopped, f"place {new}:", f"event {new}")


def swap(server, table, column, one, other):
    steps = [(one, 9999), (other, one), (9999, other)]
    tamper(server, *(f"UPDATE {table} SET {column} = {new} WHERE {column} = {old}" for old, new in steps))


def test_swapped_events_are_noticed(stopped, at):
    swap(stopped, "audit_event", "id", at, at + 1)
    wrong(stopped, f"place {at}:", f"event {at}")


def test_swapped_places_are_noticed(stopped, at):
    swap(stopped, "audit_chain", "place", at, at + 1)
    wrong(stopped, f"place {at}:", f"event {at + 1}")


def test_a_beginning_that_was_cut_off_is_noticed(stopped):
    tamper(stopped, "DELETE FROM audit_event WHERE id <= 5", "DELETE FROM audit_chain WHERE place <= 5")
    wrong(stopped, "place 6:", "missing")


def test_a_made_up_anchor_is_noticed(stopped):
    tamper(
        stopped,
        "DELETE FROM audit_event WHERE id <= 5",
        "DELETE FROM audit_chain WHERE place < 5",
        "UPDATE audit_chain SET event_id = NULL, salt = NULL, anchor = mac WHERE place = 5",
    )
    wrong(stopped, "place 5:", "did not purge")


def test_a_cut_end_is_noticed_by_who_noted_the_head(stopped, count, at):
    _, head = right(stopped)
    tamper(stopped, f"DELETE FROM audit_event WHERE id > {at}", f"DELETE FROM audit_chain WHERE place > {at}")
    assert right(stopped)[0] == at
    wrong(stopped, f"place {count}:", "missing", head=head)


def test_an_end_that_was_made_anew_is_noticed_by_who_noted_the_head(stopped, count, at):
    _, head = right(stopped)
    tamper(stopped, f"UPDATE audit_event SET actor = '' WHERE id > {at}", f"DELETE FROM audit_chain WHERE place > {at}")
    stopped.start()
    linked(stopped)
    stopped.finish()
    assert right(stopped)[0] >= count
    wrong(stopped, f"place {count}:", "noted", head=head)


def test_a_running_server_misses_its_head(make_server):
    server = make_server()
    Person.registered(server)
    linked(server)
    assert figures(server)["userinfo_audit_chain_broken"] == 0
    tamper(server, "DELETE FROM audit_chain WHERE place > 2")
    wait_until(lambda: figures(server)["userinfo_audit_chain_broken"] == 1, "the server misses its head")
    wait_until(lambda: find_lines(server, "the audit chain is broken"), "it is in the log")


def test_the_log_notes_heads_down(server, person):
    linked(server)
    lines = map(json.loads, wait_until(lambda: find_lines(server, "head of the audit chain"), "a head is logged"))
    heads = [f"{line['place']}:{line['mac']}" for line in lines]
    assert heads and all(right(server, "--head", head) for head in heads)


@pytest.mark.parametrize("head", ["nonsense", "1", "1:", "1:00", "x:" + 64 * "0", "0:" + 64 * "0", "1:" + 64 * "g"])
def test_refuses_what_is_no_head(stopped, head):
    failed(verify(stopped, "--head", head), "--head", status=2)


def test_needs_the_master_key(stopped):
    (stopped.data / "master.key").unlink()
    failed(verify(stopped), "master", status=2)
    assert not (stopped.data / "master.key").exists()


def test_an_event_of_a_verb_is_linked_by_the_next_server(stopped, count):
    person = Person.unknown()
    assert stopped.run("user", "create", "--email", person.email, typed=person.password).returncode == 0
    assert "1 are not linked yet" in verify(stopped).stdout
    stopped.start()
    linked(stopped)
    stopped.finish()
    assert right(stopped)[0] > count


def test_dropped_addresses_leave_the_chain_right(stopped, count, at):
    stopped.settings["AUDIT_KEEP_ADDRESSES"] = "1s"
    _, head = right(stopped)
    assert ask(stopped, "SELECT COUNT(*) FROM audit_event WHERE address <> ''") == 10
    stopped.start()
    wait_until(lambda: ask(stopped, "SELECT COUNT(*) FROM audit_event WHERE address <> ''") == 0, "no address is left")
    assert ask(stopped, "SELECT COUNT(*) FROM audit_event WHERE user_agent <> ''") == 0
    linked(stopped)
    stopped.finish()
    assert right(stopped, "--head", head)[0] >= count
    tamper(stopped, f"UPDATE audit_event SET address = '192.0.2.99' WHERE id = {at}")
    wrong(stopped, f"place {at}:", "address")


def test_purged_events_leave_the_chain_right(stopped, count):
    stopped.settings |= {"AUDIT_KEEP": "1s", "AUDIT_KEEP_ADDRESSES": "1s"}
    _, head = right(stopped)
    stopped.start()
    wait_until(lambda: ask(stopped, f"SELECT COUNT(*) FROM audit_event WHERE id <= {count}") == 0, "no event is left")
    Person.registered(stopped)
    linked(stopped)
    assert right(stopped, "--head", head)[0] >= 1
    wrong(stopped, "place 3:", "purged", head="3:" + 64 * "0")
    stopped.finish()
    tamper(stopped, "DELETE FROM audit_chain WHERE event_id IS NULL")
    wrong(stopped, "missing")


def test_verifies_beside_a_server_under_load(server, person):
    done = threading.Event()

    def load():
        while not done.is_set():
            granted(Client(server).post("/api/account/login", form={**person.credentials, "tokens": "body"}))

    threads = [threading.Thread(target=load) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        before = right(server)[0]
        wait_until(lambda: right(server)[0] > before + 20, "verifications see the chain grow", seconds=60)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    linked(server)
    assert right(server)[0] == ask(server, "SELECT COUNT(*) FROM audit_event")


def test_the_help_says_what_it_proves():
    text = Server("/nonexistent").run("audit", "verify", "--help").stdout
    assert "master key" in text and "does not prove" in text
