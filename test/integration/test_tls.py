"""The clients' listener over TLS: what it agrees to, what browsers get, and certificates that change while it serves"""

import os
import socket
import ssl
import time

import pytest
import requests

from certificates import DAY, Authority, new_key, pem_of_key
from client import Client
from expect import alive, granted, succeeded
from people import Person
from raw_http import Connection, request
from server import Server
from waiting import map_at_once, wait_until

pytestmark = pytest.mark.listener

LOADED = "loaded the TLS certificate"
KEPT = "the new TLS certificate cannot be used, the old one stays"
HEALTH = request("GET", "/healthz")


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    authority = Authority(tmp_path_factory.mktemp("authority"))
    authority.issue()
    return authority


def started(folder, authority, **settings):
    server = Server(folder, **authority.settings, **settings)
    server.authority = str(authority.certificate_file)
    return server.start()


@pytest.fixture(scope="module")
def server(tmp_path_factory, authority):
    server = started(tmp_path_factory.mktemp("server"), authority, HTTP_HEADER_TIME="1s")
    yield server
    server.finish()


@pytest.fixture
def changing(tmp_path):
    """A server whose certificate a test may change, and its authority."""
    authority = Authority(tmp_path)
    authority.issue()
    server = started(tmp_path / "server", authority)
    yield server, authority
    server.finish()


def context_for(server, **options):
    context = ssl.create_default_context(cafile=server.authority)
    for name, value in options.items():
        setattr(context, name, value)
    return context


def connect(server, context=None):
    """A connection after its handshake."""
    plain = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    return (context or context_for(server)).wrap_socket(plain, server_hostname="127.0.0.1")


def serial_seen(server):
    with connect(server) as connection:
        return int(connection.getpeercert()["serialNumber"], 16)


def refuses(server, context):
    with pytest.raises((ssl.SSLError, ConnectionError)):
        connect(server, context).close()
    return True


def answered(connection):
    connection.sendall(HEALTH)
    reply = connection.recv(4096)
    return reply.startswith(b"HTTP/1.1 200 ") and reply.endswith(b"}")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_speaks_both_versions_that_are_sound(server, version):
    context = context_for(server, minimum_version=version, maximum_version=version)
    with connect(server, context) as connection:
        assert connection.version() == version.name.replace("_", ".")
        assert connection.cipher()[0].startswith(("ECDHE-", "TLS_"))
        assert connection.compression() is None and not connection.session_reused
        assert answered(connection)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_refuses_older_versions(server, version):
    context = context_for(server, minimum_version=version, maximum_version=version)
    context.set_ciphers("ALL:@SECLEVEL=0")
    assert refuses(server, context)


@pytest.mark.parametrize("ciphers", ["AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA256", "DHE-RSA-AES256-GCM-SHA384"])
def test_refuses_ciphers_without_forward_secrecy_or_authentication(server, ciphers):
    context = context_for(server, maximum_version=ssl.TLSVersion.TLSv1_2)
    context.set_ciphers(ciphers + ":@SECLEVEL=0")
    assert refuses(server, context)


def test_agrees_to_http_1_1_and_to_no_other_protocol(server):
    context = context_for(server)
    context.set_alpn_protocols(["h2", "http/1.1"])
    with connect(server, context) as connection:
        assert connection.selected_alpn_protocol() == "http/1.1"
    context.set_alpn_protocols(["h2"])
    assert refuses(server, context)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_resumes_no_session(server, version):
    context = context_for(server, minimum_version=version, maximum_version=version)
    with connect(server, context) as connection:
        assert answered(connection)
        session = connection.session
        assert session is None or not session.has_ticket


def test_serves_a_whole_session_of_a_browser(server):
    person = Person.registered(server)
    browser = person.browser(server)
    assert set(browser.cookies) == {"__Host-access_token", "__Host-refresh_token", "__Host-device"}
    succeeded(browser.post("/api/user/profile", form={"username": "Ada"}, headers={"Origin": server.url}))
    assert granted(browser.get("/api/user/profile"))["username"] == "Ada"
    del browser.cookies["__Host-access_token"]
    alive(browser)


