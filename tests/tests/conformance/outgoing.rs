//! Requests of the server's own: the plan "Back-Channel Logout", and whom it trusts.

use grantor_tests::{Received, unverified};
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use super::answer::text;
use super::key::verified;
use super::party::Party;
use super::provider::Provider;

/// Signs somebody in to an application and out again; gives the ID token and what the application was told.
async fn told(provider: &Provider, party: &Party<'_>) -> (Value, Received) {
    let person = provider.person("alice");
    let tokens = party.tokens(&person, &party.ask("openid")).await;
    let id_token = party.id_token(&tokens).await;
    let hint = text(&tokens["id_token"]);
    let goodbye = provider.application.url("/goodbye");
    let logout = format!("{}/oauth/logout?id_token_hint={hint}", provider.issuer());
    let page = person
        .open(&format!("{logout}&post_logout_redirect_uri={goodbye}"))
        .await
        .unwrap();
    assert_eq!(page.leaves_to, Some(goodbye));
    (id_token, provider.application.received("/back").await)
}

async fn told_at_back(provider: &Provider) -> Party<'_> {
    let back = json!({
        "backchannel_logout_uri": provider.application.url("/back"),
        "backchannel_logout_session_required": true,
    });
    provider.register(&back).await
}

#[tokio::test]
async fn a_logout_token_arrives() {
    let provider = Provider::start().await;
    let party = told_at_back(&provider).await;
    let (id_token, received) = told(&provider, &party).await;
    assert_eq!(received.method, "POST");
    assert_eq!(received.content_type, "application/x-www-form-urlencoded");
    let fields = received.fields();
    let [(name, token)] = fields.as_slice() else {
        panic!("{fields:?}")
    };
    assert_eq!(name, "logout_token");
    assert_eq!(unverified(token).0["typ"], "logout+jwt");
    let jwks = provider.jwks().await;
    let claims = verified(token, &jwks, Algorithm::RS256, &provider.issuer(), party.id());
    assert_eq!(
        claims["events"],
        json!({ "http://schemas.openid.net/event/backchannel-logout": {} })
    );
    assert!(claims["iat"].is_u64() && !text(&claims["jti"]).is_empty());
    assert_eq!(
        (&claims["sub"], &claims["sid"]),
        (&id_token["sub"], &id_token["sid"])
    );
    assert_eq!(claims.get("nonce"), None);
    assert_eq!(provider.application.requests("/back").len(), 1);
}

#[tokio::test]
async fn logout_tokens_travel_over_tls_1_3() {
    let provider = Provider::start().await;
    let party = told_at_back(&provider).await;
    let (_, received) = told(&provider, &party).await;
    assert_eq!(received.tls, "TLSv1_3");
}

/// Its origin may be asked, but nobody said that its certificate is to be trusted.
#[tokio::test]
async fn nobody_is_reached_whose_certificate_is_not_named() {
    let provider = Provider::start().await;
    let stranger = &provider.stranger;
    let uris = json!([provider.application.url("/callback")]);
    stranger.serve("/sector", "application/json", &uris.to_string());
    let changes = json!({ "subject_type": "pairwise", "sector_identifier_uri": stranger.url("/sector") });
    provider
        .registration(&changes)
        .await
        .refused(400, "invalid_client_metadata");
    assert_eq!(stranger.requests("/sector"), []);
    // The same document from where it is trusted.
    provider
        .application
        .serve("/sector", "application/json", &uris.to_string());
    let changes = json!({
        "subject_type": "pairwise", "sector_identifier_uri": provider.application.url("/sector"),
    });
    provider.register(&changes).await;
}
