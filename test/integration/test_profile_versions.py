"""ETag, If-Match and Userinfo-Version of a profile"""

import pytest

from client import Client
from expect import granted, refused, succeeded
from figures import figures
from people import Person
from raw_http import Connection, exchange, request

PROFILE = "/api/user/profile"


@pytest.fixture
def ada(app):
    """A user whose profile is at version 1."""
    succeeded(app.post(PROFILE, form={"username": "Ada"}))
    return app


def rename(client, name, if_match=None):
    return client.put(PROFILE, form={"username": name}, headers={"If-Match": if_match} if if_match else {})


def etag(client):
    return client.get(PROFILE).header("ETag")


def test_each_write_raises_the_version_by_one(ada):
    assert etag(ada) == '"1"'
    assert rename(ada, "Countess").header("ETag") == '"2"'
    assert etag(ada) == '"2"'


def test_creating_tells_the_first_version(app):
    assert app.post(PROFILE, form={"username": "Ada"}).header("ETag") == '"1"'


def test_the_version_goes_on_across_delete_and_create(ada):
    succeeded(ada.delete(PROFILE))
    assert ada.post(PROFILE, form={"username": "Ada"}).header("ETag") == '"3"'
    assert etag(ada) == '"3"'


@pytest.mark.parametrize(
    "if_match", ['"1"', "*", '"7", "1"', '"1","7"', '"other" , "1"', '"1",', ', "1"', '"7",, "1" ,']
)
def test_changes_the_version_that_was_meant(ada, if_match):
    succeeded(rename(ada, "Countess", if_match))
    assert etag(ada) == '"2"'


@pytest.mark.parametrize("if_match", ['"2"', '"0"', '"7", "8"', 'W/"1"', '"01"', '"1 "', '"18446744073709551617"', ","])
def test_does_not_change_another_version(ada, if_match):
    refused(rename(ada, "Countess", if_match), 412, 100005)
    refused(ada.delete(PROFILE, headers={"If-Match": if_match}), 412, 100005)
    assert (granted(ada.get(PROFILE))["username"], etag(ada)) == ("Ada", '"1"')


@pytest.mark.parametrize("if_match", ["1", '"1', "nonsense", '"1" "2"', '*, "1"', "*,"])
def test_refuses_an_if_match_that_is_none(ada, if_match):
    assert rename(ada, "Countess", if_match).status == 400
    assert ada.delete(PROFILE, headers={"If-Match": if_match}).status == 400
    assert etag(ada) == '"1"'


@pytest.mark.parametrize("known", ['"1"', 'W/"1"', '"7", "1"', "*"])
def test_a_profile_that_the_client_has_is_not_sent_again(server, ada, known):
    reply = ada.get(PROFILE, headers={"If-None-Match": known})
    assert (reply.status, reply.body, reply.header("ETag")) == (304, b"", '"1"')
    assert reply.header("Content-Length") is None and reply.header("Cache-Control") == "no-store"
    with Connection(server) as connection:  # nothing of it is taken for the next reply
        sent = [f"Authorization: Bearer {ada.bearer}", f"If-None-Match: {known}"]
        connection.send(request("HEAD", PROFILE, *sent) + request("GET", PROFILE, *sent) + request("GET", "/healthz"))
        assert connection.receive(head=True).status == 304
        assert connection.receive().status == 304
        succeeded(connection.receive())


@pytest.mark.parametrize("known", ['"0"', '"2"', '"01"', "", '"abc"'])
def test_a_profile_that_the_client_does_not_have_is_sent(ada, known):
    assert granted(ada.get(PROFILE, headers={"If-None-Match": known}))["username"] == "Ada"


def test_another_version_than_the_client_asks_for_is_not_shown(ada):
    for other in ('"2"', 'W/"1"', '"0"', ""):
        refused(ada.get(PROFILE, headers={"If-Match": other}), 412, 100005)
    refused(ada.get(PROFILE, headers={"If-Match": '"2"', "If-None-Match": '"1"'}), 412, 100005)
    for same in ('"1"', "*"):
        granted(ada.get(PROFILE, headers={"If-Match": same}))


@pytest.mark.parametrize("name", ["If-Match", "If-None-Match"])
def test_a_condition_that_cannot_be_read_is_refused_everywhere(ada, name):
    for method, code in (("GET", 100001), ("POST", 100004), ("PUT", 100002), ("DELETE", 100003)):
        form = {"username": "Bea"} if method in ("POST", "PUT") else None
        refused(ada.request(method, PROFILE, form=form, headers={name: "1"}), 400, code)
    assert etag(ada) == '"1"'


