//! Proofs that are none. None of them may be taken, and above all none may lead to a bearer token.

use grantor_protocol::Cause;
use http::HeaderValue;
use serde_json::{Value, json};

use super::service;
use crate::harness::{DPOP, Holder, Server, Setup, jwt};

/// A proof whose claims differ in one.
fn claims_but(server: &Server, holder: &Holder, name: &str, value: Value) -> String {
    let mut claims = holder.claims(server, "POST", "/oauth/token");
    claims[name] = value;
    claims
        .as_object_mut()
        .unwrap()
        .retain(|_, value| !value.is_null());
    holder.sign(&claims)
}

#[tokio::test]
async fn a_bad_proof_is_refused_and_never_ignored() {
    let server = Server::start().await;
    let jwks = server
        .call(crate::harness::Call::get("/oauth/jwks.json"))
        .await
        .body;
    let before = server.everything_stored();
    for (proof, cause) in bad_proofs(&server, &Holder::new(), &jwks) {
        let answer = server.call(service().header(DPOP, &proof)).await;
        answer.refused(400, "invalid_dpop_proof", cause);
        assert_eq!(server.everything_stored(), before, "{proof}");
    }
}

fn bad_proofs(server: &Server, holder: &Holder, jwks: &[u8]) -> Vec<(String, Cause)> {
    let now = server.now();
    let good = || holder.sign(&holder.claims(server, "POST", "/oauth/token"));
    let but = |name: &str, value: Value| claims_but(server, holder, name, value);
    vec![
        (String::new(), Cause::DpopProofInvalid),
        ("garbage".to_owned(), Cause::DpopProofInvalid),
        ("a.b.c".to_owned(), Cause::DpopProofInvalid),
        (jwt::unsigned(&good(), "none"), Cause::DpopAlgorithmUnsupported),
        (
            jwt::signed_with_public_key(&good(), jwks),
            Cause::DpopAlgorithmUnsupported,
        ),
        (
            jwt::with_header(&good(), "typ", json!("JWT")),
            Cause::DpopProofInvalid,
        ),
        (
            jwt::with_header(&good(), "alg", json!("RS256")),
            Cause::DpopAlgorithmUnsupported,
        ),
        (
            jwt::with_header(&good(), "jwk", json!({"kty": "oct", "k": "AAAA"})),
            Cause::DpopProofInvalid,
        ),
        (
            jwt::with_header(&good(), "x", json!("added")),
            Cause::DpopProofInvalid,
        ),
        (
            jwt::with_claim(&good(), "jti", json!("changed")),
            Cause::DpopProofInvalid,
        ),
        (but("jti", Value::Null), Cause::DpopProofInvalid),
        (but("jti", json!("")), Cause::DpopProofInvalid),
        (but("jti", json!("x".repeat(600))), Cause::DpopProofInvalid),
        (but("htm", Value::Null), Cause::DpopProofInvalid),
        (but("htm", json!("GET")), Cause::DpopMethodMismatch),
        (but("htu", Value::Null), Cause::DpopProofInvalid),
        (
            but("htu", json!("https://evil.example/oauth/token")),
            Cause::DpopUriMismatch,
        ),
        (
            but("htu", json!("https://id.example/oauth/introspect")),
            Cause::DpopUriMismatch,
        ),
        (
            but("htu", json!("http://id.example/oauth/token")),
            Cause::DpopUriMismatch,
        ),
        (but("iat", Value::Null), Cause::DpopProofInvalid),
        (but("iat", json!(now - 121)), Cause::DpopProofExpired),
        (but("iat", json!(now + 61)), Cause::DpopProofFromFuture),
    ]
}

#[tokio::test]
async fn two_proofs_are_one_too_many() {
    let server = Server::start().await;
    let holder = Holder::new();
    let call = holder.at_token(&server, holder.at_token(&server, service()));
    server
        .call(call)
        .await
        .refused(400, "invalid_dpop_proof", Cause::DpopProofMultiple);
    let binary = HeaderValue::from_bytes(b"\xff").unwrap();
    server.call(service().raw_header(DPOP, binary)).await.refused(
        400,
        "invalid_dpop_proof",
        Cause::DpopProofInvalid,
    );
}

/// Who is not the client does not make us verify proofs.
#[tokio::test]
async fn the_client_comes_first() {
    let server = Server::start().await;
    let call = service().without("client_id").header(DPOP, "garbage");
    let wrong = crate::harness::Call::token()
        .basic("service", "wrong")
        .field("grant_type", "client_credentials")
        .header(DPOP, "garbage");
    server
        .call(wrong)
        .await
        .refused(401, "invalid_client", Cause::ClientSecretWrong);
    server
        .call(call)
        .await
        .refused(400, "invalid_dpop_proof", Cause::DpopProofInvalid);
}

/// The address that counts is the one that clients know, whatever a proxy in front makes of it.
#[tokio::test]
async fn the_address_is_the_issuers() {
    let server = Setup::at("https://id.example:8443/tenant").start().await;
    let holder = Holder::new();
    let at = |path: &str| {
        let claims = holder.claims(&server, "POST", path);
        assert!(
            claims["htu"]
                .as_str()
                .unwrap()
                .starts_with("https://id.example:8443/")
        );
        crate::harness::Call::post("/tenant/oauth/token")
            .client("service")
            .field("grant_type", "client_credentials")
            .header(DPOP, &holder.sign(&claims))
    };
    server.call(at("/tenant/oauth/token")).await.ok();
    server
        .call(at("/oauth/token"))
        .await
        .refused(400, "invalid_dpop_proof", Cause::DpopUriMismatch);
}
