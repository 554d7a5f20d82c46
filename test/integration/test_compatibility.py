"""compatibility.reference: what people of the reference system may register with, and nothing else"""

import secrets

import pytest

from client import Client
from expect import alive, ended, granted, invalid, refused, succeeded
from figures import figures
from people import NOBODYS_ID, Person, new_email, new_password
from program import run_program
from server import Server
from test_audit import rows

WEAK = "123456"
REGISTER = "/api/account/register"
PASSWORD = "/api/account/password"


def new_word():
    return f"test_user_{secrets.token_hex(6)}"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("server"), COMPATIBILITY_REFERENCE="true").start()
    yield server
    server.finish()


@pytest.fixture
def legacy(server):
    """Somebody as the reference system knows them."""
    person = Person(new_word(), WEAK)
    succeeded(person.register(Client(server)))
    return person


def register(client, identifier, password):
    return client.post(REGISTER, form={"email": identifier, "password": password})


# The four things that it changes


def test_takes_a_word_that_is_no_email(server, stranger):
    succeeded(register(stranger, new_word(), new_password()))


def test_takes_a_word_with_white_space_around_it(server, stranger):
    word = new_word()
    succeeded(register(stranger, f" {word}\n", WEAK))
    succeeded(Person(f"{word} ", WEAK).log_in(Client(server)))
    refused(register(stranger, word, WEAK), 409, 200001)


def test_takes_six_characters(server, stranger):
    succeeded(register(stranger, new_email(), secrets.token_hex(3)))


def test_takes_a_common_password(server, stranger):
    succeeded(register(stranger, new_email(), WEAK))


def test_takes_a_password_that_is_the_identifier(server, stranger):
    word = new_word()
    succeeded(register(stranger, word, word))
    succeeded(register(stranger, new_word(), "userinfo"))


def test_without_it_all_four_are_refused(make_server):
    stranger = Client(make_server())
    invalid(register(stranger, new_word(), new_password()), 200003, "email", "invalid")
    invalid(register(stranger, new_email(), secrets.token_hex(3)), 200003, "password", "too_short")
    invalid(register(stranger, new_email(), "12345678"), 200003, "password", "common")
    invalid(register(stranger, new_email(), "userinfo"), 200003, "password", "contains_context")


def test_such_an_account_is_used_as_any_other(server, legacy):
    browser = legacy.browser(server)
    succeeded(browser.post("/api/user/profile", form={"username": "Ada", "birthday": "1990-05-17"}))
    profile = granted(browser.get("/api/user/profile"))
    assert profile["email"] == legacy.email
    succeeded(browser.post("/api/account/logout"))


def test_a_word_is_one_account_however_it_is_spelt(server, legacy, stranger):
    refused(register(stranger, legacy.email.upper(), WEAK), 409, 200001)
    succeeded(Person(legacy.email.upper(), WEAK).log_in(stranger))


# What it does not change


@pytest.mark.parametrize("word", ["", "a b", "tab\tbed", "ünicode", "new\nline", "nul\0", "x" * 255])
def test_a_word_is_still_printable_ascii_of_a_sane_length(stranger, word):
    assert register(stranger, word, WEAK).status == 400


@pytest.mark.parametrize("password", ["12345", "", "x" * 1025, "nul\0nul"])
def test_a_password_still_has_limits(stranger, password):
    assert register(stranger, new_word(), password).status == 400


def test_a_new_password_obeys_the_usual_rules(server, legacy):
    app = legacy.app(server)
    for weak, reason in (("654321", "too_short"), ("password123", "common"), (legacy.email, "contains_context")):
        change = {"current_password": WEAK, "new_password": weak}
        invalid(app.post(PASSWORD, form=change), 200014, "new_password", reason)
    granted(app.post(PASSWORD, form={"current_password": WEAK, "new_password": new_password()}))


@pytest.mark.embedded
def test_passwords_are_hashed_as_ever(server, legacy):
    for file in server.data.iterdir():
        if file.is_file():
            assert f"{legacy.email}:{WEAK}".encode() not in file.read_bytes()
    assert b"$argon2id$v=19$m=19456,t=2,p=1$" in server.database_file.read_bytes() + wal_of(server)


