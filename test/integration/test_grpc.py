"""The service alone, called over gRPC by a client of another make"""


import grpc
import pytest

from figures import passwords_hashed
from grpc_peer import HEALTH, NOT_SERVING, SERVING, Peer, audited, in_bytes, refusal, service, v1
from people import Person, new_password
from program import free_port
from test_attempts import DEFAULTS
from waiting import wait_until

Code = grpc.StatusCode
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
    wait_until(lambda: server.log_lines(UNPROVED), "the warning")
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


def test_a_call_leaves_an_access_line_with_the_request_id_and_the_trace_of_its_gateway(tmp_path):
    server = service(tmp_path).start()
    trace = "0af7651916cd43dd8448eb211c80319c"
    named = {"userinfo_request_id": "the-request", "traceparent": f"00-{trace}-b7ad6b7169203331-01"}
    with Peer(server.rpc) as peer:
        peer.raw(HEALTH, b"")
        peer.ask("GetPublicKeys", v1.GetPublicKeysRequest(), **named)
    server.finish()
    [line] = server.log_lines("rpc")
    assert (line["level"], line["request_id"], line["trace_id"]) == ("info", "the-request", trace)
    assert (line["method"], line["code"], line["address"], line["peer"]) == ("GetPublicKeys", "OK", "192.0.2.1", "unix:")
    assert line["bytes"] > 100 and line["us"] >= 0


def test_what_protobuf_says_of_a_message_is_in_the_log(tmp_path):
    server = service(tmp_path).start()
    not_utf8 = b"\x0a\x01\xff"
    with Peer(server.rpc) as peer, pytest.raises(grpc.RpcError) as refused:
        peer.raw("/userinfo.v1.Userinfo/GetProfile", not_utf8)
    assert refused.value.code() == Code.INVALID_ARGUMENT
    server.finish()  # nothing is on standard error
    [line] = server.log_lines("protobuf says")
    assert line["level"] == "debug" and "invalid UTF-8" in line["text"]
    [line] = server.log_lines("rpc")
    assert (line["method"], line["code"]) == ("GetProfile", "INVALID_ARGUMENT")


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
