"""`userinfo keys revoke`: what a key has signed is worth nothing from then on"""

import time
import uuid

import pytest

from client import Client
from expect import alive, failed, granted, refused
from people import refresh
from server_keys import kid_in, kid_of, published, verify

pytestmark = pytest.mark.embedded

NOTICE_SECONDS = 2  # within which a server knows what a verb did


@pytest.fixture
def server(make_server):
    return make_server()


def test_a_revoked_access_key_holds_within_two_seconds_and_the_server_goes_on(server, person):
    app, browser = person.app(server), person.browser(server)
    old = kid_in(app.bearer)
    began = time.monotonic()
    output = server.succeed("keys", "revoke", "--", old)
    assert time.monotonic() - began < NOTICE_SECONDS + 3
    refused(app.get("/api/account"), 401, 200009)
    alive(browser)
    assert kid_in(browser.cookies["access_token"]) != old
    assert published(server).keys() == {kid_of(server, "access")}
    assert kid_of(server, "access") in output
    grant = granted(refresh(server, app.refresh_token))
    verify(server, grant["access_token"], published(server))
    alive(person.app(server))


def test_a_forger_with_a_revoked_key_gets_nowhere(server, person):
    """The token is right in all but that its key is gone."""
    token = person.app(server).bearer
    server.succeed("keys", "revoke", "--", kid_in(token))
    refused(Client(server, bearer=token).get("/api/account"), 401, 200009)
    refused(Client(server, cookies={"access_token": token}).get("/api/account"), 401, 200009)


def test_a_revoked_refresh_key_ends_the_sessions_that_it_signed(server, person):
    app = person.app(server)
    server.succeed("keys", "revoke", kid_of(server, "refresh"))
    refused(refresh(server, app.refresh_token), 401, 200008)
    later = person.app(server)
    granted(refresh(server, later.refresh_token))


def test_a_key_that_waits_can_be_revoked(server):
    server.succeed("keys", "rotate", "access")
    active, waiting = kid_of(server, "access"), kid_of(server, "access", "next")
    assert server.succeed("keys", "revoke", "--", waiting) == f"{waiting} is gone\n"
    assert kid_of(server, "access") == active
    server.succeed("keys", "rotate", "access")


def test_says_which_key_cannot_be_revoked(server):
    for kid in ("-unknown", str(uuid.uuid4())):
        failed(server.run("keys", "revoke", "--", kid), "no key", kid)
    kid = kid_of(server, "refresh")
    server.succeed("keys", "revoke", kid)
    failed(server.run("keys", "revoke", kid), "gone already", kid)
