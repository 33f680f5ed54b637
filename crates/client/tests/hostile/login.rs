//! Logins that somebody else has had a hand in.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_client::{
    Client, ContentEncryptionAlgorithm, Decryption, DecryptionKey, Error, IdTokenError, InvalidAnswer,
    KeyManagementAlgorithm, Misuse, Scope, Secret, SigningAlgorithm, SigningKey, Timestamp, TokenType,
    Tokens, Trouble, Type, UserHint, ValidatedCallback,
};
use grantor_jose::{EncryptionKey, Jwks};
use serde_json::{Value, json};

use crate::provider::NOW;
use crate::{Answer, Provider};

/// A login that has come back, and the nonce that was sent.
async fn login(client: &Client) -> (ValidatedCallback, String) {
    let login = client.authorization().scope("openid").start().await.unwrap();
    let sent = |wanted: &str| {
        let mut pairs = login.url.query_pairs();
        pairs.find(|(name, _)| name == wanted).unwrap().1.into_owned()
    };
    let (state, nonce) = (sent("state"), sent("nonce"));
    let callback = login.pending.validate(&format!("code=c&state={state}")).unwrap();
    (callback, nonce)
}

/// What becomes of a login whose ID token is made by `token` from good claims.
async fn exchange(provider: &Provider, token: impl FnOnce(Value) -> Option<String>) -> Result<Tokens, Error> {
    let client = provider.client().await;
    let (callback, nonce) = login(&client).await;
    let claims = json!({
        "iss": provider.issuer, "sub": "alice", "aud": "app", "exp": NOW + 60, "iat": NOW, "nonce": nonce,
    });
    let answer = json!({ "access_token": "at", "token_type": "Bearer", "id_token": token(claims) });
    provider.answer("/token", Answer::json(200, &answer));
    client.exchange(callback).await
}

