"""One connection of a client that means harm: the service holds little for it, and goes on"""

import grpc
import pytest

from grpc_peer import HEALTH, SERVING, Peer, service
from raw_http2 import Http2, framed, head_of
from test_descriptors import resident_megabytes

STREAMS = range(1, 2_001, 2)  # 1,000, as many as are allowed
MOST_MEGABYTES = 32
WATCH = "/grpc.health.v1.Health/Watch"
REFLECTION = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"
PUBLIC_KEYS = "/userinfo.v1.Userinfo/GetPublicKeys"
ASKS_FOR_CONTRACT = b"\x22\x14userinfo.v1.Userinfo"  # file_containing_symbol


def on_each_stream(http2, head, *pieces):
    for stream in STREAMS:
        http2.begin(stream, head)
    for piece in pieces:
        for stream in STREAMS:
            http2.send(stream, piece)
    http2.wait()


def sends_messages_that_nobody_reads(path):
    with Http2(path) as http2:
        on_each_stream(http2, head_of(WATCH), framed(b""), *[framed(bytes(60_000))] * 3)
        yield


def sends_parts_of_messages(path):
    with Http2(path) as http2:
        on_each_stream(http2, head_of(PUBLIC_KEYS), framed(bytes(64_000))[:-1])
        yield


def sends_metadata_without_a_message(path):
    with Http2(path) as http2:
        on_each_stream(http2, head_of(PUBLIC_KEYS, **{str(number): "x" * 3_000 for number in range(5)}))
        yield


def sends_very_many_empty_metadata(path):
    with Http2(path) as http2:
        head = head_of(PUBLIC_KEYS) + b"\0\1a\0" * 3_900
        on_each_stream(http2, head)
        yield


def reads_no_replies(path):
    with Http2(path, window=0) as http2:
        on_each_stream(http2, head_of(REFLECTION), *[framed(ASKS_FOR_CONTRACT)] * 10)
        yield


@pytest.fixture
def server(tmp_path):
    server = service(tmp_path, RPC_REFLECTION="true").start()
    yield server
    server.finish()


@pytest.mark.parametrize("attack", [
    sends_messages_that_nobody_reads, sends_parts_of_messages, sends_metadata_without_a_message,
    sends_very_many_empty_metadata, reads_no_replies,
])
def test_a_connection_makes_the_service_hold_little(server, attack):
    with Peer(server.rpc) as peer:
        assert peer.raw(HEALTH, b"") == SERVING
        before = resident_megabytes(server)
        for _ in attack(server.rpc.removeprefix("unix:")):
            grown = resident_megabytes(server) - before
            print(f"{attack.__name__}: {grown:.1f} MB")
            assert peer.raw(HEALTH, b"") == SERVING
        assert grown < MOST_MEGABYTES


def test_metadata_that_are_too_large_end_the_call_and_not_the_connection(server):
    with Peer(server.rpc) as peer:
        assert peer.raw(HEALTH, b"") == SERVING
        call = peer.channel.unary_unary(HEALTH)
        for metadata in ([("key", "x" * 70_000)], [("key", "x" * 700)] * 100):
            with pytest.raises(grpc.RpcError) as refused:
                call(b"", timeout=10, metadata=metadata)
            assert refused.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
        watched = peer.channel.unary_stream(WATCH)(b"", timeout=20)
        assert next(watched) == SERVING
        with pytest.raises(grpc.RpcError):
            call(b"", timeout=10, metadata=[("key", "x" * 70_000)])
        assert call(b"", timeout=10) == SERVING
        assert watched.is_active(), "the connection lives on"
