use super::*;
use crate::fixture::{Script, response};
use crate::{Misuse, ProviderMetadata, Trouble};
use grantor_jose::{Expectation, KeySet, Type, verify};
use grantor_types::{Parameters, SigningAlgorithm};
use serde_json::json;
use std::sync::Arc;

const NOW: Timestamp = Timestamp::from_seconds(1_000);
const JSON: &str = "application/json";
const GOOD: &str = r#"{"auth_req_id":"1c266114","expires_in":120,"interval":2}"#;

fn client(metadata: impl FnOnce(ProviderMetadata) -> ProviderMetadata, script: &Script) -> Client {
    client_with(metadata, script, None)
}

fn client_with(
    metadata: impl FnOnce(ProviderMetadata) -> ProviderMetadata,
    script: &Script,
    key: Option<SigningKey>,
) -> Client {
    let known = ProviderMetadata::new("https://as.example")
        .and_then(|m| m.endpoint(Endpoint::BackchannelAuthentication, "https://as.example/bc"))
        .and_then(|m| m.endpoint(Endpoint::Token, "https://as.example/token"))
        .and_then(|m| m.endpoint(Endpoint::Jwks, "https://as.example/jwks"))
        .unwrap();
    let builder = Client::builder("https://as.example", "till")
        .clock(|| NOW)
        .fetch(Arc::new(script.clone()));
    let builder = match key {
        Some(key) => builder.request_object_key(key),
        None => builder,
    };
    builder.build(metadata(known)).unwrap()
}

fn sent(script: &Script) -> Parameters {
    Parameters::parse(script.requests()[0].body()).unwrap()
}

#[test]
fn answers() {
    let good = json!({"auth_req_id": "r", "expires_in": 120});
    let read = |name: &str, value: Value| {
        let mut members = good.as_object().unwrap().clone();
        members.insert(name.to_owned(), value);
        let (id, polling) = read(&members, NOW)?;
        Ok((id.expose().to_owned(), polling.interval().0))
    };
    let cases = [
        ("interval", Value::Null, Ok(("r".to_owned(), 5))),
        ("interval", json!(9), Ok(("r".to_owned(), 9))),
        (
            "auth_req_id",
            Value::Null,
            Err(InvalidAnswer::Member("auth_req_id")),
        ),
        (
            "auth_req_id",
            json!(""),
            Err(InvalidAnswer::Member("auth_req_id")),
        ),
        ("auth_req_id", json!(7), Err(InvalidAnswer::Member("auth_req_id"))),
        (
            "expires_in",
            json!("120"),
            Err(InvalidAnswer::Member("expires_in")),
        ),
        (
            "expires_in",
            Value::Null,
            Err(InvalidAnswer::Member("expires_in")),
        ),
    ];
    for (name, value, expected) in cases {
        assert_eq!(read(name, value.clone()), expected, "{name} {value}");
    }
}

#[tokio::test]
async fn one_hint_and_what_else_was_said() {
    let token = Secret::new("a.b.c");
    let hints = [
        (UserHint::Login("alice"), "login_hint", "alice"),
        (UserHint::IdToken(&token), "id_token_hint", "a.b.c"),
        (UserHint::LoginToken(&token), "login_hint_token", "a.b.c"),
    ];
    for (hint, name, value) in hints {
        let script = Script::of(vec![response(200, JSON, GOOD)]);
        let client = client(|known| known, &script);
        let request = client
            .backchannel_authentication(hint)
            .scope("openid pay")
            .binding_message("W4SCT")
            .user_code(&Secret::new("1234"))
            .requested_expiry(Seconds(90))
            .acr_values("high low");
        let shown = format!("{request:?}");
        assert!(!shown.contains("1234") && !shown.contains(value), "{shown}");
        let asked = request.send().await.unwrap();
        assert_eq!(asked.polling().interval(), Seconds(2));
        assert_eq!(asked.polling().expires_at(), NOW.plus(Seconds(120)));
        let sent = sent(&script);
        let all = ["login_hint", "id_token_hint", "login_hint_token"];
        for other in all {
            assert_eq!(sent.value(other), (other == name).then_some(value), "{other}");
        }
        for (name, value) in [
            ("scope", "openid pay"),
            ("binding_message", "W4SCT"),
            ("user_code", "1234"),
            ("requested_expiry", "90"),
            ("acr_values", "high low"),
            ("client_id", "till"),
        ] {
            assert_eq!(sent.value(name), Some(value), "{name}");
        }
        let shown = format!("{asked:?}");
        assert!(!shown.contains("1c266114"), "{shown}");
    }
}

#[tokio::test]
async fn what_cannot_be_asked_is_not_sent() {
    let script = Script::of(Vec::new());
    let client = client(|known| known, &script);
    let request = || client.backchannel_authentication(UserHint::Login("alice"));
    let mut refused = vec![
        request().scope("pay").send().await,
        request().scope("").send().await,
        request().scope("a\"b").send().await,
    ];
    for name in OWN {
        refused.push(request().parameter(name, "x").send().await);
    }
    for refused in refused {
        let refused = refused.unwrap_err();
        assert!(
            matches!(refused, Error::Misuse(Misuse::Setting { .. })),
            "{refused:?}"
        );
    }
    assert!(script.requests().is_empty());
}

