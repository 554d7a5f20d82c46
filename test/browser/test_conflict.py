"""Two edits of one profile that meet."""

import pytest

from journeys import enter
from page import Page


@pytest.fixture
def late(page, browser, server, ada):
    """An edit of the name, while a program changes name and birthday."""
    browser.expected = {"412"}
    enter(page, ada).press("Edit profile").type("Username", "Ada King")
    change(server, ada, username="Countess of Lovelace", birthday="1915-12-10")
    page.press("Save changes").heading("Your profile was changed elsewhere", level=2)
    return page


def change(server, person, **changes):
    reply = person.app(server).put("/api/user/profile", json=changes)
    assert reply.status == 200, reply


def saved(server, person):
    data = person.app(server).get("/api/user/profile").data
    return data["username"], data["birthday"]


def choices(page, name):
    """{what it says: whether it is chosen}"""
    options = page.driver.find_elements("css selector", f"input[type=radio][name={name}]")
    return {each.accessible_name.replace("\n", " "): each.is_selected() for each in options}


def test_both_versions_are_shown_and_what_only_one_changed_is_chosen(late):
    assert choices(late, "username") == {"Yours Ada King": True, "Saved meanwhile Countess of Lovelace": False}
    assert choices(late, "birthday") == {"Yours December 10, 1990": False, "Saved meanwhile December 10, 1915": True}
    assert choices(late, "avatar") == {}
    assert late.focused.text == "Your profile was changed elsewhere"


def test_the_choice_is_what_is_saved(late, server, ada):
    late.press("Save this choice").says("Your profile is saved.")
    assert saved(server, ada) == ("Ada King", "1915-12-10")


def test_each_field_can_be_chosen_by_itself(late, server, ada):
    late.click(late.field("Saved meanwhile Countess of Lovelace")).click(late.field("Yours December 10, 1990"))
    late.press("Save this choice").says("Your profile is saved.")
    assert saved(server, ada) == ("Countess of Lovelace", "1990-12-10")


def test_all_that_was_saved_meanwhile_can_be_kept(late, server, ada):
    late.press("Keep what was saved meanwhile").heading("Countess of Lovelace", level=2)
    assert saved(server, ada) == ("Countess of Lovelace", "1915-12-10")


def test_a_choice_that_is_too_late_again_is_asked_for_again(late, server, ada):
    change(server, ada, username="Augusta Ada")
    late.press("Save this choice").shows("Augusta Ada")
    late.press("Save this choice").says("Your profile is saved.")
    assert saved(server, ada) == ("Ada King", "1915-12-10")


def test_only_what_differs_is_asked_for_again(page, browser, server, ada):
    browser.expected = {"412"}
    enter(page, ada).press("Edit profile").type("Username", "Ada King")
    change(server, ada, username="Countess of Lovelace")
    page.press("Save changes").heading("Your profile was changed elsewhere", level=2)
    change(server, ada, username="Augusta Ada")
    page.press("Save this choice").shows("Augusta Ada")
    assert choices(page, "username") == {"Yours Ada King": True, "Saved meanwhile Augusta Ada": False}
    assert choices(page, "birthday") == choices(page, "avatar") == {}


def test_an_edit_that_goes_on_later_is_still_one_of_the_version_that_it_began_with(page, browser, server, ada):
    browser.expected = {"412"}
    enter(page, ada).press("Edit profile").type("Username", "Ada King").follow("Security").button("Change password")
    change(server, ada, birthday="1915-12-10", avatar="https://example.com/ada")
    page.follow("Profile").press("Save changes").heading("Your profile was changed elsewhere", level=2)
    assert choices(page, "birthday") == {"Yours December 10, 1990": False, "Saved meanwhile December 10, 1915": True}
    page.press("Save this choice").says("Your profile is saved.")
    assert saved(server, ada) == ("Ada King", "1915-12-10")


def test_a_first_profile_that_goes_on_later_does_not_replace_one_that_was_made_meanwhile(page, browser, server, person):
    browser.expected = {"404"}
    enter(page, person).type("Username", "Ada King").follow("Security").button("Change password")
    assert person.app(server).post("/api/user/profile", json={"username": "Countess of Lovelace"}).status == 200
    page.follow("Profile").heading("Your profile was changed elsewhere", level=2)
    assert choices(page, "username") == {"Yours Ada King": True, "Saved meanwhile Countess of Lovelace": False}
    page.press("Save this choice").says("Your profile is saved.").heading("Ada King", level=2)


def test_two_edits_that_agree_are_no_conflict(page, browser, server, ada):
    browser.expected = {"412"}
    enter(page, ada).press("Edit profile").type("Username", "Ada King")
    change(server, ada, username="Ada King")
    page.press("Save changes").says("Your profile is saved.")


def test_a_profile_that_was_made_meanwhile_is_not_written_over(page, browser, server, person):
    browser.expected = {"404", "409"}
    enter(page, person).heading("Set up your profile")
    reply = person.app(server).post("/api/user/profile", json={"username": "Countess of Lovelace"})
    assert reply.status == 200, reply
    page.type("Username", "Ada King").press("Create profile").heading("Your profile was changed elsewhere", level=2)
    page.press("Keep what was saved meanwhile").heading("Countess of Lovelace", level=2)


def test_a_profile_that_was_removed_meanwhile_can_be_made_again_from_what_was_typed(page, browser, server, ada):
    browser.expected = {"404", "412"}
    enter(page, ada).press("Edit profile").type("Username", "Ada King")
    assert ada.app(server).delete("/api/user/profile").status == 200
    page.press("Save changes").button("Create profile")
    page.press("Create profile").says("Your profile is there.")
    assert saved(server, ada) == ("Ada King", "1990-12-10")


def test_two_browsers_see_it_alike(make_browser, page, browser, server, ada):
    second = make_browser()
    second.expected = {"412"}
    other = enter(Page(second, server), ada).press("Edit profile").type("Username", "From the second")
    enter(page, ada).press("Edit profile").type("Username", "From the first").press("Save changes")
    page.says("Your profile is saved.")
    other.press("Save changes").heading("Your profile was changed elsewhere", level=2)
    other.press("Save this choice").says("Your profile is saved.")
    page.open("/profile").heading("From the second", level=2)
