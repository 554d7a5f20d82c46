"""What matters for security is recorded, without secrets and without what people typed"""

import sqlite3
import uuid
from contextlib import closing

import pytest

from client import Client
from expect import granted, refused, succeeded
from people import Person, new_password


def events(server, account_id):
    """(type, succeeded, reason) of all that happened to an account, in order."""
    statement = "SELECT type, succeeded, reason FROM audit_event WHERE subject = ? ORDER BY id"
    with closing(sqlite3.connect(server.database_file, timeout=10)) as database:
        return database.execute(statement, (uuid.UUID(account_id).bytes,)).fetchall()


def rows(server):
    with closing(sqlite3.connect(server.database_file, timeout=10)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute("SELECT * FROM audit_event ORDER BY id")]


@pytest.fixture
def account_id(app):
    return granted(app.get("/api/account"))["account_id"]


def types(server, account_id):
    return [kind for kind, _, _ in events(server, account_id)]


def test_records_register_and_log_in(server, account_id):
    assert types(server, account_id) == ["register", "log_in"]
    assert all(succeeded for _, succeeded, _ in events(server, account_id))


def test_records_the_inner_reason_of_a_failed_log_in(server, person, account_id, stranger):
    refused(Person(person.email, new_password()).log_in(stranger), 401, 200007)
    assert events(server, account_id)[-1] == ("log_in", 0, "wrong_password")
    refused(Person.unknown().log_in(stranger), 401, 200007)
    last = rows(server)[-1]
    assert (last["type"], last["succeeded"], last["reason"], last["subject"]) == ("log_in", 0, "unknown_account", None)


def test_records_refresh_its_reuse_and_log_out(server, person, app, account_id):
    def refresh(token):
        return Client(server).post("/api/account/refresh", form={"refresh_token": token})

    second = granted(refresh(app.refresh_token))["refresh_token"]
    granted(refresh(second))
    assert types(server, account_id)[2:] == ["refresh", "refresh"]
    refused(refresh(app.refresh_token), 401, 200008)
    assert events(server, account_id)[-1][:2] == ("refresh_reuse", 0)
    succeeded(person.browser(server).post("/api/account/logout"))
    assert types(server, account_id)[-2:] == ["log_in", "log_out"]


def test_records_what_a_user_does_to_the_account(server, person, app, account_id):
    person.browser(server)
    succeeded(app.delete("/api/account/sessions"))
    assert types(server, account_id)[-1] == "session_end"
    new = new_password()
    changed = app.post("/api/account/password", form={"current_password": person.password, "new_password": new})
    app.bearer = granted(changed)["access_token"]
    assert types(server, account_id)[-1] == "password_change"
    refused(app.delete("/api/account", form={"password": person.password}), 403, 200013)
    succeeded(app.delete("/api/account", form={"password": new}))
    assert events(server, account_id)[-1][:2] == ("delete_account", 1)


def test_records_what_an_operator_does_by_their_user_id(server, person):
    for verb in ("suspend", "restore", "delete"):
        server.succeed("user", verb, person.email)
    made = [row for row in rows(server) if row["actor"].startswith("cli:")]
    assert [row["type"] for row in made][-3:] == ["suspend", "restore", "delete_account"]


def test_records_where_a_request_came_from(server, person):
    headers = {"User-Agent": "auditor's browser", "X-Request-Id": "the-request-of-the-audit"}
    granted(Client(server).post("/api/account/login", form=person.credentials, headers=headers))
    (row,) = [row for row in rows(server) if row["request_id"] == "the-request-of-the-audit"]
    assert (row["address"], row["user_agent"]) == ("127.0.0.1", "auditor's browser")


def test_records_no_secret_and_no_typed_identifier(server, person, stranger, tmp_path):
    Person(person.email, new_password()).log_in(stranger)
    Person.unknown().log_in(stranger)
    file = tmp_path / "audit"
    file.write_text("\n".join(str(row) for row in rows(server)))
    assert server.secrets.found_in(file) == []
