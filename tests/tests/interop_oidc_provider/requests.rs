//! Requests as signed objects, every way to authenticate, and every algorithm.

use grantor_client::{ClientAuthentication, MacAlgorithm, SigningAlgorithm};
use serde_json::json;

use super::{Peer, key, sign_in};

#[tokio::test]
async fn signed_requests_pushed_and_through_the_browser() {
    let peer = Peer::get();
    let key = key(SigningAlgorithm::Es256);
    let wanted = json!({
        "token_endpoint_auth_method": "private_key_jwt", "jwks": { "keys": [key.public_jwk()] },
        "request_object_signing_alg": "ES256", "require_signed_request_object": true,
    });
    let builder = peer
        .with(ClientAuthentication::PrivateKeyJwt(key.clone()), wanted)
        .await;
    let unsigned = builder.clone().discover().await.unwrap();
    let refused = unsigned
        .authorization()
        .scope("openid")
        .start()
        .await
        .unwrap_err();
    assert!(refused.refusal().is_some(), "{refused}");

    let client = builder.request_object_key(key).discover().await.unwrap();
    let person = peer.person("alice");
    let tokens = sign_in(&client, &person, "openid profile").await;
    assert_eq!(tokens.subject.as_deref(), Some("alice"));
    let claims = json!({ "id_token": { "email": null } });
    let login = client
        .authorization()
        .scope("openid profile")
        .claims(&serde_json::from_value(claims).unwrap())
        .max_age(grantor_client::Seconds(600))
        .through_the_browser();
    let login = login.start().await.unwrap();
    assert!(login.url.query_pairs().any(|(name, _)| name == "request"));
    let back = person.authorize(login.url.as_str(), "approve").await.unwrap();
    let tokens = client
        .exchange(login.pending.validate(&back).unwrap())
        .await
        .unwrap();
    assert_eq!(
        tokens.id_token.unwrap().claims().extra["email"],
        "alice@example.com"
    );
}

#[tokio::test]
async fn every_way_to_authenticate() {
    let peer = Peer::get();
    for method in [
        "client_secret_basic",
        "client_secret_post",
        "client_secret_jwt",
        "private_key_jwt",
        "none",
    ] {
        let own = key(SigningAlgorithm::EdDsa);
        let mut wanted = json!({ "token_endpoint_auth_method": method });
        if method == "private_key_jwt" {
            wanted["jwks"] = json!({ "keys": [own.public_jwk()] });
        }
        let registered = peer.register(wanted).await.unwrap();
        let authentication = match (method, registered.client_secret.clone()) {
            ("client_secret_jwt", Some(secret)) => {
                ClientAuthentication::SecretJwt(secret, MacAlgorithm::Hs256)
            }
            ("private_key_jwt", None) => ClientAuthentication::PrivateKeyJwt(own),
            _ => registered.authentication(),
        };
        let client = peer
            .builder(&registered.client_id)
            .authentication(authentication)
            .redirect_uri(super::REDIRECT_URI)
            .discover()
            .await
            .unwrap();
        let tokens = sign_in(&client, &peer.person("alice"), "openid").await;
        let active = client.introspect(&tokens.access_token).await.unwrap().unwrap();
        assert_eq!(active.client_id(), Some(client.client_id()), "{method}");
    }
}

#[tokio::test]
async fn id_tokens_and_userinfo_in_every_algorithm() {
    let peer = Peer::get();
    for algorithm in SigningAlgorithm::ALL {
        let wanted = json!({
            "id_token_signed_response_alg": algorithm.as_str(), "userinfo_signed_response_alg": algorithm.as_str(),
        });
        let builder = peer.registered(wanted).await.userinfo_algorithm(algorithm);
        let client = builder
            .clone()
            .id_token_algorithm(algorithm)
            .discover()
            .await
            .unwrap();
        let person = peer.person("alice");
        let tokens = sign_in(&client, &person, "openid profile").await;
        let user = client.userinfo(&tokens).await.unwrap();
        assert_eq!(user.name(), Some("alice Example"), "{algorithm}");

        let other = if algorithm == SigningAlgorithm::Rs256 {
            SigningAlgorithm::Ps256
        } else {
            SigningAlgorithm::Rs256
        };
        let strict = builder.id_token_algorithm(other).discover().await.unwrap();
        let login = strict.authorization().scope("openid").start().await.unwrap();
        let back = person.authorize(login.url.as_str(), "approve").await.unwrap();
        let refused = strict
            .exchange(login.pending.validate(&back).unwrap())
            .await
            .unwrap_err();
        assert!(refused.to_string().contains("is not allowed"), "{refused}");
    }
}
