"""Starts, stops and kills the program as one process, on free ports and in a folder of its own."""

import json
import signal
import sqlite3
import subprocess
from contextlib import contextmanager
from pathlib import Path

from database import change, rows_of_file
from leaks import Secrets
from servers.process import inheriting
from program import PROGRAM, READY, STOP_SECONDS, clean_environment, first_line, free_port, run_program

# All tests come from one address, faster than people do.
NO_LIMITS = {
    "ATTEMPTS_CHECKS_PER_MINUTE": "1000000",
    "ATTEMPTS_CHECKS_BURST": "1000000",
    "ATTEMPTS_REGISTERS_PER_MINUTE": "1000000",
    "ATTEMPTS_REGISTERS_BURST": "1000000",
    "ATTEMPTS_REFRESHES_PER_SESSION": "60000000",
    "ATTEMPTS_REFRESHES_PER_SOURCE": "60000000",
    "ATTEMPTS_WRITES_PER_SESSION": "60000000",
    "ATTEMPTS_WRITES_PER_SOURCE": "60000000",
    "ATTEMPTS_FORCED_READS_PER_SESSION": "60000000",
    "ATTEMPTS_FORCED_READS_PER_SOURCE": "60000000",
    "ATTEMPTS_FREE_FAILURES": "1000000",
}


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
        self.inherited = None  # a listening socket that it gets from its starter
        self.authority = None  # the file with the certificate of who vouches for the server's, with TLS
        self.later_output = ""  # what it wrote to standard output after the line that says that it is ready
        self.settings = {
            "LISTEN": f"127.0.0.1:{self.port}",
            "MANAGEMENT_LISTEN": f"127.0.0.1:{self.management_port}",
            "DATA_DIR": str(self.folder / "data"),
            "LOG_LEVEL": "debug",
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
        command = [PROGRAM, role, *self.arguments]
        inherited = [self.inherited.fileno()] if self.inherited else []
        with self.error_file.open("ab") as errors:
            self.process = subprocess.Popen(
                inheriting(command, *inherited) if inherited else command,
                pass_fds=inherited,
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

    def run(self, *arguments, typed="", close=(), **settings):
        """Runs another verb of the program on the same data."""
        environment = {**self.environment(), **{f"USERINFO_{name}": value for name, value in settings.items()}}
        return run_program(*arguments, typed=typed, environment=environment, close=close)

    def succeed(self, *arguments, typed=""):
        """What the verb writes to standard output; it must succeed."""
        result = self.run(*arguments, typed=typed)
        assert result.returncode == 0, f"{arguments} failed: {result.stderr}"
        return result.stdout

    def count_rows(self):
        """How many rows each table of its database has."""
        return rows_of_file(self.database_file)

    def change(self, statement):
        """Changes its database behind its back."""
        change(self, statement)

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
