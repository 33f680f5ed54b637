"""The clients in Swift and Kotlin: not run, but sent byte for byte as their platforms would."""

import base64
import hashlib
import secrets
import urllib.parse

import pytest
import requests

from conftest import ISSUER, sign_in, source

REDIRECT_URI = "yourapp://oauth/callback"
CLIENT = "your-client-id"


def kotlin_base64(data):
    """`Base64.URL_SAFE or Base64.NO_WRAP`: base64url with its padding."""
    return base64.urlsafe_b64encode(data).decode()


def swift_base64(data):
    return kotlin_base64(data).rstrip("=")


def swift_encode(text):
    """`addingPercentEncoding(withAllowedCharacters: .urlQueryAllowed)`."""
    return urllib.parse.quote(text, safe="!$&'()*+,-./:;=?@_~")


def okhttp_encode(text):
    """What `FormBody` leaves alone: letters, digits and `*-._`."""
    return urllib.parse.quote(text, safe="*-._").replace("%20", "+").replace("~", "%7E")


def android_encode(text):
    """`Uri.Builder.appendQueryParameter`."""
    return urllib.parse.quote(text, safe="_-!.~'()*")


PLATFORMS = {
    "swift": {"base64": swift_base64, "query": swift_encode, "form": swift_encode, "lengths": (43, 43, 22)},
    "kotlin": {"base64": kotlin_base64, "query": android_encode, "form": okhttp_encode, "lengths": (44, 44, 24)},
}


def body(encode, pairs):
    return "&".join(f"{encode(name)}={encode(value)}" for name, value in pairs.items())


def post(path, text):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return requests.post(f"{ISSUER}{path}", data=text, headers=headers, timeout=30)


def check_tokens(answer):
    """Every member is required by the Swift client, and nothing of it may need escaping."""
    assert answer.status_code == 200, answer.text
    tokens = answer.json()
    for name in ("access_token", "token_type", "refresh_token", "scope"):
        assert isinstance(tokens[name], str)
    assert isinstance(tokens["expires_in"], int) and tokens["expires_in"] > 300
    assert swift_encode(tokens["refresh_token"]) == urllib.parse.quote(tokens["refresh_token"], safe="")
    return tokens


@pytest.mark.parametrize("name", PLATFORMS)
def test_login_refresh_and_api(name):
    platform = PLATFORMS[name]
    verifier = platform["base64"](secrets.token_bytes(32))
    challenge = platform["base64"](hashlib.sha256(verifier.encode()).digest())
    state = platform["base64"](secrets.token_bytes(16))
    assert (len(verifier), len(challenge), len(state)) == platform["lengths"]

    query = {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": REDIRECT_URI,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "scope": "read write",
        "state": state,
    }
    callback = sign_in(f"{ISSUER}/oauth/authorize?{body(platform['query'], query)}")
    assert callback.startswith(f"{REDIRECT_URI}?")
    answer = urllib.parse.parse_qsl(callback.split("?", 1)[1])
    # Swift makes a dictionary of them and ends on a name that is there twice.
    assert len({name for name, _ in answer}) == len(answer)
    answer = dict(answer)
    assert answer["state"] == state
    # An equals sign that is not escaped would be another parameter to some readers.
    assert "=" not in callback.split("state=", 1)[1].split("&")[0]

    grant = {
        "grant_type": "authorization_code",
        "code": answer["code"],
        "client_id": CLIENT,
        "redirect_uri": REDIRECT_URI,
        "code_verifier": verifier,
    }
    tokens = check_tokens(post("/oauth/token", body(platform["form"], grant)))
    renewal = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_id": CLIENT}
    renewed = check_tokens(post("/oauth/token", body(platform["form"], renewal)))
    headers = {"Authorization": f"Bearer {renewed['access_token']}", "Content-Type": "application/json"}
    assert requests.get(f"{ISSUER}/api/user", headers=headers, timeout=30).status_code == 200

    headers["Authorization"] += "x"
    assert requests.get(f"{ISSUER}/api/user", headers=headers, timeout=30).status_code == 401
    refused = post("/oauth/token", body(platform["form"], renewal | {"refresh_token": "unknown"}))
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


def test_they_are_what_is_printed():
    swift, kotlin = source("003/002-oauthmanager.swift"), source("003/003-oauthmanager.kt")
    assert "withAllowedCharacters: .urlQueryAllowed" in swift and "(0..<32)" in swift
    assert kotlin.count("Base64.URL_SAFE or Base64.NO_WRAP") == 3 and "NO_PADDING" not in kotlin
