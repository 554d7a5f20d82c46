"""How to make each reply that openapi.json documents really happen."""

from client import Client
from people import NOBODYS_ID, REFRESH, Person, new_password
from raw_http import exchange, request
from slow import stopping

REGISTER = "/api/account/register"
LOG_IN = "/api/account/login"
LOG_OUT = "/api/account/logout"
ACCOUNT = "/api/account"
PASSWORD = "/api/account/password"
REAUTHENTICATE = "/api/account/reauthenticate"
SESSIONS = "/api/account/sessions"
SESSION = "/api/account/sessions/{id}"
DEVICES = "/api/account/devices"
DEVICE = "/api/account/devices/{id}"
PROFILE = "/api/user/profile"
MANAGEMENT = ("/readyz", "/metrics")
WITHOUT_STORAGE = ("/.well-known/jwks.json", "/api/pages/settings")  # they need the service alone
FORM = "application/x-www-form-urlencoded"


class Stage:
    """A server and somebody who has an account and a session there."""

    def __init__(self, server, slow_replies, unavailable_replies, throttled_replies):
        self.server = server
        self.slow_replies = slow_replies
        self.unavailable_replies = unavailable_replies
        self.throttled_replies = throttled_replies
        self.person = Person.registered(server)
        self.app = self.person.app(server)

    def with_profile(self):
        self.app.post(PROFILE, form={"username": "Ada"})
        return self.app

    def client(self, route):
        return Client(self.server, management=route in MANAGEMENT)

    def raw(self, route, data):
        return exchange(self.server, data, management=route in MANAGEMENT)


def path_of(route, known_id=None):
    return route.replace("{id}", known_id or NOBODYS_ID)


def form_for(method, route, person):
    """A body that makes sense there, or None."""
    return {
        ("POST", REGISTER): Person.unknown().credentials,
        ("POST", LOG_IN): person.credentials,
        ("POST", LOG_OUT): {"refresh_token": "none"},
        ("POST", REFRESH): {"refresh_token": "none"},
        ("POST", PASSWORD): {"current_password": person.password, "new_password": new_password()},
        ("POST", REAUTHENTICATE): {"password": person.password},
        ("DELETE", ACCOUNT): {"password": person.password},
        ("POST", PROFILE): {"username": "Ada"},
        ("PUT", PROFILE): {"username": "Ada"},
    }.get((method, route))


def malformed(stage, method, route):
    return stage.raw(route, request(method, path_of(route), "Content-Length: 1", "Transfer-Encoding: chunked"))


def without_user(stage, method, route):
    return stage.client(route).request(method, path_of(route), form=form_for(method, route, stage.person))


def from_foreign_page(stage, method, route):
    form = form_for(method, route, stage.person)
    return stage.client(route).request(method, path_of(route), form=form, headers={"Origin": "https://evil.example"})


def too_slow(stage, method, route):
    return stage.slow_replies[method, route]


def with_any_tag(stage, method, route):
    return stage.app.request(method, path_of(route), headers={"If-None-Match": "*"})


def with_a_tag_of_nothing(stage, method, route):
    form = form_for(method, route, stage.person)
    (session,) = stage.app.get(SESSIONS).data["sessions"]
    (device,) = stage.app.get(DEVICES).data["devices"]
    path = path_of(route, session["id"] if route == SESSION else device["id"])
    return stage.app.request(method, path, form=form, headers={"If-Match": '"7"'})


def body_too_large(stage, method, route):
    return stage.raw(route, request(method, path_of(route), f"Content-Type: {FORM}", "Content-Length: 10000000"))


def target_too_long(stage, method, route):
    return stage.raw(route, request(method, f"{path_of(route)}?{'a' * 9_000}"))


def unknown_type(stage, method, route):
    return stage.app.request(method, path_of(route), body=b"<x/>", headers={"Content-Type": "text/xml"})


def too_many_attempts(stage, method, route):
    return stage.throttled_replies[method, route]


def header_too_large(stage, method, route):
    return stage.raw(route, request(method, path_of(route), "X-Large: " + "a" * 17_000))


def unavailable(stage, method, route):
    return stage.unavailable_replies[method, route]


def unknown_version(stage, method, route):
    return stage.raw(route, f"{method} {path_of(route)} HTTP/3.0\r\nHost: localhost\r\n\r\n".encode())


EVERYWHERE = {
    304: with_any_tag,
    400: malformed,
    401: without_user,
    403: from_foreign_page,
    408: too_slow,
    412: with_a_tag_of_nothing,
    413: body_too_large,
    414: target_too_long,
    415: unknown_type,
    429: too_many_attempts,
    431: header_too_large,
    503: unavailable,
    505: unknown_version,
}


def public(path):
    return lambda stage: stage.client(path).get(path)


def wrong_log_in(stage):
    return Person(stage.person.email, new_password()).log_in(Client(stage.server))


