//! One row for each way in which a document can be wrong, and what becomes of the right ones.

mod decisions;
mod members;

use grantor_types::{
    ApplicationType, ClientAuthMethod, GrantType, Profile, RegistrationMode, Seconds, SecretHash,
    SigningAlgorithm, SubjectType,
};
use serde_json::{Value, json};

use super::*;
use crate::fixture::{NOW, RANDOM, World, client_id, confidential, scope};
use crate::record::{InitialAccessToken, Registration};
use crate::{Cause, Change, Expect};

const FRESH: [u8; Fresh::LENGTH] = [9; Fresh::LENGTH];

/// The world of a server that takes registrations.
fn world() -> World {
    let mut world = World::new();
    let policy = &mut world.policy.registration;
    policy.mode = RegistrationMode::Open;
    policy.allowed_grant_types = vec![
        GrantType::AuthorizationCode,
        GrantType::RefreshToken,
        GrantType::ClientCredentials,
    ];
    world
}

fn document(value: &Value) -> Document {
    Document::parse(value.to_string().as_bytes()).unwrap()
}

/// A complete document with some members replaced; null takes one away.
fn with(changes: Value) -> Value {
    let mut whole = json!({ "redirect_uris": ["https://app.example/cb"] });
    let members = whole.as_object_mut().unwrap();
    members.extend(changes.as_object().unwrap().clone());
    whole
}

fn checked_in(world: &World, value: &Value, current: Option<&Client>) -> Result<Wanted, Refusal> {
    let context = Context {
        cx: &world.cx(),
        algorithms: &SigningAlgorithm::ALL,
        current,
    };
    check(&context, &document(value))
}

fn checked(changes: Value) -> Result<Wanted, Refusal> {
    checked_in(&world(), &with(changes), None)
}

fn registered(world: &World, changes: Value) -> Registered {
    let wanted = checked_in(world, &with(changes), None).unwrap();
    create(&world.cx(), &Fresh::from_bytes(&FRESH), None, wanted)
        .outcome
        .unwrap()
}

fn read(world: &World, registered: &Registered) -> Value {
    response(&world.cx(), registered, "https://id.example/oauth/register/x")
}

#[test]
fn documents_that_are_none() {
    for bad in [
        "",
        "[]",
        "null",
        "\"x\"",
        "{",
        "{}x",
        "{\"a\":1,\"a\":1}",
        "{\"a\":}",
        "\u{feff}{}",
    ] {
        let refusal = Document::parse(bad.as_bytes()).unwrap_err();
        assert_eq!(refusal, Cause::RegistrationBodyMalformed.into(), "{bad}");
    }
    let deep = format!("{{\"a\":{}", "[".repeat(500));
    assert!(Document::parse(deep.as_bytes()).is_err());
    let large = format!("{{\"a\":\"{}\"}}", "x".repeat(MAX_DOCUMENT));
    assert_eq!(
        Document::parse(large.as_bytes()),
        Err(Cause::PayloadTooLarge.into())
    );
}

