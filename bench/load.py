"""What is sent: users made through the API, requests written to files, and wrk to send them."""
import concurrent.futures
import dataclasses
import http.client
import json
import os
import pathlib
import subprocess
import threading
import urllib.parse

HERE = pathlib.Path(__file__).parent
PASSWORD = "a long enough bench password"
# Enough to keep all hashing threads busy although each log-in waits for its floor of time.
MAKERS = 16
CONFLICT = 409  # it is there already
CONNECTION_KINDS = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}


@dataclasses.dataclass
class user:
    email: str
    access_cookie: str = ""
    refresh_cookie: str = ""


@dataclasses.dataclass
class measurement:
    requests: int
    cpu_us: float | None  # of the server, per request; None: not measured
    rate: float
    p50_ms: float
    p99_ms: float
    errors: int


class api:
    """A client that keeps one connection per thread, and ends the bench when a call fails."""

    def __init__(self, url):
        self.url = urllib.parse.urlsplit(url)
        if self.url.scheme not in CONNECTION_KINDS or not self.url.hostname:
            raise SystemExit(f"{url} is no address of a server, such as http://127.0.0.1:8080")
        self.local = threading.local()

    def call(self, method, path, fields=None, cookie="", also=()):
        """The reply and its body. `also`: statuses that are no failure, beside success."""
        if not hasattr(self.local, "connection"):
            self.local.connection = CONNECTION_KINDS[self.url.scheme](self.url.hostname, self.url.port, timeout=30)
        connection = self.local.connection
        try:
            connection.request(method, path, form(fields), headers(fields, cookie))
            reply = connection.getresponse()
            body = reply.read().decode()
        except (OSError, http.client.HTTPException) as error:
            raise SystemExit(f"{method} {path}: {self.url.netloc} gave no answer: {error!r}") from error
        if reply.status // 100 != 2 and reply.status not in also:
            raise SystemExit(f"{method} {path} answered {reply.status}: {body}")
        return reply, body


def form(fields):
    return urllib.parse.urlencode(fields) if fields else None


def headers(fields, cookie):
    wanted = {}
    if fields:
        wanted["Content-Type"] = "application/x-www-form-urlencoded"
    if cookie:
        wanted["Cookie"] = cookie
    return wanted


def raw_request(port, method, path, fields=None, cookie=""):
    """The same request as bytes, for wrk."""
    body = form(fields) or ""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name}: {value}" for name, value in headers(fields, cookie).items()]
    if method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines) + "\r\n\r\n" + body


def profile_read(port, who):
    return raw_request(port, "GET", "/api/user/profile", cookie=who.access_cookie)


def make_users(url, count):
    """Registers and logs in `count` users, gives each a profile, and shows how far it is. They may exist already."""
    client = api(url)
    users = []
    with concurrent.futures.ThreadPoolExecutor(MAKERS) as makers:
        for made in makers.map(lambda number: make_user(client, number), range(count)):
            users.append(made)
            if len(users) % 500 == 0:
                print(f"  {len(users)} of {count} users", flush=True)
    return users


def make_user(client, number):
    made = user(f"user{number}@bench.example")
    fields = {"email": made.email, "password": PASSWORD}
    client.call("POST", "/api/account/register", fields, also=(CONFLICT,))
    reply, _ = client.call("POST", "/api/account/login", fields)
    made.access_cookie = cookie_named("access_token", reply)
    made.refresh_cookie = cookie_named("refresh_token", reply)
    profile = {"username": f"User {number}", "birthday": "1990-05-17"}
    client.call("POST", "/api/user/profile", profile, made.access_cookie, also=(CONFLICT,))
    return made


def cookie_named(name, reply):
    for line in reply.msg.get_all("Set-Cookie", []):
        if line.removeprefix("__Host-").startswith(name + "="):
            return line.split(";")[0]
    raise SystemExit(f"log-in set no cookie {name}")


def write_users(path, users):
    """For load.lua: the form by which each logs in, and the cookie of its access token."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        os.fchmod(file.fileno(), 0o600)
        for who in users:
            file.write(f"{form({'email': who.email, 'password': PASSWORD})}\t{who.access_cookie}\n")
    return path


def write_requests(path, requests):
    path.write_text("".join(request + "\0" for request in requests))
    return path


def run_wrk(server, requests, connections, seconds, mode="round"):
    """Sends the requests of a file for at most `seconds`, and charges the server's CPU time to them."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(HERE / "replay.lua"),
               f"http://127.0.0.1:{server.port}/", "--", str(requests), mode]
    before = server.cpu_seconds()
    output = subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds + 60).stdout
    cpu = server.cpu_seconds() - before
    result = json.loads(output.splitlines()[-1])
    done = result["requests"]
    if done == 0:
        raise SystemExit(f"wrk got no answer:\n{output}")
    return measurement(requests=done, cpu_us=cpu * 1e6 / done, rate=done / result["seconds"],
                       p50_ms=result["p50_us"] / 1000, p99_ms=result["p99_us"] / 1000, errors=result["errors"])


def middle(runs):
    """The run with the median CPU time; it answers for the errors of all."""
    run = sorted(runs, key=lambda each: each.cpu_us)[len(runs) // 2]
    run.errors = sum(each.errors for each in runs)
    return run
