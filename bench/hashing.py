"""How much of the machine's rate of password hashes arrives at the clients.

The yardstick is hash_loop: the program's own pool of hashing threads in a process that does nothing else. Log-ins are held
against its rate of verifications, registers against its rate of hashes; each costs one. Both run in turns, so that what
else the machine does meets both alike, and the figure is the median of the pairs' ratios.

What is fair when the load runs on the same cores? Hashing threads have a low priority (nice 10): whatever else wants a core
takes it from them, wrk included. So the same profile reads, at the same fixed rate, from the same client to the same server,
run beside both. What then differs is what a log-in or a register costs beyond its hash: HTTP, the database, the floor of a
log-in's time, and wrk, which is charged to HTTP. An idle wrk beside the loop would cost nothing, so there is none. Loop and
server have the same parent and session, so Linux weighs their priorities against each other (a session of its own would
get a share of its own). wrk holds 16 connections: four times what the floor of 50 ms needs at 80 hashes a second, and less
than one address may have in the queue.

The reads show what hashing costs everybody else: their delays while HTTP hashes are counted together.
"""
import dataclasses
import itertools
import statistics
import subprocess

import load
import paced
import report
import subjects
import wire

PAIRS = 5
USERS = 64  # of 50 sessions each: no log-in has to end one
CONNECTIONS = 16
READS_PER_SECOND = 500


@dataclasses.dataclass
class kind:
    name: str
    loop_mode: str
    mode: str  # how wrk goes through the requests
    ratios: list = dataclasses.field(default_factory=list)
    runs: list = dataclasses.field(default_factory=list)

    def figure(self):
        return report.figure(f"{self.name}: hashes, of the loop's", statistics.median(self.ratios), 0.9, at_least=True)

    def requests(self, port, emails):
        path = self.name.partition(" ")[2]
        return [load.raw_request(port, "POST", path, {"email": email, "password": load.PASSWORD}) for email in emails]


def measure(program, hash_loop, folder, seconds):
    log_in = kind("POST /api/account/login", "verify", "round")
    register = kind("POST /api/account/register", "hash", "once")
    with subjects.start_userinfo(program, folder) as userinfo:
        users = load.make_users(userinfo.url, USERS)
        known = [user.email for user in users]
        beside = paced.tally()
        with paced.client(READS_PER_SECOND, profile_reader(userinfo.port, users)) as reader:
            for number in range(PAIRS):
                fresh = [f"fresh{number}-{i}@bench.example" for i in range(500 * seconds)]
                for each, emails in ((log_in, known), (register, fresh)):
                    requests = load.write_requests(folder / "requests", each.requests(userinfo.port, emails))
                    loop = loop_rate(hash_loop, each.loop_mode, seconds)
                    beside.failures += reader.take().failures
                    run = load.run_wrk(userinfo, requests, CONNECTIONS, seconds, each.mode)
                    beside.add(reader.take())
                    succeeded = run.rate * (1 - run.errors / run.requests)
                    each.runs.append(run)
                    each.ratios.append(succeeded / loop)
                    print(f"  pair {number + 1} of {PAIRS}: {each.name} {succeeded:.1f}/s, loop {loop:.1f}/s", flush=True)
    during = load.measurement(beside.requests, None, READS_PER_SECOND, beside.percentile(50), beside.percentile(99),
                              beside.errors)
    measurements = [*((each.name, load.middle(each.runs)) for each in (log_in, register)),
                    ("GET /api/user/profile beside these", during)]
    return measurements, [log_in.figure(), register.figure(),
                          report.figure("GET profile beside these: p99, ms", during.p99_ms, 20)]


def profile_reader(port, users):
    connections = wire.connections(port)
    requests = itertools.cycle([load.profile_read(port, user).encode() for user in users])

    def read():
        status, _ = connections.call(next(requests))
        return "" if status == 200 else f"a profile read answered {status}"

    return read


def loop_rate(hash_loop, mode, seconds):
    command = [str(hash_loop), mode, str(seconds)]
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=seconds + 60).stdout)
