#!/usr/bin/python3
"""Measures the release program beside nginx, prints a table, and fails when a promised figure is missed."""
import argparse
import pathlib
import signal
import statistics
import sys
import tempfile

import load
import report
import servers

PROJECT = pathlib.Path(__file__).resolve().parent.parent
PAIRS = 7
STARTS = 5
CONNECTIONS = 32
# More would only wait in the queue of the hashing threads, where one address may hold 32 places.
HASHING_CONNECTIONS = 16
WARM_UP_SECONDS = 3


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--program", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--users", type=int, default=10000, help="how many users read their profile in turn")
    parser.add_argument("--seconds", type=int, default=5, help="length of one run")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    return parser.parse_args()


def measure_starts(program, folder):
    """Milliseconds to the first answer (the slowest of some starts; the first makes the database), and resident MB."""
    starts, resident = [], []
    for _ in range(STARTS):
        with servers.start_userinfo(program, folder) as userinfo:
            starts.append(userinfo.start_ms)
            resident.append(userinfo.resident_mb())
    return max(starts), max(resident)


def measure_beside_nginx(userinfo, nginx, requests, seconds):
    """Runs in turns, so that what else the machine does meets both alike. Returns ours and nginx's middle run, and the
    middle one of the ratios of their CPU time."""
    for server in (userinfo, nginx):
        load.run_wrk(server, requests, CONNECTIONS, WARM_UP_SECONDS)
    ours, theirs = [], []
    for number in range(PAIRS):
        theirs.append(load.run_wrk(nginx, requests, CONNECTIONS, seconds))
        ours.append(load.run_wrk(userinfo, requests, CONNECTIONS, seconds))
        print(f"  pair {number + 1} of {PAIRS}: {ours[-1].cpu_us:.1f} µs, nginx {theirs[-1].cpu_us:.1f} µs", flush=True)
    ratio = statistics.median(mine.cpu_us / other.cpu_us for mine, other in zip(ours, theirs))
    return middle(ours), middle(theirs), ratio


def middle(runs):
    """The run with the median CPU time; it answers for the errors of all."""
    run = sorted(runs, key=lambda each: each.cpu_us)[len(runs) // 2]
    run.errors = sum(each.errors for each in runs)
    return run


def measure_writes(userinfo, users, folder, seconds):
    """The other calls. A refresh is sent once per session, a register once per email."""

    def run(name, requests, connections, mode):
        path = load.write_requests(folder / "requests", requests)
        print(f"  {name}", flush=True)
        return name, load.run_wrk(userinfo, path, connections, seconds, mode)

    def request(path, fields=None, cookie="", method="POST"):
        return load.raw_request(userinfo.port, method, path, fields, cookie)

    updates = [request("/api/user/profile", {"username": f"Changed {i}"}, user.access_cookie, "PUT")
               for i, user in enumerate(users)]
    refreshes = [request("/api/account/refresh", cookie=user.refresh_cookie) for user in users]
    logins = [request("/api/account/login", {"email": user.email, "password": load.PASSWORD}) for user in users]
    registers = [request("/api/account/register", {"email": f"new{i}@bench.example", "password": load.PASSWORD})
                 for i in range(500 * seconds)]
    return [
        run("PUT /api/user/profile", updates, CONNECTIONS, "round"),
        run("POST /api/account/refresh", refreshes, CONNECTIONS, "once"),
        run("POST /api/account/login", logins, HASHING_CONNECTIONS, "round"),
        run("POST /api/account/register", registers, HASHING_CONNECTIONS, "once"),
    ]


def measure(arguments, folder):
    print("start and idle", flush=True)
    start_ms, idle_mb = measure_starts(arguments.program, folder)

    with servers.start_userinfo(arguments.program, folder) as userinfo:
        print("users", flush=True)
        users = load.make_users(userinfo.port, arguments.users)
        _, body = load.api(userinfo.port).call("GET", "/api/user/profile", cookie=users[0].access_cookie)
        reads = load.write_requests(folder / "reads", [
            load.raw_request(userinfo.port, "GET", "/api/user/profile", cookie=user.access_cookie) for user in users])

        with servers.start_nginx(folder, body) as nginx:
            print("profile reads, in turns with nginx", flush=True)
            ours, theirs, ratio = measure_beside_nginx(userinfo, nginx, reads, arguments.seconds)
        print("other calls", flush=True)
        others = measure_writes(userinfo, users, folder, arguments.seconds)

    measurements = [("GET /api/user/profile", ours), ("nginx return 200", theirs), *others]
    figures = [
        report.figure("GET profile: CPU per request, times nginx's", ratio, 1.6),
        report.figure("resident when idle, MB", idle_mb, 25),
        report.figure("start to first answer, ms", start_ms, 200),
        report.figure("errors", sum(measured.errors for _, measured in measurements), 0),
    ]
    return measurements, figures


def main():
    arguments = parse_arguments()
    # So that the servers are stopped then, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    # Beside the build: /tmp may be in memory, where a durable write costs nothing.
    with tempfile.TemporaryDirectory(prefix="bench-", dir=PROJECT / "build") as folder:
        measurements, figures = measure(arguments, pathlib.Path(folder))
    text = report.results(measurements, figures)
    print(f"\n{text}")
    if arguments.write:
        report.write(PROJECT / "docs" / "benchmarks.md", text, arguments.users)
    return 0 if all(figure.met() for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
