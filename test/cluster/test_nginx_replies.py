"""What nginx answers itself, with the shipped configuration"""

from contextlib import ExitStack, contextmanager

import pytest

from program import free_port
from raw_http import exchange, request
from servers import nginx
from standalone import Standalone

HOST = "Host: evil.example"


class Front:
    """nginx, for raw_http."""

    socket_file = None

    def __init__(self, port):
        self.port = port


@contextmanager
def running(folder):
    """nginx before the program."""
    program = Standalone(folder / "program", HTTP_TRUSTED_PROXIES="127.0.0.1")
    with ExitStack() as stack:
        program.start()
        stack.callback(program.finish)
        front = Front(free_port())
        process = nginx.process(folder / "nginx", front.port, [(f"127.0.0.1:{program.port}", 1)])
        process.start()
        stack.callback(process.stop)
        process.wait_ready()
        yield front


@pytest.fixture(scope="module")
def front(tmp_path_factory):
    with running(tmp_path_factory.mktemp("front")) as front:
        yield front


@pytest.mark.parametrize("path", ["/api", "/api?a=b", "/api/", "/styles", "/styles/", "/login/", "//evil.example/%2f.."])
def test_leads_nobody_to_the_host_that_was_sent(front, path):
    reply = exchange(front, request("GET", path, HOST))
    assert reply.status == 404 and reply.header("Location") is None, reply


def test_its_redirection_names_no_host(front):
    reply = exchange(front, request("GET", "/.well-known/change-password", HOST))
    assert (reply.status, reply.header("Location")) == (302, "/security")
