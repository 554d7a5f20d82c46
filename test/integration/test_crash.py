"""kill -9 under load, again and again: what the server has acknowledged is there after the restart"""

import random
import threading
from dataclasses import dataclass, field

import pytest
import requests

from client import Client
from expect import alive, granted, refused, succeeded
from people import Person
from server import Server
from waiting import wait_until

ROUNDS = 6
WRITERS = 6
PROFILE = "/api/user/profile"


@dataclass
class Acknowledged:
    """What the server has said that it did for one person."""

    person: Person
    app: Client = None
    logged_out: list = field(default_factory=list)
    username: str = None
    version: int = 0
    tried: str = None  # the username of the last update that was sent


class Writer(threading.Thread):
    """Registers people and changes their profiles until the server is gone."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server = server
        self.people = []
        self.writes = 0
        self.problem = None

    def run(self):
        try:
            while True:
                self.live_one_life()
        except requests.exceptions.RequestException:
            pass
        except AssertionError as problem:
            self.problem = problem

    def acknowledge(self, reply):
        assert reply.status == 200, reply
        self.writes += 1
        return reply

    def live_one_life(self):
        person = Person.unknown()
        self.acknowledge(person.register(Client(self.server)))
        known = Acknowledged(person)
        self.people.append(known)
        passing = person.app(self.server)
        self.acknowledge(passing.post("/api/account/logout"))
        known.logged_out.append(passing)
        known.app = person.app(self.server)
        for number in range(10):
            self.write_profile(known, f"name {number}")

    def write_profile(self, known, username):
        known.tried = username
        method = "PUT" if known.version else "POST"
        reply = self.acknowledge(known.app.request(method, PROFILE, form={"username": username}))
        known.username, known.version = username, int(reply.header("ETag").strip('"'))


def write_until_killed(server):
    """What was acknowledged before the end came."""
    writers = [Writer(server) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    enough = random.randint(20, 80)
    wait_until(lambda: sum(writer.writes for writer in writers) >= enough, f"{enough} writes", seconds=30, every=0.001)
    server.kill()
    for writer in writers:
        writer.join(30)
        assert not writer.is_alive() and writer.problem is None, writer.problem
    return [known for writer in writers for known in writer.people]


def verify(server, known):
    succeeded(known.person.log_in(Client(server)))
    for session in known.logged_out:
        refused(session.get("/api/account"), 401, 200008)
    if known.app:
        alive(known.app)
    if known.version:
        verify_profile(known)


def verify_profile(known):
    """It is as it was acknowledged, or one version on: the last write may have happened although nobody was told."""
    reply = known.app.get(PROFILE)
    found = int(reply.header("ETag").strip('"')), granted(reply)["username"]
    assert found in ((known.version, known.username), (known.version + 1, known.tried))
    known.version, known.username = found


@pytest.mark.listener
def test_a_crash_under_load_loses_no_acknowledged_write(tmp_path):
    server = Server(tmp_path)
    everybody = []
    for _ in range(ROUNDS):
        server.start()
        lost_nothing = everybody[-30:]
        for known in lost_nothing:
            verify(server, known)
        everybody += write_until_killed(server)
    server.start()
    for known in everybody:
        verify(server, known)
    assert len(everybody) >= ROUNDS
    server.finish()


def test_a_crash_right_after_the_first_start_leaves_what_a_second_can_go_on_with(tmp_path):
    server = Server(tmp_path)
    for _ in range(3):
        server.start()
        server.kill()
    server.start()
    person = Person.registered(server)
    server.kill()
    server.start()
    succeeded(person.log_in(Client(server)))
    server.finish()
