"""Kept connections in the fewest steps, for clients that must cost the machine little: ten thousand that are idle, or one
that sends hundreds of requests a second beside the load that is measured."""
import socket

PATIENCE = 30  # seconds


class broken(Exception):
    """The server closed the connection, or sent what is no reply of ours."""


class connection:
    """Sends whole requests (load.raw_request) and reads replies, each of which has a Content-Length."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def call(self, request):
        """Status and head of the reply. Raises OSError or broken."""
        self.socket.sendall(request)
        head, received = self.read_head()
        missing = content_length(head) - received
        while missing > 0:
            missing -= len(self.receive())
        return int(head[9:12]), head

    def read_head(self):
        """The head, and how many bytes of the body came with it."""
        received = self.receive()
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self.receive()
        return received[:end], len(received) - end - 4

    def receive(self):
        received = self.socket.recv(65536)
        if not received:
            raise broken("the server closed the connection")
        return received

    def close(self):
        self.socket.close()


class connections:
    """A few, used in turn, so that calls meet each of the server's threads. One that broke is opened again. For one
    thread."""

    def __init__(self, port, count=8):
        self.port = port
        self.open = [None] * count
        self.calls = 0

    def call(self, request):
        """As a connection's."""
        place = self.calls % len(self.open)
        self.calls += 1
        used, self.open[place] = self.open[place] or connection(self.port), None
        answer = used.call(request)
        self.open[place] = used
        return answer


def content_length(head):
    for line in head.split(b"\r\n"):
        if line.startswith(b"Content-Length: "):
            return int(line[16:])
    raise broken("a reply without Content-Length")


def set_cookies(head):
    """Name and value of each cookie that a reply sets."""
    for line in head.split(b"\r\n"):
        if line.startswith(b"Set-Cookie: "):
            name, _, value = line[12:].partition(b";")[0].partition(b"=")
            yield name.decode(), value.decode()
