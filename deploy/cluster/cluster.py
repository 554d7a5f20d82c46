#!/usr/bin/python3
"""Runs a whole userinfo cluster on this machine. `./dev cluster` builds the program and calls this."""

import argparse
import os
import sys
from pathlib import Path

import interruption
import status_table
from servers.process import ServerFailed
from topology import Cluster, Mistake


def parse():
    parser = argparse.ArgumentParser(prog="./dev cluster", description=__doc__.split("`")[0].strip())
    parser.add_argument("--folder", type=Path, default=Path("build/cluster"), help="where it keeps all; %(default)s")
    parser.add_argument("--offset", type=int, help="added to every port; remembered")
    parser.add_argument("--program", type=Path, required=True, help=argparse.SUPPRESS)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verbs.add_parser("up", help="start what does not run")
    verbs.add_parser("down", help="stop all; what is stored stays")
    verbs.add_parser("status", help="what runs, and how it is; the exit status is 1 if something is not well")
    logs = verbs.add_parser("logs", help="the last lines of all logs, or of one")
    logs.add_argument("name", nargs="?")
    logs.add_argument("-f", "--follow", action="store_true", help="and what comes")
    for verb, text in (
        ("kill", "end a process at once, as a power cut would"),
        ("stop", "end one in order, when it has finished what it does"),
        ("start", "start one again; a former primary comes back as a replica"),
        ("restart", "stop one and start it again; who connects to a gateway meanwhile waits"),
    ):
        verbs.add_parser(verb, help=text).add_argument("name")
    promote = verbs.add_parser("promote", help="make a MariaDB replica the primary, whether or not the primary is well")
    promote.add_argument("name")
    promote.add_argument("--force", action="store_true", help="though it may not have received all that the primary has")
    switch = verbs.add_parser("switch", help="make a MariaDB replica the primary in place of one that is well")
    switch.add_argument("name")
    join = verbs.add_parser("join", help="make a MariaDB server, new or not, a replica with a fresh copy of the primary")
    join.add_argument("name")
    return parser.parse_args()


def log_files(cluster, name):
    processes = [cluster.process(name)] if name else cluster.processes()
    for process in processes:
        for file in (process.log, process.folder / "userinfo.log", process.folder / "error.log"):
            if file.exists() and file.stat().st_size > 0:
                yield str(file)


def show_logs(cluster, options):
    files = list(log_files(cluster, options.name))
    if not files:
        print("there are no logs yet")
        return
    os.execvp("tail", ["tail", "-n", "20", *(["-F"] if options.follow else []), *files])


def perform(options):
    if options.verb != "up" and not (options.folder / "state.json").exists():
        raise Mistake(f"there is no cluster in {options.folder}; `up` makes one")
    cluster = Cluster(
        options.folder.resolve(), options.program.resolve(), options.offset, say=lambda line: print(line, flush=True)
    )
    match options.verb:
        case "up":
            cluster.up()
        case "down":
            cluster.down()
        case "status":
            all_lines = status_table.lines(cluster)
            print(status_table.table(all_lines))
            return 0 if all(line.is_well for line in all_lines) else 1
        case "logs":
            show_logs(cluster, options)
        case "kill":
            cluster.kill(options.name)
        case "stop":
            cluster.stop(options.name)
        case "start":
            cluster.start(options.name)
        case "restart":
            cluster.restart(options.name)
        case "promote":
            cluster.promote(options.name, options.force)
        case "switch":
            cluster.switch(options.name)
        case "join":
            cluster.join(options.name)
    return 0


def main():
    interruption.raise_interruptions()
    try:
        return perform(parse())
    except (Mistake, ServerFailed) as why:
        print(f"cluster: {why}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("cluster: interrupted; `up` goes on, `down` stops what runs", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
