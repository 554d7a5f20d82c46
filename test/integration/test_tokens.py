"""Access tokens, checked with python3-jwt and the published keys alone, as another service would; and forged ones."""

import base64
import hashlib
import hmac
import json
import time
import uuid

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from client import Client
from expect import alive, ended, granted, refused
from people import NOBODYS_ID, Person, refresh


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def join(header, payload, signature):
    return ".".join((encode(json.dumps(header).encode()), encode(json.dumps(payload).encode()), signature))


KEY_SET = "/.well-known/jwks.json"
OPEN, POLICY = "Access-Control-Allow-Origin", "Cross-Origin-Resource-Policy"


def parts(token):
    """Header, payload and signature; the first two as objects."""
    header, payload, signature = token.split(".")
    return json.loads(decode(header)), json.loads(decode(payload)), signature


def published_keys(server):
    reply = Client(server).get(KEY_SET)
    assert reply.status == 200
    return reply.json["keys"]


def public_key(server, token):
    kid = jwt.get_unverified_header(token)["kid"]
    (key,) = [key for key in published_keys(server) if key["kid"] == kid]
    return jwt.PyJWK(key).key


def verified(server, token):
    """The claims, as an independent party sees them."""
    required = ["iss", "aud", "sub", "iat", "exp", "jti"]
    key = public_key(server, token)
    return jwt.decode(token, key, ["ES256"], audience="userinfo", issuer=server.url, options={"require": required})


def refuse(server, token):
    refused(Client(server, bearer=token).get("/api/account"), 401, 200008)


def test_another_party_can_verify_a_token(server, app):
    claims = verified(server, app.bearer)
    assert claims["sub"] == granted(app.get("/api/account"))["account_id"]
    assert jwt.get_unverified_header(app.bearer)["typ"] == "at+jwt"
    assert jwt.get_unverified_header(app.bearer)["alg"] == "ES256"


def test_the_cookie_is_such_a_token_too(server, browser):
    assert verified(server, browser.cookies["access_token"])["aud"] == "userinfo"


def test_a_token_says_what_rfc_9068_asks_for_and_never_the_email(server, app, person):
    claims = verified(server, app.bearer)
    assert claims.keys() == {"iss", "aud", "sub", "sid", "gen", "client_id", "iat", "exp", "jti", "auth_time", "amr"}
    for name in ("sub", "sid", "jti"):
        assert str(uuid.UUID(claims[name])) == claims[name]
    assert claims["client_id"] == "userinfo"
    assert claims["amr"] == ["pwd"]
    assert claims["exp"] - claims["iat"] == 15 * 60
    assert abs(claims["iat"] - time.time()) < 30
    assert claims["auth_time"] <= claims["iat"]
    assert person.email not in json.dumps(parts(app.bearer)[:2])


def test_no_two_tokens_are_the_same(server, person, app):
    another = person.app(server)
    one, other = verified(server, app.bearer), verified(server, another.bearer)
    assert one["jti"] != other["jti"] and one["sid"] != other["sid"] and one["sub"] == other["sub"]
    renewed = granted(refresh(server, app.refresh_token))
    tokens = [app.bearer, app.refresh_token, another.bearer, another.refresh_token]
    assert len({*tokens, renewed["access_token"], renewed["refresh_token"]}) == 6


def test_a_renewed_token_keeps_the_time_of_the_log_in(server, app):
    reply = refresh(server, app.refresh_token)
    before, after = verified(server, app.bearer), verified(server, granted(reply)["access_token"])
    assert (before["auth_time"], before["sid"], before["amr"]) == (after["auth_time"], after["sid"], after["amr"])
    assert before["jti"] != after["jti"]


def test_publishes_only_public_keys(server):
    keys = published_keys(server)
    assert keys
    for key in keys:
        assert "d" not in key
        assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("EC", "P-256", "ES256", "sig")


def test_anybody_may_keep_the_public_keys_for_a_while(server):
    keys = Client(server).get(KEY_SET)
    assert keys.header("Cache-Control") == "public, max-age=300"
    again = Client(server).get(KEY_SET, headers={"If-None-Match": keys.header("ETag")})
    assert (again.status, again.header("ETag"), again.header("Cache-Control"), again.header(OPEN)) == (
        304, keys.header("ETag"), "public, max-age=300", "*"
    )
    assert Client(server).get(KEY_SET, headers={"If-None-Match": '"another"'}).json == keys.json
    assert Client(server).get(KEY_SET, headers={"If-Match": keys.header("ETag")}).status == 200
    assert Client(server).get(KEY_SET, headers={"If-Match": '"another"'}).status == 412


def test_pages_of_any_site_may_read_the_public_keys_and_nothing_else(server, app):
    keys = Client(server).get(KEY_SET, headers={"Origin": "https://elsewhere.example"})
    assert (keys.header(OPEN), keys.header(POLICY)) == ("*", None)
    for reply in (app.get("/api/account"), Client(server).get("/healthz"), Client(server).post(KEY_SET)):
        assert (reply.header(OPEN), reply.header(POLICY)) == (None, "same-origin")


def test_the_issuer_is_the_public_url(make_server):
    server = make_server(PUBLIC_URL="https://accounts.example")
    app = Person.registered(server).app(server)
    assert parts(app.bearer)[1]["iss"] == "https://accounts.example"


