"""The files in examples/, as a product's back end would run them."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import jwt
import pytest

from expect import granted
from people import Person
from server_keys import wait_for_signer

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
IN_PYTHON = EXAMPLES / "python" / "verify_token.py"


@pytest.fixture(scope="module")
def example():
    found = importlib.util.spec_from_file_location("verify_token", IN_PYTHON)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_python_knows_who_is_calling(server, app, example):
    claims = example.AccessTokens(server.url).verified(app.bearer)
    assert claims["sub"] == granted(app.get("/api/account"))["account_id"]


def test_python_says_who_is_calling_on_the_command_line(server, app):
    command = [sys.executable, IN_PYTHON, server.url]
    said = subprocess.run([*command, app.bearer], capture_output=True, text=True, timeout=30, check=True)
    assert json.loads(said.stdout)["iss"] == server.url
    refused = subprocess.run([*command, app.refresh_token], capture_output=True, text=True, timeout=30)
    assert (refused.returncode, refused.stderr.splitlines()[-1][:17]) == (1, "not a good token:")


@pytest.mark.parametrize("issuer, audience", [("https://elsewhere.example", "userinfo"), (None, "another")])
def test_python_refuses_a_token_for_others(server, app, example, issuer, audience):
    tokens = example.AccessTokens(server.url, audience)
    tokens._issuer = issuer or server.url
    with pytest.raises(jwt.PyJWTError):
        tokens.verified(app.bearer)


def test_python_refuses_a_changed_token(server, app, example):
    header, payload, signature = app.bearer.split(".")
    with pytest.raises(jwt.PyJWTError):
        example.AccessTokens(server.url).verified(f"{header}.{payload}.{signature[::-1]}")


@pytest.mark.embedded
def test_python_learns_of_a_new_key_when_it_meets_it(make_server, example):
    server = make_server()
    person = Person.registered(server)
    tokens = example.AccessTokens(server.url)
    tokens.verified(person.app(server).bearer)
    new = server.succeed("keys", "rotate", "access", "--now").split()[0]
    assert tokens.verified(wait_for_signer(server, person, new).bearer)["iss"] == server.url
