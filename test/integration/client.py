"""An HTTP client that remembers cookies as a browser does, or sends a bearer token as a program does.

Every reply that it sees is held against openapi.json, and every secret that passes through it is remembered, so that
its server's log can be searched for them.
"""

import json as json_text
from http.cookiejar import DefaultCookiePolicy

import requests

import contract
from reply import Reply

PATIENCE = 30  # seconds
SECRET_FIELDS = ("password", "current_password", "new_password", "refresh_token")
TOKEN_COOKIES = ("access_token", "refresh_token", "__Host-access_token", "__Host-refresh_token", "device", "__Host-device")


class CutOff(requests.exceptions.ConnectionError):
    """The connection ended within a reply."""


class Client:
    def __init__(self, server, bearer=None, cookies=None, management=False):
        self.server = server
        self.management = management
        self.bearer = bearer
        self.refresh_token = None  # of a bearer session
        self.cookies = dict(cookies or {})
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = server.authority or True
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # `cookies` above does it

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, **options):
        return self.request("POST", path, **options)

    def put(self, path, **options):
        return self.request("PUT", path, **options)

    def delete(self, path, **options):
        return self.request("DELETE", path, **options)

    def request(self, method, path, form=None, json=None, body=None, headers=None):
        """`form`: a dict or pairs. `body`: bytes, with their Content-Type in `headers`."""
        sent = {"User-Agent": "userinfo-test", "Accept": "*/*", **self._identity(), **(headers or {})}
        self._remember_sent(form or json, sent)
        base = self.server.management_url if self.management else self.server.url
        if json is not None:
            body, sent["Content-Type"] = json_text.dumps(json).encode(), "application/json"
        data = form if body is None else body
        how = {"headers": sent, "timeout": PATIENCE, "allow_redirects": False}
        answer = self._session.request(method, base + path, data=data, **how)
        if method != "HEAD" and len(answer.content) != int(answer.headers.get("Content-Length", 0)):
            raise CutOff(f"{method} {path}: {len(answer.content)} bytes of {answer.headers.get('Content-Length')}")
        reply = Reply(answer.status_code, list(answer.raw.headers.items()), answer.content)
        self._remember_received(reply)
        contract.check(method, path, reply, self.management)
        self._keep_cookies(reply)
        return reply

    def _identity(self):
        if self.bearer:
            return {"Authorization": f"Bearer {self.bearer}"}
        if self.cookies:
            return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        return {}

    def _keep_cookies(self, reply):
        for name, cookie in reply.cookies.items():
            if cookie.clears:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = cookie.value

    def _remember_sent(self, fields, headers):
        secrets = self.server.secrets
        pairs = fields.items() if isinstance(fields, dict) else fields or ()
        for name, value in pairs:
            if name in SECRET_FIELDS:
                secrets.add(value)
            elif name == "email" and isinstance(value, str):
                secrets.add_email(value)
        scheme, _, token = headers.get("Authorization", "").partition(" ")
        if scheme == "Bearer":
            secrets.add_token(token)

    def _remember_received(self, reply):
        secrets = self.server.secrets
        for name, cookie in reply.cookies.items():
            if name in TOKEN_COOKIES:
                secrets.add_token(cookie.value)
        data = reply.json.get("data") if reply.header("Content-Type") == "application/json" and reply.body else None
        if isinstance(data, dict):
            for name in ("access_token", "refresh_token", "device"):
                secrets.add_token(data.get(name, ""))
            for session in data.get("sessions", ()):
                secrets.add_session(session["id"])
