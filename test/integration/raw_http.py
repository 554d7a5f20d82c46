"""Requests as bytes, for what no well-behaved client sends."""

import select
import socket

from reply import Reply

PATIENCE = 30  # seconds


class Connection:
    """One connection to a server: bytes in, replies out."""

    def __init__(self, server, management=False, patience=PATIENCE, address="127.0.0.1"):
        """`address`: the client's own."""
        if server.socket_file and not management:
            self._socket = socket.socket(socket.AF_UNIX)
            self._socket.settimeout(patience)
            self._socket.connect(server.socket_file)
        else:
            port = server.management_port if management else server.port
            self._socket = socket.create_connection(("127.0.0.1", port), patience, source_address=(address, 0))
        self._stream = self._socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._stream.close()
        self._socket.close()

    def send(self, data):
        self._socket.sendall(data)

    def receive(self, head=False):
        """The next reply. `head`: the one to a HEAD request, which has no body."""
        status_line = self._stream.readline()
        assert status_line, "the connection ended before a reply"
        headers = list(iter(self._header, None))
        reply = Reply(int(status_line.split()[1]), headers, b"")
        length = 0 if head else int(reply.header("Content-Length") or 0)
        return Reply(reply.status, headers, self._stream.read(length))

    def hears_something(self, seconds):
        """Whether a first byte, or the end, comes within that time."""
        return bool(select.select([self._socket], [], [], seconds)[0])

    def receive_rest(self):
        """All bytes until the server ends the connection."""
        return self._stream.read()

    def shut_down_sending(self):
        self._socket.shutdown(socket.SHUT_WR)

    def at_end(self):
        """Whether the server has closed; waits for that, or for a byte too many."""
        try:
            return self._stream.read(1) == b""
        except ConnectionResetError:
            return True

    def _header(self):
        line = self._stream.readline().decode("latin-1").rstrip("\r\n")
        name, _, value = line.partition(":")
        return (name, value.strip()) if line else None


def request(method, path, *headers, body=b""):
    """The bytes of a request; each header is a line of text. Without a Host among them it gets one."""
    lines = [f"{method} {path} HTTP/1.1", *headers]
    if not any(line.lower().startswith("host:") for line in headers):
        lines.insert(1, "Host: localhost")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def exchange(server, data, management=False, head=False):
    """The reply to `data`, on a connection of its own."""
    with Connection(server, management) as connection:
        connection.send(data)
        return connection.receive(head)
