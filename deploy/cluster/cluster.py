#!/usr/bin/python3
"""Runs a whole userinfo cluster on this machine. `./dev cluster` builds the program and calls this."""

import argparse
import contextlib
import os
import sys
from pathlib import Path

import interruption
import status_table
from servers.process import ServerFailed
from topology import Cluster, Mistake
from turns import alone


# What each verb does, in short; and to the traffic that is under way.
VERBS = {
    "up": (
        "start everything that does not run",
        "Starts everything that does not run, and creates what is missing: data, passwords, certificates, tables. What runs goes "
        "on. Replicas of MariaDB connect again, so writes may wait for a second.",
    ),
    "down": (
        "stop everything; the data is kept",
        "Stops everything, nginx first, so that clients are refused from then on. The data is kept, and so is the choice of the "
        "primary.",
    ),
    "status": (
        "list all processes, and what is wrong with them",
        "Lists each process with its port and process id, and says whether it is well, runs but does not answer, or does not run. "
        "Tries whether the primary finishes writes, and leaves nothing behind. Exits with 1 if something is not well.",
    ),
    "logs": (
        "show the last lines of all logs, or of one",
        "Shows the last 20 lines of each log, or of the logs of one process.",
    ),
    "kill": (
        "end a process at once, like a power failure (SIGKILL)",
        "Ends a process at once, like a power failure (SIGKILL). Requests that it works on may fail. The other processes take "
        "over, but without MariaDB's primary writes get 503 until it is started or a replica is promoted, and without nginx "
        "clients are refused.",
    ),
    "stop": (
        "end a process in order (SIGTERM)",
        "Ends a process in order (SIGTERM), once it has finished its requests. Clients do not notice if another process of its "
        "kind runs. But without MariaDB's primary writes get 503 until it is started or a replica is promoted, and without nginx "
        "clients are refused.",
    ),
    "start": (
        "start a process again",
        "Starts a process again. A MariaDB server comes back as the primary only if it still is; otherwise it follows the primary. "
        "The others go on.",
    ),
    "restart": (
        "stop a process in order, and start it again",
        "Stops a process in order, and starts it again. Connections to a gateway wait meanwhile, and another service takes the "
        "calls. Without MariaDB's primary, writes get 503 until it is back. Refused if a service would find no primary, or a "
        "gateway no etcd: they could not serve then, but do as long as they run.",
    ),
    "switch": (
        "make a MariaDB replica the primary in place of one that is well",
        "Makes a MariaDB replica the primary in place of one that is well, which then follows it. First waits until the replica is "
        "hardly behind. Then writes get 503 for less than a second. Reads go on, and nothing is lost.",
    ),
    "promote": (
        "make a MariaDB replica the primary, whether or not the primary is well",
        "Makes a MariaDB replica the primary, whether or not the primary is well, and lets the other servers that answer follow "
        "it. First waits until the replica has applied all that it has received. If the primary still runs, it takes writes "
        "meanwhile; otherwise they get 503. They go on at most 2 s after the promotion. Reads go on, but while the primary hangs, "
        "those that the cache cannot answer get 503.",
    ),
    "join": (
        "give a MariaDB server a fresh copy of the primary's data, and make it a replica",
        "Makes a MariaDB server, new or not, a replica with a fresh copy of the primary's data. The primary goes on. The server's "
        "own data are deleted once it follows; if anything fails before, it keeps them. Services read from a new server after "
        "they have been restarted.",
    ),
}

# These go on while another verb waits for a server: they look, or end what it waits for.
AT_ANY_TIME = {"status", "logs", "kill", "stop"}


def parser():
    parser = argparse.ArgumentParser(prog="./dev cluster", description=__doc__.split("`")[0].strip())
    parser.add_argument("--folder", type=Path, default=Path("build/cluster"), help="keeps all files of the cluster; %(default)s")
    parser.add_argument("--offset", type=int, help="number to add to each port; the folder remembers it")
    parser.add_argument("--program", type=Path, required=True, help=argparse.SUPPRESS)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    by_name = {verb: verbs.add_parser(verb, help=text, description=more) for verb, (text, more) in VERBS.items()}
    for verb in ("kill", "stop", "start", "restart"):
        by_name[verb].add_argument("name", metavar="NAME", help="a process, as `status` names it")
    for verb in ("promote", "switch"):
        by_name[verb].add_argument("name", metavar="NAME", help="a MariaDB server, such as mariadb-2")
    by_name["join"].add_argument("name", metavar="NAME", help="mariadb-1 to mariadb-9")
    by_name["promote"].add_argument(
        "--force", action="store_true", help="promote it even if it lacks changes of the primary, which are then lost"
    )
    by_name["logs"].add_argument("name", metavar="NAME", nargs="?", help="a process, as `status` names it")
    by_name["logs"].add_argument("-f", "--follow", action="store_true", help="go on, and show new lines as they come")
    return parser


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
    with contextlib.nullcontext() if options.verb in AT_ANY_TIME else alone(options.folder):
        return perform_now(options)


def perform_now(options):
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
        return perform(parser().parse_args())
    except (Mistake, ServerFailed) as why:
        print(f"cluster: {why}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("cluster: interrupted; `up` goes on, `down` stops what runs", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
