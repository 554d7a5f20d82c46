"""More passwords at once than can be hashed: some are told to come again, and everything else goes on"""

import threading

import pytest

from client import Client
from expect import granted, refused, succeeded
from figures import figures
from people import Person, new_password
from server import Server
from waiting import at_once, map_at_once

CROWD = 12


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """With one slow thread for passwords, and one place to wait."""
    folder = tmp_path_factory.mktemp("server")
    server = Server(folder, PASSWORDS_QUEUE="1", PASSWORDS_THREADS="1", PASSWORDS_ITERATIONS="12").start()
    yield server
    server.finish()


def turned_away(replies, code):
    """Of all the replies, those with 503; there are some, and some others."""
    found = [reply for reply in replies if reply.status == 503]
    assert 0 < len(found) < len(replies), [reply.status for reply in replies]
    for reply in found:
        refused(reply, 503, code)
        assert int(reply.header("Retry-After")) >= 1
    return found


def test_some_registers_are_turned_away(server, stranger):
    people = [Person.unknown() for _ in range(CROWD)]
    replies = map_at_once(lambda person: person.register(Client(server)), people)
    turned_away(replies, 200002)
    for person, reply in zip(people, replies):
        refused(person.log_in(stranger), 401, 200007) if reply.status == 503 else succeeded(person.log_in(stranger))


def test_some_log_ins_are_turned_away_known_and_unknown_alike(server, person):
    people = [person, Person.unknown()] * (CROWD // 2)
    replies = map_at_once(lambda one: one.log_in(Client(server)), people)
    turned_away(replies, 200005)
    assert {reply.status for reply in replies} <= {200, 401, 503}


@pytest.mark.parametrize("change", ["password", "deletion"])
def test_some_changes_to_accounts_are_turned_away_and_change_nothing(server, change):
    people = [Person.registered(server) for _ in range(CROWD)]
    apps = [person.app(server) for person in people]

    def act(app, person):
        if change == "deletion":
            return app.delete("/api/account", form={"password": person.password})
        form = {"current_password": person.password, "new_password": new_password()}
        return app.post("/api/account/password", form=form)

    replies = map_at_once(act, apps, people)
    code = [reply.code for reply in replies if reply.status == 503][0]
    turned_away(replies, code)
    for app, person, reply in zip(apps, people, replies):
        if reply.status == 503:
            granted(app.get("/api/account"))
            succeeded(person.log_in(Client(server)))


def test_a_flood_of_log_ins_does_not_stop_the_reading_of_profiles(server, app):
    granted(app.post("/api/user/profile", form={"username": "Ada"}))
    over = threading.Event()

    def flood():
        client = Client(server)
        while not over.is_set():
            Person.unknown().log_in(client)

    def read():
        try:
            for _ in range(100):
                granted(app.get("/api/user/profile"))
        finally:
            over.set()

    at_once([read, *[flood] * 6])


def test_the_refusals_are_counted(server):
    before = figures(server)["userinfo_password_queue_refused_total"]
    people = [Person.unknown() for _ in range(CROWD)]
    replies = map_at_once(lambda one: one.log_in(Client(server)), people)
    after = figures(server)["userinfo_password_queue_refused_total"]
    assert after - before == len(turned_away(replies, 200005))


def test_afterwards_all_is_well(server):
    succeeded(Person.registered(server).log_in(Client(server)))
