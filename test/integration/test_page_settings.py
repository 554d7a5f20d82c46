"""What pages are told of the limits of what people type: it is what the service then keeps to."""

from datetime import date, timedelta

from client import Client
from expect import granted, invalid, succeeded
from people import Person, new_email

SETTINGS = "/api/pages/settings"
PROFILE = "/api/user/profile"
PASSWORD = "/api/account/password"
REGISTER_REFUSED, PASSWORD_REFUSED, PROFILE_REFUSED = 200003, 200014, 100004


def test_anybody_is_told_the_limits_and_may_keep_them_for_a_minute(stranger):
    reply = stranger.get(SETTINGS)
    assert granted(reply) == {
        "password": {"shortest": 8, "shortest_at_registration": 8, "longest": 256},
        "username": {"longest": 64},
        "birthday": {"earliest": "1900-01-01"},
    }
    assert reply.header("Cache-Control") == "public, max-age=60"


def test_what_any_cache_may_keep_is_of_nobody(person, server):
    browser = person.browser(server)
    del browser.cookies["access_token"]
    reply = browser.get(SETTINGS)
    assert granted(reply) and reply.cookies == {}


def test_a_refusal_is_kept_by_nobody(stranger):
    reply = stranger.post(SETTINGS)
    assert (reply.status, reply.header("Cache-Control")) == (405, "no-store")


def test_the_shortest_password_is_the_one_that_is_set(make_server):
    server = make_server(PASSWORDS_SHORTEST="15")
    stranger = Client(server)
    limits = granted(stranger.get(SETTINGS))["password"]
    assert limits == {"shortest": 15, "shortest_at_registration": 15, "longest": 256}
    password = "tjqmzkwbpdxrvhl" * 20
    invalid(Person(new_email(), password[:14]).register(stranger), REGISTER_REFUSED, "password", "too_short")
    invalid(Person(new_email(), password[:257]).register(stranger), REGISTER_REFUSED, "password", "too_long")
    for length in limits.values():
        succeeded(Person(new_email(), password[:length]).register(stranger))


def test_the_reference_system_takes_shorter_passwords_at_registration_only(make_server):
    server = make_server(COMPATIBILITY_REFERENCE="true", PASSWORDS_SHORTEST="15")
    stranger = Client(server)
    limits = granted(stranger.get(SETTINGS))["password"]
    assert limits == {"shortest": 15, "shortest_at_registration": 6, "longest": 256}
    password = "tjqmzkwbpdxrvhl"
    invalid(Person(new_email(), password[:5]).register(stranger), REGISTER_REFUSED, "password", "too_short")
    person = Person(new_email(), password[:6])
    succeeded(person.register(stranger))
    app = person.app(server)
    change = {"current_password": password[:6], "new_password": password[:14]}
    invalid(app.post(PASSWORD, form=change), PASSWORD_REFUSED, "new_password", "too_short")
    granted(app.post(PASSWORD, form=change | {"new_password": password}))


def test_a_profile_may_be_all_that_the_limits_say(app):
    limits = granted(app.get(SETTINGS))
    longest = limits["username"]["longest"]
    earliest = limits["birthday"]["earliest"]
    too_early = (date.fromisoformat(earliest) - timedelta(days=1)).isoformat()
    invalid(app.post(PROFILE, form={"username": "x" * (longest + 1)}), PROFILE_REFUSED, "username", "too_long")
    invalid(
        app.post(PROFILE, form={"username": "Ada", "birthday": too_early}), PROFILE_REFUSED, "birthday", "out_of_range"
    )
    succeeded(app.post(PROFILE, form={"username": "x" * longest, "birthday": earliest}))
