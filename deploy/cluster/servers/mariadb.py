"""MariaDB servers, one of them the primary and the others its replicas.

All are configured alike, so that any can become the primary, by what is in deploy/servers.
"""

import contextlib
import getpass
import shutil
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from servers import leadership
from servers.mariadb_copy import Exchange
from servers.mariadb_secrets import Passwords, make_certificates
from servers.process import Process, ServerFailed, run

DATABASE = "userinfo"
HANGS = 5  # seconds: writes that have not ended by then hang

# What all servers have in common, wherever they run.
COMMON = Path(__file__).resolve().parents[2] / "servers"

CONFIG = """\
!include {common}/mariadb.cnf
[mariadbd]
user = {user}
datadir = {folder}/data
socket = {folder}/socket
pid-file = {folder}/mariadbd.pid
bind-address = 127.0.0.1
port = {port}
extra-port = {extra_port}
server-id = {number}
ssl-ca = {certificates}/ca.pem
ssl-cert = {certificates}/server.pem
ssl-key = {certificates}/server.key
innodb-buffer-pool-size = {memory}
innodb-log-file-size = {memory}
"""


def script(name, **words):
    """Of the common SQL scripts, filled in."""
    return (COMMON / f"mariadb_{name}.sql").read_text().format(**words)


class Server:
    """One of them, in a folder of its own. Its administrator is this user, through its unix socket."""

    def __init__(self, number, folder, ports, memory):
        self.number = number
        self.folder = folder / str(number)
        self.port = ports.mariadb(number)
        self.extra_port = ports.mariadb_extra(number)
        self.memory = memory
        self.certificates = folder / "certificates"
        self.passwords = Passwords.of(folder)

    @property
    def socket(self):
        return self.folder / "socket"

    def process(self, role="MASTER"):
        """As a SLAVE that was the primary when it was killed it drops what no replica has confirmed, and so nobody was
        told of."""
        return Process(
            name=f"mariadb-{self.number}",
            folder=self.folder,
            command=["mariadbd", f"--defaults-file={self.folder}/my.cnf", f"--init-rpl-role={role}"],
            ports=(self.port, self.extra_port),
            is_ready=self.is_ready,
        )

    def is_ready(self):
        """It greets whoever connects."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                return bool(connection.recv(1))
        except OSError:
            return False

    def prepare(self):
        """Its configuration, and if there are none yet, its first tables."""
        make_certificates(self.certificates)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        settings = {"user": getpass.getuser(), "folder": self.folder, "port": self.port, "number": self.number}
        settings |= {"extra_port": self.extra_port}
        settings |= {"memory": self.memory, "certificates": self.certificates, "common": COMMON}
        (self.folder / "my.cnf").write_text(CONFIG.format(**settings))
        if self.has_data():
            return
        fresh = self.folder / "data.fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        user = getpass.getuser()
        administrator = ("--auth-root-authentication-method=socket", f"--auth-root-socket-user={user}")
        run("mariadb-install-db", "--no-defaults", f"--user={user}", f"--datadir={fresh}", "--skip-test-db", *administrator)
        fresh.rename(self.folder / "data")

    @property
    def exchange(self):
        """Of its data for a copy of another server's."""
        return Exchange(self.folder)

    def keep_own_data(self):
        """Undoes an exchange of its data that was not finished, unless it runs."""
        if not self.process().pid():
            self.exchange.undo()

    def has_data(self):
        return (self.folder / "data").exists()

    def sql(self, script, names="--skip-column-names", seconds=None):
        """As the administrator; ServerFailed if it took longer than `seconds`. Through standard input: a password has no
        place among a process's arguments."""
        return run("mariadb", "--no-defaults", f"--socket={self.socket}", "--batch", names, input=script, timeout=seconds)

    def make_users(self):
        self.sql(script("users", database=DATABASE, host="127.0.0.1", **asdict(self.passwords)))
        self.sql(script("room", database=DATABASE))

    def follow(self, primary):
        authority = self.certificates / "ca.pem"
        self.sql(script("follow", primary="127.0.0.1", port=primary.port, password=self.passwords.replication, authority=authority))

    def lead(self):
        """Takes writes, and follows nobody, as the first primary, or as one that goes on after a succession was taken back."""
        self.sql("STOP SLAVE; RESET SLAVE ALL; SET GLOBAL read_only = 0;", seconds=30)

    def refuse_writes(self):
        """Waits for those that are being committed. The position of the last change. ServerFailed: they hang."""
        limits = f"SET SESSION lock_wait_timeout = {HANGS}, max_statement_time = {HANGS};"
        refuse = "SET GLOBAL read_only = 1; SELECT @@global.gtid_current_pos;"
        return self.sql(limits + refuse, seconds=2 * HANGS).strip()

    def copy_data(self, folder):
        """Copies all that it has now, while it goes on. The position of the last change in the copy."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        tool = ("mariadb-backup", "--no-defaults", f"--target-dir={folder}")
        run(*tool, "--backup", f"--socket={self.socket}", f"--user={getpass.getuser()}", f"--datadir={self.folder}/data")
        run(*tool, "--prepare")
        return (folder / "xtrabackup_binlog_info").read_text().split()[-1]

    def begin_to_follow(self, primary, position):
        """Starts with a copy of the primary's data, which has its changes up to `position`, and follows it from there."""
        self.prepare()
        self.process("SLAVE").start()
        self.process().wait_ready()
        self.sql(f"STOP SLAVE; RESET SLAVE ALL; RESET MASTER; SET GLOBAL gtid_slave_pos = '{position}';")
        self.follow(primary)

    def status(self):
        """What it says of itself; None if it does not answer."""
        try:
            return self.ask_status()
        except ServerFailed:
            return None

    def ask_status(self):
        questions = [
            "SELECT 'read_only', @@global.read_only;",
            "SELECT 'gtid', @@global.gtid_current_pos;",
            "SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_master_%';",
        ]
        # A server that hangs is as good as none.
        if self.sql("SELECT 1 FROM information_schema.tables WHERE table_name = 'cluster_state';", seconds=3):
            questions.append(f"SELECT 'epoch', epoch FROM {DATABASE}.cluster_state;")
        said = dict(line.split("\t", 1) for line in self.sql("".join(questions), seconds=3).splitlines())
        replication = self.sql("SHOW SLAVE STATUS\\G", "--column-names", seconds=3).splitlines()
        for name, _, value in (line.strip().partition(":") for line in replication):
            said[name] = value.strip()
        return said

    def applied(self):
        """The place of its last change among all, which are numbered through. 0: it has none, or does not answer."""
        return last_of((self.status() or {}).get("gtid", ""))

    def received(self):
        """Likewise of the last one that it holds, applied or not."""
        return last_of(self.received_position())

    def received_position(self):
        status = self.status() or {}
        return max(status.get("gtid", ""), status.get("Gtid_IO_Pos", ""), key=last_of)

    def apply(self):
        """Applies what it has received, if that was stopped."""
        self.sql("START SLAVE SQL_THREAD;")

    def applies(self):
        """Whether it goes on to apply what it has received."""
        return (self.status() or {}).get("Slave_SQL_Running") == "Yes"

    def is_in_sync_with(self, primary_gtid):
        """Whether it has all that the primary had."""
        status = self.status()
        return status is not None and status["gtid"] == primary_gtid

    def leave_primary(self, position):
        """Ends to follow a primary that refuses writes, once it has all its changes. ServerFailed: it lacks some."""
        self.sql(script("switch", position=position))

    def take_over(self):
        """Takes writes in place of a primary that refuses them."""
        self.sql(script("lead", database=DATABASE))

    def promote(self):
        """A replica becomes the primary. The raised epoch keeps the former one from writes, should it come back."""
        self.sql(script("promote", database=DATABASE))


