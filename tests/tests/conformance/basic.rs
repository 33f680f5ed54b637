//! The plan "Basic": codes, tokens and what they say.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_tests::{CHALLENGE, VERIFIER, unverified};
use serde_json::json;

use super::answer::{Answer, Callback, now, text};
use super::party::{NONCE, STATE, callback};
use super::provider::Provider;

/// The left half of the digest that goes with RS256.
fn at_hash(access_token: &str) -> String {
    use rustls::crypto::aws_lc_rs::cipher_suite::TLS13_AES_128_GCM_SHA256;
    let suite = TLS13_AES_128_GCM_SHA256.tls13().unwrap();
    let digest = suite.common.hash_provider.hash(access_token.as_bytes());
    URL_SAFE_NO_PAD.encode(&digest.as_ref()[..16])
}

#[tokio::test]
async fn a_code_for_a_client_with_a_secret() {
    let provider = Provider::start().await;
    let party = provider.register(&json!({})).await;
    let answer = callback(&provider.person("alice"), &party.ask("openid profile")).await;
    assert_eq!(answer.uri, provider.application.url("/callback"));
    assert_eq!(answer.names(), ["code", "iss", "state"]);
    assert_eq!(answer.value("state"), Some(STATE));
    assert_eq!(answer.value("iss"), Some(provider.issuer().as_str()));

    let redeemed = party.redeem(answer.code(), &[]).await;
    let tokens = redeemed.ok();
    assert_eq!(tokens["token_type"], "Bearer");
    assert!((1..=31_536_000).contains(&tokens["expires_in"].as_u64().unwrap()));
    let (header, _) = unverified(text(&tokens["id_token"]));
    assert_eq!(header["alg"], "RS256");
    let claims = party.id_token(&tokens).await;
    let members: Vec<&str> = claims.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "amr",
        "at_hash",
        "aud",
        "auth_time",
        "exp",
        "iat",
        "iss",
        "jti",
        "nonce",
        "sid",
        "sub",
    ];
    assert_eq!(members, expected);
    assert_eq!(claims["nonce"], NONCE);
    assert_eq!(claims["at_hash"], at_hash(text(&tokens["access_token"])));
    let sub = text(&claims["sub"]);
    assert!(sub.is_ascii() && (1..=255).contains(&sub.len()));
    let iat = claims["iat"].as_u64().unwrap();
    assert!(iat.abs_diff(now()) < 300 && claims["exp"].as_u64().unwrap() > iat);
}

#[tokio::test]
async fn a_code_for_a_client_that_posts_its_secret() {
    let provider = Provider::start().await;
    let post = json!({ "token_endpoint_auth_method": "client_secret_post" });
    let party = provider.register(&post).await;
    let code = party.code(&provider.person("alice"), &party.ask("openid")).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", party.redirect_uri()),
        ("client_id", party.id()),
        ("client_secret", party.secret()),
    ];
    // It did not register the header.
    party.redeem(&code, &[]).await.refused(401, "invalid_client");
    provider.post("/oauth/token", &form).await.ok();
}

#[tokio::test]
async fn a_challenge_that_is_sent_is_enforced() {
    let provider = Provider::start().await;
    let party = provider.register(&json!({})).await;
    let person = provider.person("alice");
    let ask = party
        .ask("openid")
        .with("code_challenge", CHALLENGE)
        .with("code_challenge_method", "S256");
    let code = party.code(&person, &ask).await;
    let wrong = VERIFIER.replace('d', "e");
    party.redeem(&code, &[]).await.refused(400, "invalid_grant");
    party
        .redeem(&code, &[("code_verifier", &wrong)])
        .await
        .refused(400, "invalid_grant");
    party.redeem(&code, &[("code_verifier", VERIFIER)]).await.ok();
    // A verifier where there was no challenge, and a challenge that protects nothing.
    let code = party.code(&person, &party.ask("openid")).await;
    let verifier = [("code_verifier", VERIFIER)];
    party.redeem(&code, &verifier).await.refused(400, "invalid_grant");
    let plain = ask.with("code_challenge_method", "plain");
    let refused = Callback::of(&person.open(&plain.url()).await.unwrap());
    assert_eq!(refused.error(), "invalid_request");
}

#[tokio::test]
async fn a_code_is_used_once() {
    let provider = Provider::start().await;
    let party = provider.register(&json!({})).await;
    let code = party.code(&provider.person("alice"), &party.ask("openid")).await;
    let tokens = party.redeem(&code, &[]).await.ok();
    party.redeem(&code, &[]).await.refused(400, "invalid_grant");
    provider.userinfo(&tokens).await.refused(401, "invalid_token");
}

