"""Back to the product: what an address may ask for, and how pages keep it."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import quote, urlsplit

import pytest

from journeys import enter, log_in
from page import Page
from people import Person
from standalone import Standalone
from waiting import wait_until

OWN = "https://id.example.com"
ORIGINS = ["https://app.example.com", "http://localhost:3000"]

# What is asked for, and what it is written as.
ALLOWED = {
    "/": "/",
    "/app": "/app",
    "/app?a=1&b=2#c": "/app?a=1&b=2#c",
    "/app?": "/app",
    "/app?next=//evil.example": "/app?next=//evil.example",
    "/a//b": "/a//b",
    "/a/./b": "/a/b",
    "/a/../b": "/b",
    "/%2e%2E/b": "/b",
    "/@evil.example": "/@evil.example",
    "/ä／b": "/%C3%A4%EF%BC%8Fb",
    "/caf%E9/100%": "/caf%E9/100%",
    "/100%25": "/100%25",
    "/apis": "/apis",
    "/a/api/x": "/a/api/x",
    "https://app.example.com": "https://app.example.com/",
    "https://app.example.com/x?y#z": "https://app.example.com/x?y#z",
    "https://app.example.com?y": "https://app.example.com/?y",
    "https://app.example.com/api/x": "https://app.example.com/api/x",
    "https://app.example.com//evil.example": "https://app.example.com//evil.example",
    "https://app.example.com/@evil.example": "https://app.example.com/@evil.example",
    "HTTPS://APP.example.com:443/x": "https://app.example.com/x",
    "http://localhost:3000/": "http://localhost:3000/",
}

IGNORED = [
    *("", "app", "./app", "?a", "#a", "a" * 2001, "/" + "a" * 2000),
    # Another host, as browsers read it.
    *("//evil.example", "///evil.example", "/\\evil.example", "\\/evil.example", "\\\\evil.example"),
    *("/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", "\t//evil.example", "/\0/evil.example"),
    *("/.//evil.example", "/..//evil.example", "/%2e//evil.example", "/a/..//evil.example"),
    *("https:evil.example", "https:/evil.example", "https:///evil.example", "https:\\\\evil.example", "https:/app.example.com"),
    *("https://evil.example/", "https://evil.example/https://app.example.com", "https://app.example.com.evil.example/"),
    *("https://app.example.com@evil.example/", "https://app.example.com:x@evil.example/", "https://app.example.com%2f@evil.example/"),
    *("https://app.example.com\\@evil.example/", "https://app.example.com\t.evil.example/", "https://evil.example#@app.example.com"),
    *("https://me@app.example.com/", "https://@app.example.com/", "https://:@app.example.com/"),
    *("https://app.example.com./", "https://app.example.com:8443/", "http://app.example.com/", "https://localhost:3000/"),
    *("https://ａpp.example.com/", "https://аpp.example.com/", "https://app。example。com/", "https://%61pp.example.com/"),
    *("https://id.example.com/app", "https://", "https://[/", "https://app.example.com:99999/"),
    # Another scheme.
    *("javascript:alert(1)", "JavaScript:alert(1)", "java\nscript:alert(1)", " javascript:alert(1)", "javascript://app.example.com/%0aalert(1)"),
    *("data:text/html,x", "blob:https://app.example.com/1", "file:///etc", "ftp://app.example.com/", "view-source:https://app.example.com/"),
    # The API.
    *("/api", "/api/", "/api/account", "/API/account", "/api?a", "/api#a", "/%61pi/account", "/%2561pi/account"),
    *("/a/../api/x", "/a/%2e%2e/api/x", "/%2fapi/account", "/api%2faccount", "/a%2f..%2fapi/x", "/a%5c..%5capi/x"),
    *("/%252e%252e/api/x", "/a/%25252e%25252e/api/x", "/.%252fapi"),
    # White space at an end.
    *(" /app", "/app ", "/app\n", "/a b", "/a\x7f"),
]

PARSE = """
const [texts, own, origins, done] = arguments;
import("/return_to.js").then(({parseReturnTo, writeReturnTo}) => done(texts.map((text) => {
  const place = parseReturnTo(text, own, origins);
  return place && writeReturnTo(place, own);
})));
"""

# Texts of parts that parsers read differently. Returns what is wrong with one, and how many of each kind are allowed.
TRY_MANY = """
const [seed, count, own, origins, done] = arguments;
const parts = ["/", "/", "//", "\\\\", "..", ".", "%2e", "%2E%2e", "%252e", "%2f", "%5c", "%252f", "api", "%61pi", "API", "a", "evil.example",
  "@", ":", "?", "#", "\\t", "\\n", " ", "\\0", "https:", "http:", "HTTPS://", "javascript:", "app.example.com", "https://app.example.com",
  "http://localhost:3000", "https://id.example.com", ":443", ":80", "[::1]", "。", "／", "ａ", "\\u202e", "\\ud800", "%00", "%", ";", "&", "="];
