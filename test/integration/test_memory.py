"""Passwords in memory: soon after a request is done, no process has a copy of one any more, however it was sent and whatever
became of it

Each password holds a mark that nothing else has, many times over or, in a short one, once. What is searched for is the mark
in each form that it can have on its way: a piece of a password is found as well as all of it.
"""

import json
import os
import resource
import secrets
import signal
import subprocess
import time
from contextlib import ExitStack, contextmanager
from urllib.parse import quote_from_bytes

import pytest

import memory
from certificates import Authority
from client import Client
from expect import granted, refused, succeeded
from people import Person, new_email
from program import PROGRAM, clean_environment
from raw_http import Connection, request
from server import Server
from waiting import at_once, wait_until

SOON = 10  # seconds
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}  # ASCII to its full-width forms, which NFKC undoes


class Mark:
    """Text that is nowhere else, and the passwords made of it."""

    def __init__(self):
        self.text = "zq" + secrets.token_hex(4)
        self.short = self.text + "-7"  # as short as fits into a std::string itself
        self.changed = self.text + "-8"
        self.wrong = self.text + "-9"
        self.long = " ".join([self.text] * 20)
        self.wide = " ".join([self.text.translate(WIDE)] * 4)

    @property
    def forms(self):
        """What it is called, and its bytes."""
        found = {"as code points": self.text.encode("utf-32-le")}
        for name, text in {"": self.text, "full-width, ": self.text.translate(WIDE)}.items():
            found[name + "plain"] = text.encode()
            found[name + "percent-encoded"] = percent_encoded(text).encode()
            found[name + "escaped"] = escaped(text).encode()
        return found


def percent_encoded(text):
    return "".join(f"%{byte:02X}" for byte in text.encode())


def escaped(text):
    return "".join(f"\\u{ord(character):04x}" for character in text)


def as_form(fields):
    return FORM, "&".join(f"{name}={quote_from_bytes(value.encode())}" for name, value in fields.items()).encode()


def as_percent_encoded_form(fields):
    return FORM, "&".join(f"{name}={percent_encoded(value)}" for name, value in fields.items()).encode()


def as_json(fields):
    return JSON, json.dumps(fields, ensure_ascii=False).encode()


def as_escaped_json(fields):
    return JSON, ("{" + ",".join(f'"{name}":"{escaped(value)}"' for name, value in fields.items()) + "}").encode()


ENCODINGS = [as_form, as_percent_encoded_form, as_json, as_escaped_json]


def ask(client, encode, method, path, **fields):
    content_type, body = encode(fields)
    return client.request(method, path, body=body, headers={"Content-Type": content_type})


def require_right_to_look(server):
    if not all(memory.is_readable(role.process) for role in server.roles):
        stop = pytest.fail if os.environ.get("CI") else pytest.skip
        stop("looking into the memory of another process takes root, with CAP_SYS_PTRACE")


def found_in(server, mark):
    return [finding for role in server.roles for finding in memory.find(role.process, mark.forms)]


def forgotten(server, mark):
    """Fails if a password of `mark` stays in memory."""
    deadline = time.monotonic() + SOON
    while findings := found_in(server, mark):
        assert time.monotonic() < deadline, f"after {SOON} s there still are {findings}"


@contextmanager
def in_mid_body(server, body, chunked=False):
    """A connection with a request of which a part has come."""
    size = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(body) + 1}"
    part = b"%x\r\n%b" % (len(body) + 1, body) if chunked else body
    with Connection(server) as connection:
        connection.send(request("POST", "/api/account/login", f"Content-Type: {FORM}", size, body=part))
        yield connection


@pytest.fixture
def mark():
    return Mark()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    settings = {"HTTP_BODY_TIME": "1s", "PASSWORDS_QUEUE": "1", "PASSWORDS_THREADS": "1", "HTTP_BODY_BYTES": "8192"}
    server = Server(tmp_path_factory.mktemp("server"), **settings).start()
    require_right_to_look(server)
    yield server
    server.finish()


@pytest.fixture
def client(server):
    """It keeps one connection, as a browser does."""
    return Client(server)


def test_the_search_finds_what_is_there(server, app, mark):
    granted(app.post("/api/user/profile", form={"username": mark.text}))
    granted(app.get("/api/user/profile"))
    assert memory.find(server.storing.process, mark.forms), "the profile is cached"
    body = f"password={mark.text}&more={percent_encoded(mark.text)}&most={escaped(mark.text)}".encode()
    other = Mark()
    with in_mid_body(server, body.replace(mark.text.encode(), other.text.encode())):
        wait_until(lambda: memory.find(server.process, other.forms), "the part that has come is seen")


