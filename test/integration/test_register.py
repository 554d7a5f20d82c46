"""POST /api/account/register"""

import pytest

from client import Client
from expect import granted, invalid, refused, succeeded
from people import Person, new_email, new_password

REGISTER = "/api/account/register"


def register(client, email, password):
    return client.post(REGISTER, json={"email": email, "password": password})


def test_answers_with_no_data_and_no_cookie(stranger):
    reply = succeeded(Person.unknown().register(stranger))
    assert reply.cookies == {}


def test_takes_a_form_and_json_alike(server, stranger):
    by_json = Person.unknown()
    succeeded(stranger.post(REGISTER, json=by_json.credentials))
    by_form = Person.unknown()
    succeeded(stranger.post(REGISTER, form=by_form.credentials))
    for person in (by_json, by_form):
        succeeded(person.log_in(Client(server)))


def test_decodes_what_a_form_encodes(stranger):
    person = Person(f"a+b_{new_email()}", f"{new_password()} &=%+é")
    succeeded(person.register(stranger))
    succeeded(stranger.post("/api/account/login", json=person.credentials))


def test_refuses_a_second_account_with_the_same_email(person, stranger):
    refused(register(stranger, person.email, new_password()), 409, 200001)


@pytest.mark.parametrize(
    "first, second",
    [
        ("{}@example.com", "{}@EXAMPLE.Com"),
        ("Mixed-{}@example.com", "mIXED-{}@example.com"),
        ("{}@bücher.example", "{}@xn--bcher-kva.example"),
        ("{}@bücher.example", "{}@BÜCHER.example"),
        ("{}@bücher.example", "{}@bu\u0308cher.example"),
        ("{}@bücher.example", "{}@bücher\u3002example"),
        ("{}@example.com", " {}@example.com\r\n"),
        ("\u3000{}@example.com\ufeff", "\t{}@example.com"),
    ],
)
def test_knows_an_email_again_in_another_spelling(stranger, first, second):
    local = new_email().partition("@")[0]
    succeeded(register(stranger, first.format(local), new_password()))
    refused(register(stranger, second.format(local.upper()), new_password()), 409, 200001)


def test_keeps_an_email_without_the_white_space_around_it(server, stranger):
    person = Person.unknown()
    succeeded(register(stranger, f" {person.email}\u3000", person.password))
    assert granted(person.app(server).get("/api/account"))["email"] == person.email


def test_keeps_apart_emails_that_differ_by_a_dot_or_a_plus(stranger):
    local = new_email().partition("@")[0]
    for email in (f"{local}@example.com", f"{local[:4]}.{local[4:]}@example.com", f"{local}+x@example.com"):
        succeeded(register(stranger, email, new_password()))


@pytest.mark.parametrize(
    "email",
    [
        "nobody",
        "@example.com",
        "nobody@",
        "nobody@localhost",
        "nobody@@example.com",
        "no body@example.com",
        "nobody @example.com",
        " ",
        "nobody@example.com\0",
        ".nobody@example.com",
        "no..body@example.com",
        "nobody.@example.com",
        '"no body"@example.com',
        "nobody@[127.0.0.1]",
        "nobody@example..com",
        "nobody@-example.com",
        "nobody@exa_mple!.com",
        "nöbody@example.com",
        "nobody@\u2260.example",
        "\u212anobody@example.com",
        "nobody@" + "a" * 64 + ".com",
        "n" * 250 + "@example.com",
    ],
)
def test_refuses_what_is_no_email(stranger, email):
    invalid(register(stranger, email, new_password()), 200003, "email", "invalid")


@pytest.mark.parametrize(
    "password, reason",
    [
        ("sh0rt-7", "too_short"),
        ("é" * 257, "too_long"),
        ("\N{PINEAPPLE}" * 257, "too_long"),
        ("a" * 1025, "too_long"),
        ("password", "common"),
        ("12345678", "common"),
        ("PASSWORD", "common"),
        ("userinfo", "contains_context"),
        ("UserInfo2024", "contains_context"),
        ("before\0after-it", "not_allowed"),
        ("unassigned \u0378 code point", "not_allowed"),
    ],
)
def test_refuses_a_bad_password(stranger, password, reason):
    invalid(register(stranger, new_email(), password), 200003, "password", reason)


def test_refuses_the_email_or_its_local_part_as_password(stranger):
    email = new_email()
    for password in (email, email.upper(), email.partition("@")[0]):
        invalid(register(stranger, email, password), 200003, "password", "contains_context")


