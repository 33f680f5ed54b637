use super::*;
use crate::fixture::{Script, response};
use crate::{Misuse, ProviderMetadata};
use grantor_jose::{Expectation, KeySet, SigningKey, Type, verify};
use grantor_types::{Parameters, SigningAlgorithm, Timestamp};
use serde_json::Value;
use std::sync::Arc;

fn metadata() -> ProviderMetadata {
    ProviderMetadata::new("https://as.example")
        .and_then(|m| m.endpoint(Endpoint::Authorization, "https://as.example/authorize?tenant=a"))
        .and_then(|m| m.endpoint(Endpoint::EndSession, "https://as.example/logout"))
        .unwrap()
}

fn builder() -> crate::ClientBuilder {
    Client::builder("https://as.example", "app")
        .redirect_uri("https://app.example/callback")
        .clock(|| Timestamp::from_seconds(1_000))
}

fn query(url: &Url) -> Parameters {
    Parameters::parse(url.query().unwrap().as_bytes()).unwrap()
}

#[tokio::test]
async fn what_is_there_unasked() {
    let client = builder().build(metadata()).unwrap();
    let request = client
        .authorization()
        .scope("openid read")
        .resource("https://a")
        .resource("https://b");
    let first = request.clone().start().await.unwrap();
    let second = request.start().await.unwrap();
    let (one, two) = (query(&first.url), query(&second.url));
    for (name, value) in [
        ("tenant", "a"),
        ("response_type", "code"),
        ("client_id", "app"),
        ("redirect_uri", "https://app.example/callback"),
        ("scope", "openid read"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(one.value(name), Some(value), "{name}");
    }
    for name in ["state", "nonce", "code_challenge"] {
        assert_eq!(one.value(name).unwrap().len(), 43, "{name}");
        assert_ne!(one.value(name), two.value(name), "{name}");
    }
    assert_eq!(
        one.values("resource").collect::<Vec<_>>(),
        ["https://a", "https://b"]
    );
    let verifier = first.pending.0.verifier.clone().unwrap();
    let challenge = sha256_text(&verifier);
    assert_eq!(one.value("code_challenge"), Some(&*challenge));
}

#[tokio::test]
async fn parameters_stand_before_the_fragment_of_an_endpoint() {
    let metadata = metadata()
        .endpoint(Endpoint::Authorization, "https://as.example/authorize#/login")
        .and_then(|m| m.endpoint(Endpoint::EndSession, "https://as.example/logout?a=b%20c#/out"))
        .unwrap();
    let client = builder().build(metadata).unwrap();
    let url = client.authorization().start().await.unwrap().url;
    assert_eq!(query(&url).value("client_id"), Some("app"));
    assert_eq!(url.fragment(), Some("/login"));
    let url = client.logout_url(None, None, Some("x y")).unwrap();
    assert_eq!(
        url.as_str(),
        "https://as.example/logout?a=b%20c&client_id=app&state=x+y#/out"
    );
}

#[tokio::test]
async fn what_is_left_away_is_left_away_by_name() {
    let client = builder().build(metadata()).unwrap();
    let plain = client.authorization().scope("read").start().await.unwrap();
    assert_eq!(query(&plain.url).value("nonce"), None);
    let request = client
        .authorization()
        .scope("openid")
        .danger_without_pkce()
        .danger_without_nonce();
    let weak = query(&request.start().await.unwrap().url);
    assert_eq!((weak.value("nonce"), weak.value("code_challenge")), (None, None));
}

#[tokio::test]
async fn iss_is_required_of_who_promises_it() {
    let name = "authorization_response_iss_parameter_supported";
    for (metadata, required) in [(metadata(), false), (metadata().member(name, true), true)] {
        let client = builder().build(metadata).unwrap();
        let pending = client.authorization().start().await.unwrap().pending;
        assert_eq!(pending.0.iss_required, required);
        let accepting = client.authorization().danger_accept_missing_iss();
        assert!(!accepting.start().await.unwrap().pending.0.iss_required);
    }
}

#[tokio::test]
async fn what_the_client_writes_itself_cannot_be_set_beside_it() {
    let client = builder().build(metadata()).unwrap();
    for name in OWN {
        let refused = client.authorization().parameter(name, "x").start().await;
        assert!(
            matches!(refused.err(), Some(Error::Misuse(Misuse::Setting { .. }))),
            "{name}"
        );
    }
    assert!(client.authorization().scope("a\"b").start().await.is_err());
}

#[tokio::test]
async fn a_pushed_request_leaves_nothing_in_the_address() {
    let answer = response(
        201,
        "application/json",
        r#"{"request_uri":"urn:x:1","expires_in":60}"#,
    );
    let script = Script::of(vec![answer]);
    let metadata = metadata()
        .endpoint(Endpoint::PushedAuthorizationRequest, "https://as.example/par")
        .unwrap();
    let client = builder().fetch(Arc::new(script.clone())).build(metadata).unwrap();
    let url = client.authorization().scope("read").start().await.unwrap().url;
    assert_eq!(
        url.query(),
        Some("tenant=a&client_id=app&request_uri=urn%3Ax%3A1")
    );
    let pushed = Parameters::parse(script.requests()[0].body()).unwrap();
    assert_eq!(pushed.value("scope"), Some("read"));

    let url = client
        .authorization()
        .through_the_browser()
        .start()
        .await
        .unwrap()
        .url;
    assert_eq!(query(&url).value("request_uri"), None);
}

#[tokio::test]
async fn signed_requests() {
    let (key, _) = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
    let keys = KeySet::from_keys([key.verifying_key().unwrap()]);
    let client = builder().request_object_key(key).build(metadata()).unwrap();
    let request = client
        .authorization()
        .scope("openid")
        .max_age(Seconds(60))
        .resource("https://a")
        .resource("https://b");
    let sent = query(&request.start().await.unwrap().url);
    assert_eq!(
        (sent.value("client_id"), sent.value("state")),
        (Some("app"), None)
    );
    let expectation = Expectation::new(Type::RequestObject, "app", "https://as.example", 1_000);
    let claims = verify::<Value>(sent.value("request").unwrap(), &keys, &expectation)
        .unwrap()
        .into_claims();
    assert_eq!(claims["max_age"], 60);
    assert_eq!(claims["resource"], serde_json::json!(["https://a", "https://b"]));
    assert_eq!(claims["code_challenge_method"], "S256");

    let demanding = metadata().member("require_signed_request_object", true);
    let client = builder().build(demanding).unwrap();
    assert!(matches!(
        client.authorization().start().await.err(),
        Some(Error::Misuse(_))
    ));
}

#[test]
fn signing_out() {
    let client = builder().build(metadata()).unwrap();
    let hint = Secret::new("a.b.c");
    let url = client
        .logout_url(Some(&hint), Some("https://app.example/"), None)
        .unwrap();
    assert_eq!(
        url.as_str(),
        "https://as.example/logout?id_token_hint=a.b.c&client_id=app&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2F"
    );
}
