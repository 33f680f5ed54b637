"""The notebook: its cells in order, in one namespace, as a person runs them."""

import builtins
import contextlib
import io
import pathlib
import urllib.parse

import pytest

from conftest import BLOCKS, ISSUER, answer_device, sign_in, source

ENVIRONMENT = {
    "OAUTH2_SERVER_URL": ISSUER,
    "FRONTEND_CLIENT_ID": "frontend",
    "FRONTEND_CLIENT_SECRET": "frontend-secret",
    "FRONTEND_REDIRECT_URI": "http://localhost:8080/callback",
    "DEFAULT_SCOPES": "openid,profile,email,api:read",
    "BACKEND_CLIENT_ID": "backend",
    "BACKEND_CLIENT_SECRET": "backend-secret",
    "MOBILE_CLIENT_ID": "mobile",
    "TV_CLIENT_ID": "tv",
}
STAND_INS = str(pathlib.Path(__file__).parent / "stand_ins")


class Notebook:
    def __init__(self):
        self.names = {"__name__": "__main__"}

    def cell(self, number, *expected):
        """Runs a cell; it has to print what is expected, and nothing of a failure."""
        [path] = (BLOCKS / "002").glob(f"{number:03}-*.py")
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(source(path.relative_to(BLOCKS)), path.name, "exec"), self.names)
        text = printed.getvalue()
        for part in expected:
            assert part in text, text
        assert "❌" not in text and "⚠️ OAuth2 server" not in text, text
        return text


@pytest.fixture(scope="module")
def notebook():
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        patch.syspath_prepend(STAND_INS)
        notebook = Notebook()
        # The cell before the first installs packages; here that has been done.
        for number in range(1, 5):
            notebook.cell(number)
        notebook.cell(5, "✅ OAuth2 server is running")
        yield notebook


def test_authorization_code(notebook, monkeypatch):
    notebook.cell(7)
    notebook.cell(8)
    callback = urllib.parse.urlsplit(sign_in(notebook.names["auth_url"]))
    answer = urllib.parse.parse_qs(callback.query)
    assert answer["state"] == [notebook.names["state"]]
    # A person copies the code out of the address bar.
    [code] = answer["code"]
    assert urllib.parse.quote(code, safe="") == code and 20 <= len(code) <= 80
    monkeypatch.setattr(builtins, "input", lambda _: code)
    notebook.cell(9, "✅ Token exchange successful!", '"refresh_token"', '"id_token"', '"token_type": "Bearer"')


def test_client_credentials(notebook):
    notebook.cell(11)
    notebook.cell(12, "✅ Token request successful!", '"scope": "api:read api:write"', '"status_code": 200')


@pytest.mark.parametrize("decision", ["approve", "deny"])
def test_device(notebook, decision):
    notebook.cell(14)
    notebook.cell(15, "✅ Device authorization started!", '"verification_uri"')
    started = notebook.names["device_auth"]
    assert isinstance(started["interval"], int) and isinstance(started["expires_in"], int)
    said = answer_device(started["verification_uri_complete"], decision)
    if decision == "approve":
        assert said == "device-approved"
        notebook.cell(16, "✅ Device flow completed successfully!")
    else:
        assert said == "device-denied"
        with pytest.raises(AssertionError, match="access_denied"):
            notebook.cell(16)


def test_token_exchange(notebook):
    notebook.cell(11)
    notebook.cell(18)
    printed = notebook.cell(19, "✅ Token exchange successful!", "Exchanged token scope: api:read")
    assert "Issued token type: urn:ietf:params:oauth:token-type:access_token" in printed


def test_introspection_and_revocation(notebook):
    notebook.cell(11)
    names = notebook.names
    names["access_token"] = names["client_creds_client"].get_access_token()["access_token"]
    notebook.cell(20, '"active": true', '"client_id": "backend"')
    backend = names["CLIENTS"]["backend"]
    credentials = (backend["client_id"], backend["client_secret"])
    assert names["revoke_token"](names["access_token"], *credentials)
    assert names["introspect_token"](names["access_token"], *credentials) == {"active": False}


def test_discovery(notebook):
    printed = notebook.cell(21, "🔗 Key Endpoints:")
    for name in [
        "Authorization",
        "Token",
        "UserInfo",
        "Device Authorization",
        "Token Introspection",
        "Token Revocation",
    ]:
        assert f"   {name}: {ISSUER}/" in printed


def test_a_variable_that_is_not_set_is_a_clean_error(notebook):
    names = notebook.names
    notebook.cell(11)
    nobody = {"client_id": None, "client_secret": None, "scopes": []}
    with pytest.raises(Exception, match="Token request failed: 400 - .*invalid_request"):
        names["ClientCredentialsFlowClient"](nobody, ISSUER).get_access_token()
