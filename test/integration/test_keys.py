"""The program's own keys: they rotate, are revoked and rewrapped, while it serves"""

import os
import re
import signal
import sqlite3
import stat
import subprocess
import threading
import time
import uuid
from contextlib import closing, contextmanager

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from client import Client
from expect import alive, granted, refused, succeeded
from people import Person
from program import PROGRAM
from server import Server
from waiting import wait_until

pytestmark = pytest.mark.embedded

NOTICE_SECONDS = 2  # within which a server knows what a verb did
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
LINE = re.compile(
    rf"(\S+) +(access|refresh|internal) +(next|active|retiring|gone) +({TIME})  ({TIME})  ({TIME}|-) +({TIME}|-) +(\w+)"
)


def keys(server, *options):
    """(kid, purpose, state) of each key."""
    lines = server.succeed("keys", "list", *options).splitlines()
    return [LINE.fullmatch(line).groups()[:3] for line in lines]


def kid_of(server, purpose, state="active"):
    (kid,) = [kid for kid, *what in keys(server) if what == [purpose, state]]
    return kid


def masters(server, *options):
    return {LINE.fullmatch(line)[8] for line in server.succeed("keys", "list", *options).splitlines()}


def failed(result, *words):
    assert (result.returncode, result.stdout) == (1, ""), result
    (line,) = result.stderr.splitlines()
    assert all(word in line for word in words), line


def change(server, statement, *values):
    with closing(sqlite3.connect(server.database_file, timeout=10)) as database, database:
        database.execute(statement, values)


def query(server, statement, *values):
    with closing(sqlite3.connect(f"file:{server.database_file}?mode=ro", uri=True, timeout=10)) as database:
        return database.execute(statement, values).fetchall()


def let_next_keys_sign(server):
    """Their two minutes are over."""
    change(server, "UPDATE crypto_key SET not_before = 0 WHERE state = 1")


def let_retiring_keys_end(server):
    """What they signed has expired."""
    change(server, "UPDATE crypto_key SET verify_until = 0 WHERE state = 3")


def published(server):
    reply = Client(server).get("/.well-known/jwks.json")
    assert reply.status == 200
    return {key["kid"]: key for key in reply.json["keys"]}


def kid_in(token):
    return jwt.get_unverified_header(token)["kid"]


def verify(server, token, known):
    """As another service does it, which knows these keys."""
    return jwt.decode(token, jwt.PyJWK(known[kid_in(token)]).key, ["ES256"], audience="userinfo", issuer=server.url)


def wait_for_signer(server, person, kid):
    def signs():
        app = person.app(server)
        return kid_in(app.bearer) == kid and app

    return wait_until(signs, f"{kid} signs")


def refresh(server, token):
    return Client(server).post("/api/account/refresh", form={"refresh_token": token})


@pytest.fixture
def server(make_server):
    return make_server()


def test_lists_a_line_for_each_key(server):
    assert sorted(what for _, *what in keys(server)) == [
        ["access", "active"], ["internal", "active"], ["refresh", "active"]
    ]
    (row,) = query(server, "SELECT kid, sealing_key_id FROM crypto_key WHERE purpose = 1")
    assert row[0] == kid_of(server, "access")
    assert masters(server) == {row[1]}
    secret = (server.data / "master.key").read_text().strip()
    assert secret not in server.succeed("keys", "list")


def test_lists_those_that_are_gone_only_if_asked(server):
    kid = kid_of(server, "access")
    server.succeed("keys", "revoke", "--", kid)
    assert kid not in server.succeed("keys", "list")
    assert [kid, "access", "gone"] in [list(key) for key in keys(server, "--all")]


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


def test_a_next_key_has_two_minutes(server):
    server.succeed("keys", "rotate")
    times = query(server, "SELECT not_before - created_at FROM crypto_key WHERE state = 1")
    assert times == [(120_000_000,), (120_000_000,)]


