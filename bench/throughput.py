"""Requests as fast as wrk sends them: profile reads beside nginx, and the writes that cost no password hash."""
import statistics

import load
import report
import subjects

PAIRS = 7
CONNECTIONS = 32
WARM_UP_SECONDS = 3
# The users are only there to be read: with default hashes, making 10,000 would take half of the whole bench.
QUICK_HASHES = {
    "USERINFO_PASSWORDS_MEMORY": "7168",
    "USERINFO_PASSWORDS_ITERATIONS": "1",
    "USERINFO_PASSWORDS_LOG_IN_FLOOR": "0ms",
}


def measure(program, folder, count, seconds, wanted):
    """`wanted` holds "reads", "writes" or both; they share their users."""
    port = subjects.free_port()  # the issuer of the tokens, so it outlives the first server
    with subjects.start_userinfo(program, folder, QUICK_HASHES, port) as userinfo:
        users = load.make_users(userinfo.url, count)
    measurements, figures = [], []
    with subjects.start_userinfo(program, folder, port=port) as userinfo:
        if "reads" in wanted:
            *rows, ratio = measure_reads(userinfo, users, folder, seconds)
            measurements += rows
            figures.append(report.figure("GET profile: CPU per request, times nginx's", ratio, 1.6))
        if "writes" in wanted:
            measurements += measure_writes(userinfo, users, folder, seconds)
    return measurements, figures


def measure_reads(userinfo, users, folder, seconds):
    _, body = load.api(userinfo.url).call("GET", "/api/user/profile", cookie=users[0].access_cookie)
    reads = load.write_requests(folder / "reads", [load.profile_read(userinfo.port, user) for user in users])
    with subjects.start_nginx(folder, body) as nginx:
        ours, theirs, ratio = measure_beside_nginx(userinfo, nginx, reads, seconds)
    return ("GET /api/user/profile", ours), ("nginx return 200", theirs), ratio


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
    return load.middle(ours), load.middle(theirs), ratio


def measure_writes(userinfo, users, folder, seconds):
    """A refresh is sent once per session."""

    def run(name, requests, mode):
        path = load.write_requests(folder / "requests", requests)
        print(f"  {name}", flush=True)
        return name, load.run_wrk(userinfo, path, CONNECTIONS, seconds, mode)

    updates = [load.raw_request(userinfo.port, "PUT", "/api/user/profile", {"username": f"Changed {i}"}, user.access_cookie)
               for i, user in enumerate(users)]
    refreshes = [load.raw_request(userinfo.port, "POST", "/api/account/refresh", cookie=user.refresh_cookie)
                 for user in users]
    return [run("PUT /api/user/profile", updates, "round"), run("POST /api/account/refresh", refreshes, "once")]
