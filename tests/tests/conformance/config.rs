//! The plan "Config": what the server says of itself.

use std::collections::BTreeSet;

use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::JwkSet;
use serde_json::json;

use super::answer::text;
use super::provider::Provider;

#[tokio::test]
async fn the_metadata_of_the_running_server() {
    let provider = Provider::start().await;
    let metadata = provider.metadata().await;
    let issuer = provider.issuer();
    assert_eq!(metadata["issuer"], json!(issuer));
    let members = metadata.as_object().unwrap();
    for (name, value) in members {
        if name.ends_with("_endpoint") || name == "jwks_uri" {
            assert!(
                text(value).starts_with(&format!("{issuer}/oauth/")),
                "{name}: {value}"
            );
        }
    }
    for (list, name) in [
        ("response_types_supported", "code"),
        ("subject_types_supported", "public"),
        ("id_token_signing_alg_values_supported", "RS256"),
        ("scopes_supported", "openid"),
        ("grant_types_supported", "refresh_token"),
        ("claims_supported", "sub"),
        ("request_object_signing_alg_values_supported", "RS256"),
    ] {
        assert!(
            metadata[list].as_array().unwrap().contains(&json!(name)),
            "{list}"
        );
    }
    for address in [
        "userinfo_endpoint",
        "end_session_endpoint",
        "registration_endpoint",
    ] {
        assert!(metadata[address].is_string(), "{address}");
    }
    for switch in [
        "backchannel_logout_supported",
        "backchannel_logout_session_supported",
        "frontchannel_logout_supported",
        "frontchannel_logout_session_supported",
        "authorization_response_iss_parameter_supported",
    ] {
        assert_eq!(metadata[switch], json!(true), "{switch}");
    }
}

#[tokio::test]
async fn the_published_keys() {
    let provider = Provider::start().await;
    let published = provider.jwks().await;
    let keys = published["keys"].as_array().unwrap();
    let names: BTreeSet<&str> = keys.iter().map(|key| text(&key["kid"])).collect();
    assert_eq!(names.len(), keys.len());
    for key in keys {
        assert_ne!(key["kty"], "oct");
        for member in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            assert!(key.get(member).is_none(), "{member}");
        }
    }
    // Another implementation can use every key that signs.
    let signing: Vec<_> = keys.iter().filter(|key| key["use"] == "sig").cloned().collect();
    assert!(signing.iter().any(|key| key["alg"] == "RS256"));
    let set: JwkSet = serde_json::from_value(json!({ "keys": signing })).unwrap();
    assert!(set.keys.iter().all(|key| DecodingKey::from_jwk(key).is_ok()));
}
