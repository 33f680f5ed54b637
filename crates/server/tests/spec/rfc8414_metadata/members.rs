//! The metadata member by member: of which specification, of which type, and what a provider has to offer.

use grantor_types::RegistrationMode;
use serde_json::{Value, json};

use super::document;
use crate::harness::{Ask, Call, Server, Setup, text};

/// A server that says everything it can say.
async fn talkative() -> (Server, Value) {
    let setup = Setup::new().policy(|policy| policy.registration.mode = RegistrationMode::Open);
    let server = setup.start().await;
    let found = document(&server, "/.well-known/openid-configuration").await;
    (server, found)
}

fn list<'a>(document: &'a Value, member: &str) -> Vec<&'a str> {
    let items = document[member]
        .as_array()
        .unwrap_or_else(|| panic!("no list {member}"));
    items.iter().map(text).collect()
}

/// Members by their type. RFC 8414 2, OpenID Connect Discovery 3 and Registration 1.0, RFC 9126 5, RFC 9449 5.1, RFC 9207 3,
/// RFC 8628 4, RFC 9101 10.5, the three logout specifications of OpenID Connect, Initiating User Registration 4.
const ADDRESSES: [&str; 11] = [
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "jwks_uri",
    "end_session_endpoint",
    "revocation_endpoint",
    "device_authorization_endpoint",
    "introspection_endpoint",
    "pushed_authorization_request_endpoint",
    "registration_endpoint",
];
const LISTS: [&str; 28] = [
    "scopes_supported",
    "response_types_supported",
    "response_modes_supported",
    "grant_types_supported",
    "subject_types_supported",
    "acr_values_supported",
    "id_token_signing_alg_values_supported",
    "id_token_encryption_alg_values_supported",
    "id_token_encryption_enc_values_supported",
    "userinfo_signing_alg_values_supported",
    "userinfo_encryption_alg_values_supported",
    "userinfo_encryption_enc_values_supported",
    "request_object_signing_alg_values_supported",
    "request_object_encryption_alg_values_supported",
    "request_object_encryption_enc_values_supported",
    "token_endpoint_auth_methods_supported",
    "token_endpoint_auth_signing_alg_values_supported",
    "revocation_endpoint_auth_methods_supported",
    "revocation_endpoint_auth_signing_alg_values_supported",
    "introspection_endpoint_auth_methods_supported",
    "introspection_endpoint_auth_signing_alg_values_supported",
    "code_challenge_methods_supported",
    "dpop_signing_alg_values_supported",
    "claims_supported",
    "claim_types_supported",
    "display_values_supported",
    "prompt_values_supported",
    "ui_locales_supported",
];
const SWITCHES: [&str; 10] = [
    "backchannel_logout_supported",
    "backchannel_logout_session_supported",
    "frontchannel_logout_supported",
    "frontchannel_logout_session_supported",
    "authorization_response_iss_parameter_supported",
    "claims_parameter_supported",
    "request_parameter_supported",
    "request_uri_parameter_supported",
    "require_request_uri_registration",
    "require_pushed_authorization_requests",
];

#[tokio::test]
async fn every_member_is_of_a_specification_and_of_its_type() {
    let (_, found) = talkative().await;
    for (member, value) in found.as_object().unwrap() {
        let name = member.as_str();
        if ADDRESSES.contains(&name) {
            assert!(url::Url::parse(text(value)).is_ok(), "{name}: {value}");
        } else if LISTS.contains(&name) {
            let items = list(&found, name);
            assert!(
                !items.is_empty() && items.iter().all(|item| !item.is_empty()),
                "{name}"
            );
            let distinct: std::collections::BTreeSet<&str> = items.iter().copied().collect();
            assert_eq!(distinct.len(), items.len(), "{name} says something twice");
        } else {
            assert!(
                SWITCHES.contains(&name),
                "{name} is of no specification that is known here"
            );
            assert!(value.is_boolean(), "{name}: {value}");
        }
    }
}

