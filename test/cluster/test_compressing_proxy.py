"""What a program notices of a proxy that compresses replies, and what it can do"""

import pytest
import requests

from compressing_proxy import CompressingProxy
from people import Person

PROFILE = "/api/user/profile"


@pytest.fixture(scope="module")
def proxy(tmp_path_factory):
    proxy = CompressingProxy(tmp_path_factory.mktemp("proxy")).start()
    yield proxy
    proxy.finish()


@pytest.fixture
def ask(proxy):
    """Asks through the proxy, as somebody with a profile."""
    app = Person.registered(proxy.program).app(proxy.program)
    assert app.post(PROFILE, form={"username": "Ada"}).status == 200
    identity = {"Authorization": f"Bearer {app.bearer}"}

    def ask(method, form=None, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.request(method, proxy.url + PROFILE, data=form, headers=identity | named, timeout=30)

    return ask


def test_compression_makes_an_entity_tag_weak(ask):
    reply = ask("GET")
    assert (reply.headers["Content-Encoding"], reply.headers["ETag"]) == ("gzip", 'W/"1"')
    assert ask("GET", Accept_Encoding="identity").headers["ETag"] == '"1"'


def test_a_weak_tag_matches_no_version_but_the_same_one_without_w_does(ask):
    """RFC 9110, section 13.1.1: If-Match compares strongly."""
    tag = ask("GET").headers["ETag"]
    assert ask("PUT", {"username": "Bea"}, If_Match=tag).status_code == 412
    assert ask("PUT", {"username": "Bea"}, If_Match=tag.removeprefix("W/")).status_code == 200
