"""Settings: where they come from, which of them wins, and what the program says about a wrong one"""

import base64
import json
import socket

import pytest
import yaml

from certificates import Authority
from client import Client
from expect import failed, granted, refused, succeeded
from people import Person
from program import clean_environment, free_port, run_program
from server import Server
from standalone import Standalone


MASTER_KEY = base64.urlsafe_b64encode(bytes(32)).decode().rstrip("=")


@pytest.fixture
def config(tmp_path):
    """Writes a configuration file."""

    def write(settings):
        file = tmp_path / "userinfo.yaml"
        file.write_text(settings if isinstance(settings, str) else yaml.safe_dump(settings))
        return file

    return write


def check(*arguments, **environment):
    variables = {f"USERINFO_{name}": value for name, value in environment.items()}
    return run_program("config", "check", *map(str, arguments), environment=clean_environment(variables))


def run_role(role, **environment):
    """For one that does not start. Its log is not wanted."""
    ports = {"MANAGEMENT_LISTEN": "127.0.0.1:0", "LOG_LEVEL": "off"}
    variables = {f"USERINFO_{name}": value for name, value in (ports | environment).items()}
    return run_program(role, environment=clean_environment(variables))


def accepted(result):
    assert (result.returncode, result.stderr) == (0, ""), result


def faulty(result, *words):
    failed(result, *words, status=2)


def test_needs_no_configuration():
    accepted(check())


def test_warns_of_variables_that_are_no_settings_as_a_start_does(tmp_path):
    result = check(LISTN="127.0.0.1:1", DATA_DIR=str(tmp_path))
    assert result.returncode == 0 and "the settings are right" in result.stdout
    assert result.stderr == "userinfo: warning: USERINFO_LISTN is not a setting\n"


def test_a_role_can_be_checked(tmp_path):
    for role in ("standalone", "gateway"):
        accepted(check(role, DATA_DIR=str(tmp_path)))
    accepted(check("service", PUBLIC_URL="http://127.0.0.1:8080", DATA_DIR=str(tmp_path)))
    faulty(check("service"), "public_url")
    faulty(check("gateway", DISCOVERY_FIXED="10.0.0.1:8090"), "discovery.fixed")
    shared = {"MARIADB_HOSTS": "db:3306", "REDIS_NODES": "cache:6379"}
    faulty(check("standalone", **shared), "mariadb.hosts")
    accepted(check("service", PUBLIC_URL="http://127.0.0.1:8080", KEYS_MASTER=MASTER_KEY, **shared))
    missing = {"TLS_CERTIFICATE": str(tmp_path / "none.pem"), "TLS_KEY": str(tmp_path / "none.key")}
    accepted(check(**missing))
    faulty(check("gateway", **missing), "none.pem")
    faulty(check("dancer"), "standalone, gateway or service")


CERTIFICATES = ("tls.certificate", "tls.key", "rpc.certificate", "rpc.key", "rpc.authority", "mariadb.authority")


@pytest.mark.parametrize("setting", CERTIFICATES)
def test_a_certificate_that_cannot_be_used_is_named_with_its_setting_and_the_reason(tmp_path, setting):
    authority = Authority(tmp_path)
    authority.issue()
    section, part = setting.split(".")
    files = {"certificate": authority.server_certificate, "key": authority.server_key}
    if section != "tls":
        files["authority"] = authority.certificate_file
    if section == "mariadb":
        files = {"authority": authority.certificate_file}
    settings = {f"{section}_{name}".upper(): str(file) for name, file in files.items()}
    role = "gateway" if section != "mariadb" else "service"
    if role == "service":
        settings |= {"MARIADB_HOSTS": "db:3306", "REDIS_NODES": "cache:6379", "KEYS_MASTER": MASTER_KEY}
        settings |= {"PUBLIC_URL": "http://127.0.0.1:8080"}
    accepted(check(role, **settings))
    missing, text = tmp_path / "missing", tmp_path / "text"
    text.touch(0o600)
    name = f"{section}_{part}".upper()
    faulty(check(role, **settings | {name: str(missing)}), f"{setting}: ", missing, "cannot be read: No such file or dir")
    faulty(check(role, **settings | {name: str(text)}), f"{setting}: ", text, "does not hold", "in PEM")
    if section == "mariadb":
        faulty(run_role(role, **settings | {name: str(missing)}), f"{setting}: ", missing)