#[tokio::test]
async fn every_address_is_https_and_below_the_issuer() {
    let (_, found) = talkative().await;
    let addresses = found.as_object().unwrap().iter();
    let mut addresses: Vec<(&String, &Value)> = addresses
        .filter(|(name, _)| name.ends_with("_endpoint") || *name == "jwks_uri")
        .collect();
    addresses.retain(|(_, value)| text(value).starts_with("https://id.example/"));
    // All there are, and none that was left out above.
    assert_eq!(addresses.len(), ADDRESSES.len() - 1);
}

#[tokio::test]
async fn metadata_and_keys_have_no_rate() {
    let server = Server::start().await;
    for _ in 0..500 {
        for path in ["/.well-known/openid-configuration", "/oauth/jwks.json"] {
            assert_eq!(server.call(Call::get(path)).await.status, 200, "{path}");
        }
    }
    assert_eq!(server.commits(), 0);
}

#[tokio::test]
async fn what_a_provider_has_to_offer() {
    let (_, found) = talkative().await;
    for (member, wanted) in [
        ("response_types_supported", &["code"][..]),
        ("scopes_supported", &["openid"]),
        (
            "id_token_signing_alg_values_supported",
            &["RS256", "PS256", "ES256"],
        ),
        ("userinfo_signing_alg_values_supported", &["RS256"]),
        ("request_object_signing_alg_values_supported", &["RS256"]),
        ("code_challenge_methods_supported", &["S256"]),
        (
            "claims_supported",
            &["sub", "name", "email", "address", "phone_number"],
        ),
        (
            "token_endpoint_auth_methods_supported",
            &["client_secret_basic", "private_key_jwt"],
        ),
    ] {
        let offered = list(&found, member);
        for name in wanted {
            assert!(offered.contains(name), "{member} without {name}");
        }
    }
    assert!(found["userinfo_endpoint"].is_string());
    let subjects = list(&found, "subject_types_supported");
    assert!(!subjects.is_empty() && subjects.iter().all(|kind| ["public", "pairwise"].contains(kind)));
    // What would be no protection is not offered anywhere.
    for (member, value) in found.as_object().unwrap() {
        let of_signatures = member.contains("_signing_alg_") || member == "code_challenge_methods_supported";
        let weak = [json!("none"), json!("plain"), json!("RS1")];
        let offers = value
            .as_array()
            .is_some_and(|items| items.iter().any(|item| weak.contains(item)));
        assert!(!(of_signatures && offers), "{member}: {value}");
    }
}

/// What is announced is done: a request object is looked at, and one by reference is not ignored either.
#[tokio::test]
async fn what_is_said_of_request_objects_is_true() {
    let (server, found) = talkative().await;
    for (announced, parameter, value, error) in [
        (
            "request_parameter_supported",
            "request",
            "eyJhbGciOiJub25lIn0.e30.",
            "invalid_request_object",
        ),
        (
            "request_uri_parameter_supported",
            "request_uri",
            "https://app.example/r",
            "invalid_request_uri",
        ),
    ] {
        assert_eq!(found[announced], json!(true));
        let answer = server
            .call(Call::get(&Ask::web().with(parameter, value).path()))
            .await;
        assert!(
            answer.location().contains(&format!("error={error}&")),
            "{}",
            answer.location()
        );
    }
    assert!(!list(&found, "request_object_signing_alg_values_supported").contains(&"none"));
}

/// RFC 5646 2.1.1: the language in lower case, a region of two letters in upper case, a script in title case.
#[tokio::test]
async fn language_tags_are_written_as_they_should_be() {
    let (_, found) = talkative().await;
    for tag in list(&found, "ui_locales_supported") {
        for (index, part) in tag.split('-').enumerate() {
            let (first, rest) = part.split_at(1);
            let usual = match (index, part.len()) {
                (1.., 2) => part.to_ascii_uppercase(),
                (1.., 4) => first.to_ascii_uppercase() + &rest.to_ascii_lowercase(),
                _ => part.to_ascii_lowercase(),
            };
            assert_eq!(part, usual, "{tag}");
            assert!(
                (2..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()),
                "{tag}"
            );
        }
    }
}
