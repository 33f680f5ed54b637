"""The example APIs of the guide, each in its language with its library, asked the same questions."""

import hashlib
import os
import pathlib
import secrets
import socket
import subprocess
import sys
import time
import urllib.parse
from base64 import urlsafe_b64encode

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec

ISSUER = os.environ["GRANTOR_ISSUER"]
EXAMPLES = pathlib.Path(__file__).parents[3] / "examples"
COMMANDS = {
    "axum": ([os.environ["AXUM_EXAMPLE"]], EXAMPLES),
    "flask": ([sys.executable, "app.py"], EXAMPLES / "flask-api"),
    "express": (["node", "server.js"], EXAMPLES / "express-api"),
    "go": (["./api"], EXAMPLES / "go-api"),
}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="module", params=COMMANDS)
def api(request, tmp_path_factory):
    command, folder = COMMANDS[request.param]
    if request.param == "go":
        program = tmp_path_factory.mktemp("go") / "api"
        subprocess.run(["go", "build", "-o", str(program), "."], cwd=folder, check=True, timeout=180)
        command = [str(program)]
    port = free_port()
    environment = os.environ | {"ISSUER": ISSUER, "PORT": str(port)}
    process = subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    for _ in range(400):
        assert process.poll() is None, f"{request.param} ended"
        try:
            requests.get(address, timeout=5)
            break
        except requests.ConnectionError:
            time.sleep(0.025)
    yield address
    process.kill()
    process.wait()


def token(client="service", scope="read", headers=None, **more):
    form = {"grant_type": "client_credentials", "scope": scope} | more
    auth = (client, f"{client}-secret")
    answer = requests.post(f"{ISSUER}/oauth/token", data=form, auth=auth, headers=headers, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.json()["access_token"]


def user_tokens():
    """What a user gave the client `web`."""
    verifier = secrets.token_urlsafe(32)
    challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    redirect_uri = "http://localhost:3000/oauth/callback"
    query = {
        "response_type": "code",
        "client_id": "web",
        "redirect_uri": redirect_uri,
        "scope": "openid read write",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    command = [os.environ["SIGN_IN"], f"{ISSUER}/oauth/authorize?{urllib.parse.urlencode(query)}"]
    callback = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=60).stdout
    [code] = urllib.parse.parse_qs(urllib.parse.urlsplit(callback.strip()).query)["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "code_verifier": verifier}
    answer = requests.post(f"{ISSUER}/oauth/token", data=form, auth=("web", "web-secret"), timeout=30)
    return answer.json()


def bound_token():
    """A token that is bound to a key (RFC 9449)."""
    key = ec.generate_private_key(ec.SECP256R1())
    public = jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    claims = {"jti": secrets.token_hex(), "htm": "POST", "htu": f"{ISSUER}/oauth/token", "iat": int(time.time())}
    proof = jwt.encode(claims, key, "ES256", headers={"typ": "dpop+jwt", "jwk": public})
    return token(headers={"DPoP": proof})


def call(api, method, path, bearer=None, **more):
    headers = {} if bearer is None else {"Authorization": f"Bearer {bearer}"}
    return requests.request(method, f"{api}{path}", headers=headers, timeout=30, **more)


def assert_refused(answer, status, error):
    assert answer.status_code == status, answer.text
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge.startswith("Bearer ") and f'error="{error}"' in challenge


def test_scopes(api):
    reader, writer = token(scope="read"), token(scope="read write")
    assert call(api, "GET", "/notes", reader).status_code == 200
    refused = call(api, "POST", "/notes", reader, json={"text": "no"})
    assert_refused(refused, 403, "insufficient_scope")
    assert 'scope="write"' in refused.headers["WWW-Authenticate"]
    assert call(api, "POST", "/notes", writer, json={"text": "yes"}).status_code == 201
    assert {"text": "yes"} in call(api, "GET", "/notes", writer).json()["notes"]
    assert {"text": "no"} not in call(api, "GET", "/notes", writer).json()["notes"]


def test_who_calls(api):
    service = call(api, "GET", "/whoami", token()).json()
    assert (service["sub"], service["client_id"], service["user"]) == ("service", "service", False)
    user = call(api, "GET", "/whoami", user_tokens()["access_token"]).json()
    assert (user["client_id"], user["user"]) == ("web", True)
    assert user["sub"] not in ("web", "demo")


def test_without_a_token(api):
    for headers in [{}, {"Authorization": "Basic c2VydmljZTp4"}]:
        answer = requests.get(f"{api}/notes", headers=headers, timeout=30)
        assert answer.status_code == 401
        # Who sent nothing made no mistake (RFC 6750 3.1).
        assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
        assert "error=" not in answer.headers["WWW-Authenticate"].split(", DPoP ")[0]


def test_tokens_that_are_none_for_this_api(api):
    good = token()
    head, claims, signature = good.split(".")
    unsigned = urlsafe_b64encode(b'{"alg":"none","typ":"at+jwt"}').rstrip(b"=").decode()
    stranger = jwt.encode(
        jwt.decode(good, options={"verify_signature": False}),
        ec.generate_private_key(ec.SECP256R1()),
        "ES256",
        headers={"typ": "at+jwt", "kid": jwt.get_unverified_header(good)["kid"]},
    )
    for name, bad in {
        "no JWT": "x",
        "another signature": f"{head}.{claims}.{signature[:-8]}AAAAAAAA",
        "no signature": f"{unsigned}.{claims}.",
        "a key of somebody else": stranger,
        "for another service": token("backend", "api:read", resource="downstream-service"),
        "an ID token": user_tokens()["id_token"],
        "bound to a key": bound_token(),
    }.items():
        answer = call(api, "GET", "/whoami", bad)
        assert answer.status_code == 401, name
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"], name
