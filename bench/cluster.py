#!/usr/bin/python3
"""Measures a whole cluster on this machine, and what each group of its processes spends on a request."""
import argparse
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "deploy" / "cluster"))

import load  # noqa: E402: beside this file
import report  # noqa: E402
from servers.process import Process  # noqa: E402: of deploy/cluster
from topology import Cluster  # noqa: E402

PORT_OFFSET = 5_000
CONNECTIONS = 32
MANY_CONNECTIONS = 256
REFERENCE_THREADS = 5  # each reads the profile of test_user_1, test_user_2 …
REFERENCE_LOAD = ["wrk", f"-t{REFERENCE_THREADS}", "-c10", "-d10s", "-T5s", "--latency"]
GROUPS = ("nginx", "gateway", "service", "redis", "mariadb", "etcd")
COLUMNS = ("request", "requests/s", "p50 ms", "p99 ms", "p99.9 ms", "errors", *GROUPS)
WRITES = 1000  # of those that are sent once
SETTINGS = {
    "service": {
        "compatibility.reference": True,
        "attempts.checks_per_minute": 1_000_000,
        "attempts.checks_burst": 1_000_000,
        "attempts.registers_per_minute": 1_000_000,
        "attempts.registers_burst": 1_000_000,
        "attempts.free_failures": 1_000_000,
    }
}


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./dev bench cluster", description=__doc__)
    parser.add_argument("--program", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--users", type=int, default=500, help="how many people there are; %(default)s")
    parser.add_argument("--seconds", type=int, default=10, help="length of one run; %(default)s")
    parser.add_argument("--write", action="store_true", help="write docs/cluster-benchmarks.md")
    return parser.parse_args()


def cpu_ticks(process: Process):
    """Of the process and its children, which nginx has."""
    pid = process.pid()
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(load_ticks(each) for each in (pid, *children))


def load_ticks(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


class Meter:
    """What each group spends while it lasts, in µs."""

    def __init__(self, cluster):
        self.processes = cluster.processes()
        self.before = self.read()

    def read(self):
        return {group: sum(cpu_ticks(each) for each in self.processes if each.name.startswith(group)) for group in GROUPS}

    def spent(self):
        return {group: (ticks - self.before[group]) * 10_000 for group, ticks in self.read().items()}


def run(cluster, name, folder, requests, seconds, mode="round", connections=CONNECTIONS):
    """A row of the table: the requests of a list in turn, or each of them once."""
    print(name, flush=True)
    path = load.write_requests(folder / "requests", requests)
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-T5s", "-s", str(HERE / "replay.lua"), cluster.url]
    meter = Meter(cluster)
    output = subprocess.run([*command, "--", str(path), mode], check=True, capture_output=True, text=True).stdout
    spent = meter.spent()
    done = json.loads(output.splitlines()[-1])
    count = done["requests"]
    times = [f"{done[column] / 1000:.2f}" for column in ("p50_us", "p99_us", "p999_us")]
    rate = f"{count / done['seconds']:,.0f}"
    return name, rate, *times, str(done["errors"]), *(f"{spent[group] / count:.1f}" for group in GROUPS)


def run_reference(cluster):
    """The row and the promised figure: the reference system's own command line."""
    client = load.api(cluster.ports.nginx())
    for number in range(1, REFERENCE_THREADS + 1):
        client.call("POST", "/api/account/register", {"email": f"test_user_{number}", "password": "123456"})
    command = [*REFERENCE_LOAD, "-s", str(HERE / "reference" / "get_profile.lua"), cluster.url]
    subprocess.run(command, check=True, capture_output=True)  # makes the profiles
    meter = Meter(cluster)
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    spent = meter.spent()
    shown, count, rate = re.search(r"(\d+) of (\d+) requests showed a profile, ([\d.]+)", output).groups()
    each = {group: spent[group] / int(count) for group in GROUPS}
    times = [milliseconds(re.search(rf"{percentile}%\s+([\d.]+)(\w+)", output)) for percentile in (50, 99)]
    errors = int(count) - int(shown)
    row = ("GET profile, the reference's command line", f"{float(rate):,.0f}", *times, "", str(errors))
    cost = each["gateway"] + each["service"] + each["redis"]
    return (*row, *(f"{each[group]:.1f}" for group in GROUPS)), [
        report.figure("GET profile: CPU µs of gateways, services and Redis", cost, 70),
        report.figure("requests that showed no profile", errors, 0),
    ]


def milliseconds(found):
    factor = {"us": 0.001, "ms": 1, "s": 1000}[found[2]]
    return f"{float(found[1]) * factor:.2f}"


def workloads(port, users):
    """Each request's name, the requests, and whether they are sent once or in turn."""
    reads = [load.profile_read(port, user) for user in users]
    updates = [
        load.raw_request(port, "PUT", "/api/user/profile", {"username": f"Changed {number}"}, user.access_cookie)
        for number, user in enumerate(users)
    ]
    log_ins = [
        load.raw_request(port, "POST", "/api/account/login", {"email": user.email, "password": load.PASSWORD})
        for user in users
    ]
    registers = [
        load.raw_request(port, "POST", "/api/account/register", {"email": f"new{number}@bench.example", "password": load.PASSWORD})
        for number in range(WRITES)
    ]
    yield "GET profile", reads, "round"
    yield "PUT profile", updates, "round"
    yield "90 % GET profile, 9 % PUT profile, 1 % log-in", mix(reads, updates, log_ins), "round"
    yield "POST login", log_ins, "once"
    yield "POST register", registers, "once"


def mix(reads, updates, log_ins):
    chosen = random.Random(1)
    kinds = chosen.choices((reads, updates, log_ins), weights=(90, 9, 1), k=20_000)
    return [chosen.choice(kind) for kind in kinds]


def measure(cluster, arguments, folder):
    print(f"making {arguments.users} users", flush=True)
    users = load.make_users(cluster.ports.nginx(), arguments.users)
    row, figures = run_reference(cluster)
    rows = [row]
    reads = [load.profile_read(cluster.ports.nginx(), user) for user in users]
    many = f"GET profile, {MANY_CONNECTIONS} connections"
    rows.append(run(cluster, many, folder, reads, arguments.seconds, connections=MANY_CONNECTIONS))
    for name, requests, mode in workloads(cluster.ports.nginx(), users):
        rows.append(run(cluster, name, folder, requests, 120 if mode == "once" else arguments.seconds, mode))
    return report.table(COLUMNS, rows), figures


def main():
    arguments = parse_arguments()
    with tempfile.TemporaryDirectory(prefix="userinfo-") as name:
        folder = pathlib.Path(name)
        cluster = Cluster(folder / "c", arguments.program.resolve(), PORT_OFFSET, SETTINGS)
        try:
            cluster.up()
            table, figures = measure(cluster, arguments, folder)
        finally:
            cluster.down()
    text = f"{table}\n\n{report.promises(figures)}"
    print(text)
    if arguments.write:
        report.write_cluster(HERE.parent / "docs", text, arguments)
    return 0 if all(figure.met() for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
