"""Authlib as a relying party, with httpx and with requests; joserfc checks the ID token."""

import time

import httpx
import pytest
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

from conftest import REDIRECT_URI, SCOPE, check_tokens, check_userinfo, json_of

# The same interface over two HTTP libraries.
BOTH = pytest.mark.parametrize("session", [OAuth2Client, OAuth2Session])


def web(session, metadata, **more):
    return session(
        "web",
        "web-secret",
        scope=SCOPE,
        redirect_uri=REDIRECT_URI,
        code_challenge_method="S256",
        token_endpoint=metadata["token_endpoint"],
        **more,
    )


def authorize(client, metadata, sign_in, **more):
    """The code flow up to the tokens."""
    verifier = generate_token(48)
    url, state = client.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=verifier, **more
    )
    callback = sign_in(url)
    return client.fetch_token(authorization_response=callback, state=state, code_verifier=verifier)


def check_id_token(client, metadata, tokens, client_id, nonce):
    keys = KeySet.import_key_set(json_of(httpx.get(metadata["jwks_uri"])))
    token = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"])
    assert token.header["typ"] == "JWT"
    assert token.header["kid"] in {key.kid for key in keys.keys}
    claims = CodeIDToken(
        token.claims,
        token.header,
        options={
            "iss": {"essential": True, "value": metadata["issuer"]},
            "aud": {"essential": True, "value": client_id},
            "auth_time": {"essential": True},
        },
        params={"nonce": nonce, "client_id": client_id, "access_token": tokens["access_token"]},
    )
    claims.validate(leeway=0)
    assert claims.get("nonce") == nonce
    assert claims["amr"] == ["pwd"]
    assert claims["exp"] - claims["iat"] == 3600
    assert claims["auth_time"] <= claims["iat"] <= time.time()
    assert "at_hash" in claims and "email" not in claims
    return claims["sub"]


@BOTH
def test_code_flow_with_everything_after_it(session, metadata, sign_in):
    client = web(session, metadata)
    nonce = generate_token()
    tokens = authorize(client, metadata, sign_in, nonce=nonce)
    check_tokens(tokens)
    subject = check_id_token(client, metadata, tokens, "web", nonce)
    check_userinfo(json_of(client.get(metadata["userinfo_endpoint"])), subject)

    seen = {tokens["refresh_token"]}
    for _ in range(3):
        tokens = client.refresh_token(metadata["token_endpoint"])
        check_tokens(tokens)
        # "it SHOULD NOT have a nonce Claim" after a refresh (OpenID Connect Core 12.2)
        assert check_id_token(client, metadata, tokens, "web", None) == subject
        assert tokens["refresh_token"] not in seen
        seen.add(tokens["refresh_token"])


@BOTH
def test_introspection_and_revocation(session, metadata, sign_in):
    client = web(session, metadata)
    tokens = authorize(client, metadata, sign_in)
    access, refresh = tokens["access_token"], tokens["refresh_token"]

    def introspect(token):
        return json_of(client.introspect_token(metadata["introspection_endpoint"], token=token))

    found = introspect(access)
    assert found["active"] is True
    assert found["client_id"] == "web" and found["username"] == "demo"
    assert found["token_type"] == "Bearer" and found["iss"] == metadata["issuer"]
    assert set(found["scope"].split()) == set(SCOPE.split())
    assert found["exp"] - found["iat"] == 3600
    assert introspect(refresh)["active"] is True

    answer = client.revoke_token(
        metadata["revocation_endpoint"], token=refresh, token_type_hint="refresh_token"
    )
    assert answer.status_code == 200
    # Revoking a refresh token ends the grant, and the access tokens with it (RFC 7009 2.1).
    assert introspect(refresh) == {"active": False}
    assert introspect(access) == {"active": False}
    with pytest.raises(OAuthError) as refused:
        client.refresh_token(metadata["token_endpoint"], refresh_token=refresh)
    assert refused.value.error == "invalid_grant"
    assert client.get(metadata["userinfo_endpoint"]).status_code == 401


