"""The pages tell the service which version of the profile they have shown, so that no server shows them an older one."""

from urllib.parse import urlsplit

from journeys import enter


def brought(browser, method):
    """What each such call of the profile has told, without the account."""
    calls = [
        request["params"]["request"]
        for request in browser.network()
        if request["method"] == "Network.requestWillBeSent"
        and urlsplit(request["params"]["request"]["url"]).path == "/api/user/profile"
        and request["params"]["request"]["method"] == method
    ]
    versions = (call["headers"].get("Userinfo-Version") for call in calls)
    return [version and version.rpartition(".")[2] for version in versions]


def test_a_read_brings_the_version_that_was_shown_last(page, browser, ada):
    before = len(brought(browser, "GET"))
    enter(page, ada)
    for username in ("Ada King", "Countess of Lovelace"):
        page.press("Edit profile").type("Username", username).press("Save changes").says("Your profile is saved.")
        page.heading(username, level=2)
    assert brought(browser, "GET")[before:] == [None, "2", "3"]
    assert brought(browser, "PUT")[-2:] == [None, None]  # a write does not depend on it
