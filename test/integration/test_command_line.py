"""The verbs of the program, beside the running server"""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import uuid
from contextlib import closing

import pytest

from client import Client
from database import change
from expect import alive, ended, failed, granted, refused, succeeded
from people import Person, new_password, refresh
from program import PROGRAM, ROOT, STOP_SECONDS, clean_environment, run_program
from server import Server
from waiting import wait_until

VERBS = [
    ["standalone"],
    ["gateway"],
    ["service"],
    ["migrate"],
    ["user"],
    ["user", "create"],
    ["user", "show"],
    ["user", "list"],
    ["user", "suspend"],
    ["user", "restore"],
    ["user", "delete"],
    ["keys"],
    ["keys", "list"],
    ["keys", "rotate"],
    ["keys", "revoke"],
    ["keys", "rewrap"],
    ["audit"],
    ["audit", "verify"],
    ["config"],
    ["config", "check"],
    ["help"],
    ["completion"],
    ["version"],
]
GROUPS = ("user", "keys", "config")
KEY_MEMBERS = ["kid", "purpose", "state", "created_at", "not_before", "sign_until", "verify_until", "master_key_id"]


def create(server, person, end="\n"):
    return server.run("user", "create", "--email", person.email, typed=person.password + end)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_about_itself_alone(verb):
    result = run_program(*verb, "--help")
    assert (result.returncode, result.stderr) == (0, "")
    assert 2 < len(result.stdout.splitlines()) < 40
    assert "--http-" not in result.stdout
    if verb[-1] not in (*GROUPS, "version"):
        assert "Example" in result.stdout and f"userinfo {' '.join(verb)}" in result.stdout
    assert run_program("help", *verb).stdout == result.stdout


def test_explains_no_verb_that_is_not_there():
    failed(run_program("help", "user", "dance"), "dance", status=2)
    assert run_program("help").stdout == run_program("--help").stdout


def test_lists_every_setting():
    result = run_program("help", "settings")
    assert (result.returncode, result.stderr) == (0, "")
    for role in ("standalone", "gateway", "service"):
        text = (ROOT / "config" / f"{role}.yaml").read_text()
        for key in re.findall(r"^(?:  )?#(\w+):", text, flags=re.MULTILINE):
            assert re.search(rf"^  (\w+\.)?{key} [A-Z]", result.stdout, flags=re.MULTILINE), key
    assert "--tokens-access-lifetime, USERINFO_TOKENS_ACCESS_LIFETIME" in result.stdout
    assert "USERINFO_KEYS_MASTER\n" in result.stdout and "--keys-master\n" not in result.stdout
    assert "one of: debug, info, warning, error, off" in result.stdout
    assert "default: 15m\n      --tokens-access-lifetime," in result.stdout
    assert "default: \n" not in result.stdout


def test_the_help_names_every_verb():
    text = run_program("--help").stdout
    assert all(re.search(rf"\b{verb[0]}\b", text) for verb in VERBS)
    text = run_program("user", "--help").stdout
    assert all(verb in text for verb in ("create", "show", "list", "suspend", "restore", "delete"))
    text = run_program("keys", "--help").stdout
    assert all(verb in text for verb in ("list", "rotate", "revoke", "rewrap"))


def test_tells_its_version():
    result = run_program("--version")
    assert (result.returncode, result.stderr) == (0, "")
    assert re.match(r"userinfo \d+\.\d+\.\d+( \(commit [0-9a-f]{12,}(-dirty)?\))?\n", result.stdout)
    assert re.search(r"^OpenSSL 3\.\S+, libsodium \S+$", result.stdout, flags=re.MULTILINE)
    assert run_program("version").stdout == result.stdout