@pytest.mark.parametrize("known", ["*", '"1"', 'W/"1"', '"7", "1"'])
def test_a_write_is_not_done_to_a_version_that_it_rules_out(ada, known):
    headers = {"If-None-Match": known}
    refused(ada.post(PROFILE, form={"username": "Countess"}, headers=headers), 412, 100005)
    refused(ada.put(PROFILE, form={"username": "Countess"}, headers=headers), 412, 100005)
    refused(ada.delete(PROFILE, headers=headers), 412, 100005)
    refused(ada.put(PROFILE, form={"username": "Countess"}, headers={**headers, "If-Match": '"1"'}), 412, 100005)
    assert (granted(ada.get(PROFILE))["username"], etag(ada)) == ("Ada", '"1"')


def test_a_write_is_done_to_another_version_than_it_rules_out(ada):
    headers = {"If-None-Match": '"0", "2", "other"'}
    refused(ada.post(PROFILE, form={"username": "Countess"}, headers=headers), 409, 100004)
    assert ada.put(PROFILE, form={"username": "Countess"}, headers=headers).header("ETag") == '"2"'
    refused(ada.delete(PROFILE, headers=headers), 412, 100005)
    assert ada.delete(PROFILE, headers={"If-None-Match": '"1"', "If-Match": "*"}).header("ETag") == '"3"'


def test_a_profile_is_created_only_if_there_is_none(app):
    refused(app.put(PROFILE, form={"username": "Ada"}, headers={"If-None-Match": "*"}), 404, 100002)
    for tags in ("*", '"0"', '"1"', ""):
        refused(app.post(PROFILE, form={"username": "Ada"}, headers={"If-Match": tags}), 412, 100005)
    assert app.post(PROFILE, form={"username": "Ada"}, headers={"If-None-Match": "*"}).header("ETag") == '"1"'
    refused(app.post(PROFILE, form={"username": "Bea"}, headers={"If-None-Match": "*"}), 412, 100005)
    refused(app.post(PROFILE, form={"username": "Bea"}, headers={"If-Match": '"1"'}), 409, 100004)
    succeeded(app.delete(PROFILE))
    assert app.post(PROFILE, form={"username": "Ada"}, headers={"If-None-Match": '*'}).header("ETag") == '"3"'


def test_who_is_not_logged_in_is_told_so_before_anything_else(stranger):
    for name in ("If-Match", "If-None-Match"):
        refused(stranger.get(PROFILE, headers={name: "*"}), 401, 200008)
        refused(stranger.put(PROFILE, form={"username": "Bea"}, headers={name: "*"}), 401, 200008)
    refused(stranger.delete("/api/account", headers={"If-Match": '"1"'}), 401, 200008)


def test_what_has_no_version_matches_no_tag(person, app):
    for path in ("/api/account", "/api/account/sessions", "/api/pages/settings", "/healthz"):
        refused(app.get(path, headers={"If-Match": '"1"'}), 412, 100005)
        granted(app.get(path, headers={"If-Match": "*", "If-None-Match": '"1"'}))
    assert app.get("/api/account", headers={"If-None-Match": "*"}).status == 304
    for condition in ({"If-Match": '"1"'}, {"If-None-Match": "*"}):
        refused(app.delete("/api/account", form={"password": person.password}, headers=condition), 412, 100005)
    succeeded(app.delete("/api/account", form={"password": person.password}, headers={"If-Match": "*"}))


@pytest.mark.parametrize("name", ["If-Match", "If-None-Match"])
def test_a_condition_on_what_has_no_version_must_be_readable(person, app, name):
    malformed = {name: "1"}
    for path in ("/api/account", "/api/account/sessions", "/api/account/devices", "/api/pages/settings", "/healthz"):
        refused(app.get(path, headers=malformed), 400, 300005)
    refused(app.delete("/api/account", form={"password": person.password}, headers=malformed), 400, 300005)
    refused(app.delete("/api/account/sessions", headers=malformed), 400, 300005)
    granted(app.get("/api/account"))


def test_several_lines_of_if_match_are_one_list(server, ada):
    def put(*lines):
        body = b"username=Countess"
        fields = [f"Authorization: Bearer {ada.bearer}", f"Content-Length: {len(body)}"]
        fields.append("Content-Type: application/x-www-form-urlencoded")
        return exchange(server, request("PUT", PROFILE, *fields, *lines, body=body))

    succeeded(put('If-Match: "7"', 'If-Match: "1"'))
    succeeded(put('If-Match: "2"', "If-Match:", 'If-Match: "8", "9"'))
    refused(put('If-Match: "7"', 'If-Match: "8"'), 412, 100005)
    refused(put("If-Match: *", 'If-Match: "3"'), 400, 100002)
    assert etag(ada) == '"3"'


def test_a_list_of_versions_is_one_call_and_one_transaction(server, ada):
    calls = 'userinfo_rpc_client_calls_total{code="OK",method="UpdateProfile"}'
    before = figures(server)
    for version in range(1, 11):
        others = [f'"{100 + number}"' for number in range(15)]
        succeeded(rename(ada, "Countess", ", ".join([*others, f'"{version}"'])))
    after = figures(server)
    if len(server.roles) > 1:
        assert after[calls] - before.get(calls, 0) == 10
    assert 10 <= transactions(after) - transactions(before) < 20  # the audit trail is written beside these


