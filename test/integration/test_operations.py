"""The management listener: readiness and metrics"""

import os
import re
import socket
import subprocess
import time
import uuid
from contextlib import ExitStack
from pathlib import Path

import pytest

from client import Client
from expect import granted, succeeded
from figures import figures, figures_of, metrics_text, text_of
from people import Person
from program import ROOT
from waiting import wait_until

# A name in the source, and one in the first column of the table in docs/operations.md.
NAME_IN_SOURCE = re.compile(r'"((?:userinfo|process)_\w+)"')
NAME_IN_TABLE = re.compile(r"`((?:userinfo|process)_\w+)`")
NO_METRICS = {"userinfo_version"}  # a cookie


def names_in_source():
    """Of all roles."""
    sources = (file for file in (ROOT / "src").rglob("*") if file.suffix in (".cpp", ".h"))
    return {name for file in sources for name in NAME_IN_SOURCE.findall(file.read_text())} - NO_METRICS


def documented_names():
    section = (ROOT / "docs" / "operations.md").read_text().partition("\n## Metrics\n")[2].partition("\n## ")[0]
    first_columns = (line.split("|")[1] for line in section.splitlines() if line.startswith("|"))
    return {name for column in first_columns for name in NAME_IN_TABLE.findall(column)}


def open_connections(role, listener):
    return figures_of(role)[f'userinfo_open_connections{{listener="{listener}"}}']


@pytest.fixture
def operator(server):
    return Client(server, management=True)


def requests_of(server, method, route, status):
    labels = f'method="{method}",route="{route}",status="{status}"'
    return figures(server).get(f"userinfo_http_requests_total{{{labels}}}", 0)


def test_says_that_it_is_ready(operator):
    succeeded(operator.get("/readyz"))


@pytest.mark.listener
@pytest.mark.parametrize("path", ["/readyz", "/metrics"])
def test_the_public_listener_does_not_have_it(stranger, path):
    assert stranger.get(path).status == 404


@pytest.mark.parametrize("path", ["/api/account", "/api/user/profile"])
def test_the_management_listener_does_not_have_the_api(operator, path):
    assert operator.get(path).status == 404


def test_counts_requests_by_route_and_status(server, app):
    before = requests_of(server, "GET", "/api/user/profile", 404)
    for _ in range(3):
        assert app.get("/api/user/profile").status == 404
    assert requests_of(server, "GET", "/api/user/profile", 404) == before + 3
    granted(app.get("/api/account"))
    assert requests_of(server, "GET", "/api/account", 200) >= 1


def test_measures_requests_by_route(server, app):
    granted(app.get("/api/account"))
    found = figures(server)
    labels = 'method="GET",route="/api/account"'
    count = found[f"userinfo_http_request_seconds_count{{{labels}}}"]
    assert count >= 1
    assert found[f'userinfo_http_request_seconds_bucket{{le="+Inf",{labels}}}'] == count
    assert 0 < found[f"userinfo_http_request_seconds_sum{{{labels}}}"] < 60 * count


@pytest.mark.listener
def test_what_clients_make_up_is_no_label(server, operator, app, stranger):
    for _ in range(3):
        made_up = str(uuid.uuid4())
        app.delete(f"/api/account/sessions/{made_up}")
        stranger.get(f"/{made_up}")
        stranger.request(f"M{made_up[:4]}".upper(), "/healthz")
        text = operator.get("/metrics").body.decode()
        assert made_up not in text and made_up[:4].upper() not in re.findall(r'method="M(\w+)"', text)
    assert requests_of(server, "DELETE", "/api/account/sessions/{id}", 404) >= 3


@pytest.mark.parametrize(
    "name",
    [
        "userinfo_password_hash_seconds_count",
        "userinfo_password_queue_waiting",
        "userinfo_password_queue_running",
        "userinfo_password_queue_refused_total",
        "userinfo_storage_queue",
        "userinfo_storage_seconds_count",
        "userinfo_cache_requests_total",
    ],
)
def test_has_figures_of_hashing_storage_and_cache(server, app, name):
    app.get("/api/user/profile")
    assert [found for found in figures(server) if found.partition("{")[0] == name]


