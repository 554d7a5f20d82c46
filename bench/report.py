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
    """Something promised: `value` must be at most `limit`."""

    name: str
    value: float
    limit: float

    def met(self):
        return self.value <= self.limit

    def cells(self):
        return self.name, f"{self.value:.2f}", f"{self.limit:g}", "yes" if self.met() else "NO"


def row(name, measured):
    return (name, f"{measured.cpu_us:.1f}", f"{measured.rate:,.0f}", f"{measured.p50_ms:.2f}",
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
    measured = table(COLUMNS, [row(*entry) for entry in measurements])
    promised = table(("figure", "measured", "at most", "met"), [entry.cells() for entry in figures])
    return f"{measured}\n\n{promised}\n"


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


def write(path, text, users):
    path.write_text(f"""# Benchmarks

Written by `./dev bench --write`. {machine()}.

{users:,} users, each with a token and a profile; one wrk on the same machine, keep-alive, 32 connections (16 where passwords
are hashed). Both servers write an access line for each request to a file. CPU µs is the user and system time of the
server's processes per request. nginx answers with `return 200` and a body of the same size, in turns with ours; both rows
are the run in the middle.

{text}""")