@BOTH
def test_an_expired_token_is_refreshed_on_the_way(session, metadata, sign_in):
    updates = []
    client = web(session, metadata, update_token=lambda token, **old: updates.append((token, old)))
    before = dict(authorize(client, metadata, sign_in))
    client.token["expires_at"] = int(time.time()) - 1
    assert client.get(metadata["userinfo_endpoint"]).status_code == 200
    assert len(updates) == 1
    token, old = updates[0]
    assert old["refresh_token"] == before["refresh_token"] != token["refresh_token"]


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
@BOTH
def test_client_credentials(session, method, metadata, issuer):
    client = session(
        "service",
        "service-secret",
        scope="read admin",
        token_endpoint=metadata["token_endpoint"],
        token_endpoint_auth_method=method,
    )
    tokens = client.fetch_token(grant_type="client_credentials")
    check_tokens(tokens, scope="read admin", refresh=False, id_token=False)
    answer = json_of(client.get(f"{issuer}/api/test"))
    assert answer["sub"] == answer["client_id"] == "service"
    assert set(answer["scope"].split()) == {"read", "admin"}


@BOTH
def test_public_client_with_a_loopback_port_of_its_own(session, metadata, sign_in):
    client = session(
        "native",
        scope="openid read",
        redirect_uri="http://127.0.0.1:49152/callback",
        code_challenge_method="S256",
        token_endpoint=metadata["token_endpoint"],
    )
    tokens = authorize(client, metadata, sign_in)
    check_tokens(tokens, scope="openid read")
    renewed = client.refresh_token(metadata["token_endpoint"], scope="read")
    check_tokens(renewed, scope="read", id_token=False)
    assert renewed["refresh_token"] != tokens["refresh_token"]


@BOTH
def test_errors_reach_the_application(session, metadata, sign_in):
    client = web(session, metadata)
    verifier = generate_token(48)
    url, state = client.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier)
    callback = sign_in(url)
    with pytest.raises(OAuthError) as refused:
        client.fetch_token(authorization_response=callback, state=state, code_verifier=generate_token(48))
    assert refused.value.error == "invalid_grant"

    wrong = session("service", "wrong", token_endpoint=metadata["token_endpoint"])
    with pytest.raises(OAuthError) as refused:
        wrong.fetch_token(grant_type="client_credentials")
    assert refused.value.error == "invalid_client"


def test_a_denial_reaches_the_application(metadata, sign_in):
    client = web(OAuth2Client, metadata)
    url, state = client.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=generate_token(48), prompt="consent"
    )
    answer = sign_in(url, "deny")
    assert answer.startswith(f"{REDIRECT_URI}?error=access_denied&")
    assert f"state={state}" in answer


@BOTH
def test_token_exchange(session, metadata):
    """A service narrows a token of its own to another service (RFC 8693)."""
    access_token = "urn:ietf:params:oauth:token-type:access_token"
    client = session("backend", "backend-secret", token_endpoint=metadata["token_endpoint"])
    own = client.fetch_token(grant_type="client_credentials")["access_token"]

    def exchange(subject, scope):
        return client.fetch_token(
            grant_type="urn:ietf:params:oauth:grant-type:token-exchange",
            subject_token=subject,
            subject_token_type=access_token,
            audience="downstream-service",
            scope=scope,
        )

    tokens = exchange(own, "api:read")
    assert tokens["issued_token_type"] == access_token
    assert (tokens["token_type"], tokens["scope"]) == ("Bearer", "api:read")
    answer = client.introspect_token(metadata["introspection_endpoint"], token=tokens["access_token"])
    found = json_of(answer)
    assert (found["active"], found["sub"], found["aud"]) == (True, "backend", "downstream-service")
    with pytest.raises(OAuthError) as refused:
        exchange(tokens["access_token"], "api:write")
    assert refused.value.error == "invalid_scope"