#[tokio::test]
async fn it_is_signed_for_who_takes_that() {
    let (key, _) = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
    let keys = KeySet::from_keys([key.verifying_key().unwrap()]);
    let with = |algorithms: Value| move |known: ProviderMetadata| known.member(SIGNATURES, algorithms);
    let script = Script::of(vec![response(200, JSON, GOOD)]);
    let signing = client_with(with(json!(["PS256", "ES256"])), &script, Some(key.clone()));
    let request = signing.backchannel_authentication(UserHint::Login("alice"));
    request.requested_expiry(Seconds(90)).send().await.unwrap();
    let outside = sent(&script);
    for name in ["scope", "login_hint", "requested_expiry"] {
        assert_eq!(outside.value(name), None, "{name}");
    }
    let expectation = Expectation::new(Type::RequestObject, "till", "https://as.example", 1_000);
    let claims = verify::<Value>(outside.value("request").unwrap(), &keys, &expectation).unwrap();
    let claims = claims.into_claims();
    assert_eq!(claims["login_hint"], "alice");
    assert_eq!(claims["scope"], "openid");
    assert_eq!(claims["requested_expiry"], 90);

    let script = Script::of(vec![response(200, JSON, GOOD)]);
    let silent = client_with(|known| known, &script, Some(key.clone()));
    let request = silent.backchannel_authentication(UserHint::Login("alice"));
    request.send().await.unwrap();
    assert_eq!(sent(&script).value("login_hint"), Some("alice"));

    let script = Script::of(Vec::new());
    let other = client_with(with(json!(["PS256"])), &script, Some(key));
    let request = other.backchannel_authentication(UserHint::Login("alice"));
    assert!(matches!(request.send().await, Err(Error::Misuse(_))));
    assert!(script.requests().is_empty());
}

#[tokio::test]
async fn a_user_who_may_have_been_asked_is_not_asked_again_unbidden() {
    for (answer, trouble) in [
        (response(503, "", ""), Trouble::Status(503)),
        (
            response(200, JSON, "{}"),
            Trouble::Answer(InvalidAnswer::Member("auth_req_id")),
        ),
        (
            response(200, "text/html", ""),
            Trouble::Answer(InvalidAnswer::MediaType("text/html".to_owned())),
        ),
    ] {
        let client = client(|known| known, &Script::of(vec![answer]));
        let lost = client.backchannel_authentication(UserHint::Login("alice"));
        let Err(Error::OutcomeUnknown(lost)) = lost.send().await else {
            panic!("{trouble:?}")
        };
        assert_eq!(lost.trouble, trouble);
    }
    for (code, needs_user) in [
        ("unknown_user_id", false),
        ("invalid_user_code", false),
        ("access_denied", true),
    ] {
        let body = json!({ "error": code }).to_string();
        let client = client(|known| known, &Script::of(vec![response(400, JSON, &body)]));
        let request = client.backchannel_authentication(UserHint::Login("alice"));
        let refused = request.send().await.unwrap_err();
        assert_eq!(matches!(refused, Error::UserRequired(_)), needs_user, "{code}");
        assert_eq!(refused.refusal().unwrap().code, code);
    }
}

#[tokio::test(start_paused = true)]
async fn it_waits_as_long_as_it_is_told() {
    let (key, _) = SigningKey::generate(SigningAlgorithm::Rs256).unwrap();
    let claims = json!({
        "iss": "https://as.example", "sub": "alice", "aud": "till", "exp": 1_060, "iat": 1_000,
        "urn:openid:params:jwt:claim:auth_req_id": "1c266114",
    });
    let id_token = key.sign(Type::IdToken, &claims).unwrap();
    let tokens = json!({"access_token": "at", "token_type": "Bearer", "id_token": id_token});
    let script = Script::of(vec![
        response(200, JSON, GOOD),
        response(200, JSON, &json!({"keys": [key.public_jwk()]}).to_string()),
        response(400, JSON, r#"{"error":"authorization_pending"}"#),
        response(400, JSON, r#"{"error":"slow_down"}"#),
        response(200, JSON, &tokens.to_string()),
    ]);
    let client = client(|known| known, &script);
    let request = client.backchannel_authentication(UserHint::Login("alice"));
    let asked = request.subject("alice").send().await.unwrap();
    let begun = tokio::time::Instant::now();
    let tokens = client.wait_for_backchannel(&asked).await.unwrap();
    assert_eq!(begun.elapsed().as_secs(), 2 + 2 + 7);
    assert_eq!(tokens.subject.as_deref(), Some("alice"));
    let question = Parameters::parse(script.requests()[2].body()).unwrap();
    assert_eq!(question.value("auth_req_id"), Some("1c266114"));
    assert_eq!(
        question.value("grant_type"),
        Some("urn:openid:params:grant-type:ciba")
    );
}
