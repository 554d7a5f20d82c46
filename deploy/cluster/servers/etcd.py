"""etcd: three members, as processes. What they agree on is in their folders and outlives them."""

import contextlib
import json
import urllib.request

from servers.process import Process

MEMBERS = 3


class Member:
    """One of them, in a folder of its own."""

    def __init__(self, number, folder, ports):
        self.number = number
        self.name = f"etcd-{number}"
        self.folder = folder / self.name
        self.ports = ports

    @property
    def address(self):
        return f"127.0.0.1:{self.ports.etcd(self.number)}"

    def peer_url(self, number):
        return f"http://127.0.0.1:{self.ports.etcd_peer(number)}"

    def process(self):
        members = ",".join(f"etcd-{other}={self.peer_url(other)}" for other in range(1, MEMBERS + 1))
        url = f"http://{self.address}"
        options = {
            "name": self.name,
            "data-dir": self.folder / "data",
            "listen-client-urls": url,
            "advertise-client-urls": url,
            "listen-peer-urls": self.peer_url(self.number),
            "initial-advertise-peer-urls": self.peer_url(self.number),
            "initial-cluster": members,  # of a member that has data, these say nothing
            "initial-cluster-token": "userinfo",
            "heartbeat-interval": 100,
            "election-timeout": 1000,
            "auto-compaction-retention": "1h",
            "logger": "zap",
            "log-level": "warn",
        }
        return Process(
            name=self.name,
            folder=self.folder,
            command=["etcd", *(f"--{key}={value}" for key, value in options.items())],
            ports=(self.ports.etcd(self.number), self.ports.etcd_peer(self.number)),
            is_ready=self.is_healthy,
        )

    def is_healthy(self):
        """It has a leader, and can reach it."""
        with contextlib.suppress(OSError, ValueError):
            with urllib.request.urlopen(f"http://{self.address}/health", timeout=2) as answer:
                return json.load(answer)["health"] == "true"
        return False

    def leads(self):
        """None: it does not answer."""
        with contextlib.suppress(OSError, ValueError, KeyError):
            status = self.ask("maintenance/status")
            return status["leader"] == status["header"]["member_id"]
        return None

    def ask(self, call, **arguments):
        """The answer to a call of etcd's API by JSON; OSError if there is none within 2 s."""
        request = urllib.request.Request(f"http://{self.address}/v3/{call}", data=json.dumps(arguments).encode())
        with urllib.request.urlopen(request, timeout=2) as answer:
            return json.load(answer)


def members(folder, ports):
    return [Member(number, folder, ports) for number in range(1, MEMBERS + 1)]


def start(all_members):
    for member in all_members:
        member.process().start()
    for member in all_members:
        member.process().wait_ready()


@contextlib.contextmanager
def for_tests(folder, ports):
    all_members = members(folder, ports)
    with contextlib.ExitStack() as stack:
        for member in all_members:
            stack.callback(member.process().stop)
        start(all_members)
        yield {
            "ETCD_ENDPOINTS": ",".join(member.address for member in all_members),
            # Member n's process id begins the file etcd-n/pid there.
            "ETCD_FOLDER": str(folder),
        }