def journey(client, mark, encode, password):
    email = new_email()
    log_in = dict(email=email, tokens="body")
    succeeded(ask(client, encode, "POST", "/api/account/register", email=email, password=password))
    refused(ask(client, encode, "POST", "/api/account/login", password=mark.wrong, **log_in), 401, 200007)
    client.bearer = granted(ask(client, encode, "POST", "/api/account/login", password=password, **log_in))["access_token"]
    granted(ask(client, encode, "POST", "/api/account/reauthenticate", password=password))
    change = dict(current_password=password, new_password=mark.changed)
    wrong_change = dict(current_password=mark.wrong, new_password=mark.changed)
    refused(ask(client, encode, "POST", "/api/account/password", **wrong_change), 403, 200013)
    client.bearer = granted(ask(client, encode, "POST", "/api/account/password", **change))["access_token"]
    refused(ask(client, encode, "DELETE", "/api/account", password=mark.wrong), 403, 200013)
    succeeded(ask(client, encode, "DELETE", "/api/account", password=mark.changed))


@pytest.mark.parametrize("kind", ["short", "long", "wide"])
@pytest.mark.parametrize("encode", ENCODINGS)
def test_a_password_is_forgotten_once_its_requests_are_done(server, client, mark, encode, kind):
    journey(client, mark, encode, getattr(mark, kind))
    forgotten(server, mark)


def test_a_password_is_forgotten_that_came_in_chunks(server, mark):
    body = as_form({"email": new_email(), "password": mark.long})[1]
    head = request("POST", "/api/account/register", f"Content-Type: {FORM}", "Transfer-Encoding: chunked")
    for size in (3, 40, 4000):
        with Connection(server) as connection:
            connection.send(head)
            for begin in range(0, len(body), size):
                piece = body[begin : begin + size]
                connection.send(b"%x\r\n%b\r\n" % (len(piece), piece))
            connection.send(b"0\r\n\r\n")
            assert connection.receive().status in (200, 409)
            forgotten(server, mark)


def test_a_password_is_forgotten_while_its_client_keeps_the_connection(server, mark):
    body = as_form({"email": new_email(), "password": mark.short})[1]
    form = request("POST", "/api/account/register", f"Content-Type: {FORM}", f"Content-Length: {len(body)}", body=body)
    with Connection(server) as connection:
        connection.send(form + request("GET", "/healthz"))
        succeeded(connection.receive())
        succeeded(connection.receive())
        forgotten(server, mark)


def test_a_password_is_forgotten_that_was_sent_again_with_renewed_tokens(make_server, mark):
    server = make_server(TOKENS_ACCESS_LIFETIME="2s")
    require_right_to_look(server)
    person = Person(new_email(), mark.long)
    succeeded(person.register(Client(server)))
    browser = person.browser(server)
    old = browser.cookies["access_token"]
    alone = Client(server, cookies={"access_token": old})
    wait_until(lambda: alone.get("/api/account").status == 401, "the access token expires")
    change = dict(current_password=mark.long, new_password=mark.short)
    succeeded(ask(browser, as_json, "POST", "/api/account/password", **change))
    assert browser.cookies["access_token"] != old
    forgotten(server, mark)


REJECTED = {
    "broken JSON": lambda mark: (JSON, f'{{"email":"a@example.com","password":"{mark.long}"'.encode()),
    "JSON with a broken escape": lambda mark: (JSON, f'{{"password":"{escaped(mark.long)}\\u12"}}'.encode()),
    "a broken percent escape": lambda mark: (FORM, f"password={mark.long.replace(' ', '+')}%4".encode()),
    "a field that is there twice": lambda mark: (FORM, f"password={mark.short}&password={mark.short}".encode()),
    "another media type": lambda mark: ("text/plain", mark.long.encode()),
    "a password that is too long": lambda mark: as_form({"email": new_email(), "password": mark.long * 10}),
    "a password that is not UTF-8": lambda mark: (FORM, f"email=a@example.com&password={mark.short}%FF".encode()),
    "a password with a NUL": lambda mark: as_escaped_json({"email": new_email(), "password": mark.short + "\0"}),
    "no email address": lambda mark: as_json({"email": "nobody", "password": mark.long}),
    "a body that is too large": lambda mark: as_form({"password": mark.long * 50}),
}


