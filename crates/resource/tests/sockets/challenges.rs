//! Every row of the answers to a request.

use grantor_jose::{SigningKey, Type};
use grantor_types::SigningAlgorithm;
use serde_json::json;

use crate::api::{AUDIENCE, Api, NOW};
use crate::issuer::{Issuer, new_key};

const REALM: &str = r#"Bearer realm="https://notes.example""#;

fn challenge(error: &str, description: &str) -> String {
    format!(r#"{REALM}, error="{error}", error_description="{description}""#)
}

fn insufficient(description: &str, scope: Option<&str>) -> Option<String> {
    let scope = scope
        .map(|scope| format!(r#", scope="{scope}""#))
        .unwrap_or_default();
    Some(challenge("insufficient_scope", description) + &scope)
}

#[tokio::test]
async fn requests_without_one_good_header() {
    let issuer = Issuer::start().await;
    let good = format!("Bearer {}", issuer.token(&issuer.add_key(), json!({})));
    let api = Api::start(&issuer, |builder| builder).await;
    let malformed = challenge(
        "invalid_request",
        "the Authorization header does not hold one bearer token",
    );
    let repeated = challenge("invalid_request", "the Authorization header is repeated");
    let in_url = challenge("invalid_request", "access tokens are not accepted in the URL");
    let cases = [
        ("/me", &[][..], 401, Some(REALM)),
        ("/me", &["Basic eDp5"], 401, Some(REALM)),
        ("/me", &["DPoP abc"], 401, Some(REALM)),
        ("/me", &["Bearer"], 400, Some(&*malformed)),
        ("/me", &["Bearer a b"], 400, Some(&*malformed)),
        ("/me", &["Bearer \"x\""], 400, Some(&*malformed)),
        ("/me", &[&*good, &*good], 400, Some(&*repeated)),
        ("/me", &[&*good, "Basic eDp5"], 400, Some(&*repeated)),
        ("/me?access_token=x", &[], 400, Some(&*in_url)),
        ("/me?access_token=x", &[&*good], 400, Some(&*in_url)),
        ("/open?access_token=x", &[], 400, Some(&*in_url)),
        ("/open/me", &[], 401, Some(REALM)),
        ("/open/read", &[], 401, Some(REALM)),
        ("/open", &[], 200, None),
        ("/open", &[&*good], 200, None),
        ("/me", &[&*good], 200, None),
        ("/me", &[&*good.replacen("Bearer", "bEARER", 1)], 200, None),
        // Routes on which the layer was forgotten are closed.
        ("/unprotected", &[&*good], 500, None),
        ("/unprotected/optional", &[], 500, None),
        ("/unprotected/layer", &[&*good], 500, None),
    ];
    for (path, authorizations, status, expected) in cases {
        let answer = api.get(path, authorizations).await;
        assert_eq!(answer.status, status, "{path} {authorizations:?}");
        assert_eq!(
            answer.header("www-authenticate"),
            expected,
            "{path} {authorizations:?}"
        );
    }
}

/// Presents each token to three routes, one of them open, and demands the challenge with its description.
async fn assert_invalid(api: &Api, cases: &[(String, &str)]) {
    for (token, description) in cases {
        for path in ["/me", "/open", "/read"] {
            let answer = api.get(path, &[&format!("Bearer {token}")]).await;
            assert_eq!(answer.status, 401, "{description}");
            let expected = challenge("invalid_token", description);
            assert_eq!(answer.header("www-authenticate"), Some(&*expected));
            assert_eq!(
                answer.json(),
                json!({"error": "invalid_token", "error_description": description})
            );
            assert_eq!(answer.header("content-type"), Some("application/json"));
            assert_eq!(answer.header("cache-control"), Some("no-store"));
        }
    }
}

#[tokio::test]
async fn tokens_that_are_not_what_they_must_be() {
    let issuer = Issuer::start().await;
    let key = issuer.add_key();
    let api = Api::start(&issuer, |builder| builder.algorithms(&[SigningAlgorithm::Es256])).await;
    let good = issuer.token(&key, json!({}));
    let other_letter = if good.ends_with('A') { 'Q' } else { 'A' };
    let altered = format!("{}{other_letter}", &good[..good.len() - 1]);
    let (ed25519, _) = SigningKey::generate(SigningAlgorithm::EdDsa).unwrap();
    issuer.publish(&ed25519);
    let cases = [
        (altered, "the signature is wrong"),
        (
            key.sign(Type::IdToken, &issuer.claims()).unwrap(),
            "the token is of another type",
        ),
        (
            issuer.token(&ed25519, json!({})),
            "the algorithm EdDSA is not allowed here",
        ),
        (
            issuer.token(&new_key(), json!({})),
            "no key is known for this token",
        ),
        ("opaque".to_owned(), "the token is not a JWT"),
        (
            "eyJhbGciOiJub25lIn0.e30.".to_owned(),
            "the header's algorithm is not supported",
        ),
        (
            "eyJjcml0IjpbXX0.e30.".to_owned(),
            "the header demands an extension that is not supported",
        ),
        ("a".repeat(17_000), "the token is longer than is accepted"),
    ];
    assert_invalid(&api, &cases).await;
}

#[tokio::test]
async fn tokens_with_claims_that_are_not_accepted() {
    let issuer = Issuer::start().await;
    let key = issuer.add_key();
    let api = Api::start(&issuer, |builder| builder).await;
    let cases = [
        (json!({"iss": "https://x"}), "the token is from another issuer"),
        (json!({"aud": "https://x"}), "the token is for another audience"),
        (json!({"aud": null}), "the token has no audience"),
        (json!({"exp": NOW - 5}), "the token has expired"),
        (json!({"exp": null}), "the token has no expiry"),
        (json!({"nbf": NOW + 6}), "the token is not valid yet"),
        (
            json!({"client_id": null}),
            "the token lacks a claim that RFC 9068 requires",
        ),
        (
            json!({"cnf": {"jkt": "x"}}),
            "the token is bound to a key and is no bearer token",
        ),
    ];
    assert_invalid(
        &api,
        &cases.map(|(claims, description)| (issuer.token(&key, claims), description)),
    )
    .await;
    for claims in [json!({"exp": NOW - 4}), json!({"aud": ["x", AUDIENCE]})] {
        assert_eq!(api.status(&issuer.token(&key, claims)).await, 200);
    }
}

#[tokio::test]
async fn tokens_that_do_not_suffice() {
    let issuer = Issuer::start().await;
    let key = issuer.add_key();
    let api = Api::start(&issuer, |builder| builder).await;
    let not_allowed = |scope| insufficient("the token does not allow this", Some(scope));
    let user_needed = || insufficient("this needs a token that a user granted", None);
    let client_needed = || insufficient("this needs a client's own token", None);
    let (alice, app) = ("alice", "app");
    let cases = [
        ("/me", alice, "", None),
        ("/read", alice, "notes:read", None),
        ("/read", app, "notes:read", None),
        ("/read", alice, "notes:reader", not_allowed("notes:read")),
        ("/read", alice, "", not_allowed("notes:read")),
        ("/open/read", alice, "", not_allowed("notes:read")),
        ("/open/read", alice, "notes:read", None),
        ("/write", alice, "notes:write notes:read more", None),
        (
            "/write",
            alice,
            "notes:read",
            not_allowed("notes:read notes:write"),
        ),
        ("/write", app, "notes:read notes:write", user_needed()),
        ("/any", alice, "notes:admin", None),
        ("/any", alice, "notes:write", None),
        (
            "/any",
            alice,
            "notes:read",
            not_allowed("notes:admin notes:write"),
        ),
        ("/user", alice, "", None),
        ("/user", app, "", user_needed()),
        ("/client", app, "", None),
        ("/client", alice, "", client_needed()),
        ("/client/layer", app, "", None),
        ("/client/layer", alice, "", client_needed()),
    ];
    for (path, subject, scope, refused) in cases {
        let token = issuer.token(&key, json!({"sub": subject, "scope": scope}));
        let answer = api.get(path, &[&format!("Bearer {token}")]).await;
        let status = if refused.is_some() { 403 } else { 200 };
        assert_eq!(answer.status, status, "{path} {subject} {scope}");
        assert_eq!(
            answer.header("www-authenticate"),
            refused.as_deref(),
            "{path} {subject} {scope}"
        );
        match status {
            403 => assert_eq!(answer.json()["error"], "insufficient_scope"),
            _ => assert_eq!(answer.body, subject),
        }
    }
}

#[tokio::test]
async fn challenges_can_be_told_more() {
    let issuer = Issuer::start().await;
    let metadata = "https://notes.example/.well-known/oauth-protected-resource";
    let api = Api::start(&issuer, |builder| {
        builder.realm("notes").resource_metadata(metadata)
    })
    .await;
    let expected = format!(r#"Bearer realm="notes", resource_metadata="{metadata}""#);
    assert_eq!(
        api.get("/me", &[]).await.header("www-authenticate"),
        Some(&*expected)
    );
}
