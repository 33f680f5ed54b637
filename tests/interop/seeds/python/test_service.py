"""The service clients in Python and Go: client credentials, an API, introspection and revocation without a secret."""

import pytest
import requests

from conftest import ISSUER, run_go, run_python, source

LINES = [
    "Authenticated successfully. Token expires at:",
    "oken info:",
    "Token revoked successfully",
]


def test_python_as_printed():
    printed = run_python("003/005-oauth-client.py")
    for line in [*LINES, "Retrieved ", "Created user: ", '"active": true', '"client_id": "your-server-client-id"']:
        assert line in printed, printed
    assert "error" not in printed.lower(), printed


def test_go_as_printed(tmp_path):
    printed = run_go("003/006-oauth-client.go", tmp_path)
    for line in [*LINES, "API Response: [", "User created successfully", "active:true", "scope:admin read write"]:
        assert line in printed, printed
    assert "failed" not in printed, printed


@pytest.fixture
def module():
    """The printed module, without what it does when it is run."""
    names = {"__name__": "oauth_client"}
    exec(compile(source("003/005-oauth-client.py"), "oauth_client.py", "exec"), names)
    return names


def client(module, **more):
    options = {"client_id": "your-server-client-id", "client_secret": "your-server-client-secret"} | more
    return module["OAuth2ClientCredentialsClient"](auth_server_url=ISSUER, **options)


def test_the_answer_has_the_members_that_the_client_knows_and_no_other(module):
    token = client(module, scopes=["read"]).authenticate()
    assert (token.token_type, token.scope, token.expires_in) == ("Bearer", "read", 3600)
    # Without a scope it is all that the client may have, and it is said.
    assert client(module).authenticate().scope == "admin read write"


def test_a_token_that_ended_is_replaced_once(module):
    service = client(module, scopes=["read"])
    first = service.authenticate().access_token
    assert service.revoke_token(first) is True
    assert service.introspect_token(first) == {"active": False}
    assert service.revoke_token("unknown") is True
    service._token = module["TokenResponse"]("not-a-token", "Bearer", 3600, "read")
    assert service.get(f"{ISSUER}/users").status_code == 200
    assert service.get_valid_token() not in (first, "not-a-token")


def test_a_wrong_secret_and_too_much_scope(module):
    for wrong in [{"client_secret": "wrong"}, {"scopes": ["read", "openid"]}]:
        with pytest.raises(module["OAuth2Error"], match="Authentication failed: 40[01]"):
            client(module, **wrong).authenticate()
    token = client(module, scopes=["read"]).authenticate().access_token
    answer = requests.post(f"{ISSUER}/users", json={}, headers={"Authorization": f"Bearer {token}"}, timeout=30)
    assert answer.status_code == 403
    assert answer.headers["www-authenticate"].startswith("Bearer ")
