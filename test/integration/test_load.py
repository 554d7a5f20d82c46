"""The wrk scripts of bench, as an operator runs them, with users that make_users.py made."""

import re
import subprocess
import sys
from shutil import which

import pytest

from client import Client
from program import ROOT
from server import Server

BENCH = ROOT / "bench"
USERS = 20
CONNECTIONS = 4

pytestmark = pytest.mark.skipif(not which("wrk"), reason="wrk is not installed")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    quick_hashes = {"PASSWORDS_MEMORY": "7168", "PASSWORDS_ITERATIONS": "1", "PASSWORDS_LOG_IN_FLOOR": "0ms"}
    # The file's tokens stay good, however fast the machine logs its users in.
    settings = {**quick_hashes, "SESSIONS_PER_ACCOUNT": "10000"}
    server = Server(tmp_path_factory.mktemp("server"), LOG_LEVEL="warning", **settings).start()
    yield server
    server.finish()


def make_users(server, file, count=USERS):
    command = [sys.executable, BENCH / "make_users.py", server.url, file, f"--users={count}"]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def users(server, tmp_path_factory):
    """The file of users."""
    file = tmp_path_factory.mktemp("users") / "users"
    done = make_users(server, file)
    assert done.returncode == 0, done.stderr
    return file


def wrk(server, script, *arguments, threads="-t2"):
    command = ["wrk", threads, f"-c{CONNECTIONS}", "-d1s", "-T5s", "-s", BENCH / script, server.url, "--", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def counts(output):
    """How many requests succeeded, and of how many."""
    return tuple(map(int, re.search(r"(\d+) of (\d+) .* succeeded, [\d.]+ a second", output).groups()))


def all_succeed(server, script, *arguments, threads="-t2"):
    """How many requests a run sent: some, and each of them did what it was for."""
    output = wrk(server, script, *arguments, threads=threads).stdout
    good, sent = counts(output)
    assert good == sent > 0, output
    assert "errors: 0 refused, 0 not answered" in output
    p50, p90, p99, p999 = map(float, re.search(r"p50 ([\d.]+), p90 ([\d.]+), p99 ([\d.]+), p99.9 ([\d.]+)", output).groups())
    assert 0 < p50 <= p90 <= p99 <= p999
    return sent


def browsers(server, users):
    """A client for each line of the file, with its token."""
    for line in users.read_text().splitlines():
        name, _, token = line.partition("\t")[2].partition("=")
        client = Client(server)
        client.cookies[name] = token
        yield client


@pytest.mark.parametrize("script", ["get_profile.lua", "log_in.lua", "mix.lua"])
def test_every_request_of_a_script_succeeds(server, users, script):
    all_succeed(server, script, users)


def test_as_many_users_are_registered_as_the_script_counts(server, users):
    before = server.storing.count_rows()["account"]
    registered = all_succeed(server, "register.lua")
    # What is under way when wrk leaves may be done, but is not counted.
    assert registered <= server.storing.count_rows()["account"] - before <= registered + CONNECTIONS


def test_a_second_run_registers_others(server):
    all_succeed(server, "register.lua")
    all_succeed(server, "register.lua")


@pytest.mark.parametrize("threads", ["-t1", "-t4", "--threads=3"])
def test_the_threads_change_the_profiles_of_all_users_between_them(server, users, threads):
    def versions():
        return [int(client.get("/api/user/profile").header("ETag").strip('"')) for client in browsers(server, users)]

    before = versions()
    updated = all_succeed(server, "update_profile.lua", users, threads=threads)
    changes = [after - first for after, first in zip(versions(), before)]
    assert len(changes) == USERS and min(changes) > 0
    assert updated <= sum(changes) <= updated + 2 * CONNECTIONS  # what was under way when this run ended, or one before


def test_users_that_exist_get_new_tokens(server, users, tmp_path):
    again = tmp_path / "again"
    assert make_users(server, again, 2).returncode == 0
    assert again.read_text().splitlines() != users.read_text().splitlines()[:2]
    all_succeed(server, "get_profile.lua", again)


def test_only_their_owner_reads_the_file_of_users(users):
    assert users.stat().st_mode & 0o777 == 0o600


def test_a_script_counts_refusals_and_shows_one(server, users, tmp_path):
    worn = tmp_path / "worn"
    worn.write_text("".join(f"{line}x\n" for line in users.read_text().splitlines()))
    output = wrk(server, "get_profile.lua", worn).stdout
    good, sent = counts(output)
    assert good == 0 < sent
    assert f"errors: {sent} refused, 0 not answered" in output
    assert re.search(r"the first refusal: 401 \{\"code\":\d+,", output), output


@pytest.mark.parametrize("lines, arguments, said", [
    (None, [], "the users are missing"),
    (None, ["FILE"], "No such file"),
    ("", ["FILE"], "0 users are too few for 2 threads"),
    ("no tab\n", ["FILE"], "FILE:1: no line of make_users.py"),
])  # fmt: skip
def test_a_script_says_what_is_wrong_with_the_users(server, tmp_path, lines, arguments, said):
    file = tmp_path / "FILE"
    if lines is not None:
        file.write_text(lines)
    run = wrk(server, "get_profile.lua", *(tmp_path / name for name in arguments))
    assert run.returncode == 1
    assert said in run.stderr


def test_a_server_that_limits_attempts_stops_the_making_of_users(make_server, tmp_path):
    limited = make_server(ATTEMPTS_REGISTERS_PER_MINUTE=None, ATTEMPTS_REGISTERS_BURST=None)
    run = make_users(limited, tmp_path / "users")
    assert run.returncode == 1
    assert "POST /api/account/register answered 429" in run.stderr
    assert not (tmp_path / "users").exists()


def test_a_server_that_is_not_there_is_said(tmp_path):
    class Nobody:
        url = "http://127.0.0.1:1"

    run = make_users(Nobody, tmp_path / "users")
    assert run.returncode == 1
    assert "gave no answer: ConnectionRefusedError" in run.stderr
