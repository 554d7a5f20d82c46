#!/usr/bin/python3
"""Measures the release program beside nginx and beside a bare loop of hashes, prints a table, and fails when a promised
figure is missed."""
import argparse
import pathlib
import signal
import sys
import tempfile

import hashing
import idle
import report
import subjects
import soak
import throughput

PROJECT = pathlib.Path(__file__).resolve().parent.parent
PARTS = ("start", "idle", "reads", "writes", "hashing")
STARTS = 5


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--program", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--hash-loop", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--only", choices=PARTS, help="measure this part alone")
    parser.add_argument("--users", type=int, default=10000, help="how many users read their profile in turn")
    parser.add_argument("--seconds", type=int, default=5, help="length of one run")
    parser.add_argument("--soak", type=int, metavar="MINUTES", help="instead of all these: a mixed load for so long")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md, or docs/soak.md")
    arguments = parser.parse_args()
    if arguments.soak is not None and arguments.soak < soak.SHORTEST:
        parser.error(f"--soak takes {soak.SHORTEST} minutes at least")
    if arguments.only and (arguments.write or arguments.soak):
        parser.error("--only goes with neither --write nor --soak")
    return arguments


def measure_starts(program, folder):
    """The slowest of some starts (the first makes the database), and memory."""
    starts, resident = [], []
    for _ in range(STARTS):
        with subjects.start_userinfo(program, folder) as userinfo:
            starts.append(userinfo.start_ms)
            resident.append(userinfo.resident_mb())
    return [], [report.figure("resident when idle, MB", max(resident), 25),
                report.figure("start to first answer, ms", max(starts), 200)]


def measure(arguments, folder):
    """The parts that are wanted, each with a data folder of its own: rows of the table, and figures."""
    wanted = {arguments.only} if arguments.only else set(PARTS)
    program, seconds = arguments.program, arguments.seconds
    measurements, figures = [], []

    def part(name, run):
        print(name, flush=True)
        (folder / name).mkdir()
        rows, promised = run(folder / name)
        measurements.extend(rows)
        figures.extend(promised)

    if "start" in wanted:
        part("start", lambda place: measure_starts(program, place))
    if "idle" in wanted:
        part("idle", lambda place: idle.measure(program, place))
    if throughput_parts := wanted & {"reads", "writes"}:
        part("throughput", lambda place: throughput.measure(program, place, arguments.users, seconds, throughput_parts))
    if "hashing" in wanted:
        part("hashing", lambda place: hashing.measure(program, arguments.hash_loop, place, seconds))
    if measurements:
        figures.append(report.figure("errors", sum(measured.errors for _, measured in measurements), 0))
    return measurements, figures


def main():
    arguments = parse_arguments()
    # So that the servers are stopped then, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    # Beside the build: /tmp may be in memory, where a durable write costs nothing.
    with tempfile.TemporaryDirectory(prefix="bench-", dir=PROJECT / "build") as made:
        folder = pathlib.Path(made)
        if arguments.soak:
            text, figures = soak.measure(arguments.program, folder, arguments.soak)
            write = report.write_soak
        else:
            measurements, figures = measure(arguments, folder)
            text = report.results(measurements, figures)
            write = report.write_benchmarks
    print(f"\n{text}")
    if arguments.write:
        write(PROJECT / "docs", text, arguments)
    return 0 if all(figure.met() for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
