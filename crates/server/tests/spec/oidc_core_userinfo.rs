//! [OpenID Connect Core 5.3 and 5.4](https://openid.net/specs/openid-connect-core-1_0.html#UserInfo): who the user is.

mod standard_claims;

use grantor_types::{Address, StandardClaims};
use serde_json::json;

use crate::harness::{ALICE, Ask, Call, Server, Setup, jwt, text, user_id};

async fn claims(server: &Server, scope: &str) -> serde_json::Value {
    let tokens = Ask::web().with("scope", scope).tokens(server).await;
    let answer = server.call(Call::userinfo(text(&tokens["access_token"]))).await;
    let claims = answer.ok();
    // "The sub Claim in the UserInfo Response MUST be verified to exactly match the sub Claim in the ID Token" (5.3.2)
    assert_eq!(claims["sub"], jwt::claims(text(&tokens["id_token"]))["sub"]);
    claims
}

#[tokio::test]
async fn the_claims_of_the_scopes_and_no_others() {
    let server = Server::start().await;
    let sub = user_id(ALICE).to_string();
    for (scope, expected) in [
        ("openid", json!({ "sub": sub })),
        ("openid profile", json!({ "sub": sub, "name": "ALICE Example" })),
        (
            "openid email",
            json!({ "sub": sub, "email": "alice@example.com", "email_verified": true }),
        ),
        (
            "openid profile email read",
            json!({
                "sub": sub, "name": "ALICE Example", "email": "alice@example.com", "email_verified": true,
            }),
        ),
    ] {
        assert_eq!(claims(&server, scope).await, expected, "{scope}");
    }
}

/// "If a Claim is not returned, that Claim Name SHOULD be omitted from the JSON object [...]; it SHOULD NOT be present
/// with a null or empty string value." (5.3.2)
#[tokio::test]
async fn every_standard_claim() {
    let everything = StandardClaims {
        name: Some("A".to_owned()),
        given_name: Some("B".to_owned()),
        family_name: Some("C".to_owned()),
        nickname: Some("D".to_owned()),
        updated_at: Some(1_700_000_000),
        phone_number: Some("+41".to_owned()),
        phone_number_verified: Some(false),
        address: Some(Address {
            locality: Some("Bern".to_owned()),
            ..Address::default()
        }),
        ..StandardClaims::default()
    };
    let server = Setup::new()
        .client("web", |client| {
            client.scope = grantor_types::Scope::parse("openid profile email address phone").unwrap();
        })
        .user(ALICE, |user| user.claims = everything)
        .start()
        .await;
    let expected = json!({
        "sub": user_id(ALICE).to_string(),
        "name": "A", "given_name": "B", "family_name": "C", "nickname": "D", "updated_at": 1_700_000_000,
        "phone_number": "+41", "phone_number_verified": false,
        "address": { "locality": "Bern" },
    });
    assert_eq!(
        claims(&server, "openid profile email address phone").await,
        expected
    );
}

#[tokio::test]
async fn an_opaque_token_is_as_good() {
    let server = Server::start().await;
    let tokens = Ask::web()
        .with("scope", "openid email")
        .with("resource", "https://sealed.example")
        .tokens(&server)
        .await;
    let answer = server.call(Call::userinfo(text(&tokens["access_token"]))).await;
    assert_eq!(answer.ok()["email"], json!("alice@example.com"));
}

#[tokio::test]
async fn what_changes_is_told_at_once() {
    let server = Server::start().await;
    let tokens = Ask::web().with("scope", "openid email").tokens(&server).await;
    server
        .edit_user(ALICE, |user| {
            user.claims.email = Some("new@example.com".to_owned())
        })
        .await;
    let answer = server.call(Call::userinfo(text(&tokens["access_token"]))).await;
    assert_eq!(answer.ok()["email"], json!("new@example.com"));
}

/// A refresh without `openid` gives a token that userinfo does not take.
#[tokio::test]
async fn a_narrowed_token_tells_less() {
    let server = Server::start().await;
    let tokens = Ask::web()
        .with("scope", "openid profile email")
        .tokens(&server)
        .await;
    let narrow = Call::refresh("web", text(&tokens["refresh_token"])).field("scope", "openid profile");
    let narrow = server.call(narrow).await.ok();
    let answer = server.call(Call::userinfo(text(&narrow["access_token"]))).await;
    assert!(answer.ok().get("email").is_none());
}
