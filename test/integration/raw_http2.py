"""HTTP/2 as frames, for what no client of gRPC sends: streams that stop half-way and replies that nobody reads."""

import socket

DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE = 0, 1, 3, 4, 6, 7, 8
END_STREAM, END_HEADERS, ACK = 1, 4, 1
INITIAL_WINDOW_SIZE = 4
LONGEST_FRAME = 16_384
FIRST_WINDOW = 65_535
PATIENCE = 30  # seconds


def framed(message):
    """A message of gRPC."""
    return b"\0" + len(message).to_bytes(4, "big") + message


def head_of(path, **more):
    """The fields of a call as HPACK's literals (RFC 7541, section 6.2.2)."""
    fields = {":method": "POST", ":scheme": "http", ":path": path, ":authority": "localhost", "te": "trailers",
              "content-type": "application/grpc", **more}
    return b"".join(b"\0" + literal(name) + literal(value) for name, value in fields.items())


def literal(text):
    size = len(text)
    if size < 127:
        return bytes([size]) + text.encode()
    more, size = bytearray([127]), size - 127
    while size >= 128:
        more.append(size % 128 | 128)
        size //= 128
    more.append(size)
    return bytes(more) + text.encode()


class Http2:
    """One connection to a unix socket. `window`: how much of a reply the server may send before it must wait."""

    def __init__(self, path, window=FIRST_WINDOW):
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(PATIENCE)
        self._socket.connect(path)
        self._bytes = b""
        self._room = {0: FIRST_WINDOW}
        self._pongs = 0
        self.ended = set()
        self._socket.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        self._send(SETTINGS, 0, 0, INITIAL_WINDOW_SIZE.to_bytes(2, "big") + window.to_bytes(4, "big"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def begin(self, stream, head):
        self._room[stream] = FIRST_WINDOW
        self._send(HEADERS, END_HEADERS, stream, head)

    def send(self, stream, data):
        """As DATA, unless the server ends the stream."""
        while data and stream not in self.ended:
            size = min(len(data), LONGEST_FRAME, self._room[0], self._room[stream])
            if size == 0:
                self._receive()
                continue
            self._send(DATA, 0, stream, data[:size])
            self._room[0] -= size
            self._room[stream] -= size
            data = data[size:]

    def wait(self):
        """Until the server has dealt with all that was sent."""
        awaited = self._pongs + 1
        self._send(PING, 0, 0, bytes(8))
        while self._pongs < awaited:
            self._receive()

    def _send(self, kind, flags, stream, payload):
        head = len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big")
        self._socket.sendall(head + payload)

    def _receive(self):
        received = self._socket.recv(1 << 20)
        assert received, "the server ended the connection"
        self._bytes += received
        while len(self._bytes) >= 9 and len(self._bytes) >= 9 + int.from_bytes(self._bytes[:3], "big"):
            size = int.from_bytes(self._bytes[:3], "big")
            kind, flags, stream = self._bytes[3], self._bytes[4], int.from_bytes(self._bytes[5:9], "big")
            payload, self._bytes = self._bytes[9 : 9 + size], self._bytes[9 + size :]
            self._take(kind, flags, stream, payload)

    def _take(self, kind, flags, stream, payload):
        assert kind != GOAWAY, payload
        if kind == WINDOW_UPDATE and stream in self._room:
            self._room[stream] += int.from_bytes(payload, "big")
        elif kind == RST_STREAM or (kind in (DATA, HEADERS) and flags & END_STREAM):
            self.ended.add(stream)
        elif kind == SETTINGS and not flags & ACK:
            self._send(SETTINGS, ACK, 0, b"")
        elif kind == PING and flags & ACK:
            self._pongs += 1
