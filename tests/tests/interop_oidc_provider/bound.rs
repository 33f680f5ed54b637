//! Tokens that are bound to a key (DPoP), at a server that wants its own nonce in every proof.

use grantor_client::{ClientAuthentication, Prompt, SigningAlgorithm, TokenType};
use serde_json::json;

use super::{Peer, assert_user_required, key, log_in, sign_in};

#[tokio::test]
async fn a_public_client_is_bound_from_the_request_to_the_refresh() {
    let peer = Peer::get();
    let wanted = json!({ "token_endpoint_auth_method": "none", "dpop_bound_access_tokens": true });
    let builder = peer.registered(wanted).await;
    let client = builder
        .clone()
        .dpop(key(SigningAlgorithm::Es256))
        .discover()
        .await
        .unwrap();
    let request = client.authorization().scope("openid offline_access profile");
    let tokens = log_in(&client, &peer.person("alice"), request.prompt(Prompt::Consent)).await;
    assert_eq!(tokens.token_type, TokenType::Dpop);
    assert_eq!(
        client.userinfo(&tokens).await.unwrap().name(),
        Some("alice Example")
    );

    let newer = client.refresh(&tokens).unwrap().send().await.unwrap();
    assert_eq!(newer.token_type, TokenType::Dpop);
    assert_eq!(client.userinfo(&newer).await.unwrap().subject(), "alice");

    let thief = builder
        .clone()
        .dpop(key(SigningAlgorithm::Es256))
        .discover()
        .await
        .unwrap();
    assert!(thief.userinfo(&newer).await.is_err());
    let refused = thief.refresh(&newer).unwrap().send().await.unwrap_err();
    assert_user_required(&refused, "invalid_grant");
    let bearer = builder.discover().await.unwrap();
    let refused = bearer.refresh(&newer).unwrap().send().await.unwrap_err();
    assert_user_required(&refused, "invalid_grant");
    // None of that was of any harm to whom the tokens belong.
    client.refresh(&newer).unwrap().send().await.unwrap();
}

/// Each is sent without the nonce that nobody knows yet, and each is told the same one.
#[tokio::test]
async fn the_first_requests_come_at_once() {
    let wanted = json!({
        "grant_types": ["client_credentials"], "redirect_uris": [], "response_types": [],
        "dpop_bound_access_tokens": true,
    });
    let builder = Peer::get().registered(wanted).await;
    let client = builder
        .dpop(key(SigningAlgorithm::Es256))
        .discover()
        .await
        .unwrap();
    let requests = (0..10).map(|_| client.client_credentials().send());
    for answer in futures_util::future::join_all(requests).await {
        assert_eq!(answer.unwrap().token_type, TokenType::Dpop);
    }
}

#[tokio::test]
async fn fapi_2() {
    let peer = Peer::get();
    let own = key(SigningAlgorithm::Ps256);
    let wanted = json!({
        "client_name": "FAPI 2.0", "token_endpoint_auth_method": "private_key_jwt",
        "jwks": { "keys": [own.public_jwk()] }, "id_token_signed_response_alg": "PS256",
        "dpop_bound_access_tokens": true, "require_pushed_authorization_requests": true,
    });
    let builder = peer
        .with(ClientAuthentication::PrivateKeyJwt(own.clone()), wanted)
        .await;
    let builder = builder.id_token_algorithm(SigningAlgorithm::Ps256);
    let builder = builder.dpop(key(SigningAlgorithm::EdDsa));
    for builder in [builder.clone(), builder.request_object_key(own)] {
        let client = builder.discover().await.unwrap();
        let tokens = sign_in(&client, &peer.person("alice"), "openid profile").await;
        assert_eq!(tokens.token_type, TokenType::Dpop);
        assert_eq!(
            client.userinfo(&tokens).await.unwrap().name(),
            Some("alice Example")
        );
    }
}
