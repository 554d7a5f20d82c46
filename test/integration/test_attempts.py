"""Limits on attempts, with the program's own defaults"""

import time

import pytest

from client import Client
from database import change
from expect import failed, granted, refused, succeeded
from people import Person, new_password
from server import Server
from waiting import wait_until

DEFAULTS = {
    "ATTEMPTS_CHECKS_PER_MINUTE": None,
    "ATTEMPTS_CHECKS_BURST": None,
    "ATTEMPTS_REGISTERS_PER_MINUTE": None,
    "ATTEMPTS_REGISTERS_BURST": None,
    "ATTEMPTS_FREE_FAILURES": None,
}
# Sources are told apart by X-Forwarded-For, as behind a proxy.
BEHIND_PROXY = {"HTTP_TRUSTED_PROXIES": "127.0.0.1"}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("server"), **DEFAULTS, **BEHIND_PROXY).start()
    yield server
    server.finish()


class At:
    """A client at an address of its own."""

    def __init__(self, server, address):
        self.client = Client(server)
        self.address = address

    def register(self, person):
        return self.send("POST", "/api/account/register", person.credentials)

    def log_in(self, person, password=None):
        return self.send("POST", "/api/account/login", {"email": person.email, "password": password or person.password})

    def send(self, method, path, form):
        return self.client.request(method, path, form=form, headers={"X-Forwarded-For": self.address})


def too_many(reply, at_least=1, at_most=3600):
    refused(reply, 429, 200010)
    assert at_least <= int(reply.header("Retry-After")) <= at_most, reply.header("Retry-After")


def refused_after(attempt, burst, seconds_each):
    """Attempts until one is refused: no fewer than the burst, and no more than that and what flowed back meanwhile."""
    begin = time.monotonic()
    for number in range(burst * 20):
        reply = attempt(number)
        if reply.status == 429:
            break
    assert burst <= number <= burst + (time.monotonic() - begin) / seconds_each + 1
    too_many(reply, at_most=seconds_each)


@pytest.mark.listener
def test_a_source_registers_ten_accounts_at_once_and_then_waits(server):
    at = At(server, "192.0.2.1")
    refused_after(lambda _: at.register(Person.unknown()), burst=10, seconds_each=6)
    succeeded(At(server, "192.0.2.2").register(Person.unknown()))


@pytest.mark.listener
def test_a_source_tries_twenty_passwords_at_once_and_then_waits(server):
    at = At(server, "192.0.2.3")
    refused_after(lambda _: at.log_in(Person.unknown()), burst=20, seconds_each=2)
    refused(At(server, "192.0.2.4").log_in(Person.unknown()), 401, 200007)


@pytest.mark.listener
def test_a_whole_ipv6_subscriber_is_one_source(server):
    refused_after(
        lambda number: At(server, f"2001:db8:1:1:{number:x}::1").log_in(Person.unknown()), burst=20, seconds_each=2
    )
    refused(At(server, "2001:db8:1:2::1").log_in(Person.unknown()), 401, 200007)


@pytest.mark.listener
@pytest.mark.parametrize(
    "source, neighbour",
    [
        ("192.0.2.20:{port}", "192.0.2.21:1"),
        ("fe80::1:{port}%eth0", "fe80:0:0:1::1%eth0"),
        ("64:ff9b::192.0.2.22", "64:ff9b::192.0.2.23"),
        ("::ffff:192.0.2.24", "::ffff:192.0.2.25"),
    ],
)
def test_a_source_is_one_however_a_proxy_writes_it_and_its_neighbour_another(server, source, neighbour):
    refused_after(
        lambda number: At(server, source.format(port=1000 + number)).log_in(Person.unknown()), burst=20, seconds_each=2
    )
    refused(At(server, neighbour).log_in(Person.unknown()), 401, 200007)


def test_what_is_malformed_or_forbidden_costs_no_attempt(server):
    at = At(server, "192.0.2.5")
    for _ in range(30):
        assert at.register(Person("nonsense", new_password())).status == 400
        assert at.register(Person(Person.unknown().email, "password1")).status == 400
    succeeded(at.register(Person.unknown()))


