"""A server with a request that cannot finish, and one that stops meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from client import Client
from figures import passwords_hashed
from people import Person
from waiting import wait_until


@contextmanager
def request_in_flight(server):
    """A register that has begun and waits for the storage until the block ends; gives its reply as a future."""
    with ThreadPoolExecutor(1) as threads, server.storage_locked():
        before = passwords_hashed(server)
        reply = threads.submit(Person.unknown().register, Client(server))
        wait_until(lambda: passwords_hashed(server) > before, "the register reaches the storage")
        yield reply


@contextmanager
def stopping(server):
    """As long as it lasts the server has been told to stop, but has a request to finish; gives a reply of /readyz."""
    operator = Client(server, management=True)
    with request_in_flight(server):
        server.terminate()
        yield wait_until(lambda: (reply := operator.get("/readyz")).status != 200 and reply, "the server is not ready")
