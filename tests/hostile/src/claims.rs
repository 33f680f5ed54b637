//! The `claims` parameter of authorization requests (OpenID Connect Core 5.5).

use grantor_protocol::authorize::Origin;
use grantor_types::ClaimsRequest;
use serde_json::{Value, json};

use crate::Target;
use crate::world::{client, request_with, validated};

pub(crate) const TARGET: Target = Target {
    name: "claims",
    run,
    seeds,
    forged,
};

/// Most claims in each of the two places.
const MOST: usize = 64;
/// Longest value of the parameter.
const LONGEST: usize = 4_096;

fn run(input: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(input) else {
        return false;
    };
    if text.is_empty() {
        return false;
    }
    let parameters = request_with("claims", text);
    let Some(request) = validated(&parameters, client(), Origin::default()) else {
        return false;
    };
    let claims = request.hints.claims;
    assert!(text.len() <= LONGEST);
    let said: Value = serde_json::from_str(text).unwrap();
    for (place, asked) in [("userinfo", &claims.userinfo), ("id_token", &claims.id_token)] {
        assert!(asked.len() <= MOST, "{place}");
        for (name, claim) in asked {
            // Nothing is asked for that the text does not ask for, and nothing in another way.
            let said = &said[place][name];
            assert_eq!(claim.is_none(), said.is_null(), "{place} {name}");
            let essential = claim.as_ref().is_some_and(|claim| claim.essential);
            assert_eq!(essential, said["essential"] == json!(true), "{place} {name}");
        }
    }
    // What is stored with the grant is read back the same.
    let stored = serde_json::to_string(&claims).unwrap();
    assert_eq!(serde_json::from_str::<ClaimsRequest>(&stored).unwrap(), claims);
    true
}

fn seeds() -> Vec<Vec<u8>> {
    let whole = json!({
        "userinfo": {
            "given_name": { "essential": true }, "nickname": null, "http://example.info/claims/groups": null,
            "picture": { "other": [1, {}] },
        },
        "id_token": {
            "auth_time": { "essential": true }, "acr": { "values": ["1", 2, null] }, "sub": { "value": "alice" },
        },
        "more": [],
    });
    [
        whole.to_string(),
        "{}".to_owned(),
        json!({ "userinfo": {} }).to_string(),
    ]
    .map(String::into_bytes)
    .into()
}

fn forged() -> Vec<Vec<u8>> {
    let many: serde_json::Map<String, Value> = (0..=MOST).map(|n| (format!("c{n}"), Value::Null)).collect();
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    [
        "[]".to_owned(),
        "null".to_owned(),
        "\"x\"".to_owned(),
        "{".to_owned(),
        "{} {}".to_owned(),
        json!({ "userinfo": [] }).to_string(),
        json!({ "id_token": "x" }).to_string(),
        json!({ "userinfo": { "name": [] } }).to_string(),
        json!({ "userinfo": { "name": true } }).to_string(),
        json!({ "id_token": { "acr": { "essential": "yes" } } }).to_string(),
        json!({ "id_token": { "acr": { "values": "1" } } }).to_string(),
        json!({ "userinfo": many }).to_string(),
        format!("{{\"userinfo\":{{\"name\":{{\"value\":{}}}}}}}", deep(1_000)),
        format!("{{\"x\":{}}}", deep(1_000)),
        format!("{{\"x\":\"{}\"}}", "y".repeat(100_000)),
    ]
    .map(String::into_bytes)
    .into()
}