def test_a_second_rotation_is_refused_while_a_key_waits(server):
    server.succeed("keys", "rotate", "refresh")
    before = keys(server)
    failed(server.run("keys", "rotate"), "waits")
    failed(server.run("keys", "rotate", "refresh", "--now"), "waits")
    assert keys(server) == before


def test_rotates_without_the_wait_if_asked(server, person):
    output = server.succeed("keys", "rotate", "access", "--now")
    wait_for_signer(server, person, output.split()[0])


def test_says_why_the_internal_key_stays(server):
    before = keys(server)
    failed(server.run("keys", "rotate", "internal"), "never")
    failed(server.run("keys", "revoke", kid_of(server, "internal")), "never")
    assert keys(server) == before


@pytest.mark.parametrize("verb", ["rotate", "revoke", "rewrap"])
def test_there_is_nothing_to_change_before_the_first_start(tmp_path, verb):
    server = Server(tmp_path)
    server.succeed("migrate")
    assert server.succeed("keys", "list") == ""
    failed(server.run("keys", verb, *(["x"] if verb == "revoke" else [])), "no keys yet")
    assert not (server.data / "master.key").exists()


def test_refuses_another_purpose_and_does_not_repeat_it(server):
    result = server.run("keys", "rotate", "a-secret-typed-here")
    assert result.returncode == 2
    assert "a-secret-typed-here" not in result.stderr


def test_every_change_is_audited(server):
    server.succeed("keys", "rotate", "access", "--now")
    wait_until(lambda: "retiring" in server.succeed("keys", "list"), "the old one retires")
    new = kid_of(server, "access")
    server.succeed("keys", "revoke", "--", new)
    server.succeed("keys", "rewrap")
    rows = query(server, "SELECT type, actor, reason FROM audit_event WHERE type LIKE 'key%' ORDER BY id")
    assert [kind for kind, _, _ in rows[3:]] == [
        "key_created", "key_retired", "key_activated", "key_revoked", "key_created", "keys_rewrapped"
    ]
    cli = f"cli:{os.getuid()}"
    assert [actor for _, actor, _ in rows[3:]] == [cli, "userinfo", "userinfo", cli, cli, cli]
    assert [reason for _, _, reason in rows if reason == new] == [new] * 3


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


def test_a_revoked_access_key_holds_within_two_seconds_and_the_server_goes_on(server, person):
    app, browser = person.app(server), person.browser(server)
    old = kid_in(app.bearer)
    began = time.monotonic()
    output = server.succeed("keys", "revoke", "--", old)
    assert time.monotonic() - began < NOTICE_SECONDS + 3
    refused(app.get("/api/account"), 401, 200009)
    alive(browser)
    assert kid_in(browser.cookies["access_token"]) != old
    assert published(server).keys() == {kid_of(server, "access")}
    assert kid_of(server, "access") in output
    grant = granted(refresh(server, app.refresh_token))
    verify(server, grant["access_token"], published(server))
    alive(person.app(server))


def test_a_forger_with_a_revoked_key_gets_nowhere(server, person):
    """The token is right in all but that its key is gone."""
    token = person.app(server).bearer
    server.succeed("keys", "revoke", "--", kid_in(token))
    refused(Client(server, bearer=token).get("/api/account"), 401, 200009)
    refused(Client(server, cookies={"access_token": token}).get("/api/account"), 401, 200009)


def test_a_revoked_refresh_key_ends_the_sessions_that_it_signed(server, person):
    app = person.app(server)
    server.succeed("keys", "revoke", kid_of(server, "refresh"))
    refused(refresh(server, app.refresh_token), 401, 200008)
    later = person.app(server)
    granted(refresh(server, later.refresh_token))


