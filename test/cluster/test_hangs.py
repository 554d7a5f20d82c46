"""Parts of the cluster hang: SIGSTOP keeps their connections open, but nothing answers on them. What people may notice is less
than when nobody did anything about it; that nothing acknowledged is lost or undone is checked by `load`."""

import signal
import subprocess
import threading
import time
from contextlib import contextmanager

import pytest

from client import Client
from people import Person
from waiting import wait_until


@pytest.fixture(autouse=True)
def whole_cluster(cluster):
    yield
    cluster.up()


@contextmanager
def hung(process):
    process.signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.signal(signal.SIGCONT)


@contextmanager
def row_locked(server, table, where):
    """An administrator's transaction holds a row until the block ends."""
    client = subprocess.Popen(
        ["mariadb", "--no-defaults", f"--socket={server.socket}", "--batch", "--skip-column-names", "--unbuffered"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with client:
        client.stdin.write(f"BEGIN; SELECT 'locked' FROM {table} WHERE {where} FOR UPDATE;\n")
        client.stdin.flush()
        assert client.stdout.readline() == "locked\n"
        yield
        client.stdin.write("ROLLBACK;\n")


def transactions(primary, condition):
    return int(primary.sql(f"SELECT COUNT(*) FROM information_schema.innodb_trx WHERE {condition};"))


def service_that_waits(cluster):
    """The one whose transaction waits for a lock on the primary. None: there is none, or another one is at work, too."""
    if transactions(cluster.primary, "trx_state = 'LOCK WAIT'") == 0:
        return None
    name = f'userinfo_storage_queue{{host="127.0.0.1:{cluster.primary.port}"}}'
    busy = [service for service in cluster.services if service.metrics()[name] > 0]
    return busy[0] if len(busy) == 1 else None


def services_known(cluster):
    return [gateway.metrics()["userinfo_services"] for gateway in cluster.gateways]


def test_a_service_that_hangs_in_a_transaction_gives_its_locks_back_and_writes_nothing_when_it_wakes(cluster, server):
    """A write locks its account first and then its profile. It waits for the profile when the service is stopped, gets it, and
    holds both."""
    primary = cluster.primary
    app = Person.registered(server).app(server)
    assert app.post("/api/user/profile", form={"username": "before"}).status == 200
    writer = threading.Thread(target=lambda: app.put("/api/user/profile", form={"username": "of the hung one"}))
    account = primary.sql("SELECT account_id FROM userinfo.profile WHERE username = 'before';").strip()
    with row_locked(primary, "userinfo.profile", f"account_id = {account}"):
        writer.start()
        service = wait_until(lambda: service_that_waits(cluster), "a service waits for the profile")
        service.process().signal(signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert wait_until(lambda: transactions(primary, "trx_rows_locked > 0"), "the hung one holds its locks")
        other = Client(server, bearer=app.bearer)
        form = {"username": "of another"}
        wait_until(lambda: other.put("/api/user/profile", form=form).status == 200, "another one writes")
        took = time.monotonic() - began
        assert took < 5
        print(f"another one wrote after {took:.2f} s")
    finally:
        service.process().signal(signal.SIGCONT)
    writer.join()
    wait_until(lambda: service.readiness() == "ready", "the service has woken up")
    wait_until(lambda: transactions(primary, "trx_rows_locked > 0") == 0, "no lock is left")
    assert primary.sql(f"SELECT username FROM userinfo.profile WHERE account_id = {account};") == "of another\n"
