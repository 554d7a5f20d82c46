"""What the server answered, however it was asked."""

import json
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cookie:
    """One Set-Cookie. Attribute names are lower-case; one without a value is there with the value True."""

    value: str
    attributes: dict

    @property
    def clears(self):
        return self.value == "" and self.attributes.get("max-age") == "0"


@dataclass(frozen=True)
class Reply:
    status: int
    header_lines: list  # (name, value), as they came
    body: bytes = field(repr=False)

    def header(self, name):
        """The value of a header; None if there is none, several of them joined."""
        values = [value for line, value in self.header_lines if line.lower() == name.lower()]
        return ", ".join(values) if values else None

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        """Of the envelope; None if there is no body, as in the reply to a HEAD."""
        return self.json["code"] if self.body else None

    @property
    def data(self):
        return self.json["data"]

    @property
    def cookies(self):
        """The cookies that it sets or clears, by name. A name that is set twice is an error."""
        found = {}
        for name, value in self.header_lines:
            if name.lower() == "set-cookie":
                cookie_name, cookie = parse_cookie(value)
                assert cookie_name not in found, f"{cookie_name} is set twice"
                found[cookie_name] = cookie
        return found

    @property
    def request_id(self):
        return self.header("X-Request-Id")

    def __str__(self):
        return f"{self.status} {self.body[:500].decode(errors='replace')}"


def parse_cookie(line):
    pair, *attributes = [part.strip() for part in line.split(";")]
    name, _, value = pair.partition("=")
    parsed = {}
    for attribute in attributes:
        key, separator, text = attribute.partition("=")
        parsed[key.lower()] = text if separator else True
    return name, Cookie(value, parsed)
