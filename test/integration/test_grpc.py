"""The service alone, called over gRPC by a client of another make"""

import json
import os
import stat
import tempfile
from pathlib import Path

import grpc
import pytest

from certificates import Authority
from client import Client
from expect import alive, failed, succeeded
from figures import passwords_hashed
from grpc_peer import Peer, refusal, service, v1
from people import Person, new_password
from program import free_port
from apart import Apart
from standalone import Role
from test_attempts import DEFAULTS
from waiting import wait_until

Code = grpc.StatusCode
NOBODY = 65534
HEALTH = "/grpc.health.v1.Health/Check"
SERVING, NOT_SERVING = b"\x08\x01", b"\x08\x02"
UNPROVED = (
    "not reading the client addresses of a gateway over TCP without mutual TLS: set rpc.listen to a unix socket, or "
    "rpc.certificate, rpc.key and rpc.authority"
)
METHODS = v1.DESCRIPTOR.services_by_name["Userinfo"].methods_by_name
PUBLIC_RPCS = {"Register", "Login", "Refresh", "Logout", "GetPublicKeys", "GetPageSettings"}
USER_RPCS = {name: getattr(v1, METHODS[name].input_type.name) for name in sorted(set(METHODS.keys()) - PUBLIC_RPCS)}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = service(tmp_path_factory.mktemp("service")).start()
    yield server
    server.finish()


@pytest.fixture
def peer(server):
    with Peer(server.rpc) as peer:
        yield peer


@pytest.fixture
def person(peer):
    person = Person.unknown()
    peer.ask("Register", v1.RegisterRequest(**in_bytes(person)))
    return person


def in_bytes(person):
    return {name: value.encode() for name, value in person.credentials.items()}


def login_of(person, transport=v1.TRANSPORT_BEARER):
    return v1.LoginRequest(transport=transport, **in_bytes(person))


def log_in(peer, person, transport=v1.TRANSPORT_BEARER):
    return peer.ask("Login", login_of(person, transport)).grant


def shown(grant):
    return v1.ListDevicesRequest(device=grant.device.encode())


def code_of(peer, rpc, request, **metadata):
    """How the call ends."""
    try:
        peer.ask(rpc, request, **metadata)
        return Code.OK
    except grpc.RpcError as why:
        return why.code()


def audited(server, kind):
    return [json.loads(line) for line in server.succeed("audit", "--type", kind).splitlines()]


def test_every_public_rpc_is_there():
    assert PUBLIC_RPCS <= set(METHODS.keys())


def test_takes_an_email_with_white_space_around_it_in_another_spelling(peer):
    local, _, domain = Person.unknown().email.partition("@")
    registered = Person(f" {local}@{domain}\n", new_password())
    peer.ask("Register", v1.RegisterRequest(**in_bytes(registered)))
    spelling = f"\t{local.upper()}@{domain}\u3000".replace(".", "\u3002")
    grant = log_in(peer, Person(spelling, registered.password))
    assert peer.ask("GetAccount", v1.GetAccountRequest(), grant.access_token).account.email == f"{local}@{domain}"