@pytest.mark.parametrize("setting", ["keys.master_file", "mariadb.password_file", "redis.password_file"])
def test_a_check_of_a_service_reads_the_files_with_secrets(tmp_path, setting):
    names = ("keys.master_file", "mariadb.password_file", "redis.password_file")
    files = {name: tmp_path / name for name in names}
    for file in files.values():
        file.write_text(MASTER_KEY)
        file.chmod(0o600)
    paths = {name.upper().replace(".", "_"): str(file) for name, file in files.items()}
    settings = {"PUBLIC_URL": "http://127.0.0.1:8080", "MARIADB_HOSTS": "db:3306", "REDIS_NODES": "cache:6379", **paths}
    accepted(check("service", **settings))
    files[setting].chmod(0o604)
    faulty(check("service", **settings), setting, str(files[setting]))
    files[setting].unlink()
    faulty(check("service", **settings), setting, str(files[setting]))


def test_a_check_reads_a_master_key_that_is_there(tmp_path):
    key = tmp_path / "master.key"
    accepted(check("standalone", DATA_DIR=str(tmp_path)))
    assert not key.exists()
    key.write_text("no key")
    key.chmod(0o600)
    for role, more in (("standalone", {}), ("service", {"PUBLIC_URL": "http://127.0.0.1:8080"})):
        faulty(check(role, DATA_DIR=str(tmp_path), **more), "keys.master_file", str(key))


def test_a_first_start_with_all_defaults_warns_of_nothing(tmp_path):
    """But for the ports, which are the test's."""
    kept = {"LISTEN", "MANAGEMENT_LISTEN", "DATA_DIR"}
    server = Standalone(tmp_path)
    for name in set(server.settings) - kept:
        del server.settings[name]
    server.start()
    server.stop()
    lines = [json.loads(line) for line in server.error_output().splitlines()]
    assert lines and {line["level"] for line in lines} == {"info"}, lines


def test_takes_every_setting_from_a_file(config, tmp_path):
    everything = {
        "listen": "127.0.0.1:8080",
        "management": {"listen": "127.0.0.1:8081"},
        "data_dir": "./data",
        "public_url": "https://accounts.example",
        "log": {"level": "debug", "format": "json", "file": str(tmp_path / "userinfo.log")},
        "tokens": {"access_lifetime": "15m"},
        "sessions": {"idle": "14d", "absolute": "30d", "per_account": 50},
        "passwords": {"memory": 19456, "iterations": 2, "threads": 2, "queue": 64, "log_in_floor": "50ms"},
        "cookies": {"compatible_names": False},
        "audit": {"keep": "400d", "keep_addresses": "90d"},
        "http": {"trusted_proxies": ["127.0.0.1", "10.0.0.0/8"]},
    }
    accepted(check("--config", config(everything)))


def test_a_check_touches_nothing(tmp_path):
    accepted(check(DATA_DIR=str(tmp_path / "data"), LOG_FILE=str(tmp_path / "userinfo.log")))
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_no_error(config):
    accepted(check("--config", config("")))


def lifetime_of_tokens(server):
    person = Person.registered(server)
    return granted(person.log_in(Client(server), tokens="body"))["expires_in"]


def test_the_environment_wins_over_the_file(config, tmp_path):
    file = config({"tokens": {"access_lifetime": "7m"}, "sessions": {"per_account": 3}})
    server = Server(tmp_path, "--config", str(file)).start()
    assert lifetime_of_tokens(server) == 7 * 60
    server.stop()
    server.settings["TOKENS_ACCESS_LIFETIME"] = "20s"
    server.start()
    assert lifetime_of_tokens(server) == 20
    server.finish()


def test_arguments_win_over_the_environment(tmp_path):
    server = Server(tmp_path, "--tokens-access-lifetime", "9m", TOKENS_ACCESS_LIFETIME="20s").start()
    assert lifetime_of_tokens(server) == 9 * 60
    server.finish()


@pytest.mark.parametrize("option, value", [("--listen", "nonsense"), ("--log-level", "loud"), ("--public-url", "x")])
def test_names_the_argument_of_a_wrong_value(tmp_path, option, value):
    faulty(Server(tmp_path).run("standalone", option, value), option, value)


@pytest.mark.parametrize(
    "text, seconds",
    [("90s", 90), ("15m", 900), ("2h", 7200), ("24h", 86400), ("1d", 86400)],
)
def test_takes_times_with_a_unit(make_server, text, seconds):
    assert lifetime_of_tokens(make_server(TOKENS_ACCESS_LIFETIME=text)) == seconds


