"""idpyoidc as a relying party: it configures itself by discovery and registration, and checks every answer by what it
registered.

What it cannot do: hold several scopes that it registered (it takes the text for one word), so it registers `openid` alone
and asks for more by the `claims` parameter; register the refresh token grant; open an encrypted ID token; push a request
(it takes the answer 200 alone, and RFC 9126 2.2 has 201).
"""

from urllib.parse import parse_qsl, urlsplit

import pytest
from cryptojwt.key_jar import build_keyjar
from idpyoidc.client.oauth2.stand_alone_client import StandAloneClient, backchannel_logout
from idpyoidc.exception import MissingSigningKey

from conftest import GOODBYE, REDIRECT_URI

SERVICES = {
    "discovery": "oidc.provider_info_discovery.ProviderInfoDiscovery",
    "registration": "oidc.registration.Registration",
    "authorization": "oidc.authorization.Authorization",
    "access_token": "oidc.access_token.AccessToken",
    "userinfo": "oidc.userinfo.UserInfo",
    "end_session": "oidc.end_session.EndSession",
}
ADD_ON = "idpyoidc.client.oauth2.add_on"
PKCE = {
    "function": f"{ADD_ON}.pkce.add_support",
    "kwargs": {"code_challenge_length": 64, "code_challenge_method": "S256"},
}
CLAIMS = {"userinfo": {"email": {"essential": True}, "name": None}, "id_token": {"auth_time": {"essential": True}}}


def register(issuer, alg, method, add_ons=None, encrypted=None, **wishes):
    """A relying party by discovery and registration; `encrypted` says how its userinfo shall be."""
    kind = {"type": "EC", "crv": "P-256"} if alg == "ES256" else {"type": "RSA"}
    keys = [{**kind, "use": ["sig"]}]
    preference = {}
    if encrypted:
        keys.append({"type": "EC", "crv": "P-256", "use": ["enc"]})
        preference = {
            "encrypt_userinfo_supported": True,
            "userinfo_encryption_alg_values_supported": [encrypted[0]],
            "userinfo_encryption_enc_values_supported": [encrypted[1]],
        }
    config = {
        "issuer": issuer,
        "client_type": "oidc",
        "base_url": "http://localhost:3000",
        "redirect_uris": [REDIRECT_URI],
        "key_conf": {"key_defs": keys},
        "client_authn_methods": [method],
        "preference": {
            "response_types_supported": ["code"],
            "scopes_supported": ["openid"],
            "token_endpoint_auth_methods_supported": [method],
            "token_endpoint_auth_signing_alg_values_supported": [alg if method == "private_key_jwt" else "HS256"],
            "id_token_signing_alg_values_supported": [alg],
            "userinfo_signing_alg_values_supported": [alg],
            **preference,
        },
        "add_ons": {"pkce": PKCE, **(add_ons or {})},
    }
    services = {name: {"class": f"idpyoidc.client.{path}"} for name, path in SERVICES.items()}
    client = StandAloneClient(config=config, services=services)
    assert client.do_provider_info() == issuer
    wanted = {"scope": "openid", "post_logout_redirect_uris": [GOODBYE], **wishes}
    # The library adds its own wishes to the dictionary.
    client.do_client_registration(request_args=dict(wanted))
    registered = client.get_context().registration_response
    assert registered["id_token_signed_response_alg"] == registered["userinfo_signed_response_alg"] == alg
    assert registered["token_endpoint_auth_method"] == method
    for member, value in wanted.items():
        assert registered[member] == value, member
    # Assertions are made for this id, which registration leaves as it was.
    client.client_id = client.get_client_id()
    return client


def log_in(client, sign_in):
    """The code flow; the library checks the tokens and asks for userinfo."""
    callback = sign_in(client.init_authorization(req_args={"claims": CLAIMS}))
    outcome = client.finalize(dict(parse_qsl(urlsplit(callback).query)))
    assert "error" not in outcome, outcome
    return outcome


@pytest.mark.parametrize(
    ("alg", "method"),
    [("ES256", "private_key_jwt"), ("PS256", "private_key_jwt"), ("RS256", "client_secret_jwt")],
)
def test_registered_and_logged_in(alg, method, issuer, sign_in):
    client = register(issuer, alg, method)
    outcome = log_in(client, sign_in)
    id_token, userinfo = outcome["id_token"], outcome["userinfo"]
    assert id_token.jws_header["alg"] == alg
    assert id_token["auth_time"] <= id_token["iat"]
    assert id_token["aud"] == [client.get_client_id()]
    assert userinfo["sub"] == id_token["sub"]
    assert (userinfo["email"], userinfo["name"]) == ("demo@example.com", "Demo Maria User")


def test_encrypted_userinfo(issuer, sign_in):
    client = register(issuer, "ES256", "private_key_jwt", encrypted=("ECDH-ES", "A256GCM"))
    userinfo = log_in(client, sign_in)["userinfo"]
    assert userinfo["email"] == "demo@example.com"
    # As it came: a JWE has five parts.
    assert userinfo._jws.count(".") == 4


def test_request_object(issuer, sign_in):
    jar = {"function": f"{ADD_ON}.jar.add_support", "kwargs": {"request_object_signing_alg": "ES256"}}
    client = register(
        issuer, "ES256", "private_key_jwt", {"jar": jar}, request_object_signing_alg="ES256"
    )
    assert log_in(client, sign_in)["userinfo"]["email"] == "demo@example.com"


def test_logout(issuer, browser, logout_listener):
    address, posted = logout_listener
    client = register(
        issuer,
        "ES256",
        "private_key_jwt",
        backchannel_logout_uri=address,
        backchannel_logout_session_required=True,
    )
    outcome = log_in(client, browser.sign_in)
    request = client.logout(outcome["state"], post_logout_redirect_uri=GOODBYE)
    back = urlsplit(browser.sign_out(request["url"]))
    assert back._replace(query="").geturl() == GOODBYE
    assert dict(parse_qsl(back.query)) == {"state": request["request"]["state"]}

    message = posted()
    # The library finds the login that the logout token is about.
    assert backchannel_logout(client, request=message) == outcome["state"]
    client.keyjar = build_keyjar([{"type": "EC", "crv": "P-256", "use": ["sig"]}], issuer_id=issuer)
    with pytest.raises(MissingSigningKey):
        backchannel_logout(client, request=message)