def wal_of(server):
    return server.database_file.with_name(server.database_file.name + "-wal").read_bytes()


def test_an_unknown_word_and_a_wrong_password_are_told_alike(server, legacy, stranger):
    wrong = refused(Person(legacy.email, new_password()).log_in(stranger), 401, 200007)
    unknown = refused(Person(new_word(), new_password()).log_in(stranger), 401, 200007)
    assert wrong.body == unknown.body


def test_a_log_out_still_holds_at_once(server, legacy):
    browser = legacy.browser(server)
    cookies = dict(browser.cookies)
    succeeded(browser.post("/api/account/logout"))
    ended(Client(server, cookies={"access_token": cookies["access_token"]}))


def test_cookies_are_still_out_of_scripts_reach(server, legacy):
    reply = succeeded(legacy.log_in(Client(server)))
    for name in ("access_token", "refresh_token"):
        attributes = reply.cookies[name].attributes
        assert attributes["httponly"] is True and attributes["samesite"] == "Lax"


def test_foreign_pages_are_still_refused(server, legacy, stranger):
    foreign = {"Origin": "https://evil.example"}
    refused(stranger.post(REGISTER, form=legacy.credentials, headers=foreign), 403, 200011)
    refused(stranger.post("/api/account/login", form=legacy.credentials, headers=foreign), 403, 200011)


def test_a_body_still_has_a_known_type(stranger):
    refused(stranger.post(REGISTER, body=b"email=a", headers={"Content-Type": "text/plain"}), 415, 300003)


def test_profiles_obey_the_usual_rules(server, legacy):
    app = legacy.app(server)
    assert app.post("/api/user/profile", form={"username": "Ada", "birthday": "1990-02-30"}).status == 400


def test_another_ones_session_is_still_not_found(server, legacy):
    refused(legacy.app(server).delete(f"/api/account/sessions/{NOBODYS_ID}"), 404, 200015)


def test_attempts_are_still_limited(make_server):
    server = make_server(COMPATIBILITY_REFERENCE="true", ATTEMPTS_FREE_FAILURES=None, ATTEMPTS_REGISTERS_BURST="1",
                         ATTEMPTS_REGISTERS_PER_MINUTE="1")
    stranger = Client(server)
    legacy = Person(new_word(), WEAK)
    succeeded(legacy.register(stranger))
    refused(register(stranger, new_word(), WEAK), 429, 200010)
    for _ in range(6):
        refused(Person(legacy.email, new_password()).log_in(stranger), 401, 200007)
    refused(legacy.log_in(stranger), 429, 200010)


def test_an_email_is_still_an_email(server, stranger):
    local = new_email().partition("@")[0]
    succeeded(register(stranger, f"{local}@bücher.example", WEAK))
    refused(register(stranger, f"{local}@xn--bcher-kva.example", WEAK), 409, 200001)


# That it is on is seen


@pytest.mark.embedded
def test_it_warns_shows_and_is_recorded(server, stranger):
    assert figures(server)["userinfo_relaxed_mode"] == 1
    assert "compatibility.reference is on" in server.storing.log_file.read_text()
    assert [row["reason"] for row in rows(server) if row["type"] == "relaxed_mode"] == ["compatibility.reference"]


@pytest.mark.embedded
def test_it_is_off_by_default(make_server):
    server = make_server()
    assert "userinfo_relaxed_mode" not in figures(server)
    assert [row for row in rows(server) if row["type"] == "relaxed_mode"] == []


def test_it_is_refused_with_an_https_public_url(tmp_path):
    settings = {"USERINFO_COMPATIBILITY_REFERENCE": "true", "USERINFO_PUBLIC_URL": "https://id.example.com",
                "USERINFO_DATA_DIR": str(tmp_path / "data")}
    result = run_program("standalone", environment=settings)
    assert result.returncode == 2
    assert result.stderr.startswith("userinfo: compatibility.reference: ")
    assert not (tmp_path / "data").exists()


def test_operators_find_such_an_account(server, legacy):
    assert legacy.email in server.succeed("user", "show", legacy.email)
    server.succeed("user", "suspend", legacy.email)
    refused(legacy.log_in(Client(server)), 403, 200012)
    server.succeed("user", "restore", legacy.email)
    alive(legacy.app(server))