@pytest.mark.parametrize("why", REJECTED)
def test_a_password_is_forgotten_that_was_rejected(server, mark, why):
    content_type, body = REJECTED[why](mark)
    with Connection(server) as connection:
        head = [f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
        connection.send(request("POST", "/api/account/register", *head, body=body))
        assert connection.receive().status in (400, 413, 415)
        forgotten(server, mark)


@pytest.mark.parametrize("bad", ["Content-Length: 1x", "Transfer-Encoding: chunked"])
def test_a_password_is_forgotten_whose_request_is_not_http(server, mark, bad):
    with Connection(server) as connection:
        connection.send(request("POST", "/api/account/login", f"Content-Type: {FORM}", bad, body=mark.long.encode()))
        refused(connection.receive(), 400, 300005)
        forgotten(server, mark)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_password_is_forgotten_whose_client_was_too_slow(server, mark, chunked):
    with in_mid_body(server, f"password={mark.long}".encode(), chunked) as connection:
        refused(connection.receive(), 408, 300005)
        forgotten(server, mark)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_password_is_forgotten_whose_client_left_before_its_end(server, mark, chunked):
    with in_mid_body(server, f"password={mark.long}".encode(), chunked):
        pass
    forgotten(server, mark)


def test_a_password_is_forgotten_whose_client_left_without_the_reply(server, mark):
    for encode in ENCODINGS:
        content_type, body = encode({"email": new_email(), "password": mark.long})
        head = [f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
        for path in ("register", "login"):
            with Connection(server) as connection:
                connection.send(request("POST", f"/api/account/{path}", *head, body=body))
    forgotten(server, mark)


def test_a_password_is_forgotten_for_which_there_was_no_place_in_the_queue(server, mark):
    def register():
        return ask(Client(server), as_json, "POST", "/api/account/register", email=new_email(), password=mark.long)

    replies = at_once([register] * 12)
    assert {reply.status for reply in replies} == {200, 503}, replies
    forgotten(server, mark)


def test_a_password_is_forgotten_while_its_hash_is_made_stronger(make_server, tmp_path, mark):
    weak = make_server(PASSWORDS_ITERATIONS="1")
    person = Person(new_email(), mark.short)
    succeeded(person.register(Client(weak)))
    weak.stop()
    weak.settings["PASSWORDS_ITERATIONS"] = "4"
    for role in weak.roles:
        role.settings["PASSWORDS_ITERATIONS"] = "4"
    weak.start()
    require_right_to_look(weak)
    succeeded(person.log_in(Client(weak)))
    forgotten(weak, mark)


@pytest.mark.listener
def test_a_password_is_forgotten_that_came_by_https(tmp_path, mark):
    authority = Authority(tmp_path)
    authority.issue()
    server = Server(tmp_path / "server", **authority.settings)
    server.authority = str(authority.certificate_file)
    server.start()
    try:
        require_right_to_look(server)
        client = Client(server)
        for kind in ("short", "long"):
            journey(client, mark, as_form, getattr(mark, kind))
            client.bearer = None
        forgotten(server, mark)
    finally:
        server.finish()


def test_a_gateway_forgets_a_password_for_which_no_service_answers(server, mark):
    if len(server.roles) < 2:
        pytest.skip("there is no gateway in a process of its own")
    service = server.roles[1].process
    body = as_form({"email": new_email(), "password": mark.long})[1]
    head = [f"Content-Type: {FORM}", f"Content-Length: {len(body)}"]
    service.send_signal(signal.SIGSTOP)
    try:
        with Connection(server) as connection:
            connection.send(request("POST", "/api/account/register", *head, body=body))
            wait_until(lambda: memory.find(server.process, mark.forms), "the gateway has it")
            assert connection.receive().status == 503
        wait_until(lambda: not memory.find(server.process, mark.forms), "the gateway has forgotten it", SOON)
    finally:
        service.send_signal(signal.SIGCONT)
    forgotten(server, mark)


def test_no_function_of_a_library_is_bound_while_the_program_runs(make_server, mark, monkeypatch, tmp_path):
    """The dynamic linker would save all registers on the stack, and what was copied last is in them."""
    monkeypatch.setenv("LD_DEBUG", "bindings")
    monkeypatch.setenv("LD_BIND_NOW", "")  # to the linker, this is as if it were not set
    monkeypatch.setenv("LD_DEBUG_OUTPUT", str(tmp_path / "bindings"))
    server = make_server()
    journey(Client(server), mark, as_json, mark.long)
    for role in server.roles:
        told = (tmp_path / f"bindings.{role.process.pid}").read_text(encoding="utf-8", errors="replace")
        start, main, running = told.rpartition("transferring control:")
        assert main and "binding file" in start
        assert "binding file" not in running


def test_no_core_is_dumped(server):
    for role in server.roles:
        assert resource.prlimit(role.process.pid, resource.RLIMIT_CORE) == (0, 0)


def can_look(pid, without_privilege):
    done = subprocess.run([*without_privilege, "head", "-c0", f"/proc/{pid}/mem"], capture_output=True, check=False)
    return done.returncode == 0


def test_no_other_process_of_its_user_may_look():
    # Root may look into all; of its capabilities, this is the one that says so.
    without_privilege = ["setpriv", "--bounding-set", "-sys_ptrace"] if os.geteuid() == 0 else []
    with ExitStack() as running:

        def start(*command):
            process = subprocess.Popen(
                [*without_privilege, *command], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env=clean_environment({}),
            )
            running.enter_context(process)
            running.callback(process.kill)
            return process

        ours, other = start(PROGRAM, "user", "create", "--email", "a@example.com"), start("cat")
        wait_until(lambda: not can_look(ours.pid, without_privilege), "the program keeps its memory to itself")
        assert can_look(other.pid, without_privilege), "nothing else keeps it from being seen"
