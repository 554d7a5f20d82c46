"""What openapi.json promises, held against every reply that the tests see."""

import json
import re
from pathlib import Path

from schema import Mismatch, validate

DOCUMENT_FILE = Path(__file__).resolve().parents[2] / "src" / "gateway" / "openapi.json"
DOCUMENT = json.loads(DOCUMENT_FILE.read_text())
METHODS = {"get", "put", "post", "delete"}
FIXED_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
KNOWN_METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"}
BEFORE_ROUTING = {400, 408, 413, 414, 431, 505}  # what the listener turns away, whatever the path


def resolve(reference):
    node = DOCUMENT
    for key in reference.removeprefix("#/").split("/"):
        node = node[key]
    return node


def resolved(node):
    return resolve(node["$ref"]) if "$ref" in node else node


def is_management(path_item):
    return "servers" in path_item


def operations():
    """(method, route, operation) of each; `method` in upper case."""
    for route, item in DOCUMENT["paths"].items():
        for method in METHODS & item.keys():
            yield method.upper(), route, item[method]


def reads():
    """(route, operation) of each GET, but for those of the management listener."""
    for method, route, operation in operations():
        if method == "GET" and not is_management(DOCUMENT["paths"][route]):
            yield route, operation


def documented():
    """Every (method, route, status), the status a number."""
    return {(method, route, int(status)) for method, route, each in operations() for status in each["responses"]}


def route_of(path, management=False):
    """The route that a path belongs to, or None."""
    for route, item in DOCUMENT["paths"].items():
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(route))
        if is_management(item) == management and re.fullmatch(pattern, path):
            return route
    return None


def check(method, path, reply, management=False):
    """Raises AssertionError unless the reply is one that the document, or the general rules, foresee."""
    path = path.partition("?")[0]
    method = "GET" if method == "HEAD" else method
    try:
        check_headers(reply, own_headers(method, path, reply, management))
        check_status(method, path, reply, management)
    except Mismatch as problem:
        raise AssertionError(f"{method} {path} answered {reply}: {problem}") from problem


def require(holds, text):
    if not holds:
        raise Mismatch(text)


def own_headers(method, path, reply, management):
    """Names of the headers that the document gives this very reply."""
    route = route_of(path, management)
    operation = DOCUMENT["paths"][route].get(method.lower(), {}) if route else {}
    response = operation.get("responses", {}).get(str(reply.status), {})
    return resolved(response).get("headers", {}).keys()


def check_headers(reply, own):
    require(re.fullmatch(r"[A-Za-z0-9._-]{1,64}", reply.request_id or ""), f"X-Request-Id is {reply.request_id}")
    for_every_origin = "Access-Control-Allow-Origin" in own
    fixed = FIXED_HEADERS | ({"Cross-Origin-Resource-Policy": None} if for_every_origin else {})
    for name, value in fixed.items():
        require(name in own or reply.header(name) == value, f"{name} is {reply.header(name)}")
    require(for_every_origin or reply.header("Access-Control-Allow-Origin") is None, "there is a CORS header")


def check_status(method, path, reply, management):
    route = route_of(path, management)
    item = DOCUMENT["paths"][route] if route else {}
    if method.lower() in METHODS & item.keys():
        responses = item[method.lower()]["responses"]
        require(str(reply.status) in responses, "this status is not documented")
        check_documented(resolved(responses[str(reply.status)]), reply)
    elif reply.status not in BEFORE_ROUTING:
        expected = due(method, route)
        require((reply.status, reply.code or expected[1]) == expected, f"{expected} is due")
        require(reply.status not in (204, 405) or allowed(reply) >= METHODS & item.keys(), "Allow does not name the methods")


def due(method, route):
    """The status and code of a request that no operation answers."""
    if method not in KNOWN_METHODS:
        return 501, 300002
    if route is None:
        return 404, 300001
    return (204, None) if method == "OPTIONS" else (405, 300002)


def allowed(reply):
    return {name.strip().lower() for name in (reply.header("Allow") or "").split(",")}


def check_documented(response, reply):
    for name, header in response.get("headers", {}).items():
        check_header(name, resolved(header), reply.header(name))
    if "content" not in response:
        return require(reply.body == b"", "there is a body")
    content_type = (reply.header("Content-Type") or "").partition(";")[0]
    require(content_type in response["content"], f"Content-Type is {content_type}")
    if content_type == "application/json" and reply.body:
        validate(reply.json, response["content"][content_type]["schema"], resolve)


def check_header(name, header, value):
    require(value is not None or not header.get("required"), f"there is no {name}")
    if value is not None:
        validate(value, header["schema"], resolve, name)