def unknown_token(stage):
    return Client(stage.server).post(REFRESH, form={"refresh_token": "none"})


def refreshed(stage):
    return Client(stage.server).post(REFRESH, form={"refresh_token": stage.app.refresh_token})


def password_changed(stage):
    return stage.app.post(PASSWORD, form=form_for("POST", PASSWORD, stage.person))


def account_deleted(stage):
    return stage.app.delete(ACCOUNT, form={"password": stage.person.password})


def own_session_ended(stage):
    (session,) = stage.app.get(SESSIONS).data["sessions"]
    return stage.app.delete(path_of(SESSION, session["id"]))


def own_device_forgotten(stage):
    (device,) = stage.app.get(DEVICES).data["devices"]
    return stage.app.delete(path_of(DEVICE, device["id"]))


def another_version(method):
    return lambda stage: stage.with_profile().request(
        method, PROFILE, form=form_for(method, PROFILE, stage.person), headers={"If-Match": '"7"'}
    )


def known_version(method):
    return lambda stage: stage.with_profile().request(
        method, PROFILE, form=form_for(method, PROFILE, stage.person), headers={"If-None-Match": '"1"'}
    )


def not_ready(stage):
    with stopping(stage.server) as unready:
        return unready


ONLY_HERE = {
    ("POST", REGISTER, 200): lambda stage: Person.unknown().register(Client(stage.server)),
    ("POST", REGISTER, 409): lambda stage: stage.person.register(Client(stage.server)),
    ("POST", LOG_IN, 200): lambda stage: stage.person.log_in(Client(stage.server)),
    ("POST", LOG_IN, 401): wrong_log_in,
    ("POST", LOG_OUT, 200): lambda stage: stage.app.post(LOG_OUT),
    ("POST", REFRESH, 200): refreshed,
    ("POST", REFRESH, 401): unknown_token,
    ("GET", ACCOUNT, 200): lambda stage: stage.app.get(ACCOUNT),
    ("DELETE", ACCOUNT, 200): account_deleted,
    ("POST", PASSWORD, 200): password_changed,
    ("POST", REAUTHENTICATE, 200): lambda stage: stage.app.post(REAUTHENTICATE, form={"password": stage.person.password}),
    ("GET", SESSIONS, 200): lambda stage: stage.app.get(SESSIONS),
    ("DELETE", SESSIONS, 200): lambda stage: stage.app.delete(SESSIONS),
    ("DELETE", SESSION, 200): own_session_ended,
    ("DELETE", SESSION, 404): lambda stage: stage.app.delete(path_of(SESSION)),
    ("GET", DEVICES, 200): lambda stage: stage.app.get(DEVICES),
    ("DELETE", DEVICE, 200): own_device_forgotten,
    ("DELETE", DEVICE, 404): lambda stage: stage.app.delete(path_of(DEVICE)),
    ("GET", PROFILE, 200): lambda stage: stage.with_profile().get(PROFILE),
    ("GET", PROFILE, 304): known_version("GET"),
    ("GET", PROFILE, 412): another_version("GET"),
    ("GET", PROFILE, 404): lambda stage: stage.app.get(PROFILE),
    ("POST", PROFILE, 200): lambda stage: stage.app.post(PROFILE, form={"username": "Ada"}),
    ("POST", PROFILE, 412): known_version("POST"),
    ("POST", PROFILE, 409): lambda stage: stage.with_profile().post(PROFILE, form={"username": "Ada"}),
    ("PUT", PROFILE, 200): lambda stage: stage.with_profile().put(PROFILE, form={"username": "Bea"}),
    ("PUT", PROFILE, 404): lambda stage: stage.app.put(PROFILE, form={"username": "Bea"}),
    ("PUT", PROFILE, 412): another_version("PUT"),
    ("DELETE", PROFILE, 200): lambda stage: stage.with_profile().delete(PROFILE),
    ("DELETE", PROFILE, 404): lambda stage: stage.app.delete(PROFILE),
    ("DELETE", PROFILE, 412): another_version("DELETE"),
    ("GET", "/.well-known/jwks.json", 200): public("/.well-known/jwks.json"),
    ("GET", "/api/pages/settings", 200): public("/api/pages/settings"),
    ("GET", "/api/pages/start", 200): lambda stage: stage.app.get("/api/pages/start"),
    ("GET", "/healthz", 200): public("/healthz"),
    ("GET", "/api/openapi.json", 200): public("/api/openapi.json"),
    ("GET", "/readyz", 200): public("/readyz"),
    ("GET", "/readyz", 503): not_ready,
    ("GET", "/metrics", 200): public("/metrics"),
}


def provoke(stage, method, route, status):
    """A reply that should have that status."""
    if (method, route, status) in ONLY_HERE:
        return ONLY_HERE[method, route, status](stage)
    return EVERYWHERE[status](stage, method, route)
