"""Someone who uses the service, and the clients through which they do. Their secrets are made when the tests run."""

import base64
import secrets
from dataclasses import dataclass

import jwt

from client import Client


REFRESH = "/api/account/refresh"
NOBODYS_ID = "11111111-2222-4333-8444-555555555555"  # of no account and no session


def new_password():
    return secrets.token_urlsafe(18)


def new_email():
    return f"{secrets.token_hex(8)}@example.com"


@dataclass
class Person:
    email: str
    password: str

    @classmethod
    def unknown(cls):
        """Somebody who has no account."""
        return cls(new_email(), new_password())

    @classmethod
    def registered(cls, server):
        person = cls.unknown()
        reply = person.register(Client(server))
        assert reply.status == 200, reply
        return person

    @property
    def credentials(self):
        return {"email": self.email, "password": self.password}

    def register(self, client):
        return client.post("/api/account/register", form=self.credentials)

    def log_in(self, client, **more):
        return client.post("/api/account/login", form={**self.credentials, **more})

    def browser(self, server):
        """A client that is logged in by cookies."""
        client = Client(server)
        reply = self.log_in(client)
        assert reply.status == 200, reply
        return client

    def app(self, server):
        """A client that is logged in by a bearer token."""
        client = Client(server)
        reply = self.log_in(client, tokens="body")
        assert reply.status == 200, reply
        client.bearer = reply.data["access_token"]
        client.refresh_token = reply.data["refresh_token"]
        return client


def refresh(server, token):
    """Trades a refresh token, as a program does that has nothing else."""
    return Client(server).post(REFRESH, form={"refresh_token": token})


def first_token():
    """A guess at a refresh token, in the form of version 1."""
    return base64.urlsafe_b64encode(b"\1" + secrets.token_bytes(56)).decode()


def claims_of(access_token):
    """What it says, unverified."""
    return jwt.decode(access_token, options={"verify_signature": False})
