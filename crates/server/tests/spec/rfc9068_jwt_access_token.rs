//! [RFC 9068](https://www.rfc-editor.org/rfc/rfc9068): access tokens that resource servers check themselves.

use grantor_jose::{Expectation, Jwks, KeySet, Type, verify};
use grantor_types::{AccessTokenClaims, SigningAlgorithm};
use serde_json::{Value, json};

use crate::harness::{ALICE, Ask, Call, START, Server, Setup, jwt, text, user_id};

/// Checks a token as a resource server does: with the published keys alone.
pub(crate) async fn checked(server: &Server, token: &Value, audience: &str) -> Value {
    let answer = server.call(Call::get("/oauth/jwks.json")).await;
    let jwks: Jwks = serde_json::from_slice(&answer.body).unwrap();
    let keys = KeySet::from_jwks(&jwks);
    let expectation = Expectation::new(Type::AccessToken, "https://id.example", audience, server.now());
    let verified = verify::<AccessTokenClaims>(text(token), &keys, &expectation).unwrap();
    serde_json::to_value(verified.claims()).unwrap()
}

/// "JWT access tokens MUST include this media type in the "typ" header parameter" (2.1), and the claims of 2.2.
#[tokio::test]
async fn header_and_claims() {
    let server = Server::start().await;
    let tokens = Ask::web()
        .with("resource", "https://api.example")
        .tokens(&server)
        .await;
    let header = jwt::header(text(&tokens["access_token"]));
    assert_eq!(
        (&header["typ"], &header["alg"]),
        (&json!("at+jwt"), &json!("ES256"))
    );
    assert_eq!(header.as_object().unwrap().len(), 3);
    let claims = checked(&server, &tokens["access_token"], "https://api.example").await;
    let (jti, grant) = (
        text(&claims["jti"]).to_owned(),
        text(&claims["grant_id"]).to_owned(),
    );
    let expected = json!({
        "iss": "https://id.example",
        "sub": user_id(ALICE).to_string(),
        "aud": "https://api.example",
        "exp": START.as_seconds() + 3600,
        "iat": START.as_seconds(),
        "jti": jti,
        "client_id": "web",
        "scope": "read",
        "auth_time": START.as_seconds(),
        "grant_id": grant,
    });
    assert_eq!(claims, expected);
}

#[tokio::test]
async fn every_algorithm_of_a_client() {
    for algorithm in SigningAlgorithm::ALL {
        let server = Setup::new()
            .client("web", |client| client.access_token_algorithm = Some(algorithm))
            .start()
            .await;
        let tokens = Ask::web().with("scope", "openid").tokens(&server).await;
        let header = jwt::header(text(&tokens["access_token"]));
        assert_eq!(header["alg"], json!(algorithm.as_str()));
        checked(&server, &tokens["access_token"], "https://id.example").await;
        server
            .call(Call::userinfo(text(&tokens["access_token"])))
            .await
            .ok();
    }
}

#[tokio::test]
async fn the_resource_server_comes_before_the_client() {
    let server = Setup::new()
        .client("web", |client| {
            client.access_token_algorithm = Some(SigningAlgorithm::Ps256)
        })
        .start()
        .await;
    let mut api = crate::harness::resource_server("https://api.example");
    api.access_token_algorithm = Some(SigningAlgorithm::EdDsa);
    api.access_token_lifetime = Some(grantor_types::Seconds(120));
    server.commit(grantor_protocol::Change::PutResource(api)).await;
    let tokens = Ask::web()
        .with("resource", "https://api.example")
        .tokens(&server)
        .await;
    assert_eq!(jwt::header(text(&tokens["access_token"]))["alg"], json!("EdDSA"));
    assert_eq!(tokens["expires_in"], json!(120));
    let other = Ask::web().tokens(&server).await;
    assert_eq!(jwt::header(text(&other["access_token"]))["alg"], json!("PS256"));
}

#[tokio::test]
async fn no_two_tokens_share_an_id() {
    let server = Server::start().await;
    let mut ids = std::collections::BTreeSet::new();
    let call = Call::token()
        .client("service")
        .field("grant_type", "client_credentials");
    for _ in 0..100 {
        let tokens = server.call(call.clone()).await.ok();
        assert!(ids.insert(text(&jwt::claims(text(&tokens["access_token"]))["jti"]).to_owned()));
    }
}
