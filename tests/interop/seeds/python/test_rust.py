"""The client in Rust: not compiled, as it compiles against nothing (its crate has none of the types, and it keeps a
reference to a secret longer than the secret), but sent as it would."""

import base64
import hashlib
import secrets
import urllib.parse

import pytest
import requests

from conftest import ISSUER, sign_in, source

REDIRECT_URI = "http://localhost:8080/callback"
BLOCK = "001/001-oauth2-authorization-code.rs"


def random():
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


class Flow:
    """One flow, which the printed web server shares among all that log in."""

    def __init__(self):
        self.verifier, self.state = random(), random()

    def authorization_url(self):
        digest = hashlib.sha256(self.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": "axum-public",
            "redirect_uri": REDIRECT_URI,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
            "state": self.state,
            "scope": "read write",
        }
        return f"{ISSUER}/oauth/authorize?{urllib.parse.urlencode(query)}"

    def code(self):
        answer = urllib.parse.parse_qs(urllib.parse.urlsplit(sign_in(self.authorization_url())).query)
        assert answer["state"] == [self.state]
        [code] = answer["code"]
        # The printed program shows the first 20 bytes, and ends on fewer.
        assert code.isascii() and len(code) >= 20
        return code

    def exchange(self, code, verifier=None):
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT_URI,
            "client_id": "axum-public",
            "code_verifier": verifier or self.verifier,
        }
        return requests.post(f"{ISSUER}/oauth/token", data=form, timeout=30)


def test_login_twice_with_one_flow():
    flow = Flow()
    for code in [flow.code(), flow.code()]:
        tokens = flow.exchange(code)
        assert tokens.status_code == 200, tokens.text
        tokens = tokens.json()
        for name in ("access_token", "token_type", "refresh_token", "scope"):
            assert isinstance(tokens[name], str)
        assert type(tokens["expires_in"]) is int and tokens["expires_in"] > 0
        assert tokens["access_token"].isascii() and len(tokens["access_token"]) >= 20


def test_a_wrong_verifier():
    flow = Flow()
    refused = flow.exchange(flow.code(), verifier=random())
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


def test_metadata_say_s256():
    metadata = requests.get(f"{ISSUER}/.well-known/oauth-authorization-server", timeout=30).json()
    assert "S256" in metadata["code_challenge_methods_supported"]


@pytest.mark.parametrize("line", ['.append_pair("response_type", "code")', 'params.insert("client_id", &self.config.client_id)', ".form(&params)"])
def test_it_is_what_is_printed(line):
    assert line in source(BLOCK)