@pytest.mark.parametrize("arguments", [["dance"], ["user", "dance"], ["standalone", "--dance"], ["user", "show"], []])
def test_refuses_what_it_does_not_know(arguments):
    result = run_program(*arguments)
    assert result.returncode == 2
    assert result.stdout == "" and result.stderr
    assert all(word in result.stderr for word in arguments[-1:] if "dance" in word)
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["user", "create", "--email", "a@b.co", "hunter2secret"], "user create takes no argument"),
        (["user", "show", "a@b.co", "hunter2secret"], "user show takes one argument: WHO"),
        (["keys", "revoke", "kid", "hunter2secret"], "keys revoke takes one argument: KID"),
        (["audit", "hunter2secret"], "audit takes no argument"),
        (["audit", "verify", "hunter2secret"], "audit verify takes no argument"),
        (["standalone", "hunter2secret"], "standalone takes no argument"),
        (["keys", "rotate", "hunter2secret"], "PURPOSE must be access or refresh"),
        (["config", "check", "hunter2secret"], "ROLE must be standalone, gateway or service"),
        (["completion", "hunter2secret"], "SHELL must be bash"),
    ],
)
def test_does_not_repeat_a_word_that_may_be_a_secret(arguments, message):
    result = run_program(*arguments)
    assert (result.returncode, result.stdout, result.stderr) == (2, "", f"userinfo: {message}\n")


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["user", "show"], ["user show needs WHO: an email address or an account's id"]),
        (["user", "create"], ["user create needs --email EMAIL: "]),
        (["keys", "revoke"], ["keys revoke needs KID: "]),
        (["user"], ["user needs a verb: create, show, ", "; see userinfo user --help"]),
        (["usr"], ["'usr' is not a verb; userinfo --help lists them"]),
        (["--foo"], ["--foo is not an option; see userinfo --help"]),
        (["user", "list", "--foo=bar"], ["--foo is not an option; see userinfo user list --help"]),
        (["user", "list", "--data-dir"], ["--data-dir needs a value: DIR"]),
        (["user", "list", "--tokens-audience", "-x", "--data-dir"], ["--data-dir needs a value: DIR"]),
        (["user", "list", "--log-level", "--log-format", "--config"], ["--config needs a value: FILE"]),
        (["audit", "--since", "-1h", "--account"], ["--account needs a value: WHO"]),
    ],
)
def test_says_what_a_verb_needs(arguments, words):
    failed(run_program(*arguments), *words, status=2)


STEERING = "a\u009b31m\u202eb\u2066\u200b\x1b[2J\u2028"


@pytest.mark.parametrize(
    "arguments, variables",
    [
        ([f"--{STEERING}"], {}),
        ([STEERING], {}),
        (["audit", "--type", STEERING], {}),
        (["config", "check", "--config", f"/{STEERING}.yaml"], {}),
        (["config", "check", "--listen", STEERING], {}),
        (["config", "check"], {"USERINFO_LOG_LEVEL": STEERING}),
    ],
)
def test_what_it_repeats_steers_no_terminal(tmp_path, arguments, variables):
    variables = {"USERINFO_DATA_DIR": str(tmp_path), **variables}
    result = run_program(*arguments, environment=clean_environment(variables))
    assert result.returncode == 2 and result.stdout == ""
    assert result.stderr.endswith("\n") and result.stderr[:-1].isprintable(), result.stderr
    assert r"\u{009B}31m\u{202E}b\u{2066}\u{200B}\u{001B}[2J\u{2028}" in result.stderr


@pytest.mark.embedded
def test_shows_an_email_that_steers_no_terminal(make_server):
    server = make_server()
    person = Person.registered(server)
    change(server, "UPDATE login_identifier SET value = ? WHERE value = ?", f"{STEERING}@example.com", person.email)
    for verb in (["list"], ["show", person.email]):
        text = server.succeed("user", *verb)
        assert r"a\u{009B}31m\u{202E}b\u{2066}\u{200B}\u{001B}[2J\u{2028}@example.com" in text
        assert text.replace("\n", "").isprintable()


def test_creates_an_account_that_can_log_in_at_once(server):
    person = Person.unknown()
    result = create(server, person)
    assert result.returncode == 0, result.stderr
    assert granted(person.app(server).get("/api/account"))["account_id"] in result.stdout


def test_takes_the_first_line_as_password_with_or_without_its_end(server):
    for end in ("", "\n", "\nsecond line\n"):
        person = Person.unknown()
        assert create(server, person, end).returncode == 0
        succeeded(person.log_in(Client(server)))


