"""Starts, stops and kills the program, on free ports and in a folder of its own: in one process, or, if USERINFO_ROLES is
"apart", as a gateway and a service, or, if it is "cluster", as these behind nginx and on MariaDB and Redis Cluster."""

import json
import os
import queue
import random
import re
import signal
import socket
import sqlite3
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path

from database import rows_of_file
from leaks import Secrets
from servers import nginx
from servers.private_files import kept
from servers.process import ServerFailed
from servers.userinfo import new_master_key

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("USERINFO_PROGRAM", ROOT / "build" / "release" / "src" / "programs" / "userinfo"))
START_SECONDS = 20
STOP_SECONDS = 15
# All tests come from one address, faster than people do.
NO_LIMITS = {
    "ATTEMPTS_CHECKS_PER_MINUTE": "1000000",
    "ATTEMPTS_CHECKS_BURST": "1000000",
    "ATTEMPTS_REGISTERS_PER_MINUTE": "1000000",
    "ATTEMPTS_REGISTERS_BURST": "1000000",
    "ATTEMPTS_FREE_FAILURES": "1000000",
}
ADMINISTRATOR = ["mariadb", "--no-defaults", "--batch", "--skip-column-names"]
READY = re.compile(r"userinfo is ready at (?:(?:https?://)?127\.0\.0\.1:(\d+)|unix:.+)")


def free_port():
    """One that nobody has, below those that the system gives to clients: so a restart finds it free again."""
    while True:
        port = random.randint(10_000, 30_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def clean_environment(settings):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("USERINFO_")}
    return {**inherited, **settings}


class Standalone:
    """`settings` are USERINFO_* variables without that beginning: Server(folder, TOKENS_ACCESS_LIFETIME="2s"). None for
    the program's own default instead of the tests'."""

    def __init__(self, folder, *arguments, **settings):
        self.arguments = arguments
        self.folder = Path(folder)
        self.port = free_port()
        self.management_port = free_port()
        self.log_file = Path(settings.get("LOG_FILE") or self.folder / "userinfo.log")
        self.error_file = self.folder / "stderr"
        self.secrets = Secrets()
        self.process = None
        self.authority = None  # the file with the certificate of who vouches for the server's, with TLS
        self.later_output = ""  # what it wrote to standard output after the line that says that it is ready
        self.settings = {
            "LISTEN": f"127.0.0.1:{self.port}",
            "MANAGEMENT_LISTEN": f"127.0.0.1:{self.management_port}",
            "DATA_DIR": str(self.folder / "data"),
            "LOG_LEVEL": "trace",
            "LOG_FORMAT": "json",
            "LOG_FILE": str(self.log_file),
            **NO_LIMITS,
            **settings,
        }

    @property
    def url(self):
        scheme = "https" if "TLS_CERTIFICATE" in self.settings else "http"
        return f"{scheme}://127.0.0.1:{self.port}"

    @property
    def socket_file(self):
        """Of the unix socket that it listens on, if it is one."""
        scheme, _, path = self.settings["LISTEN"].partition("unix:")
        return None if scheme else path

    @property
    def management_url(self):
        return f"http://127.0.0.1:{self.management_port}"

    @property
    def data(self):
        return Path(self.settings["DATA_DIR"])

    @property
    def database_file(self):
        found = [file for file in self.data.iterdir() if file.read_bytes()[:15] == b"SQLite format 3"]
        assert len(found) == 1, f"one database is due: {found}"
        return found[0]

    @property
    def roles(self):
        """All processes, each a server of its own."""
        return [self]

    @property
    def storing(self):
        """The process with the database."""
        return self

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    def environment(self):
        given = {name: value for name, value in self.settings.items() if value is not None}
        return clean_environment({f"USERINFO_{name}": value for name, value in given.items()})

    def start(self):
        """Returns the server when it says that it is ready."""
        return self.start_role("standalone")

    def start_role(self, role):
        assert not self.running
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.error_file.open("ab") as errors:
            self.process = subprocess.Popen(
                [PROGRAM, role, *self.arguments],
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                umask=0,  # the modes of the files are the program's own doing
            )
        line = first_line(self.process.stdout)
        ready = READY.fullmatch(line)
        if not ready:
            self.kill()
            raise AssertionError(f"the server said {line!r}; standard error:\n{self.error_output()}")
        self.port = int(ready[1] or 0)
        return self

    def error_output(self):
        return self.error_file.read_text(errors="replace")

    def hang_up(self):
        """Tells it to look at its files again."""
        self.process.send_signal(signal.SIGHUP)

    def log_lines(self, message):
        """The lines of the log with that message, as dicts."""
        lines = (json.loads(line) for line in self.log_file.read_text().splitlines())
        return [line for line in lines if line["message"] == message]

    def terminate(self):
        """Asks it to stop, and does not wait."""
        self.process.send_signal(signal.SIGTERM)

    def wait(self):
        """Its exit status; a server that does not end in time is killed."""
        try:
            return self.process.wait(STOP_SECONDS)
        finally:
            self.process.kill()
            self.later_output = self.process.stdout.read()
            self.process.stdout.close()

    def stop(self):
        self.terminate()
        status = self.wait()
        assert status == 0, f"the server ended with {status}; standard error:\n{self.error_output()}"

    def kill(self):
        self.process.kill()
        self.wait()

    def finish(self):
        """The end of a test: the server stops if it runs, had nothing to complain of, and leaked no secret."""
        if self.running:
            self.stop()
        assert self.error_output() == ""
        assert self.secrets.found_in(self.log_file) == []

    def run(self, *arguments, typed="", **settings):
        """Runs another verb of the program on the same data."""
        environment = {**self.environment(), **{f"USERINFO_{name}": value for name, value in settings.items()}}
        return run_program(*arguments, typed=typed, environment=environment)

    def succeed(self, *arguments, typed=""):
        """What the verb writes to standard output; it must succeed."""
        result = self.run(*arguments, typed=typed)
        assert result.returncode == 0, f"{arguments} failed: {result.stderr}"
        return result.stdout

    def count_rows(self):
        """How many rows each table of its database has."""
        return rows_of_file(self.database_file)

    @contextmanager
    def storage_locked(self):
        """As long as it lasts, nothing can be written to the database."""
        database = sqlite3.connect(self.database_file, timeout=10, isolation_level=None, check_same_thread=False)
        database.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            database.rollback()
            database.close()