@pytest.mark.parametrize(
    "bytes_sent", [b"%ff%fe-not-text", b"%c3-cut-off-%c3", b"%ed%a0%80-surrogate", b"%c0%af-overlong"]
)
def test_refuses_a_password_that_is_not_utf8(stranger, bytes_sent):
    body = b"email=" + new_email().encode() + b"&password=" + bytes_sent
    reply = stranger.post(REGISTER, body=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    invalid(reply, 200003, "password", "not_utf8")


def test_blanks_around_a_password_belong_to_it(server):
    person = Person(new_email(), f"  {new_password()}\t ")
    succeeded(person.register(Client(server)))
    for other in (person.password.strip(), person.password.lstrip(), person.password.rstrip(), person.password + " "):
        refused(Person(person.email, other).log_in(Client(server)), 401, 200007)
    succeeded(person.log_in(Client(server)))


@pytest.mark.parametrize("password", ["8 chars!", "\N{PINEAPPLE}" * 256, "x y" * 85, "  blanks around, kept  "])
def test_takes_every_password_within_the_limits(server, password):
    person = Person(new_email(), password)
    succeeded(person.register(Client(server)))
    succeeded(person.log_in(Client(server)))
    refused(Person(person.email, password[:-1]).log_in(Client(server)), 401, 200007)


@pytest.mark.parametrize(
    "typed, typed_again",
    [
        ("A\u030angstr\u00f6m unit", "\u00c5ngstr\u00f6m unit"),
        ("\u212bngstr\u00f6m unit", "\u00c5ngstro\u0308m unit"),
        ("\uff53\uff45\uff43\uff52\uff45\uff54 plain", "secret plain"),
    ],
)
def test_takes_a_password_in_every_form_a_keyboard_makes_of_it(server, typed, typed_again):
    email = new_email()
    succeeded(Person(email, typed).register(Client(server)))
    succeeded(Person(email, typed_again).log_in(Client(server)))


@pytest.mark.parametrize("field", ["email", "password"])
def test_names_a_missing_field(stranger, field):
    fields = Person.unknown().credentials
    del fields[field]
    invalid(stranger.post(REGISTER, form=fields), 200003, field, "missing")
    invalid(stranger.post(REGISTER, json=fields), 200003, field, "missing")
    invalid(stranger.post(REGISTER, json={**fields, field: None}), 200003, field, "missing")


@pytest.mark.parametrize("field, reason", [("email", "invalid"), ("password", "too_short")])
def test_an_empty_field_is_not_a_missing_one(stranger, field, reason):
    fields = {**Person.unknown().credentials, field: ""}
    invalid(stranger.post(REGISTER, form=fields), 200003, field, reason)
    invalid(stranger.post(REGISTER, json=fields), 200003, field, reason)
    invalid(stranger.post("/api/account/login", form=fields), 200006, field, reason)


def test_names_a_field_given_twice(stranger):
    person = Person.unknown()
    twice = [*person.credentials.items(), ("password", new_password())]
    invalid(stranger.post(REGISTER, form=twice), 200003, "password", "duplicate")
    text = '{"email": "%s", "password": "%s", "email": "%s"}' % (person.email, person.password, new_email())
    reply = stranger.post(REGISTER, body=text.encode(), headers={"Content-Type": "application/json"})
    invalid(reply, 200003, "email", "duplicate")


@pytest.mark.parametrize("value", [12345678901, True, ["a list of one"], {"an": "object"}])
@pytest.mark.parametrize("field", ["email", "password"])
def test_names_a_field_of_the_wrong_type(stranger, field, value):
    fields = {**Person.unknown().credentials, field: value}
    invalid(stranger.post(REGISTER, json=fields), 200003, field, "wrong_type")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '"text"', "null", '{"email": }', '{"a": 1} {"b": 2}', '{"a": "\ud800"}'], ids=ascii
)
def test_refuses_a_body_that_is_no_json_object(stranger, text):
    body = text.encode(errors="surrogatepass")
    reply = stranger.post(REGISTER, body=body, headers={"Content-Type": "application/json"})
    assert reply.status == 400, reply


def test_a_refused_register_leaves_no_account(server, stranger):
    email = new_email()
    invalid(register(stranger, email, "sh0rt-7"), 200003, "password", "too_short")
    refused(Person(email, "sh0rt-7").log_in(stranger), 401, 200007)
    person = Person(email, new_password())
    succeeded(person.register(stranger))
    assert granted(person.app(server).get("/api/account"))["email"] == email
