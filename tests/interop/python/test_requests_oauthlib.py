"""requests-oauthlib as a relying party."""

import pytest
from oauthlib.oauth2 import BackendApplicationClient, InvalidClientError, InvalidGrantError
from oauthlib.oauth2.rfc6749.errors import AccessDeniedError
from requests_oauthlib import OAuth2Session

from conftest import REDIRECT_URI, SCOPE, check_tokens, check_userinfo, json_of

SECRET = "web-secret"


@pytest.fixture(autouse=True)
def allow_http(monkeypatch):
    # The library's own switch: a development server has no TLS.
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


def web(**more):
    return OAuth2Session("web", redirect_uri=REDIRECT_URI, scope=SCOPE.split(), pkce="S256", **more)


def authorize(client, metadata, sign_in):
    url, _ = client.authorization_url(metadata["authorization_endpoint"], nonce="n-1")
    callback = sign_in(url)
    return client.fetch_token(
        metadata["token_endpoint"], authorization_response=callback, client_secret=SECRET
    )


def test_code_flow_and_refresh(metadata, sign_in):
    client = web()
    tokens = authorize(client, metadata, sign_in)
    check_tokens(tokens)
    claims = json_of(client.get(metadata["userinfo_endpoint"]))
    check_userinfo(claims, claims["sub"])

    seen = {tokens["refresh_token"]}
    for _ in range(3):
        tokens = client.refresh_token(metadata["token_endpoint"], auth=("web", SECRET))
        check_tokens(tokens)
        assert tokens["refresh_token"] not in seen
        seen.add(tokens["refresh_token"])


def test_an_expired_token_is_refreshed_on_the_way(metadata, sign_in):
    updates = []
    client = web(
        auto_refresh_url=metadata["token_endpoint"],
        auto_refresh_kwargs={"client_id": "web", "client_secret": SECRET},
        token_updater=updates.append,
    )
    before = authorize(client, metadata, sign_in)["refresh_token"]
    client.token = {**client.token, "expires_in": -1, "expires_at": 1}
    assert client.get(metadata["userinfo_endpoint"]).status_code == 200
    assert len(updates) == 1 and updates[0]["refresh_token"] != before


@pytest.mark.parametrize("in_the_form", [False, True])
def test_client_credentials(in_the_form, metadata, issuer):
    client = OAuth2Session(client=BackendApplicationClient(client_id="service", scope=["read", "write"]))
    tokens = client.fetch_token(
        metadata["token_endpoint"],
        client_id="service",
        client_secret="service-secret",
        include_client_id=in_the_form,
    )
    check_tokens(tokens, scope="read write", refresh=False, id_token=False)
    assert json_of(client.get(f"{issuer}/api/test"))["client_id"] == "service"


def test_revocation(metadata, sign_in):
    client = web()
    tokens = authorize(client, metadata, sign_in)
    # The library prepares the request and leaves the sending to its user.
    url, headers, body = client._client.prepare_token_revocation_request(
        metadata["revocation_endpoint"], tokens["refresh_token"], "refresh_token"
    )
    answer = client.post(url, headers=headers, data=body, auth=("web", SECRET), withhold_token=True)
    assert answer.status_code == 200
    with pytest.raises(InvalidGrantError):
        client.refresh_token(metadata["token_endpoint"], auth=("web", SECRET))
    assert client.get(metadata["userinfo_endpoint"]).status_code == 401


def test_errors_are_the_classes_of_the_library(metadata, sign_in):
    with pytest.raises(InvalidClientError):
        OAuth2Session(client=BackendApplicationClient(client_id="service")).fetch_token(
            metadata["token_endpoint"], client_id="service", client_secret="wrong"
        )
    client = web()
    url, _ = client.authorization_url(metadata["authorization_endpoint"], prompt="consent")
    with pytest.raises(AccessDeniedError):
        client.fetch_token(
            metadata["token_endpoint"], authorization_response=sign_in(url, "deny"), client_secret=SECRET
        )
