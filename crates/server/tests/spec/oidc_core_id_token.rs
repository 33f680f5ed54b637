//! [OpenID Connect Core 2 and 3.1.3](https://openid.net/specs/openid-connect-core-1_0.html#IDToken): ID tokens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_jose::{Expectation, Jwks, KeySet, Type, digest, verify};
use grantor_types::{Seconds, SigningAlgorithm};
use serde_json::{Value, json};

use crate::harness::{ALICE, Ask, Browser, Call, START, Server, Setup, jwt, text, user_id};

fn ask() -> Ask {
    Ask::web().with("scope", "openid read")
}

/// Checks an ID token as its client does: with the published keys alone.
async fn checked(server: &Server, token: &Value) -> Value {
    let answer = server.call(Call::get("/oauth/jwks.json")).await;
    let keys = KeySet::from_jwks(&serde_json::from_slice::<Jwks>(&answer.body).unwrap());
    let expectation = Expectation::new(Type::IdToken, "https://id.example", "web", server.now());
    verify::<Value>(text(token), &keys, &expectation)
        .unwrap()
        .into_claims()
}

#[tokio::test]
async fn header_and_claims() {
    let server = Server::start().await;
    let ask = ask().with("nonce", "n+0 &\"\u{1f600}");
    let mut browser = Browser::new(&server);
    let login = browser.ask(&ask).await;
    let consent = browser.log_in(&login, ALICE).await;
    // Time goes by on the consent page, and before the code is redeemed.
    server.advance(Seconds(40));
    let answer = browser.press(&consent, "consent-approve").await;
    server.advance(Seconds(10));
    let code = crate::harness::Callback::of(&answer).code();
    let tokens = server.call(ask.redeem(&code)).await.ok();
    let header = jwt::header(text(&tokens["id_token"]));
    assert_eq!((&header["alg"], &header["typ"]), (&json!("RS256"), &json!("JWT")));
    let claims = checked(&server, &tokens["id_token"]).await;
    let sid = text(&claims["sid"]).to_owned();
    let access_token = jwt::claims(text(&tokens["access_token"]));
    let jti = format!(
        "{}.{}",
        text(&access_token["grant_id"]),
        text(&access_token["jti"])
    );
    // "the left-most half of the hash of the octets of the ASCII representation of the access_token value" (3.1.3.6)
    let hash = digest::sha256(text(&tokens["access_token"]).as_bytes());
    let expected = json!({
        "iss": "https://id.example",
        "sub": user_id(ALICE).to_string(),
        "aud": "web",
        "exp": START.as_seconds() + 50 + 3600,
        "iat": START.as_seconds() + 50,
        "auth_time": START.as_seconds(),
        "nonce": "n+0 &\"\u{1f600}",
        "amr": ["pwd"],
        "sid": sid,
        "jti": jti,
        "at_hash": URL_SAFE_NO_PAD.encode(&hash[..16]),
    });
    assert_eq!(claims, expected);
}

#[tokio::test]
async fn without_openid_there_is_none_and_without_nonce_no_nonce() {
    let server = Server::start().await;
    let tokens = Ask::web().with("nonce", "n").tokens(&server).await;
    assert!(tokens.get("id_token").is_none());
    let tokens = ask().tokens(&server).await;
    assert!(checked(&server, &tokens["id_token"]).await.get("nonce").is_none());
}

#[tokio::test]
async fn every_algorithm_of_a_client_with_its_hash() {
    for algorithm in SigningAlgorithm::ALL {
        let server = Setup::new()
            .client("web", |client| client.id_token_algorithm = Some(algorithm))
            .start()
            .await;
        let tokens = ask().tokens(&server).await;
        let header = jwt::header(text(&tokens["id_token"]));
        assert_eq!(header["alg"], json!(algorithm.as_str()));
        let claims = checked(&server, &tokens["id_token"]).await;
        let expected = digest::oidc_hash(algorithm, text(&tokens["access_token"]));
        assert_eq!(claims["at_hash"], json!(expected));
    }
}

/// An opaque access token has a hash too.
#[tokio::test]
async fn at_hash_of_an_opaque_token() {
    let server = Server::start().await;
    let tokens = ask()
        .with("resource", "https://sealed.example")
        .tokens(&server)
        .await;
    assert!(!text(&tokens["access_token"]).contains('.'));
    let claims = checked(&server, &tokens["id_token"]).await;
    let expected = digest::oidc_hash(SigningAlgorithm::Rs256, text(&tokens["access_token"]));
    assert_eq!(claims["at_hash"], json!(expected));
}

#[tokio::test]
async fn the_lifetime_is_policy_or_the_clients() {
    let server = Setup::new()
        .policy(|policy| policy.id_token_lifetime = Seconds(100))
        .client("spa", |client| client.lifetimes.id_token = Some(Seconds(7)))
        .start()
        .await;
    for (ask, lifetime) in [(ask(), 100), (Ask::spa().with("scope", "openid"), 7)] {
        let tokens = ask.tokens(&server).await;
        let claims = jwt::claims(text(&tokens["id_token"]));
        assert_eq!(claims["exp"], json!(START.as_seconds() + lifetime));
    }
}

/// "its iss, sub and aud Claim Values MUST be the same as in the ID Token issued when the original authentication
/// occurred, [...] its auth_time Claim [...] MUST represent the time of the original authentication, [...] it SHOULD
/// NOT have a nonce Claim" (12.2)
#[tokio::test]
async fn after_a_refresh() {
    let server = Server::start().await;
    let first = ask().with("nonce", "n").tokens(&server).await;
    let before = checked(&server, &first["id_token"]).await;
    server.advance(Seconds(1000));
    let second = server
        .call(Call::refresh("web", text(&first["refresh_token"])))
        .await
        .ok();
    let after = checked(&server, &second["id_token"]).await;
    for name in ["iss", "sub", "aud", "auth_time", "sid", "amr"] {
        assert_eq!(after[name], before[name], "{name}");
    }
    assert_eq!(after["iat"], json!(START.as_seconds() + 1000));
    assert!(after.get("nonce").is_none());
    assert_eq!(
        after["at_hash"],
        json!(digest::oidc_hash(
            SigningAlgorithm::Rs256,
            text(&second["access_token"])
        ))
    );
}

/// `sid` names the session, and never gives away its cookie.
#[tokio::test]
async fn the_session_id_is_not_the_cookie() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    let code = browser.callback(&ask(), ALICE).await.code();
    let tokens = server.call(ask().redeem(&code)).await.ok();
    let sid = text(&jwt::claims(text(&tokens["id_token"]))["sid"]).to_owned();
    let mut forged = Browser::new(&server);
    for value in [sid.clone(), format!("{sid}{}", "A".repeat(42))] {
        forged.cookies.insert("__Host-grantor_session".to_owned(), value);
        assert!(forged.get("/account").await.location().starts_with("/login"));
    }
}
