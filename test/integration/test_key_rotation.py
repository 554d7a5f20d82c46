"""`userinfo keys rotate`: the keys that sign are replaced while a server serves, and nobody notices"""

import threading
from contextlib import contextmanager
from datetime import datetime

import pytest

from database import query
from expect import alive, failed, granted, refused
from people import Person, refresh
from server_keys import (
    keys,
    kid_in,
    kid_of,
    let_next_keys_sign,
    let_retiring_keys_end,
    published,
    verify,
    wait_for_signer,
)
from waiting import wait_until

pytestmark = pytest.mark.embedded


@pytest.fixture
def server(make_server):
    return make_server()


def test_a_next_key_is_known_to_others_before_it_signs(server, person):
    app = person.app(server)
    old = kid_in(app.bearer)
    server.succeed("keys", "rotate", "access")
    new = kid_of(server, "access", "next")
    known = wait_until(lambda: (found := published(server)).keys() == {old, new} and found, "the next key is published")
    assert kid_in(person.app(server).bearer) == old
    let_next_keys_sign(server)
    later = wait_for_signer(server, person, new)
    assert verify(server, later.bearer, known)["sid"]
    assert verify(server, app.bearer, published(server))["sid"]
    alive(app)
    alive(later)
    let_retiring_keys_end(server)
    wait_until(lambda: published(server).keys() == {new}, "the old key is gone")
    (row,) = query(server, "SELECT state, sealed FROM crypto_key WHERE kid = ?", old)
    assert row == (4, b"")
    refused(app.get("/api/account"), 401, 200009)
    alive(later)


@pytest.mark.parametrize("lead, minutes", [(None, 20), ("5m", 5), ("2h", 120)])
def test_a_next_key_is_published_for_a_while_before_it_signs(make_server, lead, minutes):
    server = make_server(**({"KEYS_LEAD_TIME": lead} if lead else {}))
    output = server.succeed("keys", "rotate")
    times = query(server, "SELECT created_at, not_before FROM crypto_key WHERE state = 1")
    assert [end - begin for begin, end in times] == [minutes * 60_000_000] * 2
    told = [datetime.fromisoformat(line.split()[-1]).timestamp() for line in output.splitlines()]
    assert told == pytest.approx([end / 1e6 for _, end in times], abs=2)


def test_a_second_rotation_is_refused_while_a_key_waits(server):
    server.succeed("keys", "rotate", "refresh")
    before = keys(server)
    failed(server.run("keys", "rotate"), "waits")
    failed(server.run("keys", "rotate", "refresh", "--now"), "waits")
    assert keys(server) == before


def test_rotates_without_the_wait_if_asked(server, person):
    output = server.succeed("keys", "rotate", "access", "--now")
    wait_for_signer(server, person, output.split()[0])


@contextmanager
def load(workers):
    """Calls the workers again and again, each on a thread of its own; yields what tells their counts of rounds, and
    fails once any of them did."""
    over = threading.Event()
    failures = []
    counts = [0] * len(workers)

    def work(number, worker):
        try:
            while not over.is_set():
                worker()
                counts[number] += 1
        except BaseException as why:  # told to the test's own thread
            failures.append(why)

    def rounds():
        if failures:
            raise failures[0]
        return list(counts)

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(workers)]
    for thread in threads:
        thread.start()
    try:
        yield rounds
    finally:
        over.set()
        for thread in threads:
            thread.join()
    rounds()


def test_rotation_under_load_loses_no_request_and_no_session(make_server):
    server = make_server(TOKENS_ACCESS_LIFETIME="2s", PASSWORDS_MEMORY="7168")
    person = Person.registered(server)
    granted(person.app(server).post("/api/user/profile", form={"username": "Ada"}))
    browsers = [person.browser(server) for _ in range(3)]
    app = person.app(server)
    other = Person.registered(server)  # whose log-ins end none of these sessions, however many they are
    kids = set()

    def read(browser):
        granted(browser.get("/api/user/profile"))
        kids.add(kid_in(browser.cookies["access_token"]))

    def log_in():
        alive(other.app(server))

    def refresh_and_use():
        grant = granted(refresh(server, app.refresh_token))
        app.bearer, app.refresh_token = grant["access_token"], grant["refresh_token"]
        alive(app)

    workers = [*(lambda browser=browser: read(browser) for browser in browsers), log_in, refresh_and_use]
    signers = [kid_of(server, "access")]
    with load(workers) as rounds:
        for number in range(4):
            server.succeed("keys", "rotate", *(["--now"] if number % 2 else []))
            if number % 2 == 0:
                let_next_keys_sign(server)
            signers.append(
                wait_until(lambda: (kid := kid_of(server, "access")) not in signers and kid, "the next key is active")
            )
            begun = rounds()
            wait_until(
                lambda: signers[-1] in kids and all(now > then + 2 for now, then in zip(rounds(), begun)),
                "all have used the new key",
                seconds=30,
            )
    assert kids >= set(signers)
    for browser in browsers:
        alive(browser)