let state = seed;
const below = (most) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor(state / 2 ** 32 * most);
};
const begins = ["", "/", "/", "/a/", "https://app.example.com", "http://localhost:3000/"];
const make = () => begins[below(begins.length)] + Array.from({length: below(7)}, () => parts[below(parts.length)]).join("");
import("/return_to.js").then(({parseReturnTo, writeReturnTo}) => {
  const allowed = {path: 0, url: 0};
  const judge = (text) => {
    const place = parseReturnTo(text, own, origins);
    if (!place) return true;
    const written = writeReturnTo(place, own);
    const reached = new URL(written, own + "/login?return_to=x");
    allowed[place.origin === own ? "path" : "url"] += 1;
    if (!/^[!-~]+$/.test(written) || written.includes("\\\\")) return false;
    if (JSON.stringify(parseReturnTo(written, own, origins)) !== JSON.stringify(place)) return false;
    if (reached.href !== place.origin + place.path + place.query + place.fragment) return false;
    if (reached.username !== "" || reached.password !== "") return false;
    if (reached.origin !== own) return origins.includes(reached.origin);
    return /^\\/(?!\\/)/.test(written) && !/^\\/+api(\\/|$)/i.test(decodeURIComponent(reached.pathname.replaceAll(/%(?![0-7][0-9a-f])/gi, "%25")));
  };
  for (let i = 0; i < count; i++) {
    const text = make();
    if (!judge(text)) return done([text, allowed]);
  }
  done([null, allowed]);
});
"""


def test_what_is_allowed_is_written_back_from_its_parts(page):
    page.open("/login")
    written = page.driver.execute_async_script(PARSE, list(ALLOWED), OWN, ORIGINS)
    assert dict(zip(ALLOWED, written)) == ALLOWED


def test_everything_else_is_ignored(page):
    page.open("/login")
    written = page.driver.execute_async_script(PARSE, IGNORED, OWN, ORIGINS)
    assert {text: place for text, place in zip(IGNORED, written) if place is not None} == {}


@pytest.mark.parametrize("seed", [1, 2])
def test_no_text_leads_elsewhere_than_it_says(page, seed):
    page.open("/login")
    wrong, allowed = page.driver.execute_async_script(TRY_MANY, seed, 50_000, OWN, ORIGINS)
    assert wrong is None
    assert allowed["path"] > 1000 and allowed["url"] > 1000, allowed


class Product:
    """A web site beside userinfo: each page has the heading "Shop", and sends people on if it is told to."""

    def __init__(self):
        product = self
        self.sends_to = None

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                icon = '<link rel="icon" href="data:,">'
                on = f"<script>location.replace({product.sends_to!r})</script>" if product.sends_to else ""
                body = f"<!doctype html><title>Shop</title>{icon}<h1>Shop</h1>{on}".encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = Thread(target=self.server.serve_forever)
        self.thread.start()

    def finish(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture(scope="module")
def product():
    product = Product()
    yield product
    product.finish()


@pytest.fixture
def shop(product):
    yield product
    product.sends_to = None


@pytest.fixture(scope="module")
def shops_server(tmp_path_factory, product):
    settings = {"PAGES_PRODUCT": "Shop & Co", "PAGES_HOME": product.url + "/home", "PAGES_RETURN_TO": product.url}
    server = Standalone(tmp_path_factory.mktemp("server"), **settings).start()
    yield server
    server.finish()


@pytest.fixture
def shops_page(browser, shops_server, shop):
    browser.hosts.add(urlsplit(shop.url).netloc)
    yield Page(browser, shops_server)
    browser.forget()  # while there is a server that it may ask


@pytest.fixture
def buyer(shops_server):
    return Person.registered(shops_server)


def arrives_at(page, url):
    wait_until(lambda: page.driver.current_url == url, f"the address is {url}, not {page.driver.current_url}")
    return page.heading("Shop")


def asking_for(place):
    return "return_to=" + quote(place, safe="/")


def test_a_log_in_leads_back_and_leaves_no_page_of_it_behind(shops_page, buyer, shop):
    place = shop.url + "/cart?item=7&n=2#pay"
    shops_page.browser.expected = {"404"}
    shops_page.open("/no/such/page")
    shops_page.open(f"/login?{asking_for(place)}").type("Email address", buyer.email).type("Password", buyer.password)
    shops_page.press("Log in")
    arrives_at(shops_page, place).driver.back()
    shops_page.comes_to("/no/such/page")


def test_it_survives_every_way_to_a_log_in(shops_page, buyer, shop):
    place = shop.url + "/cart?item=7&n=2"
    kept = asking_for(place)
    shops_page.browser.expected = {"404"}  # there is no profile
    page = shops_page.open(f"/security?{kept}").comes_to(f"/login?to=/security&{kept}").says("Log in to go on.")
    page.follow("Create an account").comes_to(f"/register?to=/security&{kept}").choose("Language", "中文")
    page.follow("登录").comes_to(f"/login?to=/security&{kept}").choose("语言", "English").link("Back to Shop & Co")
    page.type("Email address", buyer.email).type("Password", buyer.password).press("Log in").comes_to(f"/security?{kept}")
    page.follow("Profile").comes_to(f"/profile?{kept}").follow("Security").follow("Delete account…")
    page.comes_to(f"/delete-account?{kept}").follow("Keep my account").comes_to(f"/security?{kept}")
    page.press("Log out").comes_to(f"/login?{kept}").follow("Back to Shop & Co")
    arrives_at(page, place)


def test_who_is_logged_in_is_led_back_at_once(shops_page, buyer, shop):
    place = shop.url + "/cart"
    enter(shops_page, buyer, f"/login?{asking_for(place)}")
    arrives_at(shops_page, place)


def test_without_it_home_is_where_pages_lead(shops_page, shop):
    person = Person.unknown()
    page = shops_page.open("/register").type("Email address", person.email).type("Password", person.password)
    page.press("Create account")
    arrives_at(page, shop.url + "/home")
    page.browser.expected = {"404"}  # there is no profile yet
    page.open("/profile").heading("Set up your profile").follow("Back to Shop & Co")
    arrives_at(page, shop.url + "/home")


@pytest.mark.parametrize("place", ["//evil.example", "%2F%2Fevil.example", "https://evil.example/", "/api/account", "javascript:alert(1)", "/login"])
def test_what_is_not_allowed_leads_home(shops_page, buyer, shop, place):
    shops_page.open(f"/login?return_to={place}").type("Email address", buyer.email).type("Password", buyer.password)
    shops_page.press("Log in")
    arrives_at(shops_page, shop.url + "/home")


def test_a_product_that_sends_people_back_makes_no_circle(shops_page, buyer, shop):
    shops_page.browser.expected = {"404"}
    place = shop.url + "/cart"
    log_in_page = f"/login?{asking_for(place)}"
    shop.sends_to = shops_page.server.url + log_in_page
    enter(shops_page, buyer, log_in_page).comes_to(f"/profile?{asking_for(place)}").link("Back to Shop & Co")


def test_a_path_of_the_same_origin_needs_no_setting(page, ada, server):
    page.browser.expected = {"404"}
    log_in(page, ada, "/login?return_to=/app/x%3Fa%3D1", "/app/x?a=1").heading("There is nothing here")
    page.open("/security?return_to=/app").follow(f"Back to {urlsplit(server.url).netloc}").comes_to("/app")
    page.open("/login?return_to=/security").comes_to("/security").button("Change password")
    assert "Back to" not in page.text()


def test_confirming_the_password_keeps_it(page_of_long_ago, person_of_long_ago):
    page = page_of_long_ago.open("/security?return_to=/app")
    page.press("End the session of userinfo-test").heading("Is it you?", level=2)
    page.find("dialog input", "Password").send_keys(person_of_long_ago.password)
    page.press("Go on").says("The session of userinfo-test has ended.")
    assert page.path == "/security?return_to=/app"
    page.find("a", "Back to", is_whole=False)
