"""The wrk scripts of bench/reference, as users of the reference system run them, against a server in compatibility mode"""

import re
import subprocess
from shutil import which

import pytest

from client import Client
from expect import succeeded
from program import ROOT
from server import Server

SCRIPTS = ROOT / "bench" / "reference"
SECONDS = 3

pytestmark = pytest.mark.skipif(not (which("wrk") and which("curl")), reason="wrk and curl are not installed")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("server"), "--config", SCRIPTS / "userinfo.yaml", LOG_LEVEL="warning").start()
    yield server
    server.finish()


def run(server, script):
    """Of a run: how many requests were good, of how many. None may have failed on the way."""
    command = ["wrk", "-t5", "-c10", f"-d{SECONDS}s", "-T5s", "--latency", "-s", SCRIPTS / script, server.url]
    output = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert "Socket errors" not in output, output
    good, all_requests = re.search(r"(\d+) of (\d+) requests", output).groups()
    assert int(good) > 0, output
    return int(good), int(all_requests)


def test_everybody_registers_logs_in_and_reads_a_profile(server):
    registered, asked = run(server, "register.lua")
    assert registered == asked
    logged_in, asked = run(server, "login.lua")
    assert logged_in >= asked * min(1, registered / 100) * 0.5  # it takes the first 100 users in turn
    shown, asked = run(server, "get_profile.lua")
    assert shown == asked


def test_a_script_that_knows_one_cookie_sees_the_access_token(server):
    reply = succeeded(Client(server).post("/api/account/login", form={"email": "test_user_1", "password": "123456"}))
    last = [value for name, value in reply.header_lines if name == "Set-Cookie"][-1]
    assert last.startswith("access_token=")