def test_a_whole_life(peer, person):
    grant = log_in(peer, person)
    token = grant.access_token
    assert grant.transport == v1.TRANSPORT_BEARER and grant.access_lifetime.seconds == 900
    account = peer.ask("GetAccount", v1.GetAccountRequest(), token).account
    assert account.email == person.email
    assert peer.whose("GetAccount", v1.GetAccountRequest(), token) == account.account_id

    given = v1.ProfileInput(username=b"Ada", birthday=b"1990-12-10")
    created = peer.ask("CreateProfile", v1.CreateProfileRequest(input=given), token).profile
    assert (created.account_id, created.version, created.value.username) == (account.account_id, 1, "Ada")
    change = v1.UpdateProfileRequest(input=v1.ProfileInput(birthday=b""), if_version=1)
    assert peer.ask("UpdateProfile", change, token).profile.version == 2
    seen = v1.GetProfileRequest(seen_account_id=account.account_id, seen_version=2)
    assert peer.ask("GetProfile", seen, token).profile.value.birthday == ""
    refusal(Code.ABORTED, peer.ask, "UpdateProfile", change, token)
    assert not peer.ask("DeleteProfile", v1.DeleteProfileRequest(), token).profile.HasField("value")

    renewed = peer.ask("Reauthenticate", v1.ReauthenticateRequest(password=person.password.encode()), token).grant
    assert renewed.access_token and not renewed.refresh_token
    other = log_in(peer, person)
    sessions = peer.ask("ListSessions", v1.ListSessionsRequest(), token).sessions
    (foreign,) = [session for session in sessions if not session.current]
    peer.ask("EndSession", v1.EndSessionRequest(session_id=foreign.session_id.upper().encode()), token)
    refusal(Code.UNAUTHENTICATED, peer.ask, "GetAccount", v1.GetAccountRequest(), other.access_token)
    log_in(peer, person)
    peer.ask("EndOtherSessions", v1.EndOtherSessionsRequest(), token)
    assert len(peer.ask("ListSessions", v1.ListSessionsRequest(), token).sessions) == 1

    (device,) = [each for each in peer.ask("ListDevices", shown(grant), token).devices if each.current]
    peer.ask("ForgetDevice", v1.ForgetDeviceRequest(device_id=device.device_id.encode()), token)
    devices = peer.ask("ListDevices", shown(grant), token).devices
    assert len(devices) == 2 and not any(each.current for each in devices)

    next_password = new_password().encode()
    change = v1.ChangePasswordRequest(current_password=person.password.encode(), new_password=next_password)
    token = peer.ask("ChangePassword", change, token).grant.access_token
    peer.ask("DeleteAccount", v1.DeleteAccountRequest(password=next_password), token)
    refusal(Code.UNAUTHENTICATED, peer.ask, "GetAccount", v1.GetAccountRequest(), token)


def test_a_write_is_for_the_versions_that_it_names(peer, person):
    token = log_in(peer, person).access_token
    peer.ask("CreateProfile", v1.CreateProfileRequest(input=v1.ProfileInput(username=b"Ada")), token)

    def update(**versions):
        request = v1.UpdateProfileRequest(input=v1.ProfileInput(username=b"Ada"), **versions)
        return peer.ask("UpdateProfile", request, token).profile.version

    assert update(if_versions=[7, 1, 0]) == 2
    refusal(Code.ABORTED, update, if_versions=[7, 1, 0])
    assert update(if_version=2) == 3  # an older gateway
    refusal(Code.ABORTED, update, if_version=2)
    assert update(if_version=7, if_versions=[3, 7]) == 4
    assert update() == 5


def test_tokens_are_renewed_and_ended(peer, person):
    grant = log_in(peer, person)
    renewal = v1.RefreshRequest(refresh_token=grant.refresh_token.encode(), transport=v1.TRANSPORT_BEARER)
    renewed = peer.ask("Refresh", renewal).grant
    assert renewed.refresh_token != grant.refresh_token
    peer.ask("Logout", v1.LogoutRequest(refresh_token=renewed.refresh_token.encode()))
    failure = refusal(Code.UNAUTHENTICATED, peer.ask, "Refresh", renewal)
    assert failure.reason == v1.Failure.INVALID_TOKEN


@pytest.mark.parametrize("rpc", USER_RPCS)
@pytest.mark.parametrize("token", [None, "a.b.c"])
def test_no_rpc_of_a_user_is_done_without_a_token_that_passes(peer, rpc, token):
    failure = refusal(Code.UNAUTHENTICATED, peer.ask, rpc, USER_RPCS[rpc](), token)
    assert failure.reason == v1.Failure.INVALID_TOKEN


def test_a_refusal_says_what_is_wrong(peer):
    stranger = Person.unknown()
    request = v1.RegisterRequest(email=stranger.email.encode(), password=b"\xff" * 12)
    failure = refusal(Code.INVALID_ARGUMENT, peer.ask, "Register", request)
    assert (failure.reason, failure.field, failure.field_reason) == (v1.Failure.INVALID_ARGUMENT, "password", "not_utf8")
    refusal(Code.UNAUTHENTICATED, log_in, peer, stranger)


def test_a_transport_must_be_named(peer, person):
    failure = refusal(Code.INVALID_ARGUMENT, log_in, peer, person, v1.TRANSPORT_UNSPECIFIED)
    assert failure.field == "transport"