def test_every_metric_is_explained(server):
    text = metrics_text(server)
    explained = set(re.findall(r"^# HELP (\S+) \S", text, re.MULTILINE))
    assert explained == set(re.findall(r"^# TYPE (\S+) ", text, re.MULTILINE)) and len(explained) >= 4
    assert explained <= documented_names()


def test_the_metrics_of_the_source_are_those_of_the_docs():
    assert names_in_source() == documented_names()


def test_prometheus_itself_has_nothing_to_say_of_them(server, app):
    app.get("/api/user/profile")
    for role in server.roles:
        checked = subprocess.run(
            ["promtool", "check", "metrics"], input=text_of(role), capture_output=True, text=True, timeout=30, check=False
        )
        assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def test_each_process_says_which_program_it_is(server):
    version = re.search(r"^project\(userinfo VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text(), re.MULTILINE)[1]
    for role in server.roles:
        [(name, value)] = [each for each in figures_of(role).items() if each[0].startswith("userinfo_build_info")]
        found = re.fullmatch(r'userinfo_build_info\{commit="([^"]*)",version="([^"]*)"\}', name)
        assert re.fullmatch(r"[0-9a-f]{12,40}(-dirty)?|unknown", found[1])
        assert (found[2], value) == (version, 1)


def test_each_process_says_what_it_uses(server):
    for role in server.roles:
        before, process = figures_of(role), Path(f"/proc/{role.process.pid}")
        stat = process.joinpath("stat").read_text().rpartition(")")[2].split()
        after = figures_of(role)
        ticks = os.sysconf("SC_CLK_TCK")
        used = (int(stat[11]) + int(stat[12])) / ticks
        assert before["process_cpu_seconds_total"] - 2 / ticks <= used <= after["process_cpu_seconds_total"] + 2 / ticks
        assert int(stat[17]) in (before["process_threads"], after["process_threads"])
        assert before["process_virtual_memory_bytes"] == pytest.approx(int(stat[20]), rel=0.2)
        resident = int(stat[21]) * os.sysconf("SC_PAGE_SIZE")
        assert before["process_resident_memory_bytes"] == pytest.approx(resident, rel=0.2)
        age = time.clock_gettime(time.CLOCK_BOOTTIME) - int(stat[19]) / ticks
        assert before["process_start_time_seconds"] == pytest.approx(time.time() - age, abs=1)
        assert before["process_start_time_seconds"] == after["process_start_time_seconds"]
        limit = re.search(r"^Max open files +(\d+)", process.joinpath("limits").read_text(), re.MULTILINE)[1]
        assert before["process_max_fds"] == int(limit)


@pytest.mark.listener
def test_open_connections_are_counted_by_listener(make_server):
    server = make_server()
    granted(Person.registered(server).app(server).get("/api/account"))
    front = server.roles[0]
    before = open_connections(front, "public"), figures_of(front)["process_open_fds"]
    with ExitStack() as clients:
        for _ in range(5):
            clients.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        wait_until(lambda: open_connections(front, "public") == before[0] + 5, "five more are open")
        assert figures_of(front)["process_open_fds"] >= before[1] + 5
    wait_until(lambda: open_connections(front, "public") == before[0], "they are closed")
    for role in server.roles:
        assert open_connections(role, "management") >= 1
    for service in server.roles[1:]:
        assert open_connections(service, "rpc") >= 1


def test_lines_that_the_log_lost_are_a_counter(server):
    for role in server.roles:
        assert "\n# TYPE userinfo_log_lines_lost_total counter\nuserinfo_log_lines_lost_total 0\n" in text_of(role)


def test_metrics_hold_nothing_about_a_person(server, tmp_path):
    Person.registered(server).app(server).get("/api/account/sessions")
    file = tmp_path / "metrics"
    file.write_text(metrics_text(server))
    assert server.secrets.found_in(file) == []