def transactions(read):
    """How many wrote to the database."""
    name = "userinfo_storage_seconds_count"
    return sum(value for key, value in read.items() if key.startswith(name) and 'operation="write"' in key)


def test_deletes_the_version_that_was_meant(ada):
    succeeded(ada.delete(PROFILE, headers={"If-Match": '"1"'}))
    refused(ada.get(PROFILE), 404, 100001)


@pytest.mark.parametrize("if_match", ['"1"', "*"])
def test_what_is_not_there_is_no_version(app, if_match):
    assert rename(app, "Ada", if_match).status in (404, 412)
    assert app.delete(PROFILE, headers={"If-Match": if_match}).status in (404, 412)
    refused(app.get(PROFILE), 404, 100001)


def test_every_write_tells_the_version_by_which_one_reads_it(ada):
    account_id = granted(ada.get("/api/account"))["account_id"]
    assert rename(ada, "Countess").header("Userinfo-Version") == f"{account_id}.2"
    assert ada.delete(PROFILE).header("Userinfo-Version") == f"{account_id}.3"
    assert ada.post(PROFILE, form={"username": "Ada"}).header("Userinfo-Version") == f"{account_id}.4"


def test_each_read_tells_the_version_that_it_shows(ada, browser):
    account_id = granted(ada.get("/api/account"))["account_id"]
    for version in (1, 2, 3):
        assert ada.get(PROFILE).header("Userinfo-Version") == f"{account_id}.{version}"
        rename(ada, f"Ada {version}")
    assert browser.get(PROFILE).header("Userinfo-Version") == f"{account_id}.4"


def test_a_browser_gets_it_as_a_cookie(browser):
    reply = succeeded(browser.post(PROFILE, form={"username": "Ada"}))
    cookie = reply.cookies["userinfo_version"]
    assert cookie.value == reply.header("Userinfo-Version")
    assert cookie.attributes["max-age"] == "120" and cookie.attributes["httponly"] is True
    assert granted(browser.get(PROFILE))["username"] == "Ada"


def test_a_reader_that_brings_its_version_sees_its_write(ada):
    for number in range(20):
        seen = rename(ada, f"Ada {number}").header("Userinfo-Version")
        reply = ada.get(PROFILE, headers={"Userinfo-Version": seen})
        assert granted(reply)["username"] == f"Ada {number}"


def test_a_version_that_does_not_exist_yet_gives_what_there_is_and_is_forgotten(browser):
    succeeded(browser.post(PROFILE, form={"username": "Ada"}))
    account_id = granted(browser.get("/api/account"))["account_id"]
    browser.cookies["userinfo_version"] = f"{account_id}.999"
    reply = browser.get(PROFILE)
    assert granted(reply)["username"] == "Ada"
    assert reply.header("ETag") == '"1"'
    assert reply.cookies["userinfo_version"].clears


@pytest.mark.parametrize("header", ["{}.1", "4c9d9c1e-6d3c-4b9f-8f0a-1f1d6f3d2c11.1000"])
def test_a_header_hides_no_higher_version_in_the_cookie(browser, header):
    """Tabs share the cookie, and each brings a header of its own."""
    succeeded(browser.post(PROFILE, form={"username": "Ada"}))
    account_id = granted(browser.get("/api/account"))["account_id"]
    browser.cookies["userinfo_version"] = f"{account_id}.999"
    reply = browser.get(PROFILE, headers={"Userinfo-Version": header.format(account_id)})
    assert granted(reply)["username"] == "Ada"
    assert reply.cookies["userinfo_version"].clears  # it was asked for, and does not exist


@pytest.mark.parametrize("seen", ["", "nonsense", ".1", "x.y", "1", "{}.-1", "{}.1x", "{}.99999999999999999999999"])
def test_ignores_a_seen_version_that_is_none(ada, seen):
    account_id = granted(ada.get("/api/account"))["account_id"]
    reply = ada.get(PROFILE, headers={"Userinfo-Version": seen.format(account_id)})
    assert granted(reply)["username"] == "Ada"


def test_ignores_what_another_user_has_seen(server, ada):
    other = Person.registered(server).app(server)
    seen = other.post(PROFILE, form={"username": "Other"}).header("Userinfo-Version")
    assert granted(ada.get(PROFILE, headers={"Userinfo-Version": seen}))["username"] == "Ada"


def test_the_etag_is_the_same_on_every_device(server, person, ada):
    rename(ada, "Countess")
    assert etag(person.browser(server)) == etag(Client(server, bearer=ada.bearer)) == '"2"'