def test_the_clients_address_is_the_one_that_the_gateway_gives(peer, person):
    grant = log_in(peer, person)
    address = {"userinfo_client_address": "2001:db8::9", "userinfo_client_agent_bin": b"\xffan agent"}
    renewal = v1.RefreshRequest(refresh_token=grant.refresh_token.encode(), transport=v1.TRANSPORT_BEARER)
    token = peer.ask("Refresh", renewal, **address).grant.access_token
    (session,) = peer.ask("ListSessions", v1.ListSessionsRequest(), token).sessions
    assert (session.address, session.last_address) == ("192.0.2.1", "2001:db8::9")


@pytest.mark.parametrize("claimed", ["not an address ~", "192.0.2.1:80", ""])
def test_what_a_gateway_gives_that_is_no_address_is_not_recorded(server, peer, person, claimed):
    token = peer.ask("Login", login_of(person), userinfo_client_address=claimed).grant.access_token
    (session,) = peer.ask("ListSessions", v1.ListSessionsRequest(), token).sessions
    assert (session.address, session.last_address) == ("unix:", "unix:")
    assert {event["address"] for event in audited(server, "log_in")} <= {"192.0.2.1", "unix:"}


def test_an_address_is_recorded_in_one_spelling(peer, person):
    spelled = {"::FFFF:192.0.2.7": "192.0.2.7", "64:ff9b::192.0.2.7": "192.0.2.7", "FE80:0::1%eth0": "fe80::1"}
    for address, recorded in spelled.items():
        token = peer.ask("Login", login_of(person), userinfo_client_address=address).grant.access_token
        sessions = peer.ask("ListSessions", v1.ListSessionsRequest(), token).sessions
        assert [session.address for session in sessions if session.current] == [recorded]


def test_nobody_else_says_who_the_client_is(tmp_path):
    """60 guesses by TCP without certificates, under made-up addresses: they are one source."""
    server = service(tmp_path, RPC_LISTEN=f"127.0.0.1:{free_port()}", **DEFAULTS).start()
    with Peer(server.rpc) as peer:
        codes = []
        for number in range(60):
            made_up = {"userinfo_client_address": f"203.0.113.{number}"}
            codes.append(code_of(peer, "Login", login_of(Person.unknown()), **made_up))
        assert 20 <= codes.count(Code.UNAUTHENTICATED) < 30 and codes[-1] == Code.RESOURCE_EXHAUSTED, codes
        peer.raw(HEALTH, b"")
    assert {event["address"] for event in audited(server, "log_in")} == {"127.0.0.1"}
    assert len(server.log_lines(UNPROVED)) == 1
    server.finish()


def test_a_message_that_is_too_large_is_refused(peer):
    with pytest.raises(grpc.RpcError) as refused:
        peer.ask("Register", v1.RegisterRequest(email=b"x" * 100_000))
    assert refused.value.code() == Code.RESOURCE_EXHAUSTED


def test_a_client_that_compresses_is_told_that_this_is_not_spoken(server):
    options = {"compression": grpc.Compression.Gzip}
    with grpc.insecure_channel(server.rpc, **options) as channel, pytest.raises(grpc.RpcError) as refused:
        channel.unary_unary("/userinfo.v1.Userinfo/GetPublicKeys")(b"\x7a\x40" + b"a" * 64, timeout=10)
    assert (refused.value.code(), refused.value.details()) == (Code.UNIMPLEMENTED, "no compression is spoken")


def test_tells_those_who_watch_its_health_that_it_stops(tmp_path):
    server = service(tmp_path).start()
    with Peer(server.rpc) as peer:
        watched = peer.channel.unary_stream("/grpc.health.v1.Health/Watch")(b"", timeout=20)
        assert next(watched) == SERVING
        server.terminate()
        assert next(watched) == NOT_SERVING
        with pytest.raises(grpc.RpcError) as ended:
            next(watched)
        assert ended.value.code() == Code.UNAVAILABLE
        assert server.wait() == 0
    server.finish()


def test_publishes_its_keys(peer, person):
    jwks = peer.ask("GetPublicKeys", v1.GetPublicKeysRequest()).jwks
    assert '"kty":"EC"' in jwks and '"d"' not in jwks


