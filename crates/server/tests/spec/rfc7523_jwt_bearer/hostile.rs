//! What must not be taken. Each row is refused with `invalid_grant` (RFC 7521 4.1.1) or what is said, and changes
//! nothing.

use grantor_jose::{SigningKey, Type};
use grantor_protocol::record::TrustedIssuer;
use grantor_protocol::{Cause, Change};
use grantor_types::{GrantType, SigningAlgorithm};
use serde_json::{Value, json};

use super::{ALICE, IDP, ISSUER, JWT_BEARER, ask, claims, key, sign, start, start_with, trusted};
use crate::harness::{Ask, Call, Server, jwt, tampered, text};

async fn refused(server: &Server, name: &str, call: Call, error: &str, cause: Cause) {
    let before = server.everything_stored();
    let answer = server.call(call).await;
    assert_eq!(answer.json()["error"], json!(error), "{name}");
    answer.refused(400, error, cause);
    assert_eq!(server.everything_stored(), before, "{name}");
}

#[tokio::test]
async fn claims_that_do_not_fit() {
    let server = start().await;
    let now = server.now();
    let without = |name: &str| {
        let mut claims = claims(&server, "1");
        claims.as_object_mut().unwrap().remove(name);
        claims
    };
    let with = |name: &str, value: Value| {
        let mut claims = claims(&server, "1");
        claims[name] = value;
        claims
    };
    #[rustfmt::skip]
    let rows = [
        ("no iss", without("iss"), Cause::AssertionInvalid),
        ("no sub", without("sub"), Cause::AssertionInvalid),
        ("no aud", without("aud"), Cause::AssertionInvalid),
        ("no exp", without("exp"), Cause::AssertionInvalid),
        ("no jti", without("jti"), Cause::AssertionWithoutId),
        ("an unknown issuer", with("iss", json!("https://evil.example")), Cause::AssertionInvalid),
        ("the issuer with a slash", with("iss", json!("https://idp.example/")), Cause::AssertionInvalid),
        ("the issuer in another case", with("iss", json!("https://IDP.example")), Cause::AssertionInvalid),
        ("our own issuer", with("iss", json!(ISSUER)), Cause::AssertionInvalid),
        ("another audience", with("aud", json!("https://other.example")), Cause::AssertionInvalid),
        ("our introspection endpoint as audience", with("aud", json!("https://id.example/oauth/introspect")), Cause::AssertionInvalid),
        ("the client as audience", with("aud", json!("backend")), Cause::AssertionInvalid),
        ("no audience in the list", with("aud", json!([])), Cause::AssertionInvalid),
        ("expired", with("exp", json!(now - 30)), Cause::AssertionExpired),
        ("expired long ago", with("exp", json!(1)), Cause::AssertionExpired),
        ("two hours to live", with("exp", json!(now + 7200)), Cause::AssertionLivesTooLong),
        ("for ever", with("exp", json!(u64::MAX)), Cause::AssertionLivesTooLong),
        ("an end that is text", with("exp", json!("soon")), Cause::AssertionInvalid),
        ("not valid yet", with("nbf", json!(now + 60)), Cause::AssertionInvalid),
        ("issued in the future", with("iat", json!(now + 60)), Cause::AssertionInvalid),
        ("a user that is not there", with("sub", json!("mallory")), Cause::AssertionSubjectUnknown),
        ("a user's id as name", with("sub", json!(crate::harness::user_id(ALICE).to_string())), Cause::AssertionSubjectUnknown),
        ("a user that is switched off", with("sub", json!("carol")), Cause::UserDisabled),
        ("a subject that is no text", with("sub", json!(7)), Cause::AssertionInvalid),
        ("an id that is no text", with("jti", json!(7)), Cause::AssertionInvalid),
    ];
    for (name, claims, cause) in rows {
        refused(&server, name, ask(&sign(&claims)), "invalid_grant", cause).await;
    }
}

