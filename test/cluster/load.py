"""People at work, each on a thread of their own: every one changes their profile, looks at it, and notes what was answered
when. What must always hold is checked as it happens: nobody sees their own writes undone."""

import http.client
import json
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from client import Client
from people import Person

PEOPLE = 6
PAUSE = 0.005  # between two requests of one person
PATIENCE = 30  # longer than nginx's


@dataclass
class Answer:
    kind: str  # "read" or "write"
    began: float
    ended: float
    status: int  # 0: none came


class Reader:
    """Somebody's connection, with their token and the version that they have seen last."""

    def __init__(self, server, token):
        self.address = server.url.removeprefix("http://")
        self.token = token
        self.seen = None
        self.connection = None

    def request(self, method, form=None):
        """Status and data; status 0 if the connection ended first."""
        headers = {"Authorization": f"Bearer {self.token}"}
        if self.seen:
            headers["Userinfo-Version"] = self.seen
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            if not self.connection:
                self.connection = http.client.HTTPConnection(self.address, timeout=PATIENCE)
            self.connection.request(method, "/api/user/profile", urlencode(form) if form else None, headers)
            reply = self.connection.getresponse()
            body = reply.read()
        except (OSError, http.client.HTTPException):
            self.close()
            return 0, None
        if reply.getheader("Connection") == "close":
            self.close()
        if reply.status == 200:
            self.seen = reply.getheader("Userinfo-Version") or self.seen
        return reply.status, json.loads(body)["data"] if reply.status == 200 else None

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None


class Worker(threading.Thread):
    """Usernames are numbers that rise, so that an older profile is known when it is seen."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.person = Person.registered(server)
        app = self.person.app(server)
        self.reader = Reader(server, app.bearer)
        self.app = app
        self.tried = 0
        self.acknowledged = 0
        self.answers = []
        self.problems = []
        self.stopping = threading.Event()
        assert app.post("/api/user/profile", form={"username": "0"}).status == 200

    def run(self):
        while not self.stopping.is_set():
            self.write()
            for _ in range(3):
                self.read()

    def ask(self, kind, *request):
        began = time.monotonic()
        status, data = self.reader.request(*request)
        self.answers.append(Answer(kind, began, time.monotonic(), status))
        self.stopping.wait(PAUSE)
        return status, data

    def write(self):
        self.tried += 1
        status, _ = self.ask("write", "PUT", {"username": str(self.tried)})
        if status == 200:
            self.acknowledged = self.tried

    def read(self):
        status, data = self.ask("read", "GET")
        if status != 200:
            return
        shown = int(data["username"])
        if not self.acknowledged <= shown <= self.tried:
            self.problems.append(f"{shown} was shown after {self.acknowledged} was acknowledged")

    def finish(self):
        self.stopping.set()
        self.join(2 * PATIENCE)
        assert not self.is_alive(), "a request was never answered"
        self.reader.close()


class Load:
    def __init__(self, server):
        self.workers = [Worker(server) for _ in range(PEOPLE)]

    def __enter__(self):
        for worker in self.workers:
            worker.start()
        return self

    def __exit__(self, *_):
        for worker in self.workers:
            worker.finish()
        self.check()

    def check(self):
        """No acknowledged write is lost, and none was shown undone."""
        for worker in self.workers:
            assert not worker.problems, worker.problems
            worker.read()
            assert worker.answers[-1].status == 200
            assert not worker.problems, worker.problems

    def answers(self, kind, since=0.0):
        return [
            answer
            for worker in self.workers
            for answer in list(worker.answers)
            if answer.kind == kind and answer.began >= since
        ]

    def failures(self, kind, since=0.0):
        return [answer for answer in self.answers(kind, since) if answer.status != 200]

    def outage(self, kind, since):
        """From the first failure on, how long until the last; 0 if there was none."""
        return self.outage_until(kind, since, float("inf"))

    def outage_until(self, kind, since, until):
        """The same, of what began before `until`."""
        failed = [answer for answer in self.failures(kind, since) if answer.began < until]
        return max(answer.ended for answer in failed) - min(answer.began for answer in failed) if failed else 0.0

    def longest(self, kind, since):
        """How long the slowest of them took."""
        return max(answer.ended - answer.began for answer in self.answers(kind, since))

    def go_on(self, seconds):
        """Lets them work for so long."""
        time.sleep(seconds)

    def summary(self):
        """What was noticed, for the table in docs/cluster.md; `pytest -rP` shows it."""
        lines = []
        for kind in ("read", "write"):
            answers = self.answers(kind)
            longest = max(answer.ended - answer.began for answer in answers)
            failed = self.failures(kind)
            lines.append(
                f"{kind}s: {len(answers)}, failed {len(failed)} over {self.outage(kind, 0.0):.2f} s, longest {longest:.2f} s"
            )
        return "; ".join(lines)

    def statuses(self, kind, since=0.0):
        return {answer.status for answer in self.answers(kind, since)}


def is_refused(server, token):
    return Client(server, bearer=token).get("/api/user/profile").status == 401
