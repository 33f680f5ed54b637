//! Clients that register themselves, with the strict things that a fixture has not.

use grantor_client::{
    Client, ClientAuthentication, ContentEncryptionAlgorithm, Decryption, DecryptionKey, Error, IdTokenError,
    InvalidAnswer, KeyManagementAlgorithm, MacAlgorithm, RegisteredClient, SigningAlgorithm, SigningKey,
};
use grantor_tests::Server;
use serde_json::{Value, json};

use super::{REDIRECT_URI, call, sign_in};

async fn register(server: &Server, more: Value) -> RegisteredClient {
    let mut wanted = json!({
        "redirect_uris": [REDIRECT_URI], "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"], "scope": "openid profile read",
    });
    for (name, value) in more.as_object().unwrap() {
        wanted[name] = value.clone();
    }
    let builder = Client::builder(server.issuer(), "unregistered");
    let metadata = builder.clone().discover().await.unwrap().metadata().clone();
    builder.register(&metadata, &wanted, None).await.unwrap()
}

#[tokio::test]
async fn with_a_key_for_everything() {
    let server = Server::start().await;
    let (key, _) = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
    let registered = register(
        &server,
        json!({
            "token_endpoint_auth_method": "private_key_jwt", "jwks": { "keys": [key.public_jwk()] },
            "id_token_signed_response_alg": "EdDSA", "userinfo_signed_response_alg": "PS256",
            "request_object_signing_alg": "ES256", "require_pushed_authorization_requests": true,
        }),
    )
    .await;
    assert!(registered.client_secret.is_none() && registered.management.is_some());
    let builder = || {
        Client::builder(server.issuer(), &registered.client_id)
            .authentication(ClientAuthentication::PrivateKeyJwt(key.clone()))
            .redirect_uri(REDIRECT_URI)
            .request_object_key(key.clone())
            .userinfo_algorithm(SigningAlgorithm::Ps256)
    };
    let client = builder()
        .id_token_algorithm(SigningAlgorithm::EdDsa)
        .discover()
        .await
        .unwrap();
    let tokens = sign_in(&server, &client, "openid profile read").await;
    let user = client.userinfo(&tokens).await.unwrap();
    assert_eq!(user.name(), Some("Demo Maria User"));
    let newer = client.refresh(&tokens).unwrap().send().await.unwrap();
    assert_eq!(call(&server, &client, &newer).await.status, 200);

    // The same key and login, with another algorithm expected.
    let strict = builder().discover().await.unwrap();
    let login = strict.authorization().scope("openid").start().await.unwrap();
    let person = grantor_tests::Person::new(server.issuer(), "demo");
    let back = person.authorize(login.url.as_str(), "approve").await.unwrap();
    let refused = strict
        .exchange(login.pending.validate(&back).unwrap())
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("EdDSA is not allowed"), "{refused}");
}

#[tokio::test]
async fn with_a_secret_that_signs() {
    let server = Server::start().await;
    let wanted = json!({ "token_endpoint_auth_method": "client_secret_jwt" });
    let registered = register(&server, wanted).await;
    let secret = registered.client_secret.clone().unwrap();
    let client = Client::builder(server.issuer(), &registered.client_id)
        .authentication(ClientAuthentication::SecretJwt(secret, MacAlgorithm::Hs256))
        .redirect_uri(REDIRECT_URI)
        .discover()
        .await
        .unwrap();
    let tokens = sign_in(&server, &client, "openid read").await;
    assert_eq!(call(&server, &client, &tokens).await.status, 200);
}

#[tokio::test]
async fn with_a_secret_as_it_was_registered() {
    for method in ["client_secret_basic", "client_secret_post", "none"] {
        let server = Server::start().await;
        let registered = register(&server, json!({ "token_endpoint_auth_method": method })).await;
        let client = Client::builder(server.issuer(), &registered.client_id)
            .authentication(registered.authentication())
            .redirect_uri(REDIRECT_URI)
            .discover()
            .await
            .unwrap();
        let tokens = sign_in(&server, &client, "openid read").await;
        assert_eq!(call(&server, &client, &tokens).await.status, 200, "{method}");
    }
}

#[tokio::test]
async fn with_tokens_for_its_eyes_alone() {
    use ContentEncryptionAlgorithm::{A128Gcm, A256Gcm};
    use KeyManagementAlgorithm::{EcdhEs, RsaOaep256};
    let server = Server::start().await;
    // The last says whether userinfo is signed before it is encrypted.
    for (algorithm, content, signed) in [(EcdhEs, A256Gcm, true), (RsaOaep256, A128Gcm, false)] {
        let (key, _) = DecryptionKey::generate(algorithm).unwrap();
        let (alg, enc) = (algorithm.as_str(), content.as_str());
        let mut wanted = json!({
            "jwks": { "keys": [key.public_jwk()] }, "id_token_signed_response_alg": "ES256",
            "id_token_encrypted_response_alg": alg, "id_token_encrypted_response_enc": enc,
            "userinfo_encrypted_response_alg": alg, "userinfo_encrypted_response_enc": enc,
        });
        if signed {
            wanted["userinfo_signed_response_alg"] = "ES256".into();
        }
        let registered = register(&server, wanted).await;
        let decryption = Decryption::new(key, content);
        let builder = || {
            Client::builder(server.issuer(), &registered.client_id)
                .authentication(registered.authentication())
                .redirect_uri(REDIRECT_URI)
                .id_token_algorithm(SigningAlgorithm::Es256)
        };
        let mut complete = builder()
            .id_token_decryption(decryption.clone())
            .userinfo_decryption(decryption.clone());
        if signed {
            complete = complete.userinfo_algorithm(SigningAlgorithm::Es256);
        }
        let client = complete.discover().await.unwrap();
        let tokens = sign_in(&server, &client, "openid profile read").await;
        let user = client.userinfo(&tokens).await.unwrap();
        assert_eq!(user.name(), Some("Demo Maria User"), "{alg}");
        let newer = client.refresh(&tokens).unwrap().send().await.unwrap();
        assert_eq!(newer.subject, tokens.subject);
        // What is kept for hints is the signed token.
        let kept = tokens.id_token.unwrap();
        assert_eq!(kept.raw().expose().split('.').count(), 3);

        let without_keys = builder().discover().await.unwrap();
        let login = without_keys
            .authorization()
            .scope("openid")
            .start()
            .await
            .unwrap();
        let person = grantor_tests::Person::new(server.issuer(), "demo");
        let back = person.authorize(login.url.as_str(), "approve").await.unwrap();
        let callback = login.pending.validate(&back).unwrap();
        let refused = without_keys.exchange(callback).await.err();
        let expected = InvalidAnswer::IdToken(IdTokenError::Encrypted);
        assert_eq!(refused, Some(Error::InvalidAnswer(expected)));
    }
}