@pytest.mark.parametrize("end", ["\r\n", "\r\nsecond line\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_password_from_windows_is_what_its_owner_types(server, mark, end):
    person = Person.unknown()
    created = server.run("user", "create", "--email", person.email, typed=mark + person.password + end)
    assert created.returncode == 0, created.stderr
    succeeded(person.log_in(Client(server)))


def test_refuses_a_password_that_no_form_can_send(server):
    person = Person.unknown()
    failed(create(server, person, "\rsecond line\n"), "standard input", "carriage return")
    failed(create(server, person, "\r"), "standard input", "carriage return")
    refused(person.log_in(Client(server)), 401, 200007)


def test_says_that_standard_input_is_closed_or_empty(server):
    email = Person.unknown().email
    failed(server.run("user", "create", "--email", email), "no password on standard input")
    failed(server.run("user", "create", "--email", email, close=[0]), "standard input is closed")


def test_a_password_is_no_argument(server):
    person = Person.unknown()
    result = server.run("user", "create", "--email", person.email, "--password", person.password)
    assert result.returncode == 2
    assert person.password not in result.stderr + result.stdout


@pytest.mark.parametrize("password", ["sh0rt-7", "password", "userinfo", ""])
def test_creates_none_that_the_rules_forbid(server, password):
    person = Person(Person.unknown().email, password)
    failed(create(server, person), "password")
    refused(Person(person.email, new_password()).log_in(Client(server)), 401, 200007)


def test_creates_no_second_one_and_none_without_an_email(server, person):
    failed(create(server, person), "registered")
    failed(create(server, Person("nobody", new_password())), "email")


def test_creates_one_without_the_white_space_around_its_email(server, stranger):
    person = Person.unknown()
    spaced = Person(f" {person.email}\u3000", person.password)
    account_id = create(server, spaced).stdout.strip()
    assert server.succeed("user", "show", account_id).split()[3] == person.email
    succeeded(person.log_in(stranger))
    succeeded(spaced.log_in(Client(server)))
    for verb in ("suspend", "restore", "unlock", "delete"):
        server.succeed("user", verb, spaced.email)


def test_shows_an_account_by_email_or_id(server, person, app):
    account_id = granted(app.get("/api/account"))["account_id"]
    by_email = server.succeed("user", "show", person.email)
    assert account_id in by_email and person.email in by_email and "active" in by_email
    assert server.succeed("user", "show", account_id) == by_email
    assert server.succeed("user", "show", account_id.upper()) == by_email
    assert server.succeed("user", "show", person.email.upper()) == by_email
    assert server.succeed("user", "show", f" {person.email}\n") == by_email
    assert server.succeed("user", "show", f" {account_id} ") == by_email
    assert "argon2" not in by_email


API_SESSION = {"id", "device", "address", "last_address", "created_at", "last_seen_at", "expires_at"}


def test_shows_an_account_with_its_profile_and_its_sessions_to_programs(server, person, app):
    account = granted(app.get("/api/account"))
    shown = json.loads(server.succeed("user", "show", person.email, "--json"))
    assert {name: shown[name] for name in account} == account
    assert shown.keys() == account.keys() | {"profile", "sessions"}
    assert shown["profile"] is None
    granted(app.post("/api/user/profile", form={"username": "Ada\u200d", "birthday": "1990-02-28"}))
    of_api = granted(app.get("/api/account/sessions"))["sessions"]
    text = server.succeed("user", "show", person.email, "--json")
    shown = json.loads(text)
    assert shown["profile"] == {"username": "Ada\u200d", "birthday": "1990-02-28", "avatar": ""}
    assert text.count("\n") == 1 and text.isascii()
    assert [session.keys() for session in shown["sessions"]] == [API_SESSION]
    assert shown["sessions"] == [{name: each[name] for name in API_SESSION} for each in of_api]
    assert r"username Ada\u{200D}" in server.succeed("user", "show", person.email)
    assert of_api[0]["id"] in server.succeed("user", "show", person.email)


def test_lists_accounts_to_programs(server, person, app):
    account = granted(app.get("/api/account"))
    listed = [json.loads(line) for line in server.succeed("user", "list", "--json").splitlines()]
    assert account in listed
    assert {each["account_id"] for each in listed} == {
        line.split()[0] for line in server.succeed("user", "list").splitlines()
    }


def test_lists_keys_to_programs(server):
    listed = [json.loads(line) for line in server.succeed("keys", "list", "--json").splitlines()]
    lines = [line.split() for line in server.succeed("keys", "list").splitlines()]
    assert [[each[name] or "-" for name in KEY_MEMBERS] for each in listed] == lines
    assert all(list(each) == KEY_MEMBERS for each in listed)


def test_lists_a_line_for_each_account(make_server):
    server = make_server()
    assert server.succeed("user", "list") == ""
    people = [Person.registered(server) for _ in range(5)]
    server.succeed("user", "suspend", people[1].email)
    lines = server.succeed("user", "list").splitlines()
    assert [person.email in line for person, line in zip(people, lines)] == [True] * 5
    assert ["suspended" in line for line in lines] == [False, True, False, False, False]


def test_a_verb_ends_in_order_every_time(server, person):
    for _ in range(20):
        server.succeed("user", "show", person.email)


@pytest.mark.embedded
def test_lists_more_accounts_than_one_would_read_at_once(tmp_path):
    server = Server(tmp_path)
    server.succeed("migrate")
    with closing(sqlite3.connect(server.database_file)) as database, database:
        for number in range(1, 1202):
            row = (number, uuid.uuid4().bytes)
            database.execute("INSERT INTO account VALUES (?, ?, 0, 1, 'register', '', 1, 0, 0)", row)
            row = (number, f"{number}@example.com", f"{number}@example.com".encode())
            database.execute("INSERT INTO login_identifier VALUES (NULL, ?, 1, ?, ?, 1, NULL, 0)", row)
    lines = server.succeed("user", "list").splitlines()
    assert [line.split()[-1] for line in lines] == [f"{number}@example.com" for number in range(1, 1202)]


@pytest.mark.parametrize(
    "verb",
    [
        ["user", "create", "--email", "ada@example.com"],
        ["user", "show", "ada@example.com"],
        ["user", "list"],
        ["user", "suspend", "ada@example.com"],
        ["user", "unlock", "ada@example.com"],
        ["user", "delete", "ada@example.com"],
        ["keys", "list"],
        ["keys", "rotate"],
        ["keys", "rewrap"],
        ["audit"],
        ["audit", "--follow"],
        ["audit", "verify"],
    ],
)
def test_a_verb_outside_of_the_servers_folder_says_that_there_is_no_database_and_makes_none(tmp_path, verb):
    told = f"there is no database at '{tmp_path}/data/userinfo.db'; run this in the server's folder, or set data_dir"
    failed(run_program(*verb, folder=tmp_path), told, status=2)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.embedded
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, who alone can become another user")
def test_a_verb_of_another_user_says_whose_the_database_is():
    with tempfile.TemporaryDirectory(prefix="userinfo-") as folder:  # others cannot look into pytest's
        os.chmod(folder, 0o755)
        program = shutil.copy(PROGRAM, folder)
        server = Server(folder, LOG_FILE=None)
        server.succeed("migrate")
        verb = ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups", program, "user", "list"]
        result = subprocess.run(verb, env=server.environment(), capture_output=True, text=True, timeout=60, check=False)
    failed(result, "Permission denied; the folder belongs to root, but this program runs as user 54321", status=2)


def test_an_error_is_one_line_where_the_log_goes_to_standard_error(tmp_path):
    server = Server(tmp_path)
    for name in ("LOG_FILE", "LOG_LEVEL", "LOG_FORMAT"):
        del server.settings[name]
    server.succeed("migrate")
    failed(server.run("user", "show", "nobody@example.com"), "no such account")


def run_into_a_full_disk(server, *verb):
    with open("/dev/full", "wb") as full:
        return subprocess.run(
            [PROGRAM, *verb],
            env=server.environment(),
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.mark.embedded
def test_a_verb_whose_output_cannot_be_written_fails(make_server):
    server = make_server()
    person = Person.registered(server)
    verbs = [
        ["user", "list"],
        ["user", "show", person.email, "--json"],
        ["user", "suspend", person.email],
        ["user", "restore", person.email],
        ["user", "unlock", person.email],
        ["user", "delete", person.email],
        ["keys", "list"],
        ["keys", "rotate"],
        ["keys", "rewrap"],
        ["audit"],
        ["audit", "--follow", "--since", "1h"],
        ["audit", "verify"],
        ["config", "check"],
        ["migrate"],
        ["help"],
        ["help", "settings"],
        ["user", "--help"],
        ["--version"],
        ["version"],
        ["completion", "bash"],
        ["completion", "words", "us"],
    ]
    for verb in verbs:
        result = run_into_a_full_disk(server, *verb)
        told = "userinfo: standard output cannot be written: No space left on device\n"
        assert (result.returncode, result.stderr) == (1, told), verb


@pytest.mark.embedded
def test_a_server_that_cannot_say_that_it_is_ready_serves(tmp_path):
    server = Server(tmp_path)
    with open("/dev/full", "wb") as full:
        process = subprocess.Popen([PROGRAM, "standalone"], env=server.environment(), stdout=full)
    try:
        wait_until(lambda: server.log_file.exists() and server.log_lines("started"), "the server starts")
        succeeded(Client(server).get("/healthz"))
    finally:
        process.terminate()
    assert process.wait(STOP_SECONDS) == 0
    told = "cannot tell the starter of this program that it is ready"
    wait_until(lambda: server.log_lines(told), "the line of the log")


def test_the_reason_of_a_failed_start_is_the_last_line_behind_the_log():
    """A log that is written too late is not so every time."""
    variables = {f"USERINFO_UNKNOWN_{number}": "warned of" for number in range(20)}
    variables |= {"USERINFO_TLS_CERTIFICATE": "/none.pem", "USERINFO_TLS_KEY": "/none.key"}
    for _ in range(10):
        result = run_program("gateway", environment=clean_environment(variables))
        assert (result.returncode, result.stdout) == (2, "")
        *log, reason = result.stderr.splitlines()
        assert len(log) == 20 and reason.startswith("userinfo: tls"), result.stderr


@pytest.mark.parametrize("verb", ["show", "suspend", "restore", "delete"])
def test_says_who_is_not_there(server, verb):
    for who in (Person.unknown().email, str(uuid.uuid4())):
        failed(server.run("user", verb, who), "no such account")
    failed(server.run("user", verb, "nonsense"))


def test_a_suspension_holds_when_the_verb_returns(server, person, app, browser):
    alive(app)
    alive(browser)
    server.succeed("user", "suspend", person.email)
    ended(app)
    ended(browser)
    del browser.cookies["access_token"]
    ended(browser)
    refused(refresh(server, app.refresh_token), 401, 200008)
    refused(person.log_in(Client(server)), 403, 200012)
    assert "suspended" in server.succeed("user", "show", person.email)


def test_restoring_allows_a_new_log_in_and_revives_no_session(server, person, app):
    server.succeed("user", "suspend", person.email)
    server.succeed("user", "suspend", person.email)
    server.succeed("user", "restore", person.email)
    ended(app)
    alive(person.app(server))
    server.succeed("user", "restore", person.email)


def test_deleting_holds_when_the_verb_returns_and_frees_the_email(server, person, app):
    granted(app.post("/api/user/profile", form={"username": "Ada"}))
    server.succeed("user", "delete", person.email)
    ended(app)
    refused(person.log_in(Client(server)), 401, 200007)
    failed(server.run("user", "show", person.email), "no such account")
    succeeded(Person(person.email, new_password()).register(Client(server)))


def test_works_by_account_id_too(server, person, app):
    account_id = granted(app.get("/api/account"))["account_id"]
    server.succeed("user", "suspend", account_id)
    refused(person.log_in(Client(server)), 403, 200012)
    server.succeed("user", "restore", account_id)
    server.succeed("user", "delete", account_id)
    refused(person.log_in(Client(server)), 401, 200007)


def test_accounts_can_be_made_before_the_first_start(tmp_path):
    server = Server(tmp_path)
    server.succeed("migrate")
    server.succeed("migrate")
    person = Person.unknown()
    assert create(server, person).returncode == 0
    server.start()
    succeeded(person.log_in(Client(server)))
    server.finish()


def test_prints_one_line_with_the_real_port_when_it_is_ready(tmp_path):
    server = Server(tmp_path, LISTEN="127.0.0.1:0").start()
    assert server.port != 0
    succeeded(Client(server).get("/healthz"))
    server.finish()
    assert server.later_output == ""
