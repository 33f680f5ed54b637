"""Authlib as a relying party that registered itself: assertions, encrypted ID tokens, signed userinfo, logout.

Authlib has the client's side of client authentication by JWT, and joserfc, by the same author, of all that is signed and
encrypted. It has none of registration, request objects, pushed requests, DPoP and logout: httpx and joserfc do those here.
"""

import time
from urllib.parse import parse_qs, urlencode

import httpx
import pytest
from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7523 import ClientSecretJWT, PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from joserfc import jwe, jwt
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from conftest import GOODBYE, REDIRECT_URI, SCOPE, check_tokens, check_userinfo, json_of

EVENT = "http://schemas.openid.net/event/backchannel-logout"


def signing_key(alg):
    parameters = {"use": "sig", "alg": alg, "kid": f"sig-{alg}"}
    if alg == "EdDSA":
        return OKPKey.generate_key("Ed25519", parameters)
    return ECKey.generate_key("P-256", parameters) if alg == "ES256" else RSAKey.generate_key(2048, parameters)


def decrypting_key(alg):
    parameters = {"use": "enc", "alg": alg, "kid": f"enc-{alg}"}
    return ECKey.generate_key("P-256", parameters) if alg == "ECDH-ES" else RSAKey.generate_key(2048, parameters)


class RelyingParty:
    """A client that registers with these keys, and Authlib's session for it."""

    def __init__(self, metadata, keys, **wishes):
        self.metadata = metadata
        wanted = {
            "redirect_uris": [REDIRECT_URI],
            "post_logout_redirect_uris": [GOODBYE],
            "grant_types": ["authorization_code", "refresh_token"],
            "scope": SCOPE,
            **wishes,
        }
        if keys:
            wanted["jwks"] = {"keys": [key.as_dict(private=False) for key in keys]}
        answer = httpx.post(metadata["registration_endpoint"], json=wanted)
        assert answer.status_code == 201, answer.text
        self.registered = answer.json()
        # The order of scopes means nothing.
        assert set(self.registered["scope"].split()) == set(wanted.pop("scope").split())
        for member, value in wanted.items():
            assert self.registered[member] == value, member
        self.client_id = self.registered["client_id"]
        self.session = OAuth2Client(
            self.client_id,
            self.registered.get("client_secret") or keys[0],
            scope=SCOPE,
            redirect_uri=REDIRECT_URI,
            code_challenge_method="S256",
            token_endpoint=metadata["token_endpoint"],
            token_endpoint_auth_method=wishes["token_endpoint_auth_method"],
        )
        kind = PrivateKeyJWT if wishes["token_endpoint_auth_method"] == "private_key_jwt" else ClientSecretJWT
        self.session.register_client_auth_method(
            kind(
                metadata["token_endpoint"],
                alg=wishes["token_endpoint_auth_signing_alg"],
                headers={"kid": keys[0].kid} if kind is PrivateKeyJWT else None,
            )
        )

    def authorize(self, sign_in):
        """The code flow up to the tokens; with them the nonce that the ID token has to hold."""
        verifier, nonce = generate_token(48), generate_token()
        url, state = self.session.create_authorization_url(
            self.metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce
        )
        callback = sign_in(url)
        tokens = self.session.fetch_token(
            authorization_response=callback, state=state, code_verifier=verifier
        )
        check_tokens(tokens)
        return tokens, nonce

    def server_keys(self):
        return KeySet.import_key_set(json_of(httpx.get(self.metadata["jwks_uri"])))

    def check_id_token(self, signed, tokens, nonce):
        token = jwt.decode(
            signed, self.server_keys(), algorithms=[self.registered["id_token_signed_response_alg"]]
        )
        claims = CodeIDToken(
            token.claims,
            token.header,
            options={
                "iss": {"essential": True, "value": self.metadata["issuer"]},
                "aud": {"essential": True, "value": self.client_id},
            },
            params={"nonce": nonce, "client_id": self.client_id, "access_token": tokens["access_token"]},
        )
        claims.validate(leeway=0)
        return claims


def opened(token, key, alg, enc):
    """What is inside of a JWE for this key."""
    registry = jwe.JWERegistry(algorithms=[alg, enc])
    found = jwe.decrypt_compact(token, key, registry=registry)
    header = found.headers()
    assert (header["alg"], header["enc"], header["cty"], header["kid"]) == (alg, enc, "JWT", key.kid)
    return found.plaintext.decode()