@pytest.mark.parametrize(
    "name, value",
    [
        ("LISTEN", "nonsense"),
        ("LISTEN", "127.0.0.1"),
        ("LISTEN", "127.0.0.1:65536"),
        ("LISTEN", "127.0.0.1:-1"),
        ("MANAGEMENT_LISTEN", "localhost:x"),
        ("PUBLIC_URL", "accounts.example"),
        ("PUBLIC_URL", "ftp://accounts.example"),
        ("PUBLIC_URL", "https://accounts.example/path"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
        ("TOKENS_ACCESS_LIFETIME", "15"),
        ("TOKENS_ACCESS_LIFETIME", "15 minutes"),
        ("TOKENS_ACCESS_LIFETIME", "0s"),
        ("TOKENS_ACCESS_LIFETIME", "-1s"),
        ("TOKENS_ACCESS_LIFETIME", "25h"),
        ("TOKENS_ACCESS_LIFETIME", "99999999999999999999s"),
        ("SESSIONS_IDLE", "soon"),
        ("SESSIONS_PER_ACCOUNT", "0"),
        ("SESSIONS_PER_ACCOUNT", "many"),
        ("PASSWORDS_MEMORY", "1"),
        ("PASSWORDS_ITERATIONS", "0"),
        ("PASSWORDS_THREADS", "-1"),
        ("PASSWORDS_QUEUE", "x"),
        ("PASSWORDS_LOG_IN_FLOOR", "fast"),
        ("COOKIES_COMPATIBLE_NAMES", "perhaps"),
        ("AUDIT_KEEP", "0s"),
        ("AUDIT_KEEP", "3651d"),
        ("AUDIT_KEEP_ADDRESSES", "0d"),
        ("HTTP_TRUSTED_PROXIES", "my-proxy"),
        ("HTTP_TRUSTED_PROXIES", "10.0.0.0/33"),
    ],
)
def test_names_the_variable_of_a_wrong_value(name, value):
    faulty(check(**{name: value}), f"USERINFO_{name}")


@pytest.mark.parametrize(
    "settings, words",
    [
        ({"lissten": "127.0.0.1:1"}, ["lissten"]),
        ({"tokens": {"acess_lifetime": "15m"}}, ["tokens.acess_lifetime"]),
        ({"tokens": "15m"}, ["tokens"]),
        ({"tokens": {"access_lifetime": "soon"}}, ["tokens.access_lifetime", "soon"]),
        ({"tokens": {"access_lifetime": {"of": "15m"}}}, ["tokens.access_lifetime"]),
        ({"sessions": {"per_account": "x"}}, ["sessions.per_account"]),
        ({"log": {"level": "loud"}}, ["log.level", "loud"]),
        ("listen: [1, 2", []),
        ("- a\n- list\n", []),
        ("listen: 127.0.0.1:1\nlisten: 127.0.0.1:2\n", ["listen"]),
    ],
)
def test_names_the_file_and_the_key_of_a_wrong_setting(config, settings, words):
    file = config(settings)
    faulty(check("--config", file), file, *words)


def test_names_a_file_that_is_not_there(tmp_path):
    faulty(check("--config", tmp_path / "nothing.yaml"), tmp_path / "nothing.yaml")
    faulty(check("--config", tmp_path), tmp_path)


def test_the_server_says_the_same_as_the_check(config, tmp_path):
    file = config({"log": {"level": "loud"}})
    server = Server(tmp_path)
    del server.settings["LOG_LEVEL"]
    faulty(server.run("standalone", "--config", str(file)), file, "log.level", "loud")


@pytest.mark.listener
@pytest.mark.parametrize("name", ["LISTEN", "MANAGEMENT_LISTEN"])
def test_names_a_port_that_is_in_use(tmp_path, name):
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        faulty(Server(tmp_path, **{name: f"127.0.0.1:{port}"}).run("standalone"), port)


@pytest.mark.listener
def test_a_port_in_use_is_one_line_where_the_log_goes_to_standard_error(tmp_path):
    port = free_port()
    server = Server(tmp_path, LISTEN=f"127.0.0.1:{port}")
    for name in ("LOG_FILE", "LOG_LEVEL", "LOG_FORMAT"):
        del server.settings[name]
    with socket.create_server(("127.0.0.1", port)):
        faulty(server.run("standalone"), port)


@pytest.mark.listener
def test_names_an_address_that_is_not_ours(tmp_path):
    server = Server(tmp_path, LISTEN="192.0.2.1:8080", PUBLIC_URL="https://accounts.example")
    faulty(server.run("standalone"), "192.0.2.1:8080")


@pytest.mark.listener
def test_does_not_listen_beyond_loopback_without_https(tmp_path):
    faulty(Server(tmp_path, LISTEN=f"0.0.0.0:{free_port()}").run("standalone"), "public_url")


def test_listens_beyond_loopback_when_it_is_allowed_to():
    """What is refused is the danger, not the address: with https in front of it, it may."""
    accepted(check(LISTEN="0.0.0.0:8080", PUBLIC_URL="https://accounts.example"))
    accepted(check(LISTEN="0.0.0.0:8080", PUBLIC_URL="http://accounts.example", HTTP_ALLOW_INSECURE="true"))


CLAIMED = "198.51.100.7"
OTHER_FIELDS_OF_PROXIES = {
    "Forwarded": f"for={CLAIMED};host=evil.example;proto=https",
    "X-Real-IP": CLAIMED,
    "X-Client-IP": CLAIMED,
    "True-Client-IP": CLAIMED,
    "CF-Connecting-IP": CLAIMED,
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Original-URL": "/api/account/sessions",
    "X-Rewrite-URL": "/api/account/sessions",
    "X-HTTP-Method-Override": "DELETE",
}


def cookie_names_and_attributes(reply):
    return {name: cookie.attributes.keys() for name, cookie in reply.cookies.items()}


def test_reads_no_other_field_that_a_proxy_could_set(make_server):
    server = make_server(HTTP_TRUSTED_PROXIES="127.0.0.1")
    person = Person.registered(server)
    client = Client(server)
    plain = cookie_names_and_attributes(succeeded(person.log_in(Client(server))))
    log_in = client.post("/api/account/login", form=person.credentials, headers=OTHER_FIELDS_OF_PROXIES)
    assert cookie_names_and_attributes(succeeded(log_in)) == plain
    foreign = {**OTHER_FIELDS_OF_PROXIES, "Origin": "https://evil.example"}
    refused(client.post("/api/account/logout", headers=foreign), 403, 200011)
    assert granted(client.get("/api/account", headers=OTHER_FIELDS_OF_PROXIES))["email"] == person.email
    listed = granted(client.get("/api/account/sessions"))["sessions"]
    assert len(listed) == 2 and {session["address"] for session in listed} == {"127.0.0.1"}


def test_a_client_cannot_say_where_it_comes_from(make_server):
    """In a cluster it is nginx that writes X-Forwarded-For anew."""
    server = make_server()
    person = Person.registered(server)
    client = Client(server)
    claim = {**OTHER_FIELDS_OF_PROXIES, "X-Forwarded-For": CLAIMED}
    succeeded(client.post("/api/account/login", form=person.credentials, headers=claim))
    (session,) = granted(client.get("/api/account/sessions"))["sessions"]
    assert session["address"] == "127.0.0.1"


# How proxies write a client's address, and what is shown of it.
SPELLINGS = {
    "203.0.113.7:5123": "203.0.113.7",
    "[2001:db8::1]:5123": "2001:db8::1",
    "[2001:db8::1]": "2001:db8::1",
    "203.0.113.8, ": "203.0.113.8",
    "fe80::1%eth0": "fe80::1",
    "::ffff:203.0.113.9": "203.0.113.9",
    "64:ff9b::203.0.113.10": "203.0.113.10",
    "unknown": "127.0.0.1",
}


@pytest.mark.listener
def test_an_address_has_one_spelling_however_a_proxy_writes_it(make_server):
    server = make_server(HTTP_TRUSTED_PROXIES="127.0.0.1")
    person = Person.registered(server)
    client = Client(server)
    for written, shown in SPELLINGS.items():
        succeeded(client.post("/api/account/login", form=person.credentials, headers={"X-Forwarded-For": written}))
        (current,) = [each for each in granted(client.get("/api/account/sessions"))["sessions"] if each["current"]]
        assert current["address"] == shown
    events = [json.loads(line) for line in server.succeed("audit", "--type", "log_in").splitlines()]
    assert [event["address"] for event in events] == list(SPELLINGS.values())


@pytest.mark.listener
def test_believes_the_header_field_of_rfc_7239_if_it_is_told_to_and_no_other_one(make_server):
    server = make_server(HTTP_TRUSTED_PROXIES="127.0.0.1", HTTP_FORWARDED_HEADER="forwarded")
    person = Person.registered(server)
    client = Client(server)
    headers = {"Forwarded": 'for=9.9.9.9, for="[2001:db8::7]:4711";proto=https', "X-Forwarded-For": CLAIMED}
    succeeded(client.post("/api/account/login", form=person.credentials, headers=headers))
    (session,) = granted(client.get("/api/account/sessions"))["sessions"]
    assert session["address"] == "2001:db8::7"


@pytest.mark.listener
@pytest.mark.parametrize(
    "settings, seen",
    [
        ({}, "127.0.0.1"),
        ({"HTTP_TRUSTED_PROXIES": "10.0.0.0/8"}, "127.0.0.1"),
        ({"HTTP_TRUSTED_PROXIES": "127.0.0.1"}, "203.0.113.9"),
        ({"HTTP_TRUSTED_PROXIES": "127.0.0.0/8, 203.0.113.0/24"}, "198.51.100.1"),
    ],
)
def test_believes_forwarded_addresses_of_trusted_proxies_only(make_server, settings, seen):
    server = make_server(**settings)
    person = Person.registered(server)
    client = Client(server)
    forwarded = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}
    succeeded(client.post("/api/account/login", form=person.credentials, headers=forwarded))
    (session,) = granted(client.get("/api/account/sessions"))["sessions"]
    assert session["address"] == seen