#[tokio::test]
async fn a_refresh() {
    let provider = Provider::start().await;
    let party = provider.register(&json!({})).await;
    let other = provider.register(&json!({})).await;
    let ask = party.ask("openid profile email offline_access");
    let tokens = party.tokens(&provider.person("alice"), &ask).await;
    let before = party.id_token(&tokens).await;
    let token = text(&tokens["refresh_token"]);
    other.refresh(token, &[]).await.refused(400, "invalid_grant");
    let first = party.refresh(token, &[]).await.ok();
    let second = party
        .refresh(text(&first["refresh_token"]), &[("scope", "openid email")])
        .await
        .ok();
    assert_eq!(second["scope"], "email openid");
    for answer in [&first, &second] {
        assert_eq!(answer["token_type"], "Bearer");
        let after = party.id_token(answer).await;
        for name in ["iss", "sub", "aud", "auth_time"] {
            assert_eq!(after[name], before[name], "{name}");
        }
        assert!(after["iat"].as_u64() >= before["iat"].as_u64());
    }
}

#[tokio::test]
async fn userinfo_in_three_ways() {
    let provider = Provider::start().await;
    let party = provider.register(&json!({})).await;
    let tokens = party
        .tokens(&provider.person("alice"), &party.ask("openid email"))
        .await;
    let endpoint = format!("{}/oauth/userinfo", provider.issuer());
    let (http, token) = (&provider.http, text(&tokens["access_token"]));
    let sub = party.id_token(&tokens).await["sub"].clone();
    for request in [
        http.get(&endpoint).bearer_auth(token),
        http.post(&endpoint).bearer_auth(token),
        http.post(&endpoint).form(&[("access_token", token)]),
    ] {
        let claims = Answer::to(request).await.ok();
        assert_eq!(
            (&claims["sub"], &claims["email"]),
            (&sub, &json!("alice@example.com"))
        );
    }
    // A token in the address is in the logs of everybody in between.
    let in_query = http.get(format!("{endpoint}?access_token={token}"));
    assert!((400..=401).contains(&Answer::to(in_query).await.status));
}

#[tokio::test]
async fn every_scope_has_its_claims() {
    let provider = Provider::start().await;
    let party = provider.register(&json!({})).await;
    let person = provider.person("alice");
    for (scope, count) in [("profile", 14), ("email", 2), ("address", 1), ("phone", 2)] {
        let ask = party.ask(&format!("openid {scope}"));
        let claims = provider.userinfo(&party.tokens(&person, &ask).await).await.ok();
        assert_eq!(claims.as_object().unwrap().len(), count + 1, "{scope}: {claims}");
    }
    let ask = party.ask("openid profile email address phone");
    let claims = provider.userinfo(&party.tokens(&person, &ask).await).await.ok();
    assert_eq!(claims.as_object().unwrap().len(), 20, "{claims}");
    assert_eq!(claims["updated_at"], 1_700_000_000);
    assert_eq!(
        (&claims["email_verified"], &claims["phone_number_verified"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(claims["birthdate"], "1852-05-04");
    assert_eq!(claims["address"].as_object().unwrap().len(), 6);
    // Somebody of whom nothing is known.
    let bob = party.tokens(&provider.person("bob"), &ask).await;
    let claims = provider.userinfo(&bob).await.ok();
    assert_eq!(claims.as_object().unwrap().keys().collect::<Vec<_>>(), ["sub"]);
}

/// As the suite estimates: 128 bits of length, and more than 96 by Shannon over the characters.
#[tokio::test]
async fn what_is_handed_out_is_random_enough() {
    let provider = Provider::start().await;
    let party = provider.register(&json!({})).await;
    let person = provider.person("alice");
    let ask = party.ask("openid offline_access");
    for _ in 0..4 {
        let code = party.code(&person, &ask).await;
        let tokens = party.redeem(&code, &[]).await.ok();
        for secret in [
            &code,
            text(&tokens["access_token"]),
            text(&tokens["refresh_token"]),
        ] {
            let length = secret.len() as f64;
            let share = |byte: u8| secret.bytes().filter(|other| *other == byte).count() as f64 / length;
            // Every character counts once for itself.
            let estimate: f64 = secret.bytes().map(|byte| -share(byte).log2()).sum();
            assert!(secret.len() >= 22 && estimate > 96.0, "{estimate}");
        }
    }
}