@pytest.mark.parametrize("alg", ["ES256", "PS256", "RS256", "EdDSA"])
def test_private_key_jwt_and_signed_answers(alg, metadata, sign_in):
    party = RelyingParty(
        metadata,
        [signing_key(alg)],
        token_endpoint_auth_method="private_key_jwt",
        token_endpoint_auth_signing_alg=alg,
        id_token_signed_response_alg=alg,
        userinfo_signed_response_alg=alg,
    )
    tokens, nonce = party.authorize(sign_in)
    subject = party.check_id_token(tokens["id_token"], tokens, nonce)["sub"]
    answer = party.session.get(metadata["userinfo_endpoint"])
    assert answer.headers["content-type"].startswith("application/jwt")
    userinfo = jwt.decode(answer.text, party.server_keys(), algorithms=[alg]).claims
    assert (userinfo["iss"], userinfo["aud"]) == (metadata["issuer"], party.client_id)
    check_userinfo(userinfo, subject)


@pytest.mark.parametrize("enc", ["A128GCM", "A256GCM"])
@pytest.mark.parametrize("alg", ["RSA-OAEP-256", "ECDH-ES"])
def test_encrypted_id_token_and_userinfo(alg, enc, metadata, sign_in):
    key = decrypting_key(alg)
    party = RelyingParty(
        metadata,
        [signing_key("ES256"), key],
        token_endpoint_auth_method="private_key_jwt",
        token_endpoint_auth_signing_alg="ES256",
        id_token_signed_response_alg="PS256",
        id_token_encrypted_response_alg=alg,
        id_token_encrypted_response_enc=enc,
        userinfo_encrypted_response_alg=alg,
        userinfo_encrypted_response_enc=enc,
        userinfo_signed_response_alg="ES256",
    )
    tokens, nonce = party.authorize(sign_in)
    subject = party.check_id_token(opened(tokens["id_token"], key, alg, enc), tokens, nonce)["sub"]
    sealed = party.session.get(metadata["userinfo_endpoint"]).text
    userinfo = jwt.decode(opened(sealed, key, alg, enc), party.server_keys(), algorithms=["ES256"]).claims
    check_userinfo(userinfo, subject)


def test_client_secret_jwt(metadata, sign_in):
    party = RelyingParty(
        metadata, [], token_endpoint_auth_method="client_secret_jwt", token_endpoint_auth_signing_alg="HS256"
    )
    tokens, nonce = party.authorize(sign_in)
    claims = party.check_id_token(tokens["id_token"], tokens, nonce)
    check_userinfo(json_of(party.session.get(metadata["userinfo_endpoint"])), claims["sub"])
    renewed = party.session.refresh_token(metadata["token_endpoint"])
    assert party.check_id_token(renewed["id_token"], renewed, None)["sub"] == claims["sub"]


@pytest.mark.parametrize("encryption", [None, ("ECDH-ES", "A256GCM")])
def test_logout_with_everything_that_hears_of_it(encryption, metadata, browser, logout_listener):
    address, posted = logout_listener
    keys, wishes = [signing_key("ES256")], {}

    def inside(token):
        return opened(token, keys[1], *encryption) if encryption else token

    if encryption:
        keys.append(decrypting_key(encryption[0]))
        wishes = {
            "id_token_encrypted_response_alg": encryption[0],
            "id_token_encrypted_response_enc": encryption[1],
        }
    party = RelyingParty(
        metadata,
        keys,
        token_endpoint_auth_method="private_key_jwt",
        token_endpoint_auth_signing_alg="ES256",
        id_token_signed_response_alg="EdDSA",
        backchannel_logout_uri=address,
        backchannel_logout_session_required=True,
        **wishes,
    )
    tokens, nonce = party.authorize(browser.sign_in)
    hint = inside(tokens["id_token"])
    claims = party.check_id_token(hint, tokens, nonce)
    parameters = {"id_token_hint": hint, "post_logout_redirect_uri": GOODBYE, "state": "a b"}
    back = browser.sign_out(f"{metadata['end_session_endpoint']}?{urlencode(parameters)}")
    assert back.split("?")[0] == GOODBYE and parse_qs(back.split("?")[1]) == {"state": ["a b"]}

    form = parse_qs(posted(), strict_parsing=True)
    assert list(form) == ["logout_token"]
    token = jwt.decode(inside(form["logout_token"][0]), party.server_keys(), algorithms=["EdDSA"])
    assert token.header["typ"] == "logout+jwt"
    expected = jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": metadata["issuer"]},
        aud={"essential": True, "value": party.client_id},
        sub={"essential": True, "value": claims["sub"]},
        sid={"essential": True, "value": claims["sid"]},
        events={"essential": True, "value": {EVENT: {}}},
        exp={"essential": True},
        iat={"essential": True},
        jti={"essential": True},
    )
    expected.validate(token.claims)
    assert "nonce" not in token.claims and token.claims["exp"] > time.time()
    # What was given in the session ends with it.
    answer = party.session.introspect_token(
        metadata["introspection_endpoint"], token=tokens["access_token"]
    )
    assert json_of(answer) == {"active": False}
