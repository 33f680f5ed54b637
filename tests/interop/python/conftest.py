"""What both clients need: where the server is, and a person who signs in."""

import os
import subprocess

import httpx
import pytest

REDIRECT_URI = "http://localhost:3000/oauth/callback"
SCOPE = "openid profile email read"


@pytest.fixture(scope="session")
def issuer():
    return os.environ["GRANTOR_ISSUER"]


@pytest.fixture(scope="session")
def metadata(issuer):
    """What a client learns by discovery."""
    document = json_of(httpx.get(f"{issuer}/.well-known/openid-configuration"))
    assert document["issuer"] == issuer
    return document


@pytest.fixture(scope="session")
def sign_in():
    """Logs in on the real pages and decides; returns the address that the application is called at."""

    def run(url, decision="approve"):
        command = [os.environ["SIGN_IN"], url, decision]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=60).stdout.strip()

    return run


def json_of(answer):
    assert answer.status_code == 200, answer.text
    return answer.json()


def check_tokens(tokens, scope=SCOPE, refresh=True, id_token=True):
    """The members that every token answer has, and no other."""
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 3600
    # requests-oauthlib has taken the scope apart already.
    granted = tokens["scope"]
    assert set(granted.split() if isinstance(granted, str) else granted) == set(scope.split())
    assert tokens["access_token"].count(".") == 2
    assert ("refresh_token" in tokens) == refresh
    assert ("id_token" in tokens) == id_token


def check_userinfo(claims, subject):
    """The claims of the user `demo` that the scopes profile and email release."""
    assert claims["sub"] == subject
    assert claims["name"] == "Demo Maria User"
    assert claims["given_name"] == "Demo"
    assert claims["preferred_username"] == "demo"
    assert claims["birthdate"] == "1990-02-28"
    assert claims["email"] == "demo@example.com"
    assert claims["email_verified"] is True
    assert "phone_number" not in claims and "address" not in claims
