//! What browsers, tokens and APIs bring to the client library: an answer of somebody else is none of ours.
//!
//! For [`CALLBACK`] an input is what the browser brings, for [`CHALLENGE`] a header, for [`ID_TOKEN`] a token as in
//! [`crate::id_token_hint`].

use std::sync::LazyLock;

use grantor_client::{
    Challenge, IdToken, IdTokenExpectation, PendingAuthorization, Seconds, Secret, SigningAlgorithm, StepUp,
};
use http::header::{HeaderValue, WWW_AUTHENTICATE};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use crate::client_world::{check_error, target};
use crate::signed::{self, OWN_KEYS, altered, forgeries};
use crate::world::{CALLBACK as REDIRECT_URI, CLIENT, ISSUER, NOW};
use crate::{Target, lines};

const STATE: &str = "the-state";
const NONCE: &str = "the-nonce";

/// What the browser brings back.
pub(crate) const CALLBACK: Target = target("callback", run_callback, seeds_of_callbacks, || {
    let iss = "iss=https%3A%2F%2Fid.example";
    [
        String::new(),
        "code=c".to_owned(),
        format!("code=c&{iss}"),
        format!("code=c&state=&{iss}"),
        format!("code=c&state=The-State&{iss}"),
        format!("code=c&state={STATE}"),
        format!("code=c&state={STATE}&iss=https://elsewhere.example"),
        format!("code=c&state={STATE}&{iss}&state={STATE}"),
        format!("code=c&code=d&state={STATE}&{iss}"),
        format!("state={STATE}&{iss}"),
        format!("code=&state={STATE}&{iss}"),
        format!("error=access_denied&code=c&state={STATE}&{iss}"),
        format!("/callback#code=c&state={STATE}&{iss}"),
        format!("code=c&state={STATE}%00&{iss}"),
    ]
    .map(String::into_bytes)
    .into()
});

fn seeds_of_callbacks() -> Vec<Vec<u8>> {
    [
        format!("code=c&state={STATE}&iss={ISSUER}"),
        format!("{REDIRECT_URI}?iss={ISSUER}&state={STATE}&code=c#_=_"),
        format!("error=access_denied&error_description=no%0a&state={STATE}&iss={ISSUER}"),
    ]
    .map(String::into_bytes)
    .into()
}

/// A login that is under way.
static PENDING: LazyLock<PendingAuthorization> = LazyLock::new(|| {
    let kept = json!({
        "issuer": ISSUER, "client_id": CLIENT, "redirect_uri": REDIRECT_URI, "state": STATE, "nonce": NONCE,
        "verifier": "v", "scope": "openid", "max_age": null, "iss_required": true,
    });
    PendingAuthorization::import(&Secret::new(kept.to_string())).unwrap()
});

fn run_callback(input: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(input) else {
        return false;
    };
    match PENDING.clone().validate(text) {
        Ok(_) => {
            assert!(text.contains("code="));
            assert!(!text.contains("error=") || text.contains('#') || text.contains("_error="));
            true
        }
        Err(error) => {
            check_error(&error);
            false
        }
    }
}

/// ID tokens.
pub(crate) const ID_TOKEN: Target = target("client_id_token", run_id_token, seeds_of_id_tokens, || {
    let past = NOW.as_seconds() - 100;
    let mut tokens = forgeries("JWT", &id_token());
    let changes = [
        ("iss", json!("https://elsewhere.example")),
        ("iss", Value::Null),
        ("sub", Value::Null),
        ("aud", json!("another")),
        ("aud", json!([CLIENT, "another"])),
        ("aud", json!([])),
        ("azp", json!("another")),
        ("exp", json!(past)),
        ("exp", Value::Null),
        ("iat", Value::Null),
        ("nonce", json!("another")),
        ("nonce", Value::Null),
        ("auth_time", json!(past - 100_000)),
        ("auth_time", Value::Null),
        ("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")),
        ("c_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")),
    ];
    tokens.extend(altered("JWT", &id_token(), changes));
    tokens
});

fn id_token() -> Value {
    let now = NOW.as_seconds();
    json!({
        "iss": ISSUER, "sub": "alice", "aud": CLIENT, "iat": now - 1, "exp": now + 60, "auth_time": now - 10,
        "nonce": NONCE, "azp": CLIENT,
    })
}

fn seeds_of_id_tokens() -> Vec<Vec<u8>> {
    let header = signed::header("JWT").to_string();
    let (deep_header, deep_claims) = signed::deep("JWT", &id_token().to_string());
    [
        signed::by_known_key(&header, &id_token().to_string()),
        format!("{header}\n{}", id_token()),
        format!("{deep_header}\n{deep_claims}"),
    ]
    .map(String::into_bytes)
    .into()
}

fn run_id_token(input: &[u8]) -> bool {
    let (access_token, code) = (Secret::new("at"), Secret::new("c"));
    let expected = IdTokenExpectation {
        issuer: ISSUER,
        client_id: CLIENT,
        trusted_audiences: &[],
        algorithm: SigningAlgorithm::EdDsa,
        nonce: Some(NONCE),
        access_token: Some(&access_token),
        code: Some(&code),
        max_age: Some(Seconds(3_600)),
        subject: None,
        now: NOW,
        leeway: Seconds(10),
    };
    let raw = Secret::new(signed::token(input));
    let Ok(token) = IdToken::verify(&raw, &OWN_KEYS, &expected) else {
        return false;
    };
    let claims = token.claims();
    assert_eq!(claims.iss, ISSUER);
    assert!(claims.aud.values().iter().any(|audience| audience == CLIENT));
    assert!(claims.exp + 10.0 >= NOW.as_seconds() as f64);
    if lines(input).is_none() {
        // Nobody can have signed another one.
        assert_eq!((token.subject(), claims.auth_time.is_some()), ("alice", true));
    }
    true
}

/// What an API wants.
pub(crate) const CHALLENGE: Target = target("challenge", run_challenge, seeds_of_challenges, || {
    [
        "",
        "=",
        ",",
        "Bearer error=",
        "Bearer error=\"",
        "Bearer error=\"x",
        "Bearer =x",
        "\"Bearer\"",
        "Bearer a=b c=d",
        "\u{0}",
        "Bearer a=\"\u{1}\"",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into()
});

fn seeds_of_challenges() -> Vec<Vec<u8>> {
    [
        r#"Bearer realm="a \" b", error="insufficient_user_authentication", acr_values="1 2", max_age=5"#,
        r#"DPoP algs="ES256", Bearer error=invalid_token, Negotiate"#,
    ]
    .map(|text| text.as_bytes().to_vec())
    .into()
}

fn run_challenge(input: &[u8]) -> bool {
    let Ok(value) = HeaderValue::from_bytes(input) else {
        return false;
    };
    let mut headers = HeaderMap::new();
    headers.insert(WWW_AUTHENTICATE, value);
    let found = Challenge::all(&headers);
    assert!(found.len() <= 16);
    if let Some(wanted) = StepUp::wanted(StatusCode::UNAUTHORIZED, &headers) {
        let error = "insufficient_user_authentication";
        assert!(
            found
                .iter()
                .any(|challenge| challenge.parameter("error") == Some(error))
        );
        assert!(wanted.acr_values.is_none_or(|values| !values.trim().is_empty()));
    }
    !found.is_empty()
}