def test_cookies_are_secure(server):
    reply = Person.registered(server).log_in(Client(server))
    for name in ("__Host-access_token", "__Host-refresh_token"):
        attributes = reply.cookies[name].attributes
        assert attributes["secure"] is True and attributes["httponly"] is True and attributes["path"] == "/"


def test_every_reply_asks_browsers_to_come_by_https_only(server):
    client = Client(server)
    for reply in (client.get("/healthz"), client.get("/nothing"), client.post("/healthz"), client.get("/api/account")):
        assert reply.header("Strict-Transport-Security") == "max-age=31536000"
    with connect(server) as connection:
        connection.sendall(b"nonsense\r\n\r\n")
        assert b"\r\nStrict-Transport-Security: max-age=31536000\r\n" in connection.recv(4096)


def test_subdomains_are_included_if_a_setting_says_so(tmp_path, authority):
    server = started(tmp_path / "server", authority, HTTP_HSTS_SUBDOMAINS="true")
    for path in ("/healthz", "/login", "/main.js", "/nothing"):
        reply = requests.get(server.url + path, verify=server.authority, timeout=30)
        assert reply.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    server.finish()


def test_the_management_listener_stays_plain(server):
    reply = Client(server, management=True).get("/readyz")
    assert reply.status == 200 and reply.header("Strict-Transport-Security") is None


def test_the_tokens_name_the_https_address(server):
    assert server.url.startswith("https://")
    lines = wait_until(lambda: server.log_lines("started"), "the line of the start")
    assert {line["public_url"] for line in lines} == {server.url}


def test_ends_a_connection_of_plain_http_in_order(server):
    with Connection(server) as connection:
        connection.send(HEALTH)
        assert b"HTTP/1.1" not in connection.receive_rest()
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(server.url.replace("https", "http") + "/healthz", timeout=30)
    succeeded(Client(server).get("/healthz"))


