//! Client assertions: from the form to the authenticated client.
//!
//! An input is an assertion as it came; or, with a line end in it, a header and claims, which the key of the client signs
//! here.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use grantor_jose::verify;
use grantor_protocol::client_auth::assertion::{
    ClientAssertionFacts, JWT_BEARER, MAX_LIFETIME, VerifiedAssertion, expectation,
};
use grantor_protocol::client_auth::{Credentials, authenticate_by_assertion};
use grantor_types::{ClientAuthMethod, Parameters};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Target;
use crate::signed::{self, CLIENT_KEYS, altered, by_known_key, forgeries};
use crate::world::{CLIENT, ISSUER, NOW, WORLD, client};

pub(crate) const TARGET: Target = Target {
    name: "client_assertion",
    run,
    seeds,
    forged,
};

const ENDPOINT: &str = "https://id.example/oauth/token";
/// How far clocks may be apart, with what the token is looked at in.
const CLOCKS: u64 = 120;

fn run(input: &[u8]) -> bool {
    let token = signed::token(input);
    let pairs = [
        ("client_assertion_type", JWT_BEARER),
        ("client_assertion", &token),
    ];
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let Ok(Some(credentials)) = Credentials::read(None, &Parameters::from_pairs(pairs).unwrap()) else {
        return false;
    };
    let client = client();
    // Who it says it is decides whose keys are looked at. The client has no secret, so that a MAC proves nothing.
    if credentials.client_id != client.id || credentials.method != ClientAuthMethod::PrivateKeyJwt {
        return false;
    }
    let Ok(verified) = verify(&token, &CLIENT_KEYS, &expectation(&client.id, NOW)) else {
        return false;
    };
    let facts = ClientAssertionFacts {
        verified: VerifiedAssertion::Key(verified),
        endpoints: &[ENDPOINT.to_owned()],
    };
    let Ok(authenticated) = authenticate_by_assertion(&WORLD.cx(), Arc::new(client), &facts) else {
        return false;
    };
    assert_eq!(authenticated.client().id.as_str(), CLIENT);
    check(&token);
    let fresh = authenticated.assertion().unwrap();
    let expires = fresh.expires_at.as_seconds();
    assert!(expires + CLOCKS > NOW.as_seconds() && expires <= NOW.as_seconds() + MAX_LIFETIME.0 + CLOCKS);
    true
}

/// The claims that matter.
#[derive(Deserialize)]
struct Said {
    iss: String,
    sub: String,
    aud: Value,
    jti: String,
}

/// What an assertion says that was taken, read once more by hand.
fn check(token: &str) {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    let said: Said = serde_json::from_slice(&claims).unwrap();
    assert_eq!((said.iss.as_str(), said.sub.as_str()), (CLIENT, CLIENT));
    assert!(!said.jti.is_empty());
    let ours = |name: &Value| name == ISSUER || name == ENDPOINT;
    let several = said.aud.as_array().is_some_and(|all| all.iter().any(ours));
    assert!(several || ours(&said.aud), "{}", said.aud);
}

fn claims() -> Value {
    json!({
        "iss": CLIENT, "sub": CLIENT, "aud": ENDPOINT, "jti": "1", "iat": NOW.as_seconds(),
        "exp": NOW.as_seconds() + 60,
    })
}

fn seeds() -> Vec<Vec<u8>> {
    let (deep_header, deep_claims) = signed::deep("JWT", &claims().to_string());
    let header = signed::header("JWT").to_string();
    let mut many = claims();
    many["aud"] = json!(["https://other.example", ISSUER]);
    many["nbf"] = json!(NOW.as_seconds());
    [
        by_known_key(&header, &claims().to_string()),
        format!("{header}\n{}", claims()),
        format!("{deep_header}\n{}", claims()),
        format!("{header}\n{deep_claims}"),
        format!("{header}\n{many}"),
        format!("{}\n{}", signed::header("client-authentication+jwt"), claims()),
    ]
    .map(String::into_bytes)
    .into()
}

fn forged() -> Vec<Vec<u8>> {
    let mut tokens = forgeries("JWT", &claims());
    let now = NOW.as_seconds();
    let changes = [
        ("iss", json!("other")),
        ("iss", Value::Null),
        ("iss", json!([CLIENT])),
        ("sub", json!("other")),
        ("sub", Value::Null),
        ("aud", json!("https://other.example")),
        ("aud", json!([])),
        ("aud", Value::Null),
        ("aud", json!(format!("{ISSUER}/"))),
        ("jti", json!("")),
        ("jti", Value::Null),
        ("exp", Value::Null),
        ("exp", json!(now - 3600)),
        ("exp", json!(now + 100_000)),
        ("exp", json!(-1)),
        ("nbf", json!(now + 600)),
        ("iat", json!(now + 600)),
    ];
    tokens.extend(altered("JWT", &claims(), changes));
    tokens
}
