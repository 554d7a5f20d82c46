"""The time of a log-in does not tell who has an account.

Two groups of log-ins are sent in turns, one after the other, so that what else the machine does meets both alike. The
statistic is A, the share of pairs (one time of each group) in which the first group's is longer, ties counting half: 0.5
if the groups have the same distribution, 1 or 0 if one look tells them apart (Vargha and Delaney, 2000). With SAMPLES of
each its standard error is 0.04 for equal groups, so that equal ones miss LIMIT with a chance of about 1 in a million; a
missing dummy hash gives 1.0.
"""

import time

import pytest

from client import Client
from database import change, query
from people import Person, new_password
from server import Server

pytestmark = pytest.mark.alone

SAMPLES = 100
LIMIT = 0.2  # |A - 0.5|
FLOOR_SECONDS = 0.05
WORK = {"PASSWORDS_MEMORY": "19456", "PASSWORDS_ITERATIONS": "2"}
OLD_PARAMETERS = {"PASSWORDS_MEMORY": "7168", "PASSWORDS_ITERATIONS": "1"}
DEAR_PARAMETERS = {"PASSWORDS_MEMORY": "49152", "PASSWORDS_ITERATIONS": "2"}


@pytest.fixture(scope="module")
def without_floor(tmp_path_factory):
    """A server whose log-ins take the time of their work: here a missing dummy hash shows itself."""
    server = Server(tmp_path_factory.mktemp("without_floor"), PASSWORDS_LOG_IN_FLOOR="0ms", **WORK).start()
    yield server
    server.finish()


@pytest.fixture(scope="module")
def by_default(tmp_path_factory):
    """A server with the usual floor, where somebody's password was hashed with older, weaker parameters."""
    server = Server(tmp_path_factory.mktemp("by_default"), **OLD_PARAMETERS).start()
    server.outdated = Person.registered(server)
    server.stop()
    server.settings.update(WORK)
    server.start()
    yield server
    server.finish()


class Group:
    """Log-ins of one kind, and how long each took. All are with one email address, so that those of an account and those
    of nobody both count up failures that are there. Each has a connection of its own, so that no group has the better
    thread of the server."""

    def __init__(self, server, person=None, status=401, device=None):
        self.server = server
        self.email = (person or Person.unknown()).email
        self.status = status
        self.cookies = {"device": device} if device else {}
        self.seconds = []

    def log_in(self):
        client = Client(self.server, cookies=dict(self.cookies))
        tried = Person(self.email, new_password())
        begin = time.perf_counter()
        reply = tried.log_in(client)
        self.seconds.append(time.perf_counter() - begin)
        assert reply.status == self.status, reply


def share_of_longer(first, second):
    pairs = [(a > b) + (a == b) / 2 for a in first for b in second]
    return sum(pairs) / len(pairs)


def indistinguishable(first, second):
    for group in (first, second):
        group.log_in()
        group.seconds.clear()  # the first one begins the count of failures
    for number in range(SAMPLES):
        for group in (first, second) if number % 2 else (second, first):
            group.log_in()
    share = share_of_longer(first.seconds, second.seconds)
    assert abs(share - 0.5) <= LIMIT, f"A = {share:.2f}"


def suspended_person(server):
    person = Person.registered(server)
    server.succeed("user", "suspend", person.email)
    return person


def test_the_statistic_tells_what_differs_from_what_does_not():
    same = [0.001 * n for n in range(SAMPLES)]
    assert share_of_longer(same, same) == 0.5
    assert share_of_longer([seconds + 1 for seconds in same], same) == 1
    assert share_of_longer([1, 2], [3]) == 0


def test_an_unknown_account_takes_as_long_as_a_wrong_password(without_floor):
    indistinguishable(Group(without_floor), Group(without_floor, Person.registered(without_floor)))


def test_a_suspended_account_takes_as_long_as_an_unknown_one(without_floor):
    indistinguishable(Group(without_floor, suspended_person(without_floor)), Group(without_floor))


def test_an_account_with_a_hash_of_older_parameters_takes_as_long_as_an_unknown_one(by_default):
    indistinguishable(Group(by_default, by_default.outdated), Group(by_default))


@pytest.fixture(scope="module")
def after_lowering(tmp_path_factory):
    """A server without a floor of its own, whose operator has lowered the parameters: one password was hashed with the
    former, dearer ones, another one with still older, weaker ones."""
    server = Server(tmp_path_factory.mktemp("after_lowering"), PASSWORDS_LOG_IN_FLOOR="0ms")
    server.people = {}
    for kind, parameters in (("weaker", OLD_PARAMETERS), ("dearer", DEAR_PARAMETERS)):
        server.settings.update(parameters)
        server.start()
        server.people[kind] = Person.registered(server)
        server.stop()
    server.settings.update(WORK)
    server.start()
    yield server
    server.finish()


@pytest.mark.parametrize("kind", ["dearer", "weaker"])
def test_an_account_takes_as_long_as_an_unknown_one_whatever_its_hash(after_lowering, kind):
    indistinguishable(Group(after_lowering, after_lowering.people[kind]), Group(after_lowering))


@pytest.mark.embedded
def test_an_account_with_a_hash_that_nobody_can_check_takes_as_long_as_an_unknown_one(without_floor):
    person = Person.registered(without_floor)
    by_key = "(SELECT account_id FROM login_identifier WHERE value = ?)"
    change(without_floor, f"UPDATE credential SET data = '$2b$12$abcdefghijklmnopqrstuv' WHERE account_id = {by_key}", person.email)
    indistinguishable(Group(without_floor, person), Group(without_floor))


def test_no_log_in_is_answered_before_the_floor(by_default):
    for person in (None, by_default.outdated, Person.registered(by_default), suspended_person(by_default)):
        group = Group(by_default, person)
        group.log_in()
        assert group.seconds[0] >= FLOOR_SECONDS


def throttled(server, person):
    """A group whose identifier has to wait for an hour."""
    Group(server, person).log_in()
    (key,) = new_keys(server)
    hour = int((time.time() + 3000) * 1e6)
    change(server, "UPDATE throttle SET failures = 1000, blocked_until = ? WHERE id = ?", hour, key)
    return Group(server, person, status=429)


seen_keys = set()


def new_keys(server):
    keys = {key for (key,) in query(server, "SELECT id FROM throttle")}
    new = keys - seen_keys
    seen_keys.update(keys)
    return new


@pytest.mark.parametrize("of_somebody_else", [True, False])
def test_a_device_that_proves_nothing_takes_as_long_as_none(without_floor, of_somebody_else):
    person, other = Person.registered(without_floor), Person.registered(without_floor)
    device = other.browser(without_floor).cookies["device"] if of_somebody_else else "A" * 144
    indistinguishable(Group(without_floor, person, device=device), Group(without_floor, person))


def test_a_throttled_account_takes_as_long_as_a_throttled_identifier_of_nobody(make_server):
    server = make_server(ATTEMPTS_FREE_FAILURES="5", PASSWORDS_LOG_IN_FLOOR="0ms")
    known, unknown = throttled(server, Person.registered(server)), throttled(server, Person.unknown())
    indistinguishable(known, unknown)