#[tokio::test]
async fn signatures_and_types_that_do_not_fit() {
    let server = start().await;
    let claims = claims(&server, "1");
    let good = sign(&claims);
    let public = serde_json::to_vec(&key().public_jwk()).unwrap();
    let (other, _) = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
    let access_token = Ask::web().tokens(&server).await["access_token"].clone();
    #[rustfmt::skip]
    let rows = [
        ("nonsense", "nonsense".to_owned()),
        ("alg none", jwt::unsigned(&good, "none")),
        ("alg nOnE", jwt::unsigned(&good, "nOnE")),
        ("HS256 with the public key", jwt::signed_with_public_key(&good, &public)),
        ("another key", other.sign(Type::Jwt, &claims).unwrap()),
        ("an altered subject", jwt::with_claim(&good, "sub", "bob".into())),
        ("an altered signature", tampered(&good, good.len() - 20)),
        ("a key of its own in the header", jwt::with_header(&good, "jwk", serde_json::to_value(other.public_jwk()).unwrap())),
        ("an access token of the issuer", key().sign(Type::AccessToken, &claims).unwrap()),
        ("a logout token of the issuer", key().sign(Type::LogoutToken, &claims).unwrap()),
        ("a client's assertion of the issuer", key().sign(Type::ClientAuthentication, &claims).unwrap()),
        ("an access token of ours", text(&access_token).to_owned()),
        ("a long text", "a".repeat(20_000)),
    ];
    for (name, assertion) in rows {
        refused(
            &server,
            name,
            ask(&assertion),
            "invalid_grant",
            Cause::AssertionInvalid,
        )
        .await;
    }
    let missing = ask("");
    refused(
        &server,
        "nothing",
        missing,
        "invalid_request",
        Cause::AssertionMissing,
    )
    .await;
}

#[tokio::test]
async fn an_algorithm_that_the_issuer_does_not_use() {
    let issuer = TrustedIssuer {
        algorithms: vec![SigningAlgorithm::EdDsa],
        ..trusted()
    };
    let server = start_with(issuer).await;
    let call = ask(&sign(&claims(&server, "1")));
    refused(&server, "ES256", call, "invalid_grant", Cause::AssertionInvalid).await;
}

#[tokio::test]
async fn a_second_time() {
    let server = start().await;
    let call = ask(&sign(&claims(&server, "1")));
    server.call(call.clone()).await.ok();
    refused(
        &server,
        "again",
        call.clone(),
        "invalid_grant",
        Cause::AssertionReplayed,
    )
    .await;
    // Another JWT of the same id is no other assertion.
    let mut same = claims(&server, "1");
    same["exp"] = json!(server.now() + 200);
    refused(
        &server,
        "the id again",
        ask(&sign(&same)),
        "invalid_grant",
        Cause::AssertionReplayed,
    )
    .await;
    let again = server.restart().await;
    refused(
        &again,
        "after a restart",
        call,
        "invalid_grant",
        Cause::AssertionReplayed,
    )
    .await;
}

#[tokio::test]
async fn clients_that_may_not() {
    let server = start().await;
    let assertion = sign(&claims(&server, "1"));
    let by = |client: &str| {
        Call::token()
            .client(client)
            .field("grant_type", JWT_BEARER)
            .field("assertion", &assertion)
    };
    refused(
        &server,
        "no grant type",
        by("service"),
        "unauthorized_client",
        Cause::GrantTypeNotAllowed,
    )
    .await;
    server
        .edit_client("service", |client| client.grant_types.push(GrantType::JwtBearer))
        .await;
    refused(
        &server,
        "not listed",
        by("service"),
        "invalid_grant",
        Cause::AssertionNotAllowed,
    )
    .await;
    let call = by("backend").field("resource", "https://foreign.example");
    refused(
        &server,
        "a foreign resource",
        call,
        "invalid_target",
        Cause::ResourceNotAllowed,
    )
    .await;
    for scope in ["write", "email", "read write", "openid"] {
        let call = by("backend").field("scope", scope);
        refused(&server, scope, call, "invalid_scope", Cause::ScopeNotAllowed).await;
    }
    server
        .edit_client("backend", |client| client.disabled = true)
        .await;
    let before = server.everything_stored();
    server
        .call(by("backend"))
        .await
        .refused(401, "invalid_client", Cause::ClientDisabled);
    assert_eq!(server.everything_stored(), before);
}

#[tokio::test]
async fn an_issuer_that_is_trusted_no_more() {
    let server = start().await;
    server.commit(Change::DeleteTrustedIssuer(IDP.to_owned())).await;
    let call = ask(&sign(&claims(&server, "1")));
    refused(&server, "deleted", call, "invalid_grant", Cause::AssertionInvalid).await;
}