@pytest.mark.listener
@pytest.mark.parametrize("known", [True, False])
def test_an_identifier_is_throttled_from_all_sources_together_known_or_not(server, known):
    person = Person.unknown()
    if known:
        succeeded(At(server, "192.0.2.6").register(person))
    for number in range(6):
        refused(At(server, f"198.51.100.{number + 10 * known}").log_in(person, new_password()), 401, 200007)
    too_many(At(server, "198.51.100.100").log_in(person), at_most=1)


@pytest.mark.listener
def test_the_replies_to_a_throttled_identifier_do_not_tell_whether_it_exists(server):
    known, unknown = Person.unknown(), Person.unknown()
    succeeded(At(server, "192.0.2.7").register(known))
    replies = []
    for person, network in ((known, "203.0.113.1"), (unknown, "203.0.113.2")):
        for number in range(6):
            At(server, f"{network}{number}").log_in(person, new_password())
        replies.append(At(server, f"{network}9").log_in(person))
    assert replies[0].body == replies[1].body
    assert replies[0].header("Retry-After") == replies[1].header("Retry-After")
    assert {name for name, _ in replies[0].header_lines} == {name for name, _ in replies[1].header_lines}


def throttled_person(server, network):
    """Somebody whose next log-in has to wait for a while."""
    person = Person.unknown()
    at = At(server, f"{network}.1")
    succeeded(at.register(person))
    for number in range(6):
        refused(At(server, f"{network}.{number + 2}").log_in(person, new_password()), 401, 200007)
    return person


def test_failures_are_counted_across_a_restart(make_server):
    server = make_server(**DEFAULTS, **BEHIND_PROXY)
    person = throttled_person(server, "192.0.2")
    server.stop()
    server.start()
    too_many(At(server, "192.0.2.99").log_in(person))


@pytest.mark.embedded
def test_a_clock_that_was_ahead_locks_nobody_out(make_server):
    server = make_server(**DEFAULTS, **BEHIND_PROXY)
    person = Person.unknown()
    at = At(server, "192.0.2.1")
    succeeded(at.register(person))
    form = {**person.credentials, "tokens": "body"}
    at.client.bearer = granted(at.send("POST", "/api/account/login", form))["access_token"]
    for number in range(6):
        refused(At(server, f"192.0.2.{number + 2}").log_in(person, new_password()), 401, 200007)
    hour = 3600 * 10**6
    change(server, "UPDATE throttle SET last_at = last_at + ?, blocked_until = blocked_until + ?", hour, hour)

    def admitted():
        reply = at.send("POST", "/api/account/reauthenticate", {"password": person.password})
        if reply.status == 429:
            return too_many(reply, at_most=1)
        return granted(reply)

    wait_until(admitted, "the wait ends", every=0.5)
    succeeded(At(server, "192.0.2.9").log_in(person))


def test_an_operator_unlocks_an_account(make_server):
    server = make_server(**DEFAULTS, **BEHIND_PROXY)
    person = throttled_person(server, "192.0.2")
    too_many(At(server, "192.0.2.98").log_in(person))
    assert server.succeed("user", "unlock", person.email).endswith(" is unlocked\n")
    succeeded(At(server, "192.0.2.99").log_in(person))
    assert server.succeed("user", "unlock", person.email).endswith(" was not locked\n")


def test_nobody_can_be_unlocked_who_is_not_there(server):
    failed(server.run("user", "unlock", Person.unknown().email), "userinfo: There is no such account.")


@pytest.mark.embedded
def test_the_database_does_not_tell_whose_log_ins_failed(server):
    person = Person.unknown()
    At(server, "192.0.2.8").log_in(person)
    for file in server.data.iterdir():
        if file.is_file():
            assert person.email.encode() not in file.read_bytes(), file


@pytest.mark.embedded
def test_a_stolen_session_cannot_be_used_to_guess_the_password(server):
    at = At(server, "192.0.2.9")
    person = Person.unknown()
    succeeded(at.register(person))
    client = at.client
    reply = client.post("/api/account/login", form={**person.credentials, "tokens": "body"})
    client.bearer = granted(reply)["access_token"]
    guess = {"password": new_password()}
    for _ in range(3):
        refused(at.send("POST", "/api/account/reauthenticate", guess), 403, 200013)
        refused(at.send("DELETE", "/api/account", guess), 403, 200013)
    too_many(at.send("POST", "/api/account/reauthenticate", {"password": person.password}))
    change = {"current_password": person.password, "new_password": new_password()}
    too_many(at.send("POST", "/api/account/password", change))
    granted(client.get("/api/account"))
