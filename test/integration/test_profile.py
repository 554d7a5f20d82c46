"""/api/user/profile: create, read, update, delete"""

import unicodedata

import pytest

from client import Client
from expect import granted, invalid, refused, succeeded
from people import NOBODYS_ID, Person, new_email, new_password

PROFILE = "/api/user/profile"
ADA = {"username": "Ada Lovelace", "birthday": "1915-12-10", "avatar": "https://example.com/ada.png"}


@pytest.fixture
def ada(app):
    """A user with a whole profile."""
    succeeded(app.post(PROFILE, form=ADA))
    return app


def shown(client):
    profile = granted(client.get(PROFILE))
    return {name: profile[name] for name in ADA}


def test_there_is_none_at_first(app):
    refused(app.get(PROFILE), 404, 100001)


def test_shows_what_was_created(ada, person):
    account_id = granted(ada.get("/api/account"))["account_id"]
    assert granted(ada.get(PROFILE)) == {**ADA, "user_id": account_id, "email": person.email}


def test_takes_cookies_and_json_too(browser):
    succeeded(browser.post(PROFILE, json=ADA))
    assert shown(browser) == ADA


def test_needs_only_a_username(app):
    succeeded(app.post(PROFILE, form={"username": "Ada"}))
    assert shown(app) == {"username": "Ada", "birthday": "", "avatar": ""}


def test_creates_no_second_one(ada):
    refused(ada.post(PROFILE, form={"username": "Other"}), 409, 100004)
    assert shown(ada) == ADA


@pytest.mark.parametrize(
    "change", [{"username": "Countess"}, {"birthday": "1999-01-02"}, {"avatar": "https://example.com/2"}], ids=str
)
@pytest.mark.parametrize("form", ["form", "json"])
def test_changes_only_the_fields_sent(ada, change, form):
    succeeded(ada.put(PROFILE, **{form: change}))
    assert shown(ada) == {**ADA, **change}


NOT_THEIRS_TO_SET = {
    "user_id": NOBODYS_ID,
    "account_id": NOBODYS_ID,
    "email": "other@example.com",
    "email_key": "other@example.com",
    "status": "suspended",
    "version": "7",
    "created_at": "2000-01-01T00:00:00Z",
    "origin": "admin",
    "roles": "admin",
}


@pytest.mark.parametrize("form", ["form", "json"])
def test_fields_that_a_user_may_not_set_are_passed_over(server, form):
    person = Person.unknown()
    succeeded(Client(server).post("/api/account/register", **{form: {**NOT_THEIRS_TO_SET, **person.credentials}}))
    app = person.app(server)
    before = granted(app.get("/api/account"))
    assert before["email"] == person.email and before["account_id"] != NOBODYS_ID
    succeeded(app.post(PROFILE, **{form: {**NOT_THEIRS_TO_SET, **ADA}}))
    succeeded(app.put(PROFILE, **{form: {**NOT_THEIRS_TO_SET, "username": "Countess"}}))
    reply = app.get(PROFILE)
    own = {"user_id": before["account_id"], "email": person.email}
    assert (granted(reply), reply.header("ETag")) == ({**ADA, "username": "Countess", **own}, '"2"')
    assert granted(app.get("/api/account")) == before


def test_text_is_never_part_of_a_statement(server):
    """Quotes and comments of SQL, wherever text reaches the database."""
    end = "'); DROP TABLE profile; -- \" ` \\ %s ? {} /* "
    person = Person(f"o'--{new_email()}", end + new_password())
    client = Client(server)
    succeeded(person.register(client))
    granted(client.post("/api/account/login", form={**person.credentials, "tokens": "body"}, headers={"User-Agent": end}))
    app = person.app(server)
    succeeded(app.post(PROFILE, form={"username": end.strip()}))
    assert shown(app)["username"] == end.strip()
    assert end.strip() in [session["device"] for session in granted(app.get("/api/account/sessions"))["sessions"]]
    assert granted(app.get("/api/account"))["email"] == person.email
    succeeded(app.delete("/api/account", form={"password": person.password}))


@pytest.mark.parametrize("field", ["birthday", "avatar"])
def test_an_empty_text_or_null_clears_a_field(ada, field):
    succeeded(ada.put(PROFILE, form={field: ""}))
    assert shown(ada) == {**ADA, field: ""}
    succeeded(ada.put(PROFILE, form={field: ADA[field]}))
    succeeded(ada.put(PROFILE, json={field: None}))
    assert shown(ada) == {**ADA, field: ""}


def test_changing_all_fields_at_once(ada):
    other = {"username": "Grace", "birthday": "", "avatar": "https://example.com/grace"}
    succeeded(ada.put(PROFILE, form=other))
    assert shown(ada) == other


def test_cannot_change_what_is_not_there(app):
    refused(app.put(PROFILE, form={"username": "Ada"}), 404, 100002)


def test_deletes_it(ada):
    succeeded(ada.delete(PROFILE))
    refused(ada.get(PROFILE), 404, 100001)
    refused(ada.put(PROFILE, form={"username": "Ada"}), 404, 100002)
    refused(ada.delete(PROFILE), 404, 100003)


def test_nothing_of_a_deleted_profile_comes_back_with_a_new_one(ada):
    succeeded(ada.delete(PROFILE))
    succeeded(ada.post(PROFILE, form={"username": "Grace"}))
    assert shown(ada) == {"username": "Grace", "birthday": "", "avatar": ""}


def test_everyone_has_their_own(server, ada):
    other = Person.registered(server).app(server)
    refused(other.get(PROFILE), 404, 100001)
    succeeded(other.post(PROFILE, form={"username": "Other"}))
    assert shown(ada) == ADA


def test_two_may_have_the_same_username(server, ada):
    assert shown(ada) == ADA
    succeeded(Person.registered(server).app(server).post(PROFILE, form=ADA))


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_needs_a_user(stranger, method):
    reply = refused(stranger.request(method, PROFILE, form=ADA if method in ("POST", "PUT") else None), 401, 200008)
    assert reply.header("WWW-Authenticate").startswith("Bearer")


def test_another_device_sees_the_change_at_once(ada, browser):
    for number in range(20):
        succeeded(ada.put(PROFILE, form={"username": f"Ada {number}"}))
        assert shown(browser)["username"] == f"Ada {number}"


@pytest.mark.parametrize("username", ["x", "x" * 64, "\N{PINEAPPLE}" * 64, "名前", 'a & b <c> "d" \\ /', "a\u00a0b"])
def test_takes_every_username_within_the_limits(app, username):
    succeeded(app.post(PROFILE, form={"username": username}))
    assert shown(app)["username"] == username
    succeeded(app.put(PROFILE, json={"username": username}))
    assert shown(app)["username"] == username


def test_keeps_the_username_in_its_composed_form(app):
    decomposed = "A\u030angstro\u0308m"
    succeeded(app.post(PROFILE, form={"username": decomposed}))
    assert shown(app)["username"] == unicodedata.normalize("NFC", decomposed)


def test_counts_a_username_in_its_composed_form(app):
    succeeded(app.post(PROFILE, form={"username": "e\u0301" * 64}))
    assert shown(app)["username"] == "é" * 64


def test_shows_the_email_as_it_was_typed(server):
    person = Person("Typed." + new_email().upper(), new_password())
    succeeded(person.register(Client(server)))
    app = person.app(server)
    succeeded(app.post(PROFILE, form={"username": "x"}))
    assert granted(app.get(PROFILE))["email"] == person.email




def test_names_a_field_given_twice(ada):
    invalid(ada.put(PROFILE, form=[("username", "a"), ("username", "b")]), 100002, "username", "duplicate")
