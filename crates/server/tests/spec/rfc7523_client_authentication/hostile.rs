//! Assertions that are none, and requests that hide one.

use grantor_jose::Type;
use grantor_protocol::Cause;
use serde_json::{Value, json};

use super::{ISSUER, JWT_BEARER, claims, claims_but, everywhere, key, service, sign, start, with};
use crate::harness::{Call, Server, jwt};

#[allow(clippy::too_many_lines, reason = "a table")]
fn hostile(server: &Server, client: &str) -> Vec<(&'static str, String, Cause)> {
    let claims = |jti: &str| claims(server, client, jti);
    let good = || sign(&claims("good"));
    let but = |name: &str, value: Value| sign(&claims_but(server, client, "but", name, value));
    let jwks = serde_json::to_vec(&json!({ "keys": [key().public_jwk()] })).unwrap();
    let public_key = serde_json::to_vec(&key().public_jwk()).unwrap();
    let (thief, _) = grantor_jose::SigningKey::generate(key().algorithm()).unwrap();
    let thiefs = |name: &str, value: Value| {
        let signed = thief.sign(Type::ClientAuthentication, &claims("t")).unwrap();
        jwt::with_header(&signed, name, value)
    };
    let unverified = Cause::ClientAssertionUnverified;
    let invalid = Cause::ClientAssertionInvalid;
    let algorithm = Cause::ClientAssertionAlgorithm;
    let subject = Cause::ClientAssertionSubject;
    vec![
        ("nonsense", "garbage".to_owned(), invalid),
        ("three parts", "a.b.c".to_owned(), invalid),
        ("a long one", format!("{}.e30.e30", "A".repeat(17_000)), invalid),
        ("none", jwt::unsigned(&good(), "none"), algorithm),
        ("None", jwt::unsigned(&good(), "None"), algorithm),
        ("no signature", jwt::unsigned(&good(), "ES256"), unverified),
        (
            "the key set as secret",
            jwt::signed_with_public_key(&good(), &jwks),
            unverified,
        ),
        (
            "the key as secret",
            jwt::signed_with_public_key(&good(), &public_key),
            unverified,
        ),
        (
            "the id as secret",
            jwt::signed_with_public_key(&good(), client.as_bytes()),
            unverified,
        ),
        (
            "an empty secret",
            jwt::signed_with_public_key(&good(), b""),
            unverified,
        ),
        (
            "another key",
            jwt::signed_with_another_key(&good(), Type::ClientAuthentication),
            unverified,
        ),
        (
            "its own key",
            thiefs("jwk", serde_json::to_value(thief.public_jwk()).unwrap()),
            unverified,
        ),
        (
            "its own key set",
            thiefs("jku", json!("https://thief.example/keys")),
            unverified,
        ),
        (
            "the name of the key",
            thiefs("kid", json!(key().kid())),
            unverified,
        ),
        (
            "another alg",
            jwt::with_header(&good(), "alg", json!("RS256")),
            unverified,
        ),
        ("crit", jwt::with_header(&good(), "crit", json!(["exp"])), invalid),
        (
            "another claim",
            jwt::with_claim(&good(), "jti", json!("changed")),
            unverified,
        ),
        (
            "an access token",
            key().sign(Type::AccessToken, &claims("at")).unwrap(),
            invalid,
        ),
        (
            "a proof",
            key().sign(Type::Dpop, &claims("dpop")).unwrap(),
            invalid,
        ),
        (
            "a request object",
            key().sign(Type::RequestObject, &claims("object")).unwrap(),
            invalid,
        ),
        ("no iss", but("iss", Value::Null), subject),
        ("no sub", but("sub", Value::Null), subject),
        ("another sub", but("sub", json!("portal")), subject),
        ("the issuer as iss", but("iss", json!(ISSUER)), unverified),
        ("no such client", but("iss", json!("nobody")), unverified),
        ("a client with a secret", but("iss", json!("portal")), unverified),
        ("a public client", but("iss", json!("spa")), unverified),
        ("iss is no id", but("iss", json!("a\nb")), subject),
    ]
}

#[tokio::test]
async fn nothing_that_is_forged_is_taken_anywhere() {
    let server = start().await;
    for (client, path, call, _) in everywhere() {
        let before = server.everything_stored();
        for (what, assertion, cause) in hostile(&server, client) {
            let call = call.clone().without("client_id");
            let answer = server.call(with(call, &assertion)).await;
            assert_eq!(answer.status, 401, "{path} {what}: {}", answer.text());
            assert_eq!(
                answer.json()["error_description"],
                json!(cause.description()),
                "{path} {what}"
            );
        }
        assert_eq!(server.everything_stored(), before, "{path}");
    }
}

/// What another client has signed says nothing of this one, although the keys are good.
#[tokio::test]
async fn another_clients_assertion() {
    let server = start().await;
    let assertion = sign(&claims(&server, "auditor", "1"));
    let call = service(&assertion).field("client_id", "service");
    server
        .call(call)
        .await
        .refused(401, "invalid_client", Cause::ClientAssertionSubject);
    // Of its own it may do what it may do.
    server
        .call(service(&assertion))
        .await
        .refused(400, "unauthorized_client", Cause::GrantTypeNotAllowed);
}

#[tokio::test]
async fn forms_that_are_not_one_assertion() {
    let server = start().await;
    let assertion = || sign(&claims(&server, "service", "1"));
    let call = || Call::token().field("grant_type", "client_credentials");
    let saml = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer";
    let multiple = (400, "invalid_request", Cause::ClientAuthenticationMultiple);
    let client = |cause| (401, "invalid_client", cause);
    let cases = [
        (
            call().field("client_assertion_type", JWT_BEARER),
            client(Cause::ClientAssertionMissing),
        ),
        (
            call().field("client_assertion", &assertion()),
            client(Cause::ClientAssertionTypeUnsupported),
        ),
        (
            call()
                .field("client_assertion", &assertion())
                .field("client_assertion_type", saml),
            client(Cause::ClientAssertionTypeUnsupported),
        ),
        (service(&assertion()).basic("service", "service-secret"), multiple),
        (
            service(&assertion()).field("client_secret", "service-secret"),
            multiple,
        ),
        (
            service(&assertion()).field("client_assertion", &assertion()),
            (400, "invalid_request", Cause::ParameterRepeated),
        ),
    ];
    for (call, (status, error, cause)) in cases {
        let answer = server.call(call).await;
        assert_eq!(answer.status, status, "{}", answer.text());
        let json = answer.json();
        assert_eq!(
            (&json["error"], &json["error_description"]),
            (&json!(error), &json!(cause.description()))
        );
    }
    // In the address it is nothing at all.
    let query = format!(
        "/oauth/token?client_assertion_type={}&client_assertion={}",
        JWT_BEARER.replace(':', "%3A"),
        assertion()
    );
    let call = Call::post(&query).field("grant_type", "client_credentials");
    assert_ne!(server.call(call).await.status, 200);
}
