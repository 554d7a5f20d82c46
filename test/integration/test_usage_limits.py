"""What somebody who is logged in may do in a minute, and what a refresh token costs that is not ours"""

import base64
import secrets

import pytest

from client import Client
from expect import alive, granted, refused, succeeded
from figures import figures
from people import Person, first_token, refresh

PROFILE = "/api/user/profile"
GUESSES = 300


@pytest.fixture
def server(make_server):
    limits = {
        "ATTEMPTS_REFRESHES_PER_SESSION": "3",
        "ATTEMPTS_REFRESHES_PER_SOURCE": "5",
        "ATTEMPTS_WRITES_PER_SESSION": "3",
        "ATTEMPTS_WRITES_PER_SOURCE": "5",
        "ATTEMPTS_FORCED_READS_PER_SESSION": "3",
        "ATTEMPTS_FORCED_READS_PER_SOURCE": "5",
    }
    return make_server(**limits)


def admitted(calls):
    """How many of these were not refused; the others have to wait for at most 20 s."""
    count = 0
    for reply in calls:
        if reply.status == 429:
            refused(reply, 429, 200010)
            assert 1 <= int(reply.header("Retry-After")) <= 20
        else:
            count += 1
    return count


def test_a_session_refreshes_so_often_and_all_of_its_source_a_little_more(server, person):
    one, other = person.app(server), person.app(server)
    assert admitted(refresh(server, one.refresh_token) for _ in range(10)) == 3
    assert admitted(refresh(server, other.refresh_token) for _ in range(10)) == 2
    alive(one)


def test_a_renewal_that_is_refused_keeps_the_cookies(server, person):
    browser = person.browser(server)
    del browser.cookies["access_token"]
    browser._keep_cookies = lambda reply: None
    for _ in range(3):
        granted(browser.get("/api/account"))
    reply = refused(browser.get("/api/account"), 429, 200010)
    assert reply.cookies == {}


def test_a_session_writes_its_profile_so_often_and_all_of_its_source_a_little_more(server, person):
    one, other = person.app(server), person.app(server)
    succeeded(one.post(PROFILE, form={"username": "Ada"}))
    assert admitted(one.put(PROFILE, form={"username": "Ada"}) for _ in range(10)) == 2
    assert admitted(other.delete(PROFILE) for _ in range(10)) == 2
    refused(one.delete(PROFILE), 429, 200010)
    assert one.get(PROFILE).status == 404, "reads go on"


def test_a_session_forces_reads_so_often_and_all_of_its_source_a_little_more(server, person):
    one, other = person.app(server), person.app(server)
    seen = succeeded(one.post(PROFILE, form={"username": "Ada"})).header("Userinfo-Version")
    account = seen.split(".")[0]
    versions = iter(range(1000, 0, -1))

    def read(app):
        return app.get(PROFILE, headers={"Userinfo-Version": f"{account}.{next(versions)}"})

    assert admitted(read(one) for _ in range(10)) == 3
    assert admitted(read(other) for _ in range(10)) == 2
    granted(one.get(PROFILE, headers={"Userinfo-Version": seen}))
    granted(one.get(PROFILE))


def reads(server):
    name = "userinfo_storage_seconds_count"
    return sum(value for key, value in figures(server).items() if key.startswith(name) and 'operation="read"' in key)


def test_a_refresh_token_that_is_not_ours_costs_no_read_of_the_database(make_server):
    server = make_server()
    app = Person.registered(server).app(server)
    head = base64.urlsafe_b64decode(app.refresh_token + "=")[:1]
    guesses = [base64.urlsafe_b64encode(head + secrets.token_bytes(88)).decode().rstrip("=") for _ in range(GUESSES)]
    before = reads(server)
    for guess in guesses:
        refused(refresh(server, guess), 401, 200008)
        succeeded(Client(server).post("/api/account/logout", form={"refresh_token": guess}))
    # The server reads by itself meanwhile, a few times a second.
    assert reads(server) - before < GUESSES / 3
    granted(refresh(server, app.refresh_token))


def test_guesses_in_the_old_form_cost_few_reads(make_server):
    server = make_server()
    app = Person.registered(server).app(server)
    before = reads(server)
    replies = [refresh(server, first_token()) for _ in range(GUESSES)]
    assert {reply.status for reply in replies} == {401, 429}
    assert reads(server) - before < GUESSES / 2
    granted(refresh(server, app.refresh_token))