def test_tells_its_health_but_not_its_contract(peer):
    assert peer.raw(HEALTH, b"") == SERVING
    with pytest.raises(grpc.RpcError) as refused:
        next(reflect(peer))
    assert refused.value.code() == Code.UNIMPLEMENTED


def reflect(peer):
    list_services = b"\x3a\x00"
    call = peer.channel.stream_stream("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")
    return call(iter([list_services]), timeout=10)


def test_tells_its_contract_if_asked_to(tmp_path):
    server = service(tmp_path, RPC_REFLECTION="true").start()
    with Peer(server.rpc) as peer:
        assert b"userinfo.v1.Userinfo" in next(reflect(peer))
    server.finish()


def test_a_call_under_way_is_finished_when_the_service_stops(tmp_path):
    server = service(tmp_path, PASSWORDS_LOG_IN_FLOOR="1s").start()
    with Peer(server.rpc) as peer:
        person = Person.unknown()
        peer.ask("Register", v1.RegisterRequest(**in_bytes(person)))
        hashed = passwords_hashed(server)
        log_in_later = peer.stub.Login.future(v1.LoginRequest(transport=v1.TRANSPORT_BEARER, **in_bytes(person)))
        wait_until(lambda: passwords_hashed(server) > hashed, "the password is checked; the answer waits for the floor")
        server.terminate()
        assert log_in_later.result(timeout=20).grant.access_token
        assert server.wait() == 0
    server.finish()


def test_a_unix_socket_is_its_owners_alone(tmp_path):
    with tempfile.TemporaryDirectory() as short:  # a socket's path has 107 bytes at most
        socket = os.path.join(short, "rpc.sock")
        server = service(tmp_path, RPC_LISTEN=f"unix:{socket}").start()
        assert stat.S_IMODE(os.stat(socket).st_mode) == 0o600
        with Peer(f"unix:{socket}") as peer:
            assert peer.raw(HEALTH, b"") == SERVING
        server.finish()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_who_is_let_in_at_the_socket_by_its_mode_alone_is_no_gateway(tmp_path):
    server = service(tmp_path).start()
    path = Path(server.rpc.removeprefix("unix:"))
    path.parent.chmod(0o755)
    path.chmod(0o666)
    with Peer(server.rpc) as peer:
        os.seteuid(NOBODY)
        try:
            peer.ask("Register", v1.RegisterRequest(**in_bytes(Person.unknown())), userinfo_client_address="192.0.2.7")
        finally:
            os.seteuid(0)
    assert [event["address"] for event in audited(server, "register")] == ["unix:"]
    server.finish()


def with_certificates(authority):
    return {
        "RPC_CERTIFICATE": str(authority.server_certificate),
        "RPC_KEY": str(authority.server_key),
        "RPC_AUTHORITY": str(authority.certificate_file),
    }


def credentials(authority, *, shown=None):
    """Trusts `authority`; shows a certificate that `shown` vouches for."""
    chain = (shown.server_key.read_bytes(), shown.server_certificate.read_bytes()) if shown else (None, None)
    return grpc.ssl_channel_credentials(authority.certificate_file.read_bytes(), *chain)


@pytest.fixture
def authorities(tmp_path):
    """Ours, and one that nobody trusts."""
    made = []
    for name in ("ours", "foreign"):
        folder = tmp_path / name
        folder.mkdir()
        made.append(Authority(folder))
        made[-1].issue()
    return made


def test_with_certificates_both_sides_must_show_one_of_the_same_authority(tmp_path, authorities):
    ours, foreign = authorities
    server = service(tmp_path / "service", **with_certificates(ours)).start()
    with Peer(server.rpc, credentials(ours, shown=ours)) as peer:
        assert peer.raw(HEALTH, b"") == SERVING
    for wrong in (credentials(ours), credentials(ours, shown=foreign), credentials(foreign, shown=ours), None):
        with Peer(server.rpc, wrong) as peer, pytest.raises(grpc.RpcError) as refused:
            peer.ask("GetPublicKeys", v1.GetPublicKeysRequest())
        assert refused.value.code() == Code.UNAVAILABLE
    server.finish()


