//! Request objects: from the signature to the parameters to the checks of the authorization endpoint.
//!
//! An input is an object as it came; or, with a line end in it, a header and claims, which the key of the client signs here.

use grantor_jose::{CLIENT_CLOCK_AHEAD, Expectation, Type, verify};
use grantor_protocol::authorize::request_object::parameters;
use grantor_protocol::authorize::{Origin, PARAMETERS};
use grantor_types::Parameters;
use serde_json::{Map, Value, json};

use crate::Target;
use crate::signed::{self, CLIENT_KEYS, altered, by_known_key, forgeries};
use crate::world::{CALLBACK, CLIENT, ISSUER, NOW, REQUEST, WORLD, client, validated};

pub(crate) const TARGET: Target = Target {
    name: "request_object",
    run,
    seeds,
    forged,
};

const TYP: &str = "oauth-authz-req+jwt";

fn run(input: &[u8]) -> bool {
    let token = signed::token(input);
    let Some(read) = read(&token) else { return false };
    let origin = Origin {
        signed: true,
        ..Origin::default()
    };
    validated(&read, client(), origin).is_some()
}

/// The parameters, when the client has signed them for us.
fn read(token: &str) -> Option<Parameters> {
    let expectation = Expectation::without_issuer_and_audience(Type::RequestObject, NOW.as_seconds())
        .expiry_optional()
        .clock_ahead(CLIENT_CLOCK_AHEAD);
    let verified = verify::<Map<String, Value>>(token, &CLIENT_KEYS, &expectation).ok()?;
    let claims = verified.into_claims();
    let read = parameters(&client().id, &WORLD.issuer, NOW, claims.clone()).ok()?;
    assert_eq!(read.value("client_id"), Some(CLIENT));
    for name in ["request", "request_uri"] {
        assert!(!claims.contains_key(name) && read.value(name).is_none());
    }
    // Nothing is there that the object does not say, and nothing that no check looks at.
    let encoded = read.encode();
    for (name, _) in form_urlencoded::parse(encoded.as_bytes()) {
        assert!(PARAMETERS.contains(&&*name), "{name}");
        assert!(name == "client_id" || claims.contains_key(&*name), "{name}");
    }
    for (claim, wanted) in [("iss", CLIENT), ("aud", ISSUER)] {
        let said = claims.get(claim);
        let named = said
            .and_then(Value::as_array)
            .is_some_and(|all| all.contains(&json!(wanted)));
        assert!(named || said.is_none_or(|said| said == wanted), "{claim}");
    }
    assert!(
        claims
            .get("exp")
            .and_then(Value::as_u64)
            .is_none_or(|exp| exp > NOW.as_seconds())
    );
    Some(read)
}

fn claims() -> Value {
    let mut claims: Map<String, Value> = REQUEST
        .iter()
        .map(|(name, value)| ((*name).to_owned(), json!(value)))
        .collect();
    claims.extend([
        ("iss".to_owned(), json!(CLIENT)),
        ("aud".to_owned(), json!([ISSUER])),
        ("exp".to_owned(), json!(NOW.as_seconds() + 60)),
    ]);
    Value::Object(claims)
}

fn seeds() -> Vec<Vec<u8>> {
    let (deep_header, deep_claims) = signed::deep(TYP, &claims().to_string());
    let header = signed::header(TYP).to_string();
    let mut rich = claims();
    rich["max_age"] = json!(60);
    rich["claims"] = json!({ "id_token": { "acr": { "values": ["1"] } } });
    rich["state"] = json!("a \u{1f600}");
    let mut elsewhere = claims();
    elsewhere["redirect_uri"] = json!("https://evil.example/cb");
    [
        by_known_key(&header, &claims().to_string()),
        format!("{header}\n{}", claims()),
        format!("{deep_header}\n{}", claims()),
        format!("{header}\n{deep_claims}"),
        format!("{header}\n{rich}"),
        format!("{header}\n{elsewhere}"),
        format!(
            "{}\n{}",
            signed::header("JWT"),
            json!({ "redirect_uri": CALLBACK, "request": "a.b.c" })
        ),
    ]
    .map(String::into_bytes)
    .into()
}

fn forged() -> Vec<Vec<u8>> {
    let mut tokens = forgeries(TYP, &claims());
    let changes = [
        ("client_id", json!("other")),
        ("iss", json!("other")),
        ("aud", json!("https://other.example")),
        ("exp", json!(NOW.as_seconds())),
        ("exp", json!("soon")),
        ("request", json!("a.b.c")),
        ("request_uri", json!("https://app.example/r")),
        ("redirect_uri", json!("https://evil.example/cb")),
        ("redirect_uri", json!([CALLBACK])),
        ("response_type", json!("token")),
        ("scope", json!("admin")),
        ("code_challenge_method", json!("plain")),
    ];
    tokens.extend(altered(TYP, &claims(), changes));
    tokens
}
