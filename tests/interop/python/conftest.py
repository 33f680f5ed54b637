"""What all clients need: where the server is, a person who signs in, keys, and an address to hear of logouts at."""

import http.server
import os
import queue
import subprocess
import threading

import httpx
import pytest

REDIRECT_URI = "http://localhost:3000/oauth/callback"
GOODBYE = "http://localhost:3000/goodbye"
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
    return lambda url, decision="approve": person(url, decision)


@pytest.fixture
def browser(tmp_path):
    """A person whose browser keeps its cookies, so that who signed in with it can sign out."""
    return Browser(tmp_path / "cookies")


class Browser:
    def __init__(self, cookies):
        self.cookies = ("--cookies", str(cookies))

    def sign_in(self, url):
        return person(*self.cookies, url)

    def sign_out(self, url):
        """Answers a logout request; returns the address that the browser is sent back to."""
        return person(*self.cookies, "--sign-out", url)


def person(*words):
    command = [os.environ["SIGN_IN"], *words]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=60).stdout.strip()


@pytest.fixture
def logout_listener():
    """A `backchannel_logout_uri` that somebody listens at: its address, and the bodies that were posted."""
    posted = queue.Queue()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            assert self.headers["content-type"] == "application/x-www-form-urlencoded"
            posted.put(self.rfile.read(int(self.headers["content-length"])).decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/backchannel-logout", lambda: posted.get(timeout=10)
        server.shutdown()


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
