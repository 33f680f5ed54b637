"""A notes API in Flask that takes access tokens of Grantor, checked with PyJWT.

python app.py, with a `grantor dev` beside it. ISSUER says who issues the tokens, AUDIENCE who they have to be for, PORT
where to listen.
"""

import functools
import os

import jwt
from flask import Flask, g, jsonify, request

ISSUER = os.environ.get("ISSUER", "http://localhost:8080")
AUDIENCE = os.environ.get("AUDIENCE", ISSUER)
# `jwks_uri` in the issuer's metadata.
JWKS_URI = os.environ.get("JWKS_URI", f"{ISSUER}/oauth/jwks.json")

app = Flask(__name__)
keys = jwt.PyJWKClient(JWKS_URI, lifespan=300, timeout=5)
notes = []


class InvalidToken(Exception):
    pass


def claims_of(token):
    """The claims of an access token for us (RFC 9068 4)."""
    key = keys.get_signing_key_from_jwt(token)
    decoded = jwt.decode_complete(
        token,
        key,
        # Never the algorithm that the token names by itself.
        algorithms=["ES256", "EdDSA", "PS256", "RS256"],
        issuer=ISSUER,
        audience=AUDIENCE,
        options={"require": ["iss", "aud", "sub", "exp", "client_id"]},
    )
    # An ID token has the same signature and the same issuer; the type tells them apart.
    if decoded["header"].get("typ", "").lower() not in ("at+jwt", "application/at+jwt"):
        raise InvalidToken
    # A token that is bound to a key is no bearer token: without its proof it may be stolen.
    if "cnf" in decoded["payload"]:
        raise InvalidToken
    return decoded["payload"]


def refusal(status, error=None, **more):
    """A refusal with the challenge of RFC 6750 3."""
    parts = ([f'error="{error}"'] if error else []) + [f'{name}="{value}"' for name, value in more.items()]
    answer = jsonify(error=error or "invalid_token")
    answer.status_code = status
    answer.headers["WWW-Authenticate"] = ", ".join(['Bearer realm="notes"', *parts])
    return answer


def require(*scopes):
    """Lets a request through when its token is good and has all of these scopes."""

    def decorator(handler):
        @functools.wraps(handler)
        def checked(*args, **kwargs):
            scheme, _, token = request.headers.get("Authorization", "").partition(" ")
            if scheme.lower() != "bearer":
                return refusal(401)
            try:
                g.token = claims_of(token.strip())
            except jwt.PyJWKClientConnectionError:
                return jsonify(error="temporarily_unavailable"), 503
            except (jwt.PyJWTError, InvalidToken):
                return refusal(401, "invalid_token")
            if not set(scopes) <= set(g.token.get("scope", "").split()):
                return refusal(403, "insufficient_scope", scope=" ".join(scopes))
            return handler(*args, **kwargs)

        return checked

    return decorator


@app.get("/notes")
@require("read")
def list_notes():
    return jsonify(notes=notes)


@app.post("/notes")
@require("write")
def add_note():
    notes.append(request.get_json())
    return jsonify(notes[-1]), 201


@app.get("/whoami")
@require()
def who_am_i():
    # A client's own token has the client in `sub`.
    user = g.token["sub"] != g.token["client_id"]
    return jsonify(sub=g.token["sub"], client_id=g.token["client_id"], scope=g.token.get("scope", ""), user=user)


if __name__ == "__main__":
    app.run(port=int(os.environ.get("PORT", "5001")))