def test_new_certificates_are_used_for_new_connections_without_a_restart(tmp_path, authorities):
    ours, foreign = authorities
    server = Apart(tmp_path / "apart", **with_certificates(ours)).start()
    app = Person.registered(server).app(server)
    for path in ("certificate_file", "server_certificate", "server_key"):
        getattr(ours, path).write_bytes(getattr(foreign, path).read_bytes())
    server.hang_up()
    target = server.settings["DISCOVERY_FIXED"]

    def is_used():
        try:
            with Peer(target, credentials(foreign, shown=foreign)) as peer:
                return peer.raw(HEALTH, b"") == SERVING
        except grpc.RpcError:
            return False

    wait_until(is_used, "the service shows its new certificate")
    alive(app)  # on the connection of before
    server.service.kill()
    server.service.start()
    wait_until(lambda: app.get("/api/account").status == 200, "the gateway shows its new certificate, too")
    server.finish()


def refused_start(server, *words):
    result = server.run("service")
    assert (result.returncode, result.stdout) == (2, ""), result
    assert all(word in result.stderr for word in words), result.stderr


def test_does_not_listen_beyond_this_machine_without_certificates(tmp_path):
    refused_start(service(tmp_path, RPC_LISTEN="0.0.0.0:0"), "rpc.listen", "rpc.certificate")


def test_needs_all_three_files_and_that_they_can_be_read(tmp_path, authorities):
    files = with_certificates(authorities[0])
    refused_start(service(tmp_path, **(files | {"RPC_KEY": None})), "rpc.key")
    refused_start(service(tmp_path, **(files | {"RPC_KEY": str(tmp_path / "nowhere")})), "nowhere", "cannot be read")


def test_tells_its_contract_to_nobody_beyond_this_machine(tmp_path, authorities):
    files = with_certificates(authorities[0])
    refused_start(service(tmp_path, RPC_LISTEN="0.0.0.0:0", RPC_REFLECTION="true", **files), "rpc.reflection")


def test_must_know_the_public_url(tmp_path):
    refused_start(service(tmp_path, PUBLIC_URL=None), "public_url")


def test_a_gateway_does_not_call_beyond_this_machine_without_certificates(tmp_path):
    server = service(tmp_path, DISCOVERY_FIXED="users.example:8090")
    result = server.run("gateway")
    assert result.returncode == 2 and "discovery.fixed" in result.stderr


def test_a_gateway_calls_by_tcp_with_certificates_alone(tmp_path):
    """A service would not believe what it says about its clients."""
    result = service(tmp_path, DISCOVERY_FIXED="127.0.0.1:9").run("gateway")
    failed(result, "discovery.fixed", "127.0.0.1:9", "without mutual TLS", "unix:/PATH", "rpc.certificate", status=2)


def test_gateway_and_service_meet_by_default_at_a_socket_in_the_data_folder():
    with tempfile.TemporaryDirectory() as short:
        roles = [Role(kind, os.path.join(short, kind)) for kind in ("service", "gateway")]
        for role in roles:
            role.settings |= {"PUBLIC_URL": "http://127.0.0.1:8080", "DATA_DIR": os.path.join(short, "data")}
            role.start()
        assert stat.S_IMODE(os.stat(os.path.join(short, "data", "rpc.sock")).st_mode) == 0o600
        assert Client(roles[1]).get("/.well-known/jwks.json").status == 200
        for role in reversed(roles):
            role.finish()


def test_a_data_folder_too_deep_for_a_socket_is_refused_by_name(tmp_path):
    deep = service(tmp_path, RPC_LISTEN=None, DATA_DIR=str(tmp_path / ("d" * 100)))
    refused_start(deep, "rpc.listen", "107 bytes")
    result = deep.run("gateway")
    assert result.returncode == 2 and "discovery.fixed" in result.stderr, result


def test_a_gateway_shows_its_certificate(tmp_path, authorities):
    server = Apart(tmp_path / "apart", **with_certificates(authorities[0])).start()
    alive(Person.registered(server).app(server))
    server.finish()


def test_a_gateway_outlives_its_service(tmp_path):
    server = Apart(tmp_path / "apart").start()
    app = Person.registered(server).app(server)
    server.service.kill()
    reply = app.get("/api/account")
    assert reply.status == 503 and int(reply.header("Retry-After")) >= 1, reply
    succeeded(Client(server).get("/healthz"))
    server.service.start()
    wait_until(lambda: app.get("/api/account").status == 200, "the service is found again")
    server.finish()
