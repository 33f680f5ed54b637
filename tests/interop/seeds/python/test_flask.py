"""The Flask application: its classes and routes as printed, in the layout that the document gives them."""

import os
import subprocess
import sys
import urllib.parse

import pytest

from conftest import BLOCKS, ISSUER, sign_in

LAYOUT = {
    "oauth2/client.py": "000/005-oauth2-client-implementation.py",
    "oauth2/token_manager.py": "000/006-token-management.py",
    "routes/auth.py": "000/007-authentication-routes.py",
    "routes/api.py": "000/008-api-integration.py",
    "printed_app.py": "000/011-error-handling.py",
    "test_app.py": "000/012-testing.py",
}
# What the document describes and does not print: the pages, and the lines that put the parts together.
APP = """
import os
from flask import Blueprint, session
import printed_app

def create_app():
    app = printed_app.create_app()
    from routes.auth import auth_bp
    from routes.api import api_bp
    main = Blueprint("main", __name__)
    main.add_url_rule("/", "index", lambda: "index")
    main.add_url_rule("/profile", "profile", lambda: "profile")
    def almost_expired():
        session["oauth2_tokens"] = {**session["oauth2_tokens"], "expires_at": 0}
        return "almost expired"
    main.add_url_rule("/almost-expired", "almost_expired", almost_expired)
    for blueprint in (main, auth_bp, api_bp):
        app.register_blueprint(blueprint)
    app.config.update({name: value for name, value in os.environ.items() if name.startswith("OAUTH2_")})
    app.config["SECRET_KEY"] = "a key of the test"
    return app
"""
CONFIGURATION = {
    "OAUTH2_CLIENT_ID": "flask-web",
    "OAUTH2_CLIENT_SECRET": "flask-web-secret",
    "OAUTH2_REDIRECT_URI": "http://localhost:5000/auth/callback",
    "OAUTH2_AUTHORIZATION_URL": f"{ISSUER}/oauth2/authorize",
    "OAUTH2_TOKEN_URL": f"{ISSUER}/oauth2/token",
    "OAUTH2_API_BASE_URL": ISSUER,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("flask")
    for name, block in LAYOUT.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_bytes((BLOCKS / block).read_bytes())
    (folder / "app.py").write_text(APP)
    return folder


@pytest.fixture(scope="module")
def application(folder):
    sys.path.insert(0, str(folder))
    os.environ.update(CONFIGURATION)
    import app

    return app.create_app()


@pytest.fixture
def browser(application):
    return application.test_client()


def log_in(browser, decision="approve"):
    started = browser.get("/auth/login")
    assert "oauth2/authorize" in started.location
    callback = urllib.parse.urlsplit(sign_in(started.location, decision))
    return browser.get(f"{callback.path}?{callback.query}")


def tokens(browser):
    with browser.session_transaction() as session:
        return session.get("oauth2_tokens")


def test_its_own_tests(folder):
    environment = os.environ | CONFIGURATION
    command = [sys.executable, "-m", "unittest", "-q", "test_app"]
    done = subprocess.run(command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


# Before anybody allows: what was allowed is not asked again.
def test_a_person_who_denies(browser):
    assert log_in(browser, "deny").location == "/"
    assert tokens(browser) is None
    with browser.session_transaction() as session:
        assert "denied" in session["_flashes"][0][1]


def test_login_api_refresh_and_logout(browser):
    assert log_in(browser).location == "/profile"
    first = tokens(browser)
    assert set(first["scope"].split()) == {"read:profile", "write:data"}
    assert browser.get("/api/profile").status_code == 200
    stored = browser.post("/api/data", json={"note": "kept"})
    assert (stored.status_code, stored.json["data"]) == (200, {"note": "kept"})
    # The login asks for no read:data, and the application itself says so.
    assert browser.get("/api/data").status_code == 403

    browser.get("/almost-expired")
    assert browser.get("/api/profile").status_code == 200
    second = tokens(browser)
    assert second["refresh_token"] != first["refresh_token"]
    assert set(second["scope"].split()) == {"read:profile", "write:data"}
    # All of it lives in one cookie.
    assert len(browser.get_cookie("session").value) < 4000

    assert browser.get("/auth/logout").location == "/"
    assert tokens(browser) is None
    from oauth2.client import OAuth2Client, OAuth2Error

    client = OAuth2Client("flask-web", "flask-web-secret", "", "", CONFIGURATION["OAUTH2_TOKEN_URL"])
    with pytest.raises(OAuth2Error, match="invalid_grant"):
        client.refresh_access_token(second["refresh_token"])
    # What has ended can be revoked again.
    assert client.revoke_token(second["access_token"], "access_token")


def test_two_requests_refresh_with_the_same_token(browser):
    log_in(browser)
    from oauth2.client import OAuth2Client

    client = OAuth2Client("flask-web", "flask-web-secret", "", "", CONFIGURATION["OAUTH2_TOKEN_URL"])
    old = tokens(browser)["refresh_token"]
    answers = [client.refresh_access_token(old) for _ in range(2)]
    assert answers[0]["refresh_token"] == answers[1]["refresh_token"]
    assert all(answer["access_token"] and answer["scope"] for answer in answers)
