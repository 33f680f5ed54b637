"""The DPoP client in Go, with its two repairs."""

import urllib.parse

from conftest import ISSUER, run_go, sign_in

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def code():
    query = {
        "response_type": "code",
        "client_id": "01HPQS4VWXYZ01",
        "redirect_uri": "https://myapp.example.com/callback",
        "scope": "read",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    callback = sign_in(f"{ISSUER}/oauth/authorize?{urllib.parse.urlencode(query)}")
    return urllib.parse.parse_qs(urllib.parse.urlsplit(callback).query)["code"][0]


def test_a_bound_token_and_a_call_with_it(tmp_path):
    printed = run_go("003/014-dpop-client.go", tmp_path, AUTH_CODE=code(), CODE_VERIFIER=VERIFIER)
    assert "Token Type: DPoP" in printed and "API Response Status: 200 OK" in printed, printed
