"""A mixed load for long: is everything answered, and does memory stay flat?

500 requests a second: 90 % profile reads, 9 % updates, 1 % calls of accounts that come and go (register, log in, refresh,
log out). Server and clients together need a quarter of a core, so that the hour can be run beside other work; the column of
free cores shows what is left. The clients behave as browsers: they keep the cookies that they are given, and are renewed
when a token expires. An hour leaves some 500 MB of log in the build folder, until the end.

Whatever is bounded is to reach its bound before memory is compared. So two caches are made small (entries are pushed
out all the time, too), and the tokens whose signatures the server remembers are made before the first minute. The set of
ended sessions keeps them for as long as an access token lives, 15 minutes: in the first third of an hour. Memory is looked
at each second, and the median counts: a hash takes 19 MiB while it runs, which is a fifth of the time.
"""
import concurrent.futures
import contextlib
import itertools
import pathlib
import random
import statistics
import time

import load
import paced
import report
import subjects
import wire

SHORTEST = 3  # minutes: one for each third
USERS = 1000
READS, UPDATES, ACCOUNT_CALLS = 450, 45, 5  # a second; a client's account calls take some 20 ms each
SETTINGS = {
    "USERINFO_CACHE_PROFILES": str(USERS // 2),
    "USERINFO_CACHE_SESSIONS": str(USERS // 2),
    "USERINFO_TOKENS_ACCESS_LIFETIME": "15m",
}
REMEMBERED_TOKENS = 65_536
COLUMNS = ("minute", "requests", "errors", "read p50 ms", "read p99 ms", "update p99 ms", "account p99 ms", "RSS MB",
           "files", "WAL MB", "log MB", "cores free")


class browser:
    """Somebody's cookies."""

    def __init__(self, email, *cookies):
        self.email = email
        self.cookies = dict(cookie.split("=", 1) for cookie in cookies)

    def call(self, connections, method, path, fields=None):
        """What was wrong with the answer, or nothing."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        status, head = connections.call(load.raw_request(connections.port, method, path, fields, cookie).encode())
        for name, value in wire.set_cookies(head):
            if value:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
        return "" if status == 200 else f"{method} {path} answered {status}"


def measure(program, folder, minutes):
    with subjects.start_userinfo(program, folder, SETTINGS) as userinfo:
        print(f"{USERS} users", flush=True)
        browsers = [browser(user.email, user.access_cookie, user.refresh_cookie)
                    for user in load.make_users(userinfo.url, USERS)]
        print(f"{REMEMBERED_TOKENS} tokens", flush=True)
        use_tokens(userinfo.port, browsers)
        print(" | ".join(COLUMNS), flush=True)
        rows, errors, resident = run(userinfo, folder, browsers, minutes)
    figures = [report.figure("errors", errors, 0), *growth(resident)]
    return f"{report.table(COLUMNS, rows)}\n\n{report.promises(figures)}", figures


def use_tokens(port, browsers):
    """Renews each browser's tokens so often that the server's memory of signatures is full."""

    def renew(some):
        connections = wire.connections(port, 1)
        for _ in range(REMEMBERED_TOKENS // USERS + 1):
            for each in some:
                wrong = each.call(connections, "POST", "/api/account/refresh")
                wrong = wrong or each.call(connections, "GET", "/api/user/profile")
                if wrong:
                    raise SystemExit(wrong)

    with concurrent.futures.ThreadPoolExecutor(load.MAKERS) as threads:
        list(threads.map(renew, (browsers[i::load.MAKERS] for i in range(load.MAKERS))))


def run(userinfo, folder, browsers, minutes):
    """The table's rows, the number of errors, and the server's memory at each second."""
    rows, errors, resident = [], 0, []
    steps = ((READS, reader(userinfo.port, browsers)), (UPDATES, updater(userinfo.port, browsers)),
             (ACCOUNT_CALLS, comer_and_goer(userinfo.port)))
    with contextlib.ExitStack() as running:
        clients = [running.enter_context(paced.client(rate, step)) for rate, step in steps]
        begin = time.monotonic()
        for minute in range(1, minutes + 1):
            idle = idle_seconds()
            for second in range(60):
                time.sleep(max(0, begin + (minute - 1) * 60 + second + 1 - time.monotonic()))
                userinfo.require_running()
                resident.append(userinfo.resident_mb())
            free = (idle_seconds() - idle) / 60
            tallies = [client.take() for client in clients]
            total = paced.tally()
            for tally in tallies:
                total.add(tally)
            rows.append(row(minute, tallies, total, statistics.median(resident[-60:]), userinfo, folder, free))
            print(" | ".join(rows[-1]), flush=True)
            for reason, count in total.failures.items():
                print(f"  {count} times: {reason}", flush=True)
            errors += total.errors
    return rows, errors, resident


def reader(port, browsers):
    connections = wire.connections(port)
    return lambda: random.choice(browsers).call(connections, "GET", "/api/user/profile")


def updater(port, browsers):
    connections = wire.connections(port)
    numbers = itertools.count()
    return lambda: random.choice(browsers).call(connections, "PUT", "/api/user/profile",
                                                {"username": f"Changed {next(numbers)}"})


def comer_and_goer(port):
    """Each call is the next one of somebody who registers, logs in, refreshes and logs out."""
    connections = wire.connections(port)

    def calls():
        for number in itertools.count():
            comer = browser(f"comer{number}@bench.example")
            fields = {"email": comer.email, "password": load.PASSWORD}
            yield comer, "register", fields
            yield comer, "login", fields
            yield comer, "refresh", None
            yield comer, "logout", None

    coming = calls()

    def step():
        who, name, fields = next(coming)
        return who.call(connections, "POST", f"/api/account/{name}", fields)

    return step


def row(minute, tallies, total, resident_mb, userinfo, folder, free_cores):
    reads, updates, account_calls = tallies
    return (str(minute), f"{total.requests:,}", str(total.errors),
            f"{reads.percentile(50):.2f}", f"{reads.percentile(99):.2f}", f"{updates.percentile(99):.2f}",
            f"{account_calls.percentile(99):.2f}", f"{resident_mb:.1f}", str(userinfo.descriptors() or "?"),
            f"{megabytes(folder / 'data' / 'userinfo.db-wal'):.1f}", f"{megabytes(folder / 'userinfo.log'):.0f}",
            f"{free_cores:.2f}")


def megabytes(file):
    return file.stat().st_size / 2**20


def idle_seconds():
    """Of all cores together, since the machine's start."""
    idle, waiting_for_disk = pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[4:6]
    return (int(idle) + int(waiting_for_disk)) / subjects.TICKS


def growth(resident):
    """From the middle third to the last, as two figures."""
    third = len(resident) // 3
    middle, last = statistics.median(resident[third:2 * third]), statistics.median(resident[2 * third:])
    return [report.figure("memory, last third above the middle one, MB", last - middle, 5),
            report.figure("memory, last third above the middle one, %", (last / middle - 1) * 100, 5)]
