"""An etcd that answers as a test tells it to, and notes what it was asked. Stubs are made from the program's own extract of
etcd's API."""

import importlib
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor

import grpc

from program import ROOT

PROTO = "discovery/etcd.proto"


def make_api():
    """The modules of messages and of servicers."""
    with tempfile.TemporaryDirectory(prefix="userinfo-etcd-") as folder:
        command = ["protoc", f"--proto_path={ROOT / 'src'}", f"--python_out={folder}", f"--grpc_out={folder}"]
        subprocess.run([*command, "--plugin=protoc-gen-grpc=/usr/bin/grpc_python_plugin", PROTO], check=True)
        sys.path.insert(0, folder)
        try:
            return [importlib.import_module(f"discovery.{name}") for name in ("etcd_pb2", "etcd_pb2_grpc")]
        finally:
            sys.path.remove(folder)


api, api_grpc = make_api()


class ScriptedEtcd(api_grpc.LeaseServicer, api_grpc.KVServicer, api_grpc.WatchServicer):
    """One member. Leases are numbered from 1. `holds` and `refuses` name calls that get no answer, or UNAVAILABLE. What it
    lists is what `values` holds; a watch has no news."""

    def __init__(self, port=0):
        self.asked = []  # (call, lease), in their order
        self.keys = {}  # each with the lease that it is under
        self.values = {}
        self.leases = set()
        self.granted = 0
        self.holds, self.refuses = set(), set()
        self.over = threading.Event()
        self.threads = ThreadPoolExecutor(8)
        self.server = grpc.server(self.threads)
        api_grpc.add_LeaseServicer_to_server(self, self.server)
        api_grpc.add_KVServicer_to_server(self, self.server)
        api_grpc.add_WatchServicer_to_server(self, self.server)
        self.address = f"127.0.0.1:{self.server.add_insecure_port(f'127.0.0.1:{port}')}"
        self.server.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.over.set()
        self.server.stop(None).wait()
        self.threads.shutdown()

    def has_been_asked(self, call, lease):
        return (call, lease) in self.asked

    def note(self, call, lease, context):
        self.asked.append((call, lease))
        if call in self.refuses:
            context.abort(grpc.StatusCode.UNAVAILABLE, "as the test wants it")
        if call in self.holds:
            context.add_callback(self.over.set)  # the caller has given up
            self.over.wait()
            context.abort(grpc.StatusCode.CANCELLED, "as the test wants it")

    def LeaseGrant(self, request, context):
        self.granted += 1
        self.note("grant", self.granted, context)
        self.leases.add(self.granted)
        return api.LeaseGrantResponse(ID=self.granted, TTL=request.TTL)

    def Put(self, request, context):
        self.note("put", request.lease, context)
        if request.lease not in self.leases:
            context.abort(grpc.StatusCode.NOT_FOUND, "etcdserver: requested lease not found")
        self.keys[request.key] = request.lease
        return api.PutResponse()

    def Range(self, request, context):
        self.note("range", 0, context)
        found = {key: value for key, value in self.values.items() if request.key <= key < request.range_end}
        return api.RangeResponse(kvs=[api.KeyValue(key=key, value=value) for key, value in found.items()])

    def Watch(self, requests, context):
        ended = threading.Event()
        context.add_callback(ended.set)
        ended.wait()
        return iter(())

    def LeaseKeepAlive(self, requests, context):
        for request in requests:
            self.note("keep alive", request.ID, context)
            yield api.LeaseKeepAliveResponse(ID=request.ID, TTL=10 if request.ID in self.leases else 0)

    def LeaseRevoke(self, request, context):
        self.note("revoke", request.ID, context)
        if request.ID not in self.leases:
            context.abort(grpc.StatusCode.NOT_FOUND, "etcdserver: requested lease not found")
        self.end(request.ID)
        return api.LeaseRevokeResponse()

    def end(self, lease):
        """The lease, and with it the keys that are under it."""
        self.leases.discard(lease)
        self.keys = {key: of for key, of in self.keys.items() if of != lease}