class Role(Standalone):
    """One process of several."""

    def __init__(self, role, folder, *arguments):
        super().__init__(folder, *arguments)
        self.role = role

    def start(self):
        return self.start_role(self.role)


class Apart(Standalone):
    """A gateway, which is this process, in front of a service."""

    def __init__(self, folder, *arguments, **settings):
        super().__init__(folder, *arguments, **settings)
        self.settings["DISCOVERY_FIXED"] = f"127.0.0.1:{free_port()}"
        self.service = Role("service", self.folder / "service", *arguments)
        self.service.secrets = self.secrets

    @property
    def roles(self):
        return [self, self.service]

    @property
    def storing(self):
        return self.service

    def start(self):
        self.service.settings = {
            "PUBLIC_URL": self.url,
            **self.settings,
            "RPC_LISTEN": self.settings["DISCOVERY_FIXED"],
            "MANAGEMENT_LISTEN": self.service.settings["MANAGEMENT_LISTEN"],
        }
        if "LOG_FILE" in self.settings:
            self.service.settings["LOG_FILE"] = str(self.service.log_file)
        self.service.start()
        try:
            return self.start_role("gateway")
        except AssertionError:
            self.service.kill()
            raise

    def error_output(self):
        return self.service.error_output() + super().error_output()

    def hang_up(self):
        self.service.hang_up()
        super().hang_up()

    def log_lines(self, message):
        return self.service.log_lines(message) + super().log_lines(message)

    def wait(self):
        try:
            return super().wait()
        finally:
            self.service.stop()

    def kill(self):
        for role in self.roles:
            role.process.kill()
        for role in self.roles:
            Standalone.wait(role)

    def finish(self):
        super().finish()
        assert self.secrets.found_in(self.service.log_file) == []


