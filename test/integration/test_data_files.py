"""The data folder: who may read it, what is not in it, and what the server does about a strange one"""

import os
import stat

import pytest

from client import Client
from database import change, query
from expect import granted, refused, succeeded
from people import Person, new_password, refresh
from server import Server
from waiting import wait_until

pytestmark = pytest.mark.embedded


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def refuses_to_start(server, *words):
    """It ends with an error, in one line that has all these words."""
    result = server.run("standalone")
    assert result.returncode != 0
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert all(word in line for word in words), line


@pytest.fixture
def stopped(tmp_path):
    """A server that has run, has an account, and is stopped."""
    server = Server(tmp_path).start()
    Person.registered(server)
    server.stop()
    return server


def test_only_the_owner_can_read_the_files(server):
    assert mode(server.data) == 0o700
    files = list(server.data.rglob("*"))
    database = server.database_file.name
    assert {file.name for file in files} >= {"master.key", database, f"{database}-wal"}
    for file in files:
        assert mode(file) == 0o600, file


def test_makes_the_folders_that_are_missing(tmp_path):
    server = Server(tmp_path, DATA_DIR=str(tmp_path / "not" / "there" / "yet")).start()
    server.finish()
    assert server.database_file.exists()


def test_no_password_token_or_key_is_in_the_files_as_it_is(make_server):
    server = make_server()
    person = Person.registered(server)
    browser, app = person.browser(server), person.app(server)
    granted(refresh(server, app.refresh_token))
    change = {"current_password": person.password, "new_password": new_password()}
    succeeded(browser.post("/api/account/password", form=change))
    server.stop()
    for file in server.data.iterdir():
        assert server.secrets.found_in(file, "credential") == [], file
        if file.name != "master.key":
            assert (server.data / "master.key").read_bytes().strip() not in file.read_bytes()
            assert b"PRIVATE KEY" not in file.read_bytes()


def test_each_session_has_a_random_nonce(server):
    person = Person.registered(server)
    for _ in range(30):
        person.app(server)
    nonces = [nonce for (nonce,) in query(server, "SELECT nonce FROM session ORDER BY created_at DESC LIMIT 30")]
    assert {len(nonce) for nonce in nonces} == {16}
    assert len(set(nonces)) == len(nonces)
    assert all(len(set(column)) > 1 for column in zip(*nonces)), "each byte is random"


def test_passwords_are_stored_as_argon2id_with_a_salt_each(server):
    same = new_password()
    for person in (Person.unknown(), Person.unknown()):
        succeeded(Person(person.email, same).register(Client(server)))
    hashes = [data for (data,) in query(server, "SELECT data FROM credential ORDER BY id DESC LIMIT 2")]
    assert all(data.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for data in hashes)
    assert hashes[0] != hashes[1]


def test_a_log_in_renews_a_hash_that_is_weaker_than_today(make_server):
    server = make_server(PASSWORDS_MEMORY="8192", PASSWORDS_ITERATIONS="1")
    person = Person.registered(server)

    def parameters():
        return query(server, "SELECT data FROM credential")[0][0].split("$")[3]

    assert parameters() == "m=8192,t=1,p=1"
    server.stop()
    del server.settings["PASSWORDS_MEMORY"], server.settings["PASSWORDS_ITERATIONS"]
    server.start()
    app = person.app(server)
    wait_until(lambda: parameters() == "m=19456,t=2,p=1", "the hash is renewed")
    granted(app.get("/api/account"))
    succeeded(person.log_in(Client(server)))


def test_a_deleted_account_leaves_no_personal_data(make_server):
    server = make_server()
    person = Person.registered(server)
    app = person.app(server)
    granted(app.post("/api/user/profile", form={"username": "Ada Lovelace of Ockham"}))
    granted(app.delete("/api/account", form={"password": person.password}))
    tables = [name for (name,) in query(server, "SELECT name FROM sqlite_schema WHERE type = 'table'")]
    everything = str([query(server, f"SELECT * FROM {table}") for table in tables])
    assert person.email not in everything and "Ada Lovelace" not in everything and "argon2" not in everything


def test_a_second_start_is_no_migration(stopped):
    before = query(stopped, "SELECT * FROM schema_migration")
    stopped.start()
    stopped.stop()
    assert query(stopped, "SELECT * FROM schema_migration") == before != []


def test_runs_on_a_newer_schema_that_permits_it(stopped):
    """As after an upgrade that is rolled back: the newer version has left its tables and columns behind."""
    change(stopped, "INSERT INTO schema_migration VALUES (999, 'of_tomorrow', 0)")
    change(stopped, "CREATE TABLE of_tomorrow (id INTEGER PRIMARY KEY) STRICT")
    for table in ("account", "login_identifier", "credential", "session", "profile", "throttle", "audit_event"):
        change(stopped, f"ALTER TABLE {table} ADD COLUMN of_tomorrow INTEGER NOT NULL DEFAULT 0")
    stopped.start()
    person = Person.registered(stopped)
    app = person.app(stopped)
    granted(app.post("/api/user/profile", form={"username": "Ada"}))
    changed = new_password()
    granted(app.post("/api/account/password", form={"current_password": person.password, "new_password": changed}))
    person.password = changed
    refused(person.log_in(Client(stopped), password="a wrong password"), 401, 200007)
    granted(person.app(stopped).delete("/api/account", form={"password": person.password}))


def test_refuses_a_newer_schema_that_does_not_permit_it(stopped):
    change(stopped, "INSERT INTO schema_migration VALUES (999, 'of_tomorrow', 0)")
    change(stopped, "UPDATE schema_compatibility SET oldest_program = 999")
    refuses_to_start(stopped, "999", "newer")
    result = stopped.run("user", "list")
    assert result.returncode != 0 and "999" in result.stderr


def test_refuses_to_start_without_the_key_that_sealed_its_keys(stopped):
    (stopped.data / "master.key").unlink()
    refuses_to_start(stopped, "master")


def test_refuses_another_master_key(stopped, tmp_path):
    other = Server(tmp_path / "other").start()
    other.stop()
    (stopped.data / "master.key").write_bytes((other.data / "master.key").read_bytes())
    refuses_to_start(stopped, "master")


@pytest.mark.parametrize("content", [b"", b"too short", b"\0" * 4096])
def test_refuses_a_damaged_master_key(stopped, content):
    (stopped.data / "master.key").write_bytes(content)
    refuses_to_start(stopped, "master.key")


def test_refuses_a_file_that_is_no_database(stopped):
    file = stopped.database_file
    for beside in stopped.data.glob(f"{file.name}-*"):
        beside.unlink()
    file.write_bytes(b"this is no database " * 1000)
    refuses_to_start(stopped, file.name)


def test_refuses_a_data_folder_that_is_a_file(tmp_path):
    (tmp_path / "data").write_text("")
    refuses_to_start(Server(tmp_path), str(tmp_path / "data"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_refuses_a_data_folder_that_it_cannot_write(tmp_path):
    (tmp_path / "data").mkdir(mode=0o500)
    refuses_to_start(Server(tmp_path), str(tmp_path / "data"))