def test_a_key_that_waits_can_be_revoked(server):
    server.succeed("keys", "rotate", "access")
    active, waiting = kid_of(server, "access"), kid_of(server, "access", "next")
    assert server.succeed("keys", "revoke", "--", waiting) == f"{waiting} is gone\n"
    assert kid_of(server, "access") == active
    server.succeed("keys", "rotate", "access")


def test_says_which_key_cannot_be_revoked(server):
    for kid in ("-unknown", str(uuid.uuid4())):
        failed(server.run("keys", "revoke", "--", kid), "no key", kid)
    kid = kid_of(server, "refresh")
    server.succeed("keys", "revoke", kid)
    failed(server.run("keys", "revoke", kid), "gone already", kid)


def test_a_copied_database_forges_nothing(tmp_path, make_server):
    server = make_server()
    person = Person.registered(server)
    person.app(server)
    server.succeed("keys", "rotate")
    server.stop()
    copy = Server(tmp_path / "copy")
    copy.data.mkdir(parents=True, mode=0o700)
    (copy.data / "userinfo.db").write_bytes(server.database_file.read_bytes())
    result = copy.run("standalone")
    assert result.returncode != 0 and "master.key is missing" in result.stderr
    other = make_server()
    (copy.data / "master.key").write_bytes((other.data / "master.key").read_bytes())
    (copy.data / "master.key").chmod(0o600)
    result = copy.run("standalone")
    assert result.returncode != 0 and "was sealed with the master key" in result.stderr
    for verb in (["rotate"], ["rewrap"], ["revoke", kid_of(copy, "refresh")]):
        failed(copy.run("keys", *verb), "was sealed with the master key")
    assert len(published(other)) == 1


def test_no_private_key_is_in_the_database(server):
    """A private key of P-256 in DER holds its curve's name and its public point. The rest is a unit test's."""
    server.succeed("keys", "rotate")
    server.succeed("keys", "rewrap")
    public_keys = [jwt.PyJWK(key).key for key in published(server).values()]
    points = [key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint) for key in public_keys]
    master = (server.data / "master.key").read_bytes().strip()
    assert points and master
    server.stop()
    for file in server.data.iterdir():
        if file.name == "master.key":
            continue
        content = file.read_bytes()
        assert bytes.fromhex("2a8648ce3d030107") not in content, "the curve of a private key"
        assert all(point not in content and point[1:33] not in content for point in points)
        assert master not in content


def test_rewraps_beside_a_running_server(server, person):
    app = person.app(server)
    file = server.data / "master.key"
    before, old = file.read_text(), masters(server)
    server.succeed("keys", "rewrap")
    assert file.read_text() != before and len(file.read_text().split()) == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(masters(server)) == 1 and masters(server) != old
    alive(app)
    output = server.succeed("keys", "rotate", "access", "--now")
    later = wait_for_signer(server, person, output.split()[0])
    server.stop()
    server.start()
    alive(app)
    alive(later)
    granted(refresh(server, app.refresh_token))
    server.stop()
    file.write_text(before)
    result = server.run("standalone")
    assert result.returncode != 0 and "was sealed with the master key" in result.stderr


def starts_and_rewraps(server, app):
    """As it is after a crash."""
    server.start()
    alive(app)
    server.succeed("keys", "rewrap")
    assert len((server.data / "master.key").read_text().split()) == 1
    server.stop()
    server.start()
    alive(app)
    server.stop()


def test_a_rewrap_that_crashed_at_any_point_can_be_run_again(server, person):
    app = person.app(server)
    server.stop()
    file = server.data / "master.key"
    fresh = "A" * 43
    # Before the new file had its name.
    (server.data / "master.key.new").write_text("half a k")
    starts_and_rewraps(server, app)
    assert not (server.data / "master.key.new").exists()
    # Both are in the file, and the keys are sealed with the old one.
    file.write_text(f"{fresh}\n{file.read_text()}")
    starts_and_rewraps(server, app)
    # The keys are sealed with the new one, and both are in the file still.
    file.write_text(f"{file.read_text()}{fresh}\n")
    starts_and_rewraps(server, app)


