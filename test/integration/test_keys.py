"""`userinfo keys`: lists the program's own keys, and says what cannot be done with them"""

import os
import subprocess

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from database import change, query
from expect import alive, failed
from people import Person
from program import PROGRAM
from server import Server
from server_keys import keys, kid_of, masters, published
from waiting import wait_until

pytestmark = pytest.mark.embedded


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
