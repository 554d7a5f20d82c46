"""The results as a table, on the terminal and as docs/benchmarks.md."""
import dataclasses
import datetime
import os
import pathlib
import platform
import subprocess

COLUMNS = ("request", "CPU µs", "requests/s", "p50 ms", "p99 ms", "errors")


@dataclasses.dataclass
class figure:
    """Something promised: `value` must be at most `limit`, or at least."""

    name: str
    value: float
    limit: float
    at_least: bool = False

    def met(self):
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def cells(self):
        side = "at least" if self.at_least else "at most"
        return self.name, f"{self.value:.2f}", f"{side} {self.limit:g}", "yes" if self.met() else "NO"


def row(name, measured):
    cpu = "" if measured.cpu_us is None else f"{measured.cpu_us:.1f}"
    return (name, cpu, f"{measured.rate:,.0f}", f"{measured.p50_ms:.2f}",
            f"{measured.p99_ms:.2f}", str(measured.errors))


def table(heading, rows):
    """A Markdown table that also reads well on a terminal."""
    lines = [heading, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heading))]

    def aligned(cells):
        first, *rest = (cell.ljust(width) if i == 0 else cell.rjust(width)
                        for i, (cell, width) in enumerate(zip(cells, widths)))
        return "| " + " | ".join([first, *rest]) + " |"

    rule = "|" + "|".join("-" * (width + 2) if i == 0 else "-" * (width + 1) + ":" for i, width in enumerate(widths)) + "|"
    return "\n".join([aligned(heading), rule, *map(aligned, rows)])


def results(measurements, figures):
    measured = table(COLUMNS, [row(*entry) for entry in measurements]) + "\n\n" if measurements else ""
    return f"{measured}{promises(figures)}"


def promises(figures):
    return table(("figure", "measured", "limit", "met"), [entry.cells() for entry in figures]) + "\n"


def machine():
    model = first_value("/proc/cpuinfo", "model name", ":")
    system = first_value("/etc/os-release", "PRETTY_NAME", "=").strip('"')
    nginx = subprocess.run(["/usr/sbin/nginx", "-v"], capture_output=True, text=True, check=True).stderr
    return (f"{model}, {os.cpu_count()} cores; {system}, Linux {platform.release()}; nginx {nginx.strip().rpartition('/')[2]}; "
            f"{datetime.date.today().isoformat()}")


def first_value(path, key, separator):
    for line in pathlib.Path(path).read_text().splitlines():
        name, _, value = line.partition(separator)
        if name.strip() == key:
            return value.strip()
    return "unknown"


def write_benchmarks(docs, text, arguments):
    (docs / "benchmarks.md").write_text(f"""# Benchmarks

Written by `./dev bench --write`. {machine()}.

Clients and servers share the machine; all connections are kept, and the server writes an access line for each request to
a file.

- **CPU µs** is the user and system time of the server's processes per request.
- **Profile reads**: {arguments.users:,} users, each with a token and a profile; one wrk, 32 connections. nginx answers with
  `return 200` and a body of the same size and writes an access line, too, in turns with ours; both rows are the run in the
  middle, the ratio is the middle one of the pairs'.
- **Passwords**: one wrk, 16 connections, in turns with `bench/hash_loop`: the program's own pool of hashing threads in a
  process that does nothing else. Beside both, 500 profile reads a second, each of which has its time; what is late counts
  from then on.
- **Idle connections**: each has read a profile once. Every tenth is asked again.

{text}""")


def write_cluster(docs, text, arguments):
    (docs / "cluster-benchmarks.md").write_text(f"""# Benchmarks of a cluster

Written by `./dev bench cluster --write`. {machine()}.

The whole cluster of `./dev cluster` and its clients share the machine: its rates are those of two cores that do everything.
What a group of processes spends on a request (user and system time, in µs) is what tells how it grows. {arguments.users}
users, 32 connections that are kept, except for the reference system's own command line, which has 10. Passwords are hashed
with the default parameters.

{text}
Read with care: the fewer requests are under way, the more often a process is woken for a single one, and the more of the time
is the kernel's, and the caches' that have forgotten the code since. The row with relays shows what the machine takes by itself:
in the places of the gateways and services are as many processes that only pass bytes on (`bench/relay.cpp`), and ask Redis the
same. What the row above has more is for what the program does: parse HTTP and gRPC, verify the token, check the session, make the
reply.
""")


def write_soak(docs, text, arguments):
    (docs / "soak.md").write_text(f"""# Soak

Written by `./dev bench --soak {arguments.soak} --write`. {machine()}.

A mixed load at a fixed rate, described in `bench/soak.py`; clients and server share the machine. A delay counts from the
time that a request was due. Memory is flat if the median of the last third is at most 5 MB, and at most 5 %, above the
middle third's.

{text}""")
