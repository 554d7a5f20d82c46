"""What a profile may hold: both creating and changing it keep the same rules."""

from datetime import datetime, timedelta, timezone

import pytest

from expect import granted, invalid, succeeded

PROFILE = "/api/user/profile"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CREATE, UPDATE = 100004, 100002


def day(offset):
    """The date of today in UTC, and `offset` days on."""
    return (datetime.now(timezone.utc) + timedelta(days=offset)).date().isoformat()


def refuse_both(app, field, value, reason):
    """Creating and then updating are refused for the same reason, and change nothing."""
    invalid(app.post(PROFILE, json={"username": "Ada", field: value}), CREATE, field, reason)
    succeeded(app.post(PROFILE, json={"username": "Ada"}))
    invalid(app.put(PROFILE, json={field: value}), UPDATE, field, reason)
    reply = app.get(PROFILE)
    assert (granted(reply)["username"], reply.header("ETag")) == ("Ada", '"1"')


def test_a_new_profile_needs_a_username(app):
    invalid(app.post(PROFILE, form={"birthday": "2000-01-01"}), CREATE, "username", "missing")
    invalid(app.post(PROFILE), CREATE, "username", "missing")


def test_what_is_null_in_a_new_profile_is_as_if_absent(app):
    succeeded(app.post(PROFILE, json={"username": "Ada", "birthday": None, "avatar": None}))
    profile = granted(app.get(PROFILE))
    assert (profile["birthday"], profile["avatar"]) == ("", "")


@pytest.mark.parametrize(
    "username, reason",
    [
        ("", "missing"),
        ("   ", "blank"),
        ("\u3000\u00a0\u200b", "blank"),
        ("x" * 65, "too_long"),
        ("\N{PINEAPPLE}" * 65, "too_long"),
        ("line\nbreak", "control_characters"),
        ("tab\there", "control_characters"),
        ("nul\0", "control_characters"),
        ("bell\x07", "control_characters"),
        ("c1 \u0085", "control_characters"),
        ("line \u2028 separator", "control_characters"),
        ("right \u202e to left", "control_characters"),
        ("\u034f", "blank"),
        ("\ufe0f", "blank"),
        ("\u17b4", "blank"),
        ("\U000e0100 \u3164", "blank"),
        ("noncharacter \ufffe", "not_allowed"),
    ],
)
def test_refuses_a_bad_username(app, username, reason):
    refuse_both(app, "username", username, reason)


@pytest.mark.parametrize("username", ["❤\ufe0f", "葛\U000e0100", "\U0002ebf0", "\u0378", " Ada "])
def test_takes_a_name_with_what_cannot_be_seen_or_is_newer_than_the_tables(app, username):
    succeeded(app.post(PROFILE, json={"username": username}))
    assert granted(app.get(PROFILE))["username"] == username


def test_refuses_a_username_that_is_not_utf8(app):
    invalid(app.post(PROFILE, body=b"username=%ff%fe", headers=FORM), CREATE, "username", "not_utf8")
    succeeded(app.post(PROFILE, form={"username": "Ada"}))
    invalid(app.put(PROFILE, body=b"username=%c3", headers=FORM), UPDATE, "username", "not_utf8")


@pytest.mark.parametrize(
    "birthday",
    [
        "yesterday",
        "2001-02-29",
        "1900-02-29",
        "2000-13-01",
        "2000-00-10",
        "2000-04-31",
        "2000-1-1",
        "20000101",
        "01.01.2000",
        "2000-01-01T00:00:00Z",
        " 2000-01-01",
        "2000-01-01 ",
        "+2000-01-01",
        "-2000-01-01",
        "٢٠٠٠-01-01",
    ],
)
def test_refuses_a_birthday_that_is_no_date(app, birthday):
    refuse_both(app, "birthday", birthday, "invalid")


@pytest.mark.parametrize("birthday", ["1899-12-31", "0001-01-01", "9999-12-31"])
def test_refuses_a_birthday_too_early_or_to_come(app, birthday):
    refuse_both(app, "birthday", birthday, "out_of_range")


@pytest.mark.parametrize("birthday", ["1900-01-01", "2000-02-29", "1970-01-01"])
def test_takes_every_real_birthday(app, birthday):
    succeeded(app.post(PROFILE, form={"username": "Ada", "birthday": birthday}))
    assert granted(app.get(PROFILE))["birthday"] == birthday


def test_a_birthday_may_be_yesterday_but_not_in_two_days(app):
    succeeded(app.post(PROFILE, form={"username": "Ada", "birthday": day(-1)}))
    invalid(app.put(PROFILE, form={"birthday": day(2)}), UPDATE, "birthday", "out_of_range")
    assert granted(app.get(PROFILE))["birthday"] == day(-1)


@pytest.mark.parametrize(
    "avatar",
    [
        "ada.png",
        "http://example.com/ada.png",
        "//example.com/ada.png",
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "https://",
        "https:///ada.png",
        "https:example.com",
        "https://user:word@example.com/",
        " https://example.com/",
        "https://example.com/a b",
        "https://example.com/\n",
        'https://example.com/"><script>',
        "https://example.com:65536/",
        "https://example.com%00/",
        "https://example%20.com/",
        "https://example.com%2f/",
        "https://[v1.a]/",
        "https://256.1.1.1/",
    ],
)
def test_refuses_an_avatar_that_is_no_https_url(app, avatar):
    refuse_both(app, "avatar", avatar, "invalid")


def test_refuses_an_avatar_that_is_too_long(app):
    refuse_both(app, "avatar", "https://example.com/" + "a" * 5000, "too_long")


@pytest.mark.parametrize(
    "avatar",
    ["https://example.com", "https://example.com:8443/a/b.png?size=2&x=%20%00#f", "HTTPS://example.com/", "https://a:65535/"],
)
def test_takes_an_https_url_as_it_is(app, avatar):
    succeeded(app.post(PROFILE, form={"username": "Ada", "avatar": avatar}))
    assert granted(app.get(PROFILE))["avatar"].lower() == avatar.lower()


@pytest.mark.parametrize("field", ["username", "birthday", "avatar"])
@pytest.mark.parametrize("value", [7, True, ["x"], {"x": 1}])
def test_refuses_a_field_of_the_wrong_type(app, field, value):
    refuse_both(app, field, value, "wrong_type")


def test_a_username_cannot_be_cleared(app):
    succeeded(app.post(PROFILE, form={"username": "Ada"}))
    invalid(app.put(PROFILE, form={"username": ""}), UPDATE, "username", "missing")
    invalid(app.put(PROFILE, json={"username": None}), UPDATE, "username", "missing")
    assert granted(app.get(PROFILE))["username"] == "Ada"
