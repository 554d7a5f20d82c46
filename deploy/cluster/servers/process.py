"""A server as a process of its own, in a folder of its own: started, asked whether it is ready, stopped, killed.

Its folder holds its data, `log`, and `pid`, by which a later run of the program finds it again: its number, when it began, and
where its part of the log does.
"""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


LONGEST_BACKLOG = 4096


class ServerFailed(Exception):
    """A server did not start or stop; the text says what to look at."""


def wait_until(condition, seconds, every=0.05):
    """Whether `condition` became true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def began_at(pid):
    """When that process began, in ticks since the machine did: with its number this names it. None: it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, threads, began = fields[0], int(fields[17]), fields[19]
    # While threads of a killed process still end, its first one is a zombie already. They keep its ports.
    return None if state == "Z" and threads <= 1 else began


def session_of(pid):
    """None: it has ended, and waits at most for its parent to notice."""
    try:
        return os.getsid(pid) if began_at(pid) else None
    except ProcessLookupError:
        return None


def run_aside(command, **variables):
    """Runs a program to its end. ServerFailed, with its last words, if it failed."""
    done = subprocess.run(command, env=os.environ | variables, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise ServerFailed(f"{Path(command[0]).name} failed:\n{(done.stderr or done.stdout)[-2000:]}")


def run(*command, **options):
    """What it printed. ServerFailed, with its last words, if it failed. Ctrl-C at the terminal does not reach it, but its
    caller."""
    try:
        done = subprocess.run([str(each) for each in command], capture_output=True, text=True, start_new_session=True, **options)
    except subprocess.TimeoutExpired as late:
        raise ServerFailed(f"{Path(command[0]).name} had no answer in {late.timeout:.0f} s") from late
    if done.returncode != 0:
        raise ServerFailed(f"{Path(command[0]).name} failed:\n{(done.stderr or done.stdout)[-2000:]}")
    return done.stdout


def inheriting(command, descriptor):
    """`command` as a program that inherits a listening socket, by systemd's protocol (sd_listen_fds(3)). The shell knows the
    number of the process before it becomes the program."""
    moved = f" 3<&{descriptor} {descriptor}<&-" if descriptor != 3 else ""
    return ["/bin/bash", "-c", f'LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" "$@"{moved}', *command]


def is_free(port):
    """Whether a server could listen there, on loopback."""
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@dataclass(frozen=True)
class Process:
    name: str
    folder: Path  # of its own
    command: list[str]
    is_ready: Callable[[], bool]  # asks the server itself; must return soon
    ports: tuple[int, ...] = ()  # where it will listen, on loopback
    environment: dict[str, str] = field(default_factory=dict)  # beside this process's own
    ready_seconds: float = 30
    stop_seconds: float = 30
    stop_signal: signal.Signals = signal.SIGTERM
    socket: Path | None = None  # a unix socket that it inherits

    @property
    def log(self):
        return self.folder / "log"

    def pid(self):
        """None if it does not run."""
        try:
            pid, began, *_ = (self.folder / "pid").read_text().split()
        except FileNotFoundError:
            return None
        return int(pid) if began_at(pid) == began else None

    def silence(self):
        """Why it does not answer."""
        return "runs, but does not answer" if self.pid() else "does not run"

    def taken_ports(self):
        """Of its ports, those on which another program listens; none while it runs itself."""
        return [] if self.pid() else [port for port in self.ports if not is_free(port)]

    def start(self, listening=None):
        """Does nothing if it runs. It outlives this program. `listening`: of `listen`, if somebody has called it already."""
        if self.pid():
            return
        if self.socket and not listening:
            with self.listen() as listening:
                return self.start(listening)
        self.end_children()
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            place = log.tell()
            started = subprocess.Popen(
                inheriting(self.command, listening.fileno()) if listening else self.command,
                cwd=self.folder,
                env=os.environ | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=[listening.fileno()] if listening else [],
            )
        (self.folder / "pid").write_text(f"{started.pid} {began_at(started.pid)} {place}")

    @contextlib.contextmanager
    def listen(self):
        """Where it will accept. Whoever connects from now on waits for it, as long as this program or that one has the socket
        open; the process that runs now still answers those who came before. None if it inherits no socket."""
        if not self.socket:
            yield None
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        with socket.socket(socket.AF_UNIX) as listening:
            self.socket.unlink(missing_ok=True)
            listening.bind(str(self.socket))
            self.socket.chmod(0o600)
            listening.listen(LONGEST_BACKLOG)
            yield listening

    def wait_ready(self):
        def is_over():
            return not self.pid() or self.is_ready()

        if not wait_until(is_over, self.ready_seconds) or not self.pid():
            what = "is not ready" if self.pid() else "has ended"
            words = self.last_words()
            where = f"its last words in {self.log}:\n{words}" if words else f"it has written nothing to {self.log}"
            raise ServerFailed(f"{self.name} {what}; {where}")

    def last_words(self, lines=10):
        """Those that it has written since it was started last."""
        with self.log.open("rb") as log:
            log.seek(self.log_place())
            return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])

    def log_place(self):
        """Where what it writes begins in its log: at 0 if that was cut off, or if an older version of this program started it."""
        _, _, *place = (self.folder / "pid").read_text().split()
        return int(place[0]) if place and int(place[0]) <= self.log.stat().st_size else 0

    def stop(self):
        """As it wants to be stopped."""
        if not self.signal(self.stop_signal):
            self.end_children()
            return
        if not wait_until(lambda: not self.pid(), self.stop_seconds):
            self.kill()
            raise ServerFailed(f"{self.name} did not stop within {self.stop_seconds:.0f} s and was killed")

    def kill(self):
        """As a power cut would, its children included."""
        if self.signal(signal.SIGKILL) and not wait_until(lambda: not self.pid(), 10):
            raise ServerFailed(f"{self.name} cannot be killed")
        self.end_children()

    def end_children(self):
        """Those that outlived it, as nginx's workers do when their master is killed. They are of its session, which keeps
        its number from every other process as long as one of them lives."""
        left = self.children()
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if not wait_until(lambda: not self.children(), 10):
            raise ServerFailed(f"{self.name} has left processes that cannot be killed: {left}")

    def children(self):
        """What lives in the session that it began; empty if its number names another process by now."""
        try:
            session, began, *_ = (self.folder / "pid").read_text().split()
        except FileNotFoundError:
            return []
        if began_at(int(session)) not in (None, began):
            return []
        pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
        return [pid for pid in pids if str(pid) != session and session_of(pid) == int(session)]

    def signal(self, number):
        """Whether there was one to take it."""
        pid = self.pid()
        if pid:
            os.kill(pid, number)
        return bool(pid)
