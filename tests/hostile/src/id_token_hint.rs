//! `id_token_hint`: ID tokens of ours that come back, however old, and nothing else.
//!
//! An input is a token as it came; or, with a line end in it, a header and claims, which our own key signs here.

use grantor_jose::{Expectation, Type, verify};
use grantor_protocol::token::IdTokenClaims;
use serde_json::{Value, json};

use crate::signed::{self, KID, OWN_KEYS, altered, by_known_key, forgeries};
use crate::world::{CLIENT, ISSUER, NOW};
use crate::{Target, lines};

pub(crate) const TARGET: Target = Target {
    name: "id_token_hint",
    run,
    seeds,
    forged,
};

fn run(input: &[u8]) -> bool {
    let token = signed::token(input);
    let expectation = Expectation::for_any_audience(Type::IdToken, ISSUER, NOW.as_seconds()).accept_expired();
    let Ok(verified) = verify::<IdTokenClaims>(&token, &OWN_KEYS, &expectation) else {
        return false;
    };
    assert_eq!(verified.header().kid(), Some(KID));
    let claims = verified.claims();
    assert_eq!(claims.iss, ISSUER);
    if lines(input).is_none() {
        // Nobody can have signed another one.
        let ours = by_known_key(&signed::header("JWT").to_string(), &self::claims().to_string());
        assert_eq!(
            token.rsplit_once('.').unwrap().0,
            ours.rsplit_once('.').unwrap().0
        );
    }
    true
}

fn claims() -> Value {
    let long_ago = NOW.as_seconds() - 100_000;
    json!({
        "iss": ISSUER, "sub": "alice", "aud": CLIENT, "iat": long_ago, "exp": long_ago + 3600,
        "auth_time": long_ago, "nonce": "n", "amr": ["pwd"], "email": "alice@example.com",
    })
}

fn seeds() -> Vec<Vec<u8>> {
    let (deep_header, deep_claims) = signed::deep("JWT", &claims().to_string());
    let header = signed::header("JWT").to_string();
    let mut elsewhere = claims();
    elsewhere["iss"] = json!("https://elsewhere.example");
    [
        by_known_key(&header, &claims().to_string()),
        format!("{header}\n{}", claims()),
        format!("{deep_header}\n{}", claims()),
        format!("{header}\n{deep_claims}"),
        format!("{header}\n{elsewhere}"),
    ]
    .map(String::into_bytes)
    .into()
}

fn forged() -> Vec<Vec<u8>> {
    let mut tokens = forgeries("JWT", &claims());
    let changes = [
        ("iss", json!("https://elsewhere.example")),
        ("iss", json!([ISSUER])),
        ("iss", Value::Null),
        ("sub", json!(1)),
        ("aud", json!({})),
        ("auth_time", json!("then")),
    ];
    tokens.extend(altered("JWT", &claims(), changes));
    tokens
}
