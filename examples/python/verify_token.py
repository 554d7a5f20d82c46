"""Who is calling? Verifies a userinfo access token, as a back end does for each request.

    python3 examples/python/verify_token.py https://accounts.example.com TOKEN

Needs PyJWT 2.6 or later with cryptography (Debian: python3-jwt, python3-cryptography).
"""

import json
import sys

import jwt

CLAIMS = ["iss", "aud", "sub", "sid", "iat", "exp", "jti", "auth_time"]


class AccessTokens:
    """`issuer` is userinfo's `public_url`, and `audience` its `tokens.audience`. Make one for the whole program: it keeps
    the key set for five minutes, and fetches it again when it meets a key that it does not know."""

    def __init__(self, issuer, audience="userinfo"):
        self._issuer, self._audience = issuer, audience
        self._keys = jwt.PyJWKClient(f"{issuer}/.well-known/jwks.json", lifespan=300)

    def verified(self, token):
        """The claims. jwt.PyJWTError: the token is not good; answer 401."""
        key = self._keys.get_signing_key_from_jwt(token).key
        claims = jwt.decode(
            token, key, ["ES256"], audience=self._audience, issuer=self._issuer, leeway=10, options={"require": CLAIMS}
        )
        # The signature covers the header, too.
        if jwt.get_unverified_header(token).get("typ") != "at+jwt":
            raise jwt.InvalidTokenError("this is a token of another kind")
        return claims


if __name__ == "__main__":
    try:
        print(json.dumps(AccessTokens(sys.argv[1]).verified(sys.argv[2])))
    except jwt.PyJWTError as why:
        sys.exit(f"not a good token: {why}")