def test_refuses_a_token_without_signature(server, app):
    header, payload, signature = parts(app.bearer)
    for algorithm in ("none", "None", "NONE", ""):
        refuse(server, join({**header, "alg": algorithm}, payload, ""))
        refuse(server, join({**header, "alg": algorithm}, payload, signature))
    refuse(server, app.bearer.rpartition(".")[0] + ".")
    refuse(server, app.bearer.rpartition(".")[0])


@pytest.mark.parametrize(
    "encoding, form",
    [
        (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        (Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        (Encoding.X962, PublicFormat.UncompressedPoint),
    ],
)
def test_refuses_a_mac_made_with_the_public_key(server, app, encoding, form):
    header, payload, _ = parts(app.bearer)
    secret = public_key(server, app.bearer).public_bytes(encoding, form)
    signed = join({**header, "alg": "HS256"}, payload, "").removesuffix(".")
    refuse(server, signed + "." + encode(hmac.new(secret, signed.encode(), hashlib.sha256).digest()))


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"kid": "unknown"},
        {"kid": ""},
        {"kid": "../../../etc/passwd"},
        {"typ": "JWT"},
        {"typ": None},
        {"crit": ["exp"]},
        {"jku": "http://127.0.0.1:1/keys"},
        {"x5u": "http://127.0.0.1:1/keys"},
    ],
)
def test_refuses_a_token_signed_by_another_key(server, app, change):
    header, payload, _ = parts(app.bearer)
    refuse(server, jwt.encode(payload, ec.generate_private_key(ec.SECP256R1()), "ES256", headers={**header, **change}))


def test_refuses_a_key_that_the_token_brings_itself(server, app):
    header, payload, _ = parts(app.bearer)
    key = ec.generate_private_key(ec.SECP256R1())
    numbers = key.public_key().public_numbers()
    x, y = (encode(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
    own = {"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": header["kid"]}
    refuse(server, jwt.encode(payload, key, "ES256", headers={**header, "jwk": own}))


@pytest.mark.parametrize(
    "change",
    [
        {"sub": NOBODYS_ID},
        {"sid": NOBODYS_ID},
        {"aud": "another"},
        {"iss": "http://evil.example"},
        {"exp": 4_000_000_000},
    ],
)
def test_refuses_a_changed_payload(server, app, change):
    header, payload, signature = parts(app.bearer)
    refuse(server, join(header, {**payload, **change}, signature))


@pytest.mark.listener  # nginx turns so large a header away
@pytest.mark.parametrize("size", [8_192, 8_193, 15_900])
def test_refuses_a_token_of_any_length(server, size):
    refuse(server, "a" * size)


@pytest.mark.parametrize("change", [{"typ": "JWT"}, {"typ": "at+jwt", "crit": []}, {"kid": "unknown"}, {"jwk": {}}])
def test_refuses_a_changed_header(server, app, change):
    header, payload, signature = parts(app.bearer)
    refuse(server, join({**header, **change}, payload, signature))


def test_refuses_a_changed_signature(server, app):
    head, _, signature = app.bearer.rpartition(".")
    for place in (0, len(signature) // 2, len(signature) - 2):
        other = "A" if signature[place] != "A" else "B"
        refuse(server, f"{head}.{signature[:place]}{other}{signature[place + 1:]}")
    for changed in (signature[:-4], signature + "AAAA", "A" * len(signature), "", signature + "=="):
        refuse(server, f"{head}.{changed}")
    alive(app)


def test_refuses_a_token_of_another_server(server, make_server):
    elsewhere = make_server()
    token = Person.registered(elsewhere).app(elsewhere).bearer
    refuse(server, token)


@pytest.mark.parametrize("setting, value", [("PUBLIC_URL", "https://elsewhere.example"), ("TOKENS_AUDIENCE", "another")])
def test_refuses_a_token_for_another_issuer_or_audience_even_if_the_key_is_the_same(make_server, setting, value):
    server = make_server()
    app = Person.registered(server).app(server)
    server.stop()
    server.settings[setting] = value
    server.start()
    refused(Client(server, bearer=app.bearer).get("/api/account"), 401, 200009)


@pytest.mark.parametrize(
    "token", ["x", "a.b", "a.b.c", "a.b.c.d", "..", "...", "é.é.é", "e30.e30.e30", "A" * 5000, "=.=.="]
)
def test_refuses_what_is_no_token(server, token):
    refuse(server, token)


def test_refuses_a_refresh_token_in_the_place_of_an_access_token(server, app, browser):
    refuse(server, app.refresh_token)
    ended(Client(server, cookies={"access_token": browser.cookies["refresh_token"]}))


def test_an_access_token_of_a_cookie_session_is_no_way_around_its_end(server, browser):
    token = browser.cookies["access_token"]
    granted(browser.post("/api/account/logout"))
    refuse(server, token)


@pytest.mark.parametrize("scheme", ["Basic", "Token", "DPoP"])
def test_knows_no_other_scheme_than_bearer(server, app, scheme):
    refused(Client(server).get("/api/account", headers={"Authorization": f"{scheme} {app.bearer}"}), 401, 200008)


def test_takes_the_name_of_the_scheme_in_any_case(server, app):
    granted(Client(server).get("/api/account", headers={"Authorization": f"bearer {app.bearer}"}))