class Clustered(Apart):
    """The same behind nginx, with a database of its own on MariaDB, and the caches in Redis Cluster: the servers that
    `tools/with_servers redis mariadb` runs. What is about HTTP's bytes connects to the gateway itself, at `port`."""

    def __init__(self, folder, *arguments, **settings):
        super().__init__(folder, *arguments, **settings)
        self.front_port = free_port()
        self.database = f"userinfo_{random.getrandbits(64):x}"
        self.settings.setdefault("PUBLIC_URL", self.url)
        self.settings.setdefault("HTTP_TRUSTED_PROXIES", "127.0.0.1")
        self.front = None
        self.service.folder.mkdir(parents=True, exist_ok=True)
        self.service.database = self.database
        master_key = self.service.folder / "master.key"
        kept(master_key, new_master_key)
        hosts = [f"127.0.0.1:{os.environ[f'MARIADB_{server}_PORT']}" for server in ("PRIMARY", "REPLICA")]
        self.settings = {
            "KEYS_MASTER_FILE": str(master_key),
            "MARIADB_HOSTS": ",".join(hosts),
            "MARIADB_DATABASE": self.database,
            "MARIADB_USER": "app",
            "MARIADB_PASSWORD": os.environ["MARIADB_APP_PASSWORD"],
            "REDIS_NODES": os.environ["USERINFO_TEST_REDIS_NODES"],
            "REDIS_PASSWORD": os.environ["USERINFO_TEST_REDIS_PASSWORD"],
        } | self.settings
        self.make_database()

    @property
    def url(self):
        return super().url if "TLS_CERTIFICATE" in self.settings else f"http://127.0.0.1:{self.front_port}"

    @property
    def storing(self):
        return self

    def count_rows(self):
        return count_rows(self.database)

    @contextmanager
    def storage_locked(self):
        tables = ", ".join(f"{table} READ" for table in tables_of(self.database))
        client = [*ADMINISTRATOR, f"--socket={os.environ['MARIADB_PRIMARY_SOCKET']}", "--unbuffered", self.database]
        with subprocess.Popen(client, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as session:
            session.stdin.write(f"LOCK TABLES {tables}; SELECT 'locked';\n")
            session.stdin.flush()
            assert first_line(session.stdout) == "locked"
            try:
                yield
            finally:
                session.stdin.close()

    def make_database(self):
        administer(f"CREATE DATABASE {self.database}")
        migrator = {"USERINFO_MARIADB_USER": "migrate", "USERINFO_MARIADB_PASSWORD": os.environ["MARIADB_MIGRATE_PASSWORD"]}
        done = run_program("migrate", environment=self.environment() | migrator)
        assert done.returncode == 0, done.stderr

    def start(self):
        super().start()
        if "TLS_CERTIFICATE" not in self.settings:
            self.front = nginx.process(self.folder / "nginx", self.front_port, [(f"127.0.0.1:{self.port}", 1)])
            self.front.start()
            try:
                self.front.wait_ready()
            except ServerFailed:
                self.kill()
                raise
        return self

    def wait(self):
        try:
            return super().wait()
        finally:
            self.stop_front()

    def kill(self):
        super().kill()
        self.stop_front()

    def stop_front(self):
        if self.front:
            self.front.stop()

    def finish(self):
        super().finish()
        administer(f"DROP DATABASE {self.database}")


def administer(statement):
    """What MariaDB's administrator is answered, a list of words for each row."""
    client = [*ADMINISTRATOR, f"--socket={os.environ['MARIADB_PRIMARY_SOCKET']}"]
    done = subprocess.run(client, input=statement, capture_output=True, text=True, check=True, timeout=30)
    return [line.split("\t") for line in done.stdout.splitlines()]


def tables_of(database):
    return [name for (name,) in administer(f"SHOW TABLES IN {database}")]


def count_rows(database):
    questions = [f"SELECT '{table}', COUNT(*) FROM {database}.{table};" for table in tables_of(database)]
    return {table: int(count) for table, count in administer("".join(questions))}


Server = {"apart": Apart, "cluster": Clustered}.get(os.environ.get("USERINFO_ROLES"), Standalone)


def run_program(*arguments, typed="", environment=None):
    return subprocess.run(
        [PROGRAM, *arguments],
        env=clean_environment({}) if environment is None else environment,
        input=typed,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def first_line(stream):
    """The first line that comes within START_SECONDS, without its end; empty if there is none."""
    lines = queue.Queue()
    threading.Thread(target=lambda: lines.put(stream.readline()), daemon=True).start()
    try:
        return lines.get(timeout=START_SECONDS).rstrip("\n")
    except queue.Empty:
        return ""
