"""Addresses, languages, and what a browser keeps."""

import json
import re

import pytest
from selenium.webdriver.common.keys import Keys

from journeys import enter, log_in
from client import Client
from page import Page
from people import new_password
from program import ROOT

TITLES = {
    "/register": "Create your account",
    "/login": "Log in",
    "/profile": "Your profile",
    "/security": "Security",
    "/delete-account": "Delete your account",
    "/no/such/page": "There is nothing here",
}
PRIVATE = ["/profile", "/security", "/delete-account"]


@pytest.mark.parametrize("path", PRIVATE)
def test_who_is_not_logged_in_is_led_to_log_in_and_then_where_they_wanted_to_go(page, ada, path):
    page.open(path).comes_to(f"/login?to={path}").says("Log in to go on.")
    page.type("Email address", ada.email).type("Password", ada.password).press("Log in").comes_to(path)


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/login", "javascript:alert(1)", "/api/account", ""])
def test_a_log_in_leads_to_no_foreign_place(page, ada, target):
    log_in(page, ada, f"/login?to={target}", "/profile").heading("Your profile")


@pytest.mark.parametrize("path", [*PRIVATE, "/register", "/login", "/no/such/page"])
def test_each_page_has_a_title_and_survives_a_reload(page, browser, ada, path):
    browser.expected = {"404"}
    if path in PRIVATE:
        log_in(page, ada)
    for _ in range(2):
        page.open(path).heading(TITLES[path])
        assert page.driver.title == f"{TITLES[path]} · userinfo"
        browser.note()


def test_who_is_logged_in_is_not_asked_to_log_in_or_to_register(page, ada):
    log_in(page, ada).heading("Your profile")
    for path in ("/login", "/register", "/"):
        page.open(path).comes_to("/profile").heading("Your profile")


def test_the_focus_goes_to_the_heading_of_the_next_page_and_one_can_go_back(page, ada):
    log_in(page, ada).heading("Your profile").follow("Security").comes_to("/security").heading("Security")
    assert page.focused.text == "Security"
    page.driver.back()
    page.comes_to("/profile").heading("Your profile")
    assert page.focused.text == "Your profile"
    page.driver.forward()
    page.comes_to("/security").heading("Security")


def test_after_a_log_out_no_way_back_shows_the_profile(page, ada):
    log_in(page, ada).heading("Ada Lovelace", level=2).press("Log out").comes_to("/login")
    page.driver.back()
    page.heading("Log in")
    assert "Ada Lovelace" not in page.text()


def test_the_content_can_be_reached_past_the_navigation(page, ada):
    log_in(page, ada).heading("Your profile")
    page.driver.execute_script("document.activeElement.blur(); document.body.tabIndex = -1; document.body.focus()")
    page.tab_to(page.driver.find_element("css selector", ".skip"))


def test_the_way_past_the_navigation_keeps_what_was_typed(page):
    page.open("/register").type("Email address", "ada@example.com")
    skip = page.driver.find_element("css selector", ".skip")
    page.driver.execute_script("arguments[0].focus()", skip)
    page.key(Keys.ENTER).comes_to("/register").key(Keys.TAB)
    assert page.focused == page.field("Email address")
    assert page.focused.get_attribute("value") == "ada@example.com"


def test_an_address_that_does_not_exist_leads_to_the_start(page, browser):
    browser.expected = {"404"}
    page.open("/no/such/page").heading("There is nothing here").follow("Go to the start").comes_to("/login")


def test_a_keeper_of_passwords_comes_to_where_they_are_changed(page, ada):
    log_in(page, ada).open("/.well-known/change-password").comes_to("/security").button("Change password")


def test_no_script_can_read_a_token(page, browser, ada):
    log_in(page, ada).heading("Your profile")
    assert page.driver.execute_script("return document.cookie") == ""
    kept = page.driver.execute_script("return JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert json.loads(kept) == [{}, {}]
    cookies = {each["name"]: each for each in browser.tell("Network.getCookies")["cookies"]}
    assert set(cookies) >= {"access_token", "refresh_token"}
    assert all(each["httpOnly"] for each in cookies.values())
    assert all(each["value"] not in page.driver.page_source for each in cookies.values())


@pytest.mark.parametrize("path", ["/profile", "/security", "/delete-account"])
def test_each_page_of_an_account_has_a_log_out_that_leaves_nothing_behind(page, browser, ada, path):
    enter(page, ada, path).heading(TITLES[path]).press("Log out").comes_to("/login")
    kept = page.driver.execute_script("return [{...localStorage}, {...sessionStorage}]")
    assert kept == [{}, {}]
    assert [each["name"] for each in browser.tell("Network.getCookies")["cookies"]] == ["device"]


def test_a_browser_that_keeps_nothing_can_be_used_as_long_as_the_page_is_not_left(page, browser, ada):
    refuse = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('No.', 'SecurityError'); }})"
    with browser.lacking(refuse):
        log_in(page, ada).heading("Ada Lovelace", level=2).follow("Security").comes_to("/security").button("Change password")
        page.press("Log out").comes_to("/login").says("You are logged out.")


