//! Whatever is sent, the server answers as it should.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value};

use crate::harness::registration::{REGISTER, open};
use crate::harness::{Call, Server};

/// Members that mean something, so that what is drawn gets further than the first check.
const MEMBERS: [&str; 24] = [
    "redirect_uris",
    "grant_types",
    "response_types",
    "application_type",
    "token_endpoint_auth_method",
    "token_endpoint_auth_signing_alg",
    "client_name",
    "contacts",
    "logo_uri",
    "scope",
    "jwks",
    "jwks_uri",
    "subject_type",
    "id_token_signed_response_alg",
    "id_token_encrypted_response_alg",
    "id_token_encrypted_response_enc",
    "request_uris",
    "default_max_age",
    "require_auth_time",
    "post_logout_redirect_uris",
    "frontchannel_logout_uri",
    "backchannel_logout_session_required",
    "software_statement",
    "software_id",
];

fn texts() -> impl Strategy<Value = String> {
    let known = [
        "https://app.example/cb",
        "https://app.example/#x",
        "http://localhost/cb",
        "com.example.app:/cb",
        "javascript:x",
        "authorization_code",
        "refresh_token",
        "code",
        "none",
        "native",
        "pairwise",
        "openid",
        "RS256",
        "a.b.c",
        "",
    ];
    prop_oneof![
        proptest::sample::select(known.to_vec()).prop_map(str::to_owned),
        ".{0,20}"
    ]
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        texts().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let names = prop_oneof![Just("keys".to_owned()), Just("kty".to_owned()), "[a-z]{1,3}"];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((names, inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn documents() -> impl Strategy<Value = Value> {
    let member = (proptest::sample::select(MEMBERS.to_vec()), values());
    let members = proptest::collection::vec(member, 0..6);
    members.prop_map(|members| {
        let members = members.into_iter().map(|(name, value)| (name.to_owned(), value));
        Value::Object(members.collect::<Map<_, _>>())
    })
}

/// So many documents, the same ones in every run.
fn for_each(server: &Server, strategy: &impl Strategy<Value = Value>) {
    let config = Config {
        cases: 500,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let runtime = tokio::runtime::Handle::current();
    let checked = runner.run(strategy, |value| {
        let call = Call::post(REGISTER).body("application/json", value.to_string());
        let answer = runtime.block_on(server.call(call));
        prop_assert!(
            [201, 400].contains(&answer.status),
            "{} {}",
            answer.status,
            answer.text()
        );
        let body = answer.json();
        if answer.status == 400 {
            let error = body["error"].as_str().unwrap_or_default();
            prop_assert!(
                error.starts_with("invalid_") || error.starts_with("unapproved_"),
                "{body}"
            );
            let description = body["error_description"].as_str().unwrap_or_default();
            // error_description: %x20-21 / %x23-5B / %x5D-7E (RFC 6749 A.8)
            let fits = |b: u8| matches!(b, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e);
            prop_assert!(description.bytes().all(fits), "{description}");
        }
        Ok(())
    });
    checked.unwrap();
}

#[tokio::test]
async fn no_document_is_too_much() {
    let setup = open().policy(|policy| {
        policy.registration.address_rate = u32::MAX;
        policy.registration.quota = u64::MAX;
    });
    let server = setup.start().await;
    let drawn = move || {
        for_each(&server, &documents());
        for_each(&server, &values());
    };
    tokio::task::spawn_blocking(drawn).await.unwrap();
}

#[tokio::test]
async fn bytes_that_are_no_document() {
    let server = open().start().await;
    let deep = "[".repeat(10_000);
    let large = format!("{{\"client_name\":\"{}\"}}", "x".repeat(40_000));
    for (body, status) in [
        (&b"\xff\xfe"[..], 400),
        (b"", 400),
        (b"nul", 400),
        (b"{\"redirect_uris\":[\"\xc3\"]}", 400),
        (deep.as_bytes(), 400),
        (large.as_bytes(), 413),
    ] {
        let answer = server
            .call(Call::post(REGISTER).body("application/json", body))
            .await;
        assert_eq!(answer.status, status, "{}", answer.text());
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}
