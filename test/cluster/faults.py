"""What tests do to the parts of a cluster, and what these tell of it."""

import os
import signal
import subprocess
from contextlib import contextmanager


@contextmanager
def hung(process):
    """With its children."""
    pids = [process.pid(), *process.children()]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


@contextmanager
def lock_held(server, statement):
    """By an administrator's connection, until the block ends. `statement` takes it, and has no result."""
    command = ["mariadb", "--no-defaults", f"--socket={server.socket}", "--batch", "--skip-column-names", "--unbuffered"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as client:
        client.stdin.write(f"{statement}; SELECT 'locked';\n")
        client.stdin.flush()
        assert client.stdout.readline() == "locked\n"
        yield
        client.stdin.write("ROLLBACK; UNLOCK TABLES;\n")


def row_locked(server, table, where):
    """There must be such a row."""
    return lock_held(server, f"BEGIN; SELECT 1 INTO @found FROM {table} WHERE {where} FOR UPDATE")


def times_told(cluster, message):
    """How often each service's log has a message that begins so."""
    return [(service.folder / "userinfo.log").read_text().count(f'"message":"{message}') for service in cluster.services]


def services_known(cluster):
    """How many each gateway knows of."""
    return [gateway.metrics()["userinfo_services"] for gateway in cluster.gateways]
