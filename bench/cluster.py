#!/usr/bin/python3
"""Measures a whole cluster on this machine, and what each group of its processes spends on a request."""
import argparse
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "deploy" / "cluster"))

import load  # noqa: E402: beside this file
import report  # noqa: E402
from relays import Relays  # noqa: E402
from servers.process import Process  # noqa: E402: of deploy/cluster
from topology import Cluster  # noqa: E402

PORT_OFFSET = 5_000
RELAYS_PORT = 7_999 + PORT_OFFSET
CONNECTIONS = 32
FEW_CONNECTIONS = 10  # as the reference's command line has
MANY_CONNECTIONS = 256
REFERENCE_THREADS = 5  # each reads the profile of test_user_1, test_user_2 …
REFERENCE_LOAD = ["wrk", f"-t{REFERENCE_THREADS}", "-c10", "-d10s", "-T5s", "--latency"]
GROUPS = ("nginx", "gateway", "service", "redis", "mariadb", "etcd")
COLUMNS = ("request", "requests/s", "p50 ms", "p99 ms", "p99.9 ms", "errors", *GROUPS)
SCRIPTS = {
    "GET profile": "get_profile.lua",
    "PUT profile": "update_profile.lua",
    "90 % GET profile, 9 % PUT profile, 1 % log-in": "mix.lua",
    "POST login": "log_in.lua",
    "POST register": "register.lua",
}
SETTINGS = {
    "service": {
        "compatibility.reference": True,
        "attempts.checks_per_minute": 1_000_000,
        "attempts.checks_burst": 1_000_000,
        "attempts.registers_per_minute": 1_000_000,
        "attempts.registers_burst": 1_000_000,
        "attempts.refreshes_per_session": 60_000_000,
        "attempts.refreshes_per_source": 60_000_000,
        "attempts.writes_per_session": 60_000_000,
        "attempts.writes_per_source": 60_000_000,
        "attempts.forced_reads_per_session": 60_000_000,
        "attempts.forced_reads_per_source": 60_000_000,
        "attempts.free_failures": 1_000_000,
    }
}


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./dev bench cluster", description=__doc__)
    parser.add_argument("--program", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--relay", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
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


def run(cluster, name, script, users, seconds, connections=CONNECTIONS):
    """A row of the table."""
    print(name, flush=True)
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-T5s", "-s", str(HERE / script), cluster.url, "--", users]
    meter = Meter(cluster)
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    spent = meter.spent()
    count, rate = re.search(r"\d+ of (\d+) .* succeeded, ([\d.]+) a second", output).groups()
    if count == "0":
        raise SystemExit(f"wrk got no answer:\n{output}")
    times = re.search(r"p50 ([\d.]+), .*p99 ([\d.]+), p99.9 ([\d.]+)", output).groups()
    errors = sum(map(int, re.search(r"errors: (\d+) refused, (\d+) not answered", output).groups()))
    return name, f"{float(rate):,.0f}", *times, str(errors), *(f"{spent[group] / int(count):.1f}" for group in GROUPS)


def run_reference(cluster):
    """The row and the promised figure: the reference system's own command line."""
    client = load.api(cluster.url)
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


def measure(cluster, arguments, folder):
    print(f"making {arguments.users} users", flush=True)
    made = load.make_users(cluster.url, arguments.users)
    users = str(load.write_users(folder / "users", made))
    row, figures = run_reference(cluster)
    rows = [row]
    few = f"GET profile, {FEW_CONNECTIONS} connections"
    rows.append(run(cluster, few, "get_profile.lua", users, arguments.seconds, FEW_CONNECTIONS))
    with Relays(cluster, arguments.relay.resolve(), folder / "relays", RELAYS_PORT, made) as relays:
        name = "the same, relays in the program's places"
        rows.append(run(relays, name, "get_profile.lua", users, arguments.seconds, FEW_CONNECTIONS))
    many = f"GET profile, {MANY_CONNECTIONS} connections"
    rows.append(run(cluster, many, "get_profile.lua", users, arguments.seconds, MANY_CONNECTIONS))
    rows += [run(cluster, name, script, users, arguments.seconds) for name, script in SCRIPTS.items()]
    return report.table(COLUMNS, rows), figures


def main():
    arguments = parse_arguments()
    # So that the cluster is stopped then, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
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
