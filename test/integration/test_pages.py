"""The web pages as files over HTTP: from the program itself, or from nginx in front of a cluster."""

import gzip
import json
import re

import pytest
import requests

from certificates import Authority
from pages_below import assert_pages_are_below
from program import ROOT
from server import Server

WEB = ROOT / "web"
FRAME = WEB / "index.html"
FILES = sorted(path for path in WEB.rglob("*") if path.is_file() and path != FRAME)
PATHS = re.findall(r'"(/[\w-]*)"', re.search(r"paths = \[(.*?)\]", (WEB / "router.js").read_text())[1])
TYPES = {".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".svg": "image/svg+xml"}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def fetch(server, path, method="GET", **headers):
    """The reply as it came: nothing is followed, no coding undone."""
    with requests.Session() as session:
        session.trust_env = False
        session.verify = server.authority or True
        sent = {"Accept-Encoding": "identity", **{name.replace("_", "-"): value for name, value in headers.items()}}
        request = requests.Request(method, server.url, headers=sent)
        prepared = session.prepare_request(request)
        prepared.url = server.url + path  # as it is, "/../" too
        reply = session.send(prepared, stream=True, allow_redirects=False, timeout=30)
        reply.raw_body = reply.raw.read(decode_content=False)
        return reply


def path_of(file):
    return "/" + file.relative_to(WEB).as_posix()


def assert_file_headers(reply):
    headers = reply.headers
    assert headers["Cache-Control"] == "no-cache"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def assert_page_headers(reply):
    """Of what a browser shows."""
    headers = reply.headers
    assert_file_headers(reply)
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("path", PATHS)
def test_each_page_has_the_same_frame(server, path):
    reply = fetch(server, path)
    assert reply.status_code == 200
    assert reply.headers["Content-Type"].startswith("text/html")
    assert reply.raw_body == FRAME.read_bytes()
    assert_page_headers(reply)


def test_the_program_and_nginx_send_the_same_header_fields(server):
    folder = ROOT / "deploy" / "nginx"
    text = "".join((folder / f"userinfo_{name}.conf").read_text() for name in ("files", "pages"))
    fields = {name: value.strip('"') for name, value in re.findall(r"^add_header (\S+) ([^$\n]+) always;$", text, re.M)}
    assert {"Cache-Control", "Content-Security-Policy", "Permissions-Policy", "X-Frame-Options"} < fields.keys()
    sent = fetch(server, "/").headers
    assert {name: sent[name] for name in fields} == fields


@pytest.mark.parametrize("file", FILES, ids=path_of)
def test_each_file_is_there_in_the_clear_and_compressed(server, file):
    plain, packed = fetch(server, path_of(file)), fetch(server, path_of(file), Accept_Encoding="gzip")
    assert plain.status_code == packed.status_code == 200
    assert plain.headers["Content-Type"].startswith(TYPES[file.suffix])
    assert plain.raw_body == file.read_bytes() == gzip.decompress(packed.raw_body)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.raw_body) < len(plain.raw_body)
    for reply in (plain, packed):
        assert "Accept-Encoding" in reply.headers["Vary"]
        (assert_page_headers if file.suffix == ".svg" else assert_file_headers)(reply)


def imported(*files):
    """These, and what they cannot do without."""
    found, waiting = set(), list(files)
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += [(file.parent / name).resolve() for name in re.findall(r'^import .*"(\..+)"', file.read_text(), re.M)]
    return found


def test_the_frame_names_all_that_a_first_visit_shows_so_that_no_file_waits_for_another():
    named = re.findall(r'(?:href|src)="(/[^"]+)"', FRAME.read_text())
    scripts = imported(WEB / "main.js", WEB / "pages" / "log_in.js")
    others = (file for file in FILES if file.suffix != ".js")
    assert sorted(named) == sorted(map(path_of, {*scripts, *others}))


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_what_has_not_changed_is_not_sent_again(server, coding):
    first = fetch(server, "/main.js", Accept_Encoding=coding)
    again = fetch(server, "/main.js", Accept_Encoding=coding, If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.raw_body) == (304, b"")
    other = fetch(server, "/main.js", Accept_Encoding=coding, If_None_Match='"other"')
    assert other.status_code == 200


def test_who_asks_for_the_head_alone_gets_no_body(server):
    reply = fetch(server, "/login", method="HEAD")
    assert (reply.status_code, reply.raw_body) == (200, b"")
    assert int(reply.headers["Content-Length"]) == FRAME.stat().st_size