#[test]
fn members_of_another_type_are_refused_by_name() {
    use Cause::{RegistrationMemberNotBoolean as Flag, RegistrationMemberNotList as List};
    use Cause::{RegistrationMemberNotNumber as Number, RegistrationMemberNotText as Text};
    let rows: [(&'static str, Cause, Value); 35] = [
        ("client_name", Text, json!(1)),
        ("client_name", Text, json!("a\u{7}b")),
        ("client_uri", Text, json!([])),
        ("logo_uri", Text, json!({})),
        ("policy_uri", Text, json!(true)),
        ("tos_uri", Text, json!(0.5)),
        ("contacts", List, json!("a@example.com")),
        ("contacts", List, json!([1])),
        ("contacts", List, json!([null])),
        ("redirect_uris", List, json!("https://app.example/cb")),
        ("redirect_uris", List, json!({ "0": "https://app.example/cb" })),
        ("grant_types", List, json!("authorization_code")),
        ("response_types", List, json!("code")),
        ("scope", Text, json!(["openid"])),
        ("application_type", Text, json!(1)),
        ("token_endpoint_auth_method", Text, json!(["none"])),
        ("token_endpoint_auth_signing_alg", Text, json!(256)),
        ("jwks_uri", Text, json!(1)),
        ("subject_type", Text, json!(false)),
        ("sector_identifier_uri", Text, json!([])),
        ("id_token_signed_response_alg", Text, json!(1)),
        ("userinfo_signed_response_alg", Text, json!(1)),
        ("request_object_signing_alg", Text, json!(1)),
        ("request_uris", List, json!("https://app.example/r")),
        ("require_signed_request_object", Flag, json!("true")),
        ("dpop_bound_access_tokens", Flag, json!(1)),
        ("require_pushed_authorization_requests", Flag, json!("yes")),
        ("default_max_age", Number, json!("60")),
        ("default_max_age", Number, json!(-1)),
        ("default_max_age", Number, json!(1.5)),
        ("default_max_age", Number, json!(u64::MAX)),
        ("require_auth_time", Flag, json!(0)),
        ("default_acr_values", List, json!("x")),
        ("backchannel_logout_session_required", Flag, json!("x")),
        ("frontchannel_logout_session_required", Flag, json!([])),
    ];
    for (member, cause, value) in rows {
        let found = checked(json!({ member: value })).unwrap_err();
        assert_eq!(found, Refusal::of(member, cause), "{member} {value}");
    }
}

#[test]
fn everything_has_a_bound() {
    let long = "x".repeat(3_000);
    let many: Vec<String> = (0..21)
        .map(|number| format!("https://app.example/{number}"))
        .collect();
    for member in [
        "client_name",
        "software_id",
        "software_version",
        "application_type",
        "client_uri",
    ] {
        let found = checked(json!({ member: long })).unwrap_err();
        assert_eq!(found, Refusal::of(member, Cause::RegistrationMemberTooLong));
    }
    for member in [
        "redirect_uris",
        "contacts",
        "request_uris",
        "post_logout_redirect_uris",
        "grant_types",
    ] {
        let found = checked(json!({ member: many })).unwrap_err();
        assert_eq!(found, Refusal::of(member, Cause::RegistrationMemberTooMany));
        let found = checked(json!({ member: [long] })).unwrap_err();
        assert_eq!(found, Refusal::of(member, Cause::RegistrationMemberTooLong));
    }
}

#[test]
fn values_that_the_server_does_not_have() {
    let cause = Cause::RegistrationMemberUnsupported;
    for (member, value) in [
        ("application_type", json!("desktop")),
        ("grant_types", json!(["implicit"])),
        ("grant_types", json!(["authorization_code", "password"])),
        ("response_types", json!(["token"])),
        ("response_types", json!(["code", "code id_token"])),
        ("token_endpoint_auth_method", json!("client_secret_magic")),
        ("token_endpoint_auth_signing_alg", json!("none")),
        ("subject_type", json!("ephemeral")),
        ("id_token_signed_response_alg", json!("none")),
        ("id_token_signed_response_alg", json!("HS256")),
        ("userinfo_signed_response_alg", json!("none")),
        ("request_object_signing_alg", json!("none")),
        ("id_token_encrypted_response_alg", json!("RSA1_5")),
        ("userinfo_encrypted_response_enc", json!("A128CBC-HS256")),
    ] {
        let found = checked(json!({ member: value })).unwrap_err();
        assert_eq!(found, Refusal::of(member, cause), "{value}");
    }
}

#[test]
fn an_algorithm_without_a_key_is_not_there() {
    let world = world();
    let context = Context {
        cx: &world.cx(),
        algorithms: &[SigningAlgorithm::Es256],
        current: None,
    };
    let asked = |alg: &str| {
        check(
            &context,
            &document(&with(json!({ "id_token_signed_response_alg": alg }))),
        )
    };
    assert_eq!(
        asked("ES256").unwrap().id_token_algorithm,
        Some(SigningAlgorithm::Es256)
    );
    assert_eq!(
        asked("RS256").unwrap_err().member,
        Some("id_token_signed_response_alg")
    );
}