fn refused(result: Result<Tokens, Error>) -> InvalidAnswer {
    match result {
        Err(Error::InvalidAnswer(answer)) => answer,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn id_tokens_that_are_forged() {
    let provider = Provider::start().await;
    let good = exchange(&provider, |claims| provider.key.sign(Type::IdToken, &claims).ok())
        .await
        .unwrap();
    assert_eq!(good.subject.as_deref(), Some("alice"));

    let none = exchange(&provider, |_| None).await;
    assert_eq!(refused(none), InvalidAnswer::MissingIdToken);

    let (stranger, _) = SigningKey::generate(SigningAlgorithm::Rs256).unwrap();
    let (weaker, _) = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let unsigned = exchange(&provider, |claims| {
        Some(format!(
            "{}.{}.",
            encode(&json!({ "alg": "none" })),
            encode(&claims)
        ))
    });
    let symmetric = json!({ "alg": "HS256", "kid": provider.key.kid() });
    let symmetric = exchange(&provider, |claims| {
        Some(format!("{}.{}.AA", encode(&symmetric), encode(&claims)))
    });
    let other_kind = exchange(&provider, |claims| {
        provider.key.sign(Type::AccessToken, &claims).ok()
    });
    let by_stranger = exchange(&provider, |claims| stranger.sign(Type::IdToken, &claims).ok());
    let by_another = exchange(&provider, |claims| weaker.sign(Type::IdToken, &claims).ok());
    let changed = exchange(&provider, |claims| {
        let token = provider.key.sign(Type::IdToken, &claims).ok()?;
        let (_, signature) = token.rsplit_once('.')?;
        let (head, _) = token.split_once('.')?;
        let mut claims = claims;
        claims["sub"] = "bob".into();
        Some(format!("{head}.{}.{signature}", encode(&claims)))
    });
    let rows = [
        (refused(unsigned.await), "not supported"),
        (refused(symmetric.await), "not supported"),
        (refused(other_kind.await), "another type"),
        (refused(by_stranger.await), "no key is known"),
        (refused(by_another.await), "ES256 is not allowed"),
        (refused(changed.await), "signature is wrong"),
        (
            refused(exchange(&provider, |_| Some("x".into())).await),
            "not a JWS",
        ),
    ];
    for (answer, wanted) in rows {
        assert!(answer.to_string().contains(wanted), "{answer}, not {wanted}");
    }
}

#[tokio::test]
async fn id_tokens_that_are_not_encrypted_as_was_agreed() {
    use ContentEncryptionAlgorithm::{A128Gcm, A256Gcm};
    let provider = Provider::start().await;
    let algorithm = KeyManagementAlgorithm::EcdhEs;
    let (own, _) = DecryptionKey::generate(algorithm).unwrap();
    let (other, _) = DecryptionKey::generate(algorithm).unwrap();
    let encrypted = |key: &DecryptionKey, content, token: &str| {
        let keys = vec![key.public_jwk()];
        let key = EncryptionKey::choose(&Jwks { keys }, algorithm).unwrap();
        key.encrypt_jwt(content, token).ok()
    };
    let decryption = Decryption::new(own.clone(), A256Gcm);
    let client = provider.builder().id_token_decryption(decryption);
    let client = client.discover().await.unwrap();
    let (stranger, _) = SigningKey::generate(SigningAlgorithm::Rs256).unwrap();
    let answer = async |make: &dyn Fn(&SigningKey, &Value) -> Option<String>| {
        let (callback, nonce) = login(&client).await;
        let claims = json!({
            "iss": provider.issuer, "sub": "alice", "aud": "app", "exp": NOW + 60, "iat": NOW, "nonce": nonce,
        });
        let token = make(&provider.key, &claims);
        let answer = json!({ "access_token": "at", "token_type": "Bearer", "id_token": token });
        provider.answer("/token", Answer::json(200, &answer));
        client.exchange(callback).await
    };
    let sign = |key: &SigningKey, claims: &Value| key.sign(Type::IdToken, claims).unwrap();
    let good = answer(&|key, claims| encrypted(&own, A256Gcm, &sign(key, claims))).await;
    assert_eq!(good.unwrap().subject.as_deref(), Some("alice"));

    let in_the_clear = answer(&|key, claims| Some(sign(key, claims))).await;
    assert_eq!(
        refused(in_the_clear),
        InvalidAnswer::IdToken(IdTokenError::NotEncrypted)
    );
    let rows = [
        (
            answer(&|key, claims| encrypted(&own, A128Gcm, &sign(key, claims))).await,
            "A128GCM is not allowed",
        ),
        (
            answer(&|key, claims| encrypted(&other, A256Gcm, &sign(key, claims))).await,
            "to no key of ours",
        ),
        // Whoever encrypts has signed nothing yet.
        (
            answer(&|_, claims| encrypted(&own, A256Gcm, &sign(&stranger, claims))).await,
            "no key is known",
        ),
        (
            answer(&|_, claims| encrypted(&own, A256Gcm, &claims.to_string())).await,
            "not a JWS",
        ),
    ];
    for (answer, wanted) in rows {
        let answer = refused(answer);
        assert!(answer.to_string().contains(wanted), "{answer}, not {wanted}");
    }
}

#[tokio::test]
async fn id_tokens_of_another_login() {
    let provider = Provider::start().await;
    for (name, value, wanted) in [
        ("nonce", json!("replayed"), "nonce"),
        ("iss", json!("https://evil.example"), "another issuer"),
        ("aud", json!("another app"), "another audience"),
        ("exp", json!(NOW - 3_600), "expired"),
        ("at_hash", json!("AAAA"), "at_hash"),
    ] {
        let result = exchange(&provider, |mut claims| {
            claims[name] = value;
            provider.key.sign(Type::IdToken, &claims).ok()
        });
        let answer = refused(result.await);
        assert!(answer.to_string().contains(wanted), "{answer}, not {wanted}");
    }
}

#[tokio::test]
async fn a_code_is_not_spent_while_the_keys_cannot_be_read() {
    let provider = Provider::start().await;
    provider.answer("/jwks", Answer::Silent);
    let client = provider.impatient().await;
    let (callback, _) = login(&client).await;
    let refused = client.exchange(callback).await.unwrap_err();
    assert!(refused.is_safe_to_repeat(), "{refused:?}");
    assert_eq!(provider.asked("/token"), 0);
}

#[tokio::test]
async fn a_refresh_token_is_not_spent_while_the_keys_cannot_be_read() {
    let provider = Provider::start().await;
    provider.answer("/jwks", Answer::Whole(500, "", String::new()));
    let answer = json!({ "access_token": "at", "token_type": "Bearer" });
    provider.answer("/token", Answer::json(200, &answer));
    let client = provider.client().await;
    let kept = |scope: &str, subject: Option<&str>| {
        let scope = Scope::parse(scope).unwrap();
        let mut tokens = Tokens::restored(Secret::new("at"), TokenType::Bearer, scope);
        tokens.refresh_token = Some(Secret::new("rt"));
        tokens.subject = subject.map(str::to_owned);
        tokens
    };
    let request = client.refresh(&kept("openid read", Some("alice"))).unwrap();
    let refused = request.send().await;
    assert_eq!(provider.asked("/token"), 0);
    let Err(Error::NotApplied(refused)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(refused.trouble, Trouble::KeysUnavailable);

    // Where no ID token will be looked at, nobody waits for keys.
    for tokens in [kept("read", Some("alice")), kept("openid read", None)] {
        client.refresh(&tokens).unwrap().send().await.unwrap();
    }
    assert_eq!(provider.asked("/token"), 2);
}

#[tokio::test]
async fn a_code_that_is_spent_is_not_called_repeatable() {
    let provider = Provider::start().await;
    let clock = Arc::new(AtomicU64::new(NOW));
    let time = Arc::clone(&clock);
    let builder = provider.builder();
    let client = builder.clock(move || Timestamp::from_seconds(time.load(Ordering::SeqCst)));
    let client = client.discover().await.unwrap();
    let (first, _) = login(&client).await;
    // The keys are known from here on, and old enough to be asked for again.
    provider.answer("/token", Answer::json(400, &json!({ "error": "invalid_grant" })));
    client.exchange(first).await.unwrap_err();
    clock.store(NOW + 60, Ordering::SeqCst);
    provider.answer("/jwks", Answer::Whole(500, "", String::new()));

    let (stranger, _) = SigningKey::generate(SigningAlgorithm::Rs256).unwrap();
    let (callback, nonce) = login(&client).await;
    let claims = json!({
        "iss": provider.issuer, "sub": "alice", "aud": "app", "exp": NOW + 600, "iat": NOW, "nonce": nonce,
    });
    let token = stranger.sign(Type::IdToken, &claims).unwrap();
    let answer = json!({ "access_token": "at", "token_type": "Bearer", "id_token": token });
    provider.answer("/token", Answer::json(200, &answer));
    let lost = client.exchange(callback).await.unwrap_err();
    let Error::OutcomeUnknown(lost) = lost else {
        panic!("{lost:?}")
    };
    assert_eq!(lost.trouble, Trouble::KeysUnavailable);
}

#[tokio::test]
async fn made_up_keys_cause_no_flood_of_fetches() {
    let provider = Provider::start().await;
    let client = provider.client().await;
    let (stranger, _) = SigningKey::generate(SigningAlgorithm::Rs256).unwrap();
    for _ in 0..5 {
        let (callback, nonce) = login(&client).await;
        let claims = json!({ "iss": provider.issuer, "sub": "a", "aud": "app", "exp": NOW + 60, "iat": NOW, "nonce": nonce });
        let token = stranger.sign(Type::IdToken, &claims).unwrap();
        let answer = json!({ "access_token": "at", "token_type": "Bearer", "id_token": token });
        provider.answer("/token", Answer::json(200, &answer));
        refused(client.exchange(callback).await);
    }
    assert_eq!(provider.asked("/jwks"), 1);
}

#[tokio::test]
async fn userinfo_about_somebody_else() {
    let provider = Provider::start().await;
    let client = provider.client().await;
    let tokens = exchange(&provider, |claims| provider.key.sign(Type::IdToken, &claims).ok())
        .await
        .unwrap();
    provider.answer(
        "/userinfo",
        Answer::json(200, &json!({ "sub": "mallory", "name": "Alice" })),
    );
    let refused = client.userinfo(&tokens).await.err();
    let expected = InvalidAnswer::Userinfo(IdTokenError::Subject);
    assert_eq!(refused, Some(Error::InvalidAnswer(expected)));

    // Who registered for a signature does not take an answer without.
    let strict = provider.builder().userinfo_algorithm(SigningAlgorithm::Rs256);
    let strict = strict.discover().await.unwrap();
    provider.answer("/userinfo", Answer::json(200, &json!({ "sub": "alice" })));
    let refused = strict.userinfo(&tokens).await.err();
    let expected = InvalidAnswer::MediaType("application/json".into());
    assert_eq!(refused, Some(Error::InvalidAnswer(expected)));

    // The same of encryption.
    let (key, _) = DecryptionKey::generate(KeyManagementAlgorithm::EcdhEs).unwrap();
    let decryption = Decryption::new(key, ContentEncryptionAlgorithm::A128Gcm);
    let strict = provider.builder().userinfo_decryption(decryption);
    let strict = strict.discover().await.unwrap();
    let refused = strict.userinfo(&tokens).await.err();
    let expected = InvalidAnswer::MediaType("application/json".into());
    assert_eq!(refused, Some(Error::InvalidAnswer(expected)));
    let signed = provider.key.sign(Type::Jwt, &json!({ "sub": "alice" })).unwrap();
    let jwt = "Content-Type: application/jwt\r\n";
    provider.answer("/userinfo", Answer::Whole(200, jwt, signed));
    let refused = strict.userinfo(&tokens).await.err();
    let expected = InvalidAnswer::Userinfo(IdTokenError::NotEncrypted);
    assert_eq!(refused, Some(Error::InvalidAnswer(expected)));
}

#[tokio::test]
async fn a_login_at_one_provider_is_not_finished_at_another() {
    let (honest, evil) = (Provider::start().await, Provider::start().await);
    let (callback, _) = login(&honest.client().await).await;
    let refused = evil.client().await.exchange(callback).await.unwrap_err();
    assert!(matches!(refused, Error::Misuse(_)), "{refused:?}");
    assert_eq!(evil.asked("/token"), 0);

    // Nor one that is polled for.
    let asked = json!({
        "device_code": "d", "user_code": "U", "verification_uri": "https://x", "auth_req_id": "r", "expires_in": 60,
    });
    for path in ["/device", "/backchannel"] {
        honest.answer(path, Answer::json(200, &asked));
    }
    let (client, other) = (honest.client().await, evil.client().await);
    let device = client.device_authorization().scope("read").send().await.unwrap();
    let request = client.backchannel_authentication(UserHint::Login("alice"));
    let elsewhere = request.send().await.unwrap();
    for refused in [
        other.poll_device(&device).await,
        other.poll_backchannel(&elsewhere).await,
    ] {
        assert_eq!(refused.err(), Some(Error::Misuse(Misuse::ForeignState)));
    }
    assert_eq!(evil.asked("/token"), 0);
}

#[tokio::test]
async fn a_bearer_token_is_no_answer_for_who_wants_it_bound() {
    let provider = Provider::start().await;
    let (key, _) = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
    let client = provider.builder().dpop(key).discover().await.unwrap();
    let answer = json!({ "access_token": "at", "token_type": "Bearer" });
    provider.answer("/token", Answer::json(200, &answer));
    let downgraded = client.client_credentials().send().await.err();
    assert_eq!(downgraded, Some(Error::InvalidAnswer(InvalidAnswer::NotBound)));

    // One that never has enough of nonces is asked twice and no more.
    let nonce = "Content-Type: application/json\r\nDPoP-Nonce: n\r\n";
    let wish = json!({ "error": "use_dpop_nonce" }).to_string();
    provider.answer("/token", Answer::Whole(400, nonce, wish));
    let refused = client.client_credentials().send().await.unwrap_err();
    assert!(matches!(refused, Error::Refused(_)), "{refused:?}");
    assert_eq!(provider.asked("/token"), 3);
}
