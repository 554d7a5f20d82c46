"""The keys of a server, as `userinfo keys`, its database and other services see them."""

import re

import jwt

from client import Client
from database import change
from waiting import wait_until

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
LINE = re.compile(
    rf"(\S+) +(access|refresh|internal) +(next|active|retiring|gone) +({TIME})  ({TIME})  ({TIME}|-) +({TIME}|-) +(\w+)"
)


def keys(server, *options):
    """(kid, purpose, state) of each key."""
    lines = server.succeed("keys", "list", *options).splitlines()
    return [LINE.fullmatch(line).groups()[:3] for line in lines]


def kid_of(server, purpose, state="active"):
    (kid,) = [kid for kid, *what in keys(server) if what == [purpose, state]]
    return kid


def masters(server, *options):
    return {LINE.fullmatch(line)[8] for line in server.succeed("keys", "list", *options).splitlines()}


def let_next_keys_sign(server):
    """Their keys.lead_time is over."""
    change(server, "UPDATE crypto_key SET not_before = 0 WHERE state = 1")


def let_retiring_keys_end(server):
    """What they signed has expired."""
    change(server, "UPDATE crypto_key SET verify_until = 0 WHERE state = 3")


def published(server):
    reply = Client(server).get("/.well-known/jwks.json")
    assert reply.status == 200
    return {key["kid"]: key for key in reply.json["keys"]}


def kid_in(token):
    return jwt.get_unverified_header(token)["kid"]


def verify(server, token, known):
    """As another service does it, which knows these keys."""
    return jwt.decode(token, jwt.PyJWK(known[kid_in(token)]).key, ["ES256"], audience="userinfo", issuer=server.url)


def wait_for_signer(server, person, kid):
    def signs():
        app = person.app(server)
        return kid_in(app.bearer) == kid and app

    return wait_until(signs, f"{kid} signs")