def statuses(servers):
    """What each says of itself, None for those that do not answer. All are asked at once: one that hangs takes seconds."""
    with ThreadPoolExecutor(len(servers)) as pool:
        return dict(zip(servers, pool.map(Server.status, servers), strict=True))


def last_of(gtids):
    """Of a position such as 0-1-4711: a promotion does not begin anew, so the number alone tells who has more."""
    return max((int(gtid.rpartition("-")[2]) for gtid in gtids.split(",") if gtid), default=0)


def start(servers, remembered):
    """Starts all, and makes the data of new ones. One takes writes, and the others follow it: `remembered`, unless another one
    has been promoted since. ServerFailed: one did not start, or nobody can tell which one leads."""
    for server in servers:
        server.keep_own_data()
    if not remembered.has_data():
        make_data(servers, remembered)
    for server in servers:
        server.prepare()
        server.process("MASTER" if server is remembered else "SLAVE").start()
    for server in servers:
        server.process().wait_ready()
        server.make_users()
    said = statuses(servers)
    primary = leadership.certain_primary(said, remembered)
    for server in servers:
        if server is not primary:
            server.follow(primary)
    let_lead(primary, remembered, said)
    return primary


def let_lead(primary, remembered, said):
    """One that takes the place of the remembered one may not have raised its epoch yet, because the command that was to do it was
    killed. Services take writes to one server of an epoch only."""
    if primary is remembered or leadership.is_writable(said[primary]):
        primary.lead()
    else:
        primary.take_over()


def make_data(servers, primary):
    """The same for all, so that replication begins with equal ones."""
    for server in servers:
        shutil.rmtree(server.folder / "data", ignore_errors=True)
    primary.prepare()
    for server in servers:
        server.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if server is not primary:
            shutil.copytree(primary.folder / "data", server.folder / "data.fresh", dirs_exist_ok=True)
            (server.folder / "data.fresh").rename(server.folder / "data")


@contextlib.contextmanager
def for_tests(folder, ports):
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    servers = [Server(number, folder, ports, memory="32M") for number in (1, 2)]
    with contextlib.ExitStack() as stack:
        for server in reversed(servers):
            stack.callback(server.process().stop)
        start(servers, servers[0])
        yield environment(servers)


def environment(servers):
    """What a test needs to know of them."""
    primary, replica = servers
    passwords = primary.passwords
    return {
        "MARIADB_PRIMARY_PORT": str(primary.port),
        "MARIADB_REPLICA_PORT": str(replica.port),
        "MARIADB_PRIMARY_SOCKET": str(primary.socket),
        "MARIADB_REPLICA_SOCKET": str(replica.socket),
        "MARIADB_PRIMARY_PID": str(primary.process().pid()),
        "MARIADB_ADMINISTRATOR": getpass.getuser(),
        "MARIADB_APP_PASSWORD": passwords.app,
        "MARIADB_MIGRATE_PASSWORD": passwords.migrate,
        "MARIADB_MONITOR_PASSWORD": passwords.monitor,
        "MARIADB_CA": str(primary.certificates / "ca.pem"),
    }