@pytest.mark.parametrize("sent", [b"", b"\x16", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"])
def test_cuts_off_a_handshake_that_does_not_go_on(server, sent):
    with Connection(server, patience=10) as connection:
        begin = time.monotonic()
        connection.send(sent)
        connection.receive_rest()
        assert 0.5 < time.monotonic() - begin < 8


def test_says_that_it_closes(server):
    """So the client knows that nobody on the way has cut the reply short."""
    context = context_for(server)
    with connect(server, context) as connection:
        connection.sendall(request("GET", "/healthz", "Connection: close"))
        connection.suppress_ragged_eofs = False
        while connection.recv(4096):
            pass  # an end without close_notify raises


def test_answers_many_pipelined_requests_and_large_bodies(server):
    with connect(server) as connection:
        connection.sendall(b"".join(request("GET", "/api/openapi.json", f"X-Request-Id: n{n}") for n in range(20)))
        connection.sendall(request("GET", "/healthz", "Connection: close"))
        received = b"".join(iter(lambda: connection.recv(65536), b""))
        places = [received.find(b"X-Request-Id: n%d\r\n" % n) for n in range(20)]
        assert -1 not in places and places == sorted(places)


def test_serves_many_clients_at_once(server):
    people = [Person.registered(server) for _ in range(8)]
    for app in map_at_once(lambda person: person.app(server), people):
        alive(app)


def test_stops_in_order_with_open_connections(tmp_path, authority):
    server = started(tmp_path, authority)
    with connect(server) as idle, connect(server) as used, Connection(server) as silent:
        assert answered(used)
        begin = time.monotonic()
        server.stop()
        assert time.monotonic() - begin < 5
        used.suppress_ragged_eofs = False
        while used.recv(4096):
            pass
        idle.close()
        assert silent.at_end()
    server.finish()


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_takes_a_new_certificate_without_a_restart_and_without_ending_connections(changing, kind):
    server, authority = changing
    old = serial_seen(server)
    with connect(server) as connection:
        assert answered(connection)
        new = authority.issue(kind)
        assert new != old
        server.hang_up()
        wait_until(lambda: serial_seen(server) == new, "the new certificate is shown")
        assert answered(connection)
    wait_until(lambda: server.log_lines(LOADED), "a line of the log")


def test_sees_a_new_certificate_by_itself(changing):
    server, authority = changing
    new = authority.issue()
    wait_until(lambda: serial_seen(server) == new, "the new certificate is shown", seconds=20)


def break_key(authority):
    authority.write_key(new_key())


def break_certificate(authority):
    authority.server_certificate.write_text("nonsense")


def remove_certificate(authority):
    authority.server_certificate.unlink()


def open_key_to_all(authority):
    authority.server_key.chmod(0o604)


@pytest.mark.parametrize("spoil", [break_key, break_certificate, remove_certificate, open_key_to_all])
def test_keeps_the_old_certificate_if_the_new_one_is_bad(changing, spoil):
    server, authority = changing
    old = serial_seen(server)
    spoil(authority)
    server.hang_up()
    wait_until(lambda: server.log_lines(KEPT), "the complaint")
    assert serial_seen(server) == old
    new = authority.issue()
    authority.server_key.chmod(0o600)
    server.hang_up()
    wait_until(lambda: serial_seen(server) == new, "the good certificate is shown")


def start_of(tmp_path, authority, **settings):
    return Server(tmp_path, **{**authority.settings, **settings}).run("standalone")


def complains(result, *words):
    assert (result.returncode, result.stdout) == (2, ""), result
    (line,) = result.stderr.splitlines()
    assert all(str(word) in line for word in words), line


@pytest.mark.parametrize("spoil", [break_key, break_certificate, remove_certificate, open_key_to_all])
def test_does_not_start_with_a_bad_certificate(tmp_path, spoil):
    authority = Authority(tmp_path)
    authority.issue()
    spoil(authority)
    named = authority.server_key if spoil in (break_key, open_key_to_all) else authority.server_certificate
    complains(start_of(tmp_path, authority), "tls", named)


def test_does_not_start_with_a_key_that_wants_a_pass_phrase(tmp_path):
    authority = Authority(tmp_path)
    authority.issue()
    authority.server_key.write_bytes(pem_of_key(new_key(), b"secret"))
    complains(start_of(tmp_path, authority), "tls", authority.server_key, "pass phrase")


@pytest.mark.parametrize("missing", ["TLS_CERTIFICATE", "TLS_KEY"])
def test_wants_both_files_or_neither(tmp_path, authority, missing):
    server = Server(tmp_path, **authority.settings)
    del server.settings[missing]
    complains(server.run("standalone"), "tls.certificate", "tls.key")


def test_wants_no_public_url_of_http(tmp_path, authority):
    complains(start_of(tmp_path, authority, PUBLIC_URL="http://accounts.example"), "public_url")


def test_may_listen_beyond_this_machine(tmp_path, authority):
    settings = {"LISTEN": "192.0.2.1:8443", "PUBLIC_URL": "https://accounts.example"}
    assert "cannot listen" in start_of(tmp_path, authority, **settings).stderr
    del settings["PUBLIC_URL"]
    assert "cannot listen" in start_of(tmp_path, authority, **settings).stderr


def test_warns_of_a_key_that_its_group_may_read_and_of_an_expired_certificate(tmp_path):
    authority = Authority(tmp_path)
    authority.issue(begin=-10 * DAY, end=-DAY)
    authority.server_key.chmod(0o640)
    server = started(tmp_path / "server", authority)
    wait_until(lambda: server.log_lines("a secret can be used by a group"), "the warning of the key")
    wait_until(lambda: server.log_lines("the TLS certificate has expired"), "the warning of the certificate")
    server.finish()


def test_goes_on_in_a_new_log_file_when_it_is_told_to(make_server):
    server = make_server()
    old = server.log_file.with_suffix(".old")
    os.rename(server.log_file, old)
    server.hang_up()
    wait_until(server.log_file.exists, "a new log file")
    succeeded(Client(server).get("/healthz", headers={"X-Request-Id": "after-it"}))
    wait_until(lambda: "after-it" in server.log_file.read_text(), "lines in the new file")
    assert "after-it" not in old.read_text()