@pytest.mark.parametrize(
    "path",
    [
        "/no/such/page",
        "/styles/",
        "/index.html",
        "/login/",
        "/Login",
        "/login%0A",
        "//login",
        "/main.js.map",
        "/metrics",
        "/readyz",
    ],
)
def test_a_browser_that_goes_astray_sees_a_page_that_says_so(server, path):
    reply = fetch(server, path, Accept=BROWSER, Accept_Encoding="gzip, br")
    assert reply.status_code == 404
    assert reply.headers["Content-Type"].startswith("text/html")
    assert gzip.decompress(reply.raw_body) == FRAME.read_bytes()
    assert_page_headers(reply)


@pytest.mark.parametrize(
    "path",
    [
        "/../CMakeLists.txt",
        "/%2e%2e/CMakeLists.txt",
        "/styles/..%2f..%2fCMakeLists.txt",
        "/styles/../../CMakeLists.txt",
        "/login%00/../../CMakeLists.txt",
        "//etc/passwd",
        "/.gitignore",
    ],
)
def test_nothing_outside_of_the_folder_is_served(server, path):
    reply = fetch(server, path)
    assert reply.status_code in (400, 404)
    assert b"cmake_minimum_required" not in reply.raw_body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_pages_are_only_read(server, method):
    for path in ("/login", "/main.js"):
        reply = fetch(server, path, method=method)
        assert (reply.status_code, reply.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("path", ["/login", "/main.js", "/api/account", "/healthz"])
def test_no_request_is_echoed(server, path):
    reply = fetch(server, path, method="TRACE", X_Echo="please-echo-this")
    assert reply.status_code == 405
    assert b"please-echo-this" not in reply.raw_body


def test_a_keeper_of_passwords_is_led_to_where_they_are_changed(server):
    reply = fetch(server, "/.well-known/change-password")
    assert (reply.status_code, reply.headers["Location"]) == (302, "/security")
    assert fetch(server, "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200").status_code == 404


def assert_not_found_for_a_program(reply):
    assert reply.status_code == 404
    assert json.loads(reply.raw_body)["code"] == 300001


@pytest.mark.listener
def test_programs_that_go_astray_are_told_so_in_json(server):
    assert_not_found_for_a_program(fetch(server, "/no/such/page", Accept="*/*"))


@pytest.mark.parametrize("path", ["/api/no/such/path", "/api/no/such/script.js"])
def test_all_below_api_is_for_programs(server, path):
    assert_not_found_for_a_program(fetch(server, path, Accept=BROWSER))


@pytest.mark.listener
def test_each_reply_has_a_request_id_and_counts_as_a_page(server):
    assert fetch(server, "/login").headers["X-Request-Id"]
    figures = requests.get(server.management_url + "/metrics", timeout=30).text
    assert re.search(r'userinfo_http_requests_total{.*route="pages".*status="200".*} [1-9]', figures)


@pytest.mark.listener
def test_by_https_browsers_are_told_to_stay_with_it(tmp_path):
    authority = Authority(tmp_path)
    authority.issue()
    server = Server(tmp_path / "server", **authority.settings)
    server.authority = str(authority.certificate_file)
    server.start()
    page, *others = [fetch(server, path) for path in ("/", "/main.js", "/icon.svg", "/.well-known/change-password")]
    server.finish()
    assert_page_headers(page)
    for reply in (page, *others):
        assert reply.headers["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.mark.listener
def test_who_has_pages_of_their_own_turns_these_off(make_server):
    server = make_server(HTTP_PAGES="false")
    for path in (*PATHS, "/main.js", "/.well-known/change-password"):
        reply = fetch(server, path, Accept=BROWSER)
        assert reply.status_code == 404
        assert json.loads(reply.raw_body)["code"] == 300001


# In a cluster nginx has the pages (test/cluster/test_nginx_replies.py).
@pytest.mark.listener
@pytest.mark.parametrize("below", ["/account", "/a/b-1"])
def test_they_can_be_below_a_path(make_server, below):
    server = make_server(PAGES_PATH=below)
    assert_pages_are_below(server, below)
    for path in ("/", "/login", "/main.js", below + "x", below + "x/login", "/index.html"):
        assert fetch(server, path, Accept=BROWSER).status_code == 404
        assert fetch(server, path, Accept=BROWSER).headers["Content-Type"] == "application/json", path


@pytest.mark.listener
def test_the_frame_below_a_path_has_a_tag_of_its_own(make_server):
    tags = {}
    for below in ("/", "/account"):
        server = make_server(PAGES_PATH=below)
        login = below.rstrip("/") + "/login"
        tags[below] = fetch(server, login, Accept_Encoding="gzip").headers["ETag"]
        assert fetch(server, login, Accept_Encoding="gzip", If_None_Match=tags[below]).status_code == 304
    assert tags["/"] != tags["/account"]
