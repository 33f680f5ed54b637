//! Services: tokens for themselves, for the next service, for a statement of another issuer, and bound to a key.

use grantor_client::{
    Client, ClientAuthentication, ClientBuilder, Error, Secret, SigningAlgorithm, SigningKey, TokenType,
    TokenTypeUri, Tokens,
};
use grantor_tests::Server;
use serde_json::json;

use super::{REDIRECT_URI, call, sign_in};

fn service(server: &Server) -> ClientBuilder {
    let secret = ClientAuthentication::basic("service-secret");
    Client::builder(server.issuer(), "service").authentication(secret)
}

fn key() -> SigningKey {
    SigningKey::generate(SigningAlgorithm::Es256).unwrap().0
}

#[tokio::test]
async fn client_credentials_and_refusals() {
    let server = Server::start().await;
    let client = service(&server).discover().await.unwrap();
    let tokens = client.client_credentials().scope("read").send().await.unwrap();
    assert_eq!(tokens.scope.to_string(), "read");
    assert!(tokens.refresh_token.is_none());
    assert_eq!(call(&server, &client, &tokens).await.status, 200);

    let code = |error: Error| error.refusal().map(|refusal| refusal.code.clone());
    let too_much = client
        .client_credentials()
        .scope("openid")
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(too_much).as_deref(), Some("invalid_scope"));
    let wrong = service(&server).authentication(ClientAuthentication::post("wrong"));
    let wrong = wrong.discover().await.unwrap();
    let refused = wrong.client_credentials().send().await.unwrap_err();
    assert!(matches!(refused, Error::Refused(_)), "{refused}");
    assert_eq!(code(refused).as_deref(), Some("invalid_client"));
}

#[tokio::test]
async fn exchange_with_an_actor() {
    let server = Server::start().await;
    let client = Client::builder(server.issuer(), "backend")
        .authentication(ClientAuthentication::post("backend-secret"))
        .discover()
        .await
        .unwrap();
    let own = client.client_credentials().send().await.unwrap();
    let exchanged = client
        .token_exchange(&own.access_token, TokenTypeUri::AccessToken)
        .actor(&own.access_token, TokenTypeUri::AccessToken)
        .audience("downstream-service")
        .scope("api:read")
        .send()
        .await
        .unwrap();
    assert_eq!(
        exchanged.issued_token_type.as_deref(),
        Some(TokenTypeUri::AccessToken.as_str())
    );
    let active = client.introspect(&exchanged.access_token).await.unwrap().unwrap();
    assert!(active.is_for("downstream-service") && !active.is_for("api-service"));
    assert_eq!(active.scope().to_string(), "api:read");
    let elsewhere = client
        .token_exchange(&own.access_token, TokenTypeUri::AccessToken)
        .audience("elsewhere");
    let refused = elsewhere.send().await.unwrap_err();
    assert_eq!(
        refused.refusal().map(|refusal| refusal.code.as_str()),
        Some("invalid_target")
    );
}

#[tokio::test]
async fn a_statement_of_another_issuer() {
    let mut server = Server::start().await;
    let key = key();
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("keys.json");
    std::fs::write(&keys, json!({ "keys": [key.public_jwk()] }).to_string()).unwrap();
    let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    let secret = "a secret of the test, long enough".replace(' ', "-");
    let create = format!("client create --id bearer --secret {secret} --grant-type {grant} --scope read");
    server.command(&create).await;
    let trust = format!(
        "issuer create https://idp.example --jwks {} --subject username --scope read --client bearer",
        keys.display()
    );
    server.command(&trust).await;
    // A server that runs hears of it a moment later; one that starts knows it.
    server.kill().await;
    server.restart().await;

    let client =
        Client::builder(server.issuer(), "bearer").authentication(ClientAuthentication::basic(&secret));
    let client = client.discover().await.unwrap();
    let now = client.now().as_seconds();
    let assertion = |subject: &str| {
        let claims = json!({
            "iss": "https://idp.example", "sub": subject, "aud": server.issuer(), "iat": now, "exp": now + 60, "jti": subject,
        });
        Secret::new(key.sign(grantor_client::Type::Jwt, &claims).unwrap())
    };
    let tokens = client
        .jwt_bearer(&assertion("demo"))
        .scope("read")
        .send()
        .await
        .unwrap();
    assert_eq!(call(&server, &client, &tokens).await.status, 200);
    let refused = client.jwt_bearer(&assertion("nobody")).send().await.unwrap_err();
    assert!(
        matches!(&refused, Error::UserRequired(refusal) if refusal.code == "invalid_grant"),
        "{refused}"
    );
}

#[tokio::test]
async fn bound_tokens_are_of_use_to_nobody_else() {
    let server = Server::start().await;
    let client = service(&server).dpop(key()).discover().await.unwrap();
    let tokens = client.client_credentials().scope("read").send().await.unwrap();
    assert_eq!(tokens.token_type, TokenType::Dpop);
    assert_eq!(call(&server, &client, &tokens).await.status, 200);

    let other = service(&server).dpop(key()).discover().await.unwrap();
    assert_eq!(call(&server, &other, &tokens).await.status, 401);
    let bare = Tokens::restored(
        tokens.access_token.clone(),
        TokenType::Bearer,
        tokens.scope.clone(),
    );
    assert_eq!(call(&server, &other, &bare).await.status, 401);
}

#[tokio::test]
async fn a_login_is_bound_from_the_request_to_the_refresh() {
    let server = Server::start().await;
    let spa = || Client::builder(server.issuer(), "spa").redirect_uri(REDIRECT_URI);
    let client = spa().dpop(key()).discover().await.unwrap();
    let tokens = sign_in(&server, &client, "openid profile read").await;
    assert_eq!(tokens.token_type, TokenType::Dpop);
    assert_eq!(
        client.userinfo(&tokens).await.unwrap().name(),
        Some("Demo Maria User")
    );
    let newer = client.refresh(&tokens).unwrap().send().await.unwrap();
    assert_eq!(newer.token_type, TokenType::Dpop);
    assert_eq!(call(&server, &client, &newer).await.status, 200);

    let thief = spa().dpop(key()).discover().await.unwrap();
    let refused = thief.refresh(&newer).unwrap().send().await.unwrap_err();
    assert!(refused.refusal().is_some(), "{refused}");
}
