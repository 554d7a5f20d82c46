"""Which gateway nginx sends a request to, and how often: the shipped configuration in front of gateways that a test makes"""

import threading
import time
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from program import free_port
from raw_http import exchange, request
from servers import nginx

PATH = "/api/user/profile"
READS = ("GET", "HEAD")
WRITES = ("POST", "PUT", "DELETE", "PATCH")
LOG_IN_SECONDS = 3  # longer than a read may take


class Front:
    """nginx, for raw_http."""

    socket_file = None

    def __init__(self, port):
        self.port = port


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.got.append(self.command)
        if self.server.mood == "hang up":
            self.close_connection = True
            return
        if self.server.mood == "hang":
            self.server.over.wait()
        if self.server.mood == "take time":
            self.server.over.wait(LOG_IN_SECONDS)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = answer

    def log_message(self, *_):
        pass


class Gateway(ThreadingHTTPServer):
    """Notes the methods of what it gets. `mood`: "answer", "hang up", "hang" or "take time"."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", free_port()), Handler)
        self.mood = "answer"
        self.got = []
        self.over = threading.Event()

    @property
    def address(self):
        return f"127.0.0.1:{self.server_port}"

    @contextmanager
    def running(self):
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.over.set()
            self.shutdown()
            self.server_close()
            thread.join()


@pytest.fixture
def gateways():
    with ExitStack() as stack:
        yield [stack.enter_context(Gateway().running()) for _ in range(2)]


@contextmanager
def front_of(folder, addresses):
    front = Front(free_port())
    process = nginx.process(folder / "nginx", front.port, [(address, 1) for address in addresses])
    process.start()
    try:
        process.wait_ready()
        yield front
    finally:
        process.stop()


@pytest.fixture
def front(tmp_path, gateways):
    with front_of(tmp_path, [gateway.address for gateway in gateways]) as front:
        yield front


def status_of(front, method):
    body = b"" if method in READS or method == "DELETE" else b"a=b"
    length = [f"Content-Length: {len(body)}"] if body else []
    return exchange(front, request(method, PATH, *length, body=body), head=method == "HEAD").status


def count(gateways):
    return sum(len(gateway.got) for gateway in gateways)


def set_moods(gateways, mood):
    for gateway in gateways:
        gateway.mood = mood


def test_a_read_that_a_gateway_has_got_is_sent_once_more_and_a_write_is_not(front, gateways):
    set_moods(gateways, "hang up")
    for method in (*READS, *WRITES):
        before = count(gateways)
        assert status_of(front, method) == 503
        assert count(gateways) - before == (2 if method in READS else 1), method


def test_a_write_that_no_gateway_has_got_is_sent_to_another_one(tmp_path, gateways):
    alive = gateways[0]
    nobody = f"127.0.0.1:{free_port()}"
    for method in WRITES:
        with front_of(tmp_path / method, [nobody, alive.address]) as front:
            assert [status_of(front, method) for _ in range(4)] == [200] * 4
    assert len(alive.got) == 4 * len(WRITES)


def test_all_gateways_are_asked_though_all_have_failed(front, gateways):
    set_moods(gateways, "hang up")
    assert status_of(front, "GET") == 503
    set_moods(gateways, "answer")
    assert [status_of(front, method) for method in (*WRITES, *READS)] == [200] * 6


def test_a_read_waits_two_seconds_for_a_gateway_and_the_next_ones_do_not(front, gateways):
    gateways[0].mood = "hang"
    begin = time.monotonic()
    assert [status_of(front, "GET") for _ in range(10)] == [200] * 10
    assert 2 <= time.monotonic() - begin < 3
    assert len(gateways[0].got) == 1


def test_a_write_does_not_go_to_a_gateway_that_reads_have_found_to_hang(front, gateways):
    gateways[0].mood = "hang"
    while not gateways[0].got:
        assert status_of(front, "GET") == 200
    assert [status_of(front, method) for method in WRITES] == [200] * 4
    assert gateways[0].got == ["GET"]


def test_a_log_in_may_take_its_time(front, gateways):
    set_moods(gateways, "take time")
    assert status_of(front, "POST") == 200
    assert count(gateways) == 1
