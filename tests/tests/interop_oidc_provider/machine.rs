//! Services, and clients that register themselves.

use grantor_client::{Error, Secret, SigningAlgorithm, TokenHint, TokenType};
use grantor_tests::unverified;
use serde_json::json;

use super::{API, Peer, assert_refused, key};

#[tokio::test]
async fn client_credentials() {
    let peer = Peer::get();
    let wanted = json!({
        "grant_types": ["client_credentials"], "redirect_uris": [], "response_types": [], "scope": "read",
    });
    let builder = peer.registered(wanted).await;
    let client = builder.clone().discover().await.unwrap();
    let tokens = client.client_credentials().scope("read").send().await.unwrap();
    assert!(tokens.refresh_token.is_none() && tokens.id_token.is_none());
    let active = client.introspect(&tokens.access_token).await.unwrap().unwrap();
    assert_eq!(
        (active.subject(), active.client_id()),
        (None, Some(client.client_id()))
    );
    client
        .revoke(&tokens.access_token, TokenHint::AccessToken)
        .await
        .unwrap();
    assert!(client.introspect(&tokens.access_token).await.unwrap().is_none());

    let request = client.client_credentials().scope("read").resource(API);
    let tokens = request.send().await.unwrap();
    assert_eq!(unverified(tokens.access_token.expose()).1["aud"], API);
    let elsewhere = client.client_credentials().resource("https://elsewhere.example/");
    assert_refused(&elsewhere.send().await.unwrap_err(), "invalid_target");
    let too_much = client.client_credentials().scope("profile");
    assert_refused(&too_much.send().await.unwrap_err(), "invalid_scope");

    let bound = builder
        .dpop(key(SigningAlgorithm::Es256))
        .discover()
        .await
        .unwrap();
    let tokens = bound.client_credentials().scope("read").send().await.unwrap();
    assert_eq!(tokens.token_type, TokenType::Dpop);
}

#[tokio::test]
async fn registration() {
    let peer = Peer::get();
    let wanted = json!({ "client_name": "Ä \"name\"", "id_token_signed_response_alg": "ES256" });
    let registered = peer.register(wanted).await.unwrap();
    assert!(registered.client_secret.is_some() && registered.management.is_some());
    assert_eq!(registered.metadata["client_name"], "Ä \"name\"");
    assert_eq!(registered.metadata["id_token_signed_response_alg"], "ES256");

    let wrong = json!({ "redirect_uris": ["https://app.example/callback#fragment"] });
    assert_refused(&peer.register(wrong).await.unwrap_err(), "invalid_redirect_uri");
    let wrong = json!({ "token_endpoint_auth_method": "by_telephone" });
    assert_refused(
        &peer.register(wrong).await.unwrap_err(),
        "invalid_client_metadata",
    );

    let builder = peer.builder("unregistered");
    let provider = builder.clone().discover().await.unwrap().metadata().clone();
    let token = Secret::new("of-somebody-else");
    let wanted = json!({ "redirect_uris": [super::REDIRECT_URI] });
    let refused = builder
        .register(&provider, &wanted, Some(&token))
        .await
        .unwrap_err();
    assert!(
        matches!(&refused, Error::Refused(refusal) if refusal.code == "invalid_token"),
        "{refused:?}"
    );
}