@pytest.mark.parametrize(
    "language, title, tag",
    [("zh-CN", "登录", "zh"), ("zh-TW,en", "登录", "zh"), ("fr,zh", "登录", "zh"), ("de-DE", "Log in", "en")],
)
def test_the_language_is_the_browsers(make_browser, server, language, title, tag):
    page = Page(make_browser(language=language), server).open("/login").heading(title)
    assert page.driver.title.startswith(title)
    assert page.driver.execute_script("return document.documentElement.lang") == tag


def test_the_language_can_be_chosen_keeps_what_was_typed_and_is_remembered(page):
    page.open("/register").type("Email address", "ada@").complains_of(
        "Email address", "That is not an email address. It looks like name@example.com."
    )
    page.choose("Language", "中文").heading("创建账号")
    assert page.field("电子邮箱").get_attribute("value") == "ada@"
    page.complains_of("电子邮箱", "这不是电子邮箱地址，格式如 name@example.com。")
    assert page.driver.title == "创建账号 · userinfo"
    page.open("/login").heading("登录").choose("语言", "English").heading("Log in")


def texts(page, tag):
    """{key: text}, as the pages have them."""
    return page.driver.execute_async_script(
        """
        const [tag, done] = arguments;
        const flat = (value, key) => typeof value === "object"
          ? Object.entries(value).flatMap(([name, part]) => flat(part, key ? key + "." + name : name))
          : [[key, value]];
        import(`/texts/${tag}.js`).then(({default: texts}) => done(Object.fromEntries(flat(texts, ""))));
        """,
        tag,
    )


def test_each_language_has_all_texts_with_the_same_blanks(page):
    page.open("/login")
    english, chinese = texts(page, "en"), texts(page, "zh")
    assert english.keys() == chinese.keys()
    blanks = re.compile(r"{\w+}")
    assert {k: sorted(blanks.findall(v)) for k, v in english.items()} == {k: sorted(blanks.findall(v)) for k, v in chinese.items()}


def test_each_text_is_used_and_each_that_is_used_is_there(page):
    page.open("/login")
    known = {key for key in texts(page, "en") if not key.startswith(("errors.", "strength.levels.", "delete_account.what."))}
    source = "\n".join(file.read_text() for file in (ROOT / "web").rglob("*.js") if file.parent.name != "texts")
    named = set(re.findall(r'"((?:\w+\.)?\w+)"', source))
    built = {f"{group}.{name}" for group in ("conflict", "fields", "log_in", "profile") for name in named}
    assert known - named - built == set()
    assert {name for name in re.findall(r'\bt\(\s*"([\w.]+)"', source)} <= texts(page, "en").keys()


def test_every_error_that_the_api_describes_has_words(page):
    """The codes of failures that depend on what people do; others are told by their number."""
    page.open("/login")
    known = texts(page, "en")
    for code in (100001, 100002, 100004, 100005, 200001, 200007, 200010, 200011, 200012, 200013, 200015):
        assert f"errors.{code}" in known


PASSWORDS = {"missing": None, "too_short": "", "too_long": "a" * 300, "common": "iloveyou1", "not_allowed": "with\0nothing"}
PROFILES = {
    "username": {"missing": "", "blank": " ", "too_long": "a" * 65, "control_characters": "a\x07"},
    "birthday": {"invalid": "yesterday", "out_of_range": "1899-12-31"},
    "avatar": {"invalid": "http://example.com/", "too_long": "https://example.com/" + "a" * 2048},
}
NEVER_SENT = {"duplicate", "wrong_type", "not_utf8"}  # by a page


def test_all_that_the_api_says_of_a_field_has_words(page, server, person):
    """Each reason that openapi.json has, brought about for each field that can have it."""
    app = person.app(server)
    passwords = {**PASSWORDS, "contains_context": person.email.partition("@")[0]}

    def register(**fields):
        return Client(server).post("/api/account/register", json={"email": person.email, "password": new_password(), **fields})

    def change_password(new, current=person.password):
        return app.post("/api/account/password", json={"current_password": current, "new_password": new})

    replies = [register(email=email) for email in (None, "nobody")]
    replies += [register(password=password) for password in passwords.values()]
    replies += [change_password(password) for password in passwords.values()]
    replies.append(change_password(new_password(), current=""))
    for field, values in PROFILES.items():
        for value in values.values():
            replies.append(app.post("/api/user/profile", json={"username": "Ada", field: value}))
    told = {(reply.data["field"], reply.data["reason"]) for reply in replies}
    expected = {("email", "missing"), ("email", "invalid"), ("current_password", "too_short")}
    expected |= {(field, reason) for field in ("password", "new_password") for reason in passwords}
    expected |= {(field, reason) for field, values in PROFILES.items() for reason in values}
    assert told == expected

    reasons = json.loads((ROOT / "src/gateway/openapi.json").read_text())["components"]["schemas"]["FieldError"]
    assert {reason for _, reason in told} == set(reasons["properties"]["reason"]["enum"]) - NEVER_SENT
    known = texts(page.open("/login"), "en")
    assert {f"errors.{field}.{reason}" for field, reason in told} <= known.keys()


def test_a_failure_without_words_is_told_by_its_number(page, browser, ada, server):
    log_in(page, ada).press("Edit profile").type("Username", "Countess")
    browser.expected = {"415"}
    browser.run(
        """
        const plain = window.fetch;
        window.fetch = (path, how) => plain(path, {...how, headers: {...how.headers, "Content-Type": "text/plain"}});
        """
    )
    page.press("Save changes").says("Something went wrong (300003).")