def test_a_rewrap_that_cannot_write_the_database_leaves_what_the_server_starts_with(server, person):
    app = person.app(server)
    with server.storage_locked():
        failed(server.run("keys", "rewrap"))
    assert len((server.data / "master.key").read_text().split()) == 2
    server.stop()
    starts_and_rewraps(server, app)


def test_a_rewrap_that_is_killed_loses_no_key(server, person):
    app = person.app(server)
    for milliseconds in range(0, 60, 6):
        verb = subprocess.Popen(
            [PROGRAM, "keys", "rewrap"], env=server.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        with pytest.raises(subprocess.TimeoutExpired) if milliseconds == 0 else ignoring_the_end():
            verb.wait(milliseconds / 1000)
        verb.send_signal(signal.SIGKILL)
        verb.communicate()
        server.stop()
        server.start()
        alive(app)
    server.succeed("keys", "rewrap")
    assert len((server.data / "master.key").read_text().split()) == 1


@contextmanager
def ignoring_the_end():
    """It may have ended in time or not."""
    try:
        yield
    except subprocess.TimeoutExpired:
        pass


def test_rewraps_with_the_first_master_key_of_the_environment(make_server):
    old, new = "A" * 43, "B" * 42 + "A"
    server = make_server(KEYS_MASTER=old)
    app = Person.registered(server).app(server)
    before = masters(server)
    server.stop()
    server.settings["KEYS_MASTER"] = f"{new}, {old}"
    server.start()
    assert "USERINFO_KEYS_MASTER" in server.succeed("keys", "rewrap")
    assert len(masters(server)) == 1 and masters(server) != before
    server.stop()
    server.settings["KEYS_MASTER"] = new
    server.start()
    alive(app)
    assert not (server.data / "master.key").exists()


def test_goes_on_beside_a_key_that_it_cannot_open_and_says_so_once(server, person):
    app = person.app(server)
    statement = "INSERT INTO crypto_key VALUES (NULL, 'strange', 1, 1, '{}', ?, 'another', 0, NULL, NULL, 0)"
    change(server, statement, b"s" * 100)

    def lines(text):
        return [line for line in server.storing.log_file.read_text().splitlines() if text in line]

    wait_until(lambda: lines("cannot follow the keys"), "it says so")
    output = server.succeed("keys", "rotate", "refresh", "--now")
    wait_until(lambda: kid_of(server, "refresh") == output.split()[0], "it goes on with what it can open")
    alive(app)
    alive(person.app(server))
    server.succeed("keys", "revoke", "strange")
    wait_until(lambda: lines("the keys can be followed again"), "it says that all is well")
    assert len(lines("cannot follow the keys")) == 1


def test_verbs_that_change_keys_at_once_lose_none(server, person):
    app = person.app(server)
    verbs = [["rewrap"], ["rotate", "access"], ["rewrap"], ["rotate", "refresh"], ["rewrap"]]
    running = [
        subprocess.Popen([PROGRAM, "keys", *verb], env=server.environment(), stdout=subprocess.PIPE, text=True)
        for verb in verbs
    ]
    assert [verb.communicate(timeout=30) and verb.returncode for verb in running] == [0] * len(verbs)
    assert len(masters(server)) == 1
    server.stop()
    server.start()
    alive(app)
    assert len(keys(server)) == 5


def test_refuses_a_master_key_file_that_others_can_read(server):
    server.stop()
    (server.data / "master.key").chmod(0o644)
    result = server.run("standalone")
    assert result.returncode != 0 and "can be used by everybody" in result.stderr
    failed_verb = server.run("keys", "rotate")
    assert failed_verb.returncode != 0 and "can be used by everybody" in failed_verb.stderr
    (server.data / "master.key").chmod(0o640)
    server.start()
    assert "can be used by a group" in server.storing.log_file.read_text()
