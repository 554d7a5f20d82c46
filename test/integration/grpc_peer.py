"""A gRPC client that shares nothing with the program but the contract: Python's own library, stubs made from proto/."""

import importlib
import json
import subprocess
import sys
import tempfile
import uuid

import grpc

from program import ROOT, SocketFolder, free_port
from standalone import Role

PROTO = ROOT / "proto"
CONTRACT = ["userinfo/v1/userinfo.proto", "userinfo/v1/status.proto"]
DETAILS = "grpc-status-details-bin"
HEALTH = "/grpc.health.v1.Health/Check"
SERVING, NOT_SERVING = b"\x08\x01", b"\x08\x02"


def make_contract():
    """The modules of messages and stubs, and of status details."""
    folder = tempfile.TemporaryDirectory(prefix="userinfo-contract-")
    command = ["protoc", f"--proto_path={PROTO}", f"--python_out={folder.name}", f"--grpc_out={folder.name}"]
    subprocess.run([*command, "--plugin=protoc-gen-grpc=/usr/bin/grpc_python_plugin", *CONTRACT], check=True)
    sys.path.insert(0, folder.name)
    names = ("userinfo_pb2", "userinfo_pb2_grpc", "status_pb2")
    modules = [importlib.import_module(f"userinfo.v1.{name}") for name in names]
    folder.cleanup()
    return modules


v1, v1_grpc, status = make_contract()


def service(folder, **settings):
    """A service alone, not started yet: at a unix socket, or by TCP with certificates. `rpc` is its address."""
    made = Role("service", folder)
    made.socket_folder = SocketFolder()
    made.rpc = f"127.0.0.1:{free_port()}" if "RPC_CERTIFICATE" in settings else made.socket_folder.address
    made.rpc = settings.get("RPC_LISTEN", made.rpc)
    made.settings |= {"RPC_LISTEN": made.rpc, "PUBLIC_URL": "http://127.0.0.1:8080", **settings}
    return made


class Peer:
    def __init__(self, target, credentials=None):
        self.channel = grpc.secure_channel(target, credentials) if credentials else grpc.insecure_channel(target)
        self.stub = v1_grpc.UserinfoStub(self.channel)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.channel.close()

    def ask(self, rpc, request, token=None, seconds=10, **metadata):
        """The reply. `metadata` has _ for -."""
        given = {"userinfo-request-id": str(uuid.uuid4()), "userinfo-client-address": "192.0.2.1"}
        given |= {key.replace("_", "-"): value for key, value in metadata.items()}
        if token:
            given["authorization"] = f"Bearer {token}"
        return getattr(self.stub, rpc)(request, timeout=seconds, metadata=list(given.items()))

    def whose(self, rpc, request, token):
        """The account that the service says it is."""
        _, call = getattr(self.stub, rpc).with_call(request, timeout=10, metadata=[("authorization", f"Bearer {token}")])
        return dict(call.trailing_metadata()).get("userinfo-account")

    def raw(self, path, request):
        """Of a service whose contract is not ours, in bytes."""
        return self.channel.unary_unary(path)(request, timeout=10)


def refusal(code, rpc, *arguments, **named):
    """Calls, and returns the Failure of the refusal; its status must be `code`."""
    try:
        rpc(*arguments, **named)
    except grpc.RpcError as why:
        assert why.code() == code, why
        details = status.StatusDetails.FromString(dict(why.trailing_metadata())[DETAILS])
        assert (details.code, details.message) == (code.value[0], why.details())
        failure = v1.Failure()
        assert len(details.details) == 1 and details.details[0].Unpack(failure)
        return failure
    raise AssertionError("it was not refused")


def in_bytes(person):
    return {name: value.encode() for name, value in person.credentials.items()}


def audited(server, kind):
    return [json.loads(line) for line in server.succeed("audit", "--type", kind).splitlines()]
