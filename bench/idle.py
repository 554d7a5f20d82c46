"""What idle clients cost: many kept connections, each of which has read a profile once, and the server's memory then."""
import resource
import time

import load
import paced
import report
import subjects
import wire

CONNECTIONS = 10_000
# Beside the connections: database, log, listeners, what the runtime opens.
OTHER_DESCRIPTORS = 100
ASKED_AGAIN = 10  # every tenth


def measure(program, folder):
    # All of them have one address.
    with subjects.start_userinfo(program, folder, {"USERINFO_HTTP_CONNECTIONS_PER_SOURCE": "20000"}) as userinfo:
        # After the start, so that the server does not inherit the bench's own limit.
        raise_own_limit()
        require_limit(userinfo)
        [user] = load.make_users(userinfo.url, 1)
        request = load.profile_read(userinfo.port, user).encode()
        before_mb = userinfo.resident_mb()
        connections = []
        try:
            for _ in range(CONNECTIONS):
                connections.append(wire.connection(userinfo.port))
                ask(connections[-1], request)
            resident_mb = userinfo.resident_mb()
            delays = [timed(connection, request) for connection in connections[::ASKED_AGAIN]]
        finally:
            for connection in connections:
                connection.close()
    each_kb = (resident_mb - before_mb) * 1024 / CONNECTIONS
    print(f"  {before_mb:.1f} MB before, {resident_mb:.1f} MB with {CONNECTIONS:,}: {each_kb:.1f} KB each", flush=True)
    return [], [
        report.figure(f"resident with {CONNECTIONS:,} idle connections, MB", resident_mb, 150),
        report.figure("reply on one of them: p99, ms", paced.percentile(delays, 99), 20),
    ]


def raise_own_limit():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most < CONNECTIONS + OTHER_DESCRIPTORS:
        raise SystemExit(f"idle: this shell allows {most} open files, {CONNECTIONS} connections need more (ulimit -Hn)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def require_limit(userinfo):
    allowed, _ = resource.prlimit(userinfo.process.pid, resource.RLIMIT_NOFILE)
    if allowed < CONNECTIONS + OTHER_DESCRIPTORS:
        raise SystemExit(f"idle: the server may open {allowed} files, {CONNECTIONS} connections need more (ulimit -Sn)")


def ask(connection, request):
    try:
        status, _ = connection.call(request)
    except (OSError, wire.broken) as error:
        raise SystemExit(f"idle: a connection gave no answer: {error}") from error
    if status != 200:
        raise SystemExit(f"idle: a profile read answered {status}")


def timed(connection, request):
    begin = time.monotonic()
    ask(connection, request)
    return (time.monotonic() - begin) * 1000
