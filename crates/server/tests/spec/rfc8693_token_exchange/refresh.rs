//! Refresh tokens from exchanges: only where policy allows, and ended by all that they came from.

use grantor_protocol::Cause;
use grantor_protocol::record::ExchangeRule;
use grantor_types::{GrantType, Seconds};
use serde_json::{Value, json};

use super::{ACCESS_TOKEN, FILES, REFRESH_TOKEN, alices, exchange, introspect, own, refused, rule, setup};
use crate::harness::{ALICE, Call, Server, Setup, jwt, text, user_id};

fn allowed() -> Setup {
    let rule = ExchangeRule {
        refresh_token: true,
        ..rule()
    };
    setup(vec![rule]).client("backend", |client| {
        client.grant_types.push(GrantType::RefreshToken)
    })
}

fn ask(tokens: &Value, kind: &str, name: &str) -> Call {
    exchange(&tokens[name], kind).field("requested_token_type", REFRESH_TOKEN)
}

/// What `web` holds, and the refresh token that `backend` made of the access token or the refresh token.
async fn exchanged(server: &Server, name: &str, kind: &str) -> (Value, Value) {
    let tokens = alices(server).await;
    let found = server.call(ask(&tokens, kind, name)).await.ok();
    (tokens, found["access_token"].clone())
}

async fn refresh(server: &Server, token: &Value) -> Value {
    server.call(Call::refresh("backend", text(token))).await.ok()
}

async fn ended(server: &Server, refresh_token: &Value, access_token: &Value) {
    server
        .call(Call::refresh("backend", text(refresh_token)))
        .await
        .refused(400, "invalid_grant", Cause::RefreshTokenUnknown);
    for token in [refresh_token, access_token] {
        assert_eq!(introspect(server, token).await, json!({ "active": false }));
    }
}

#[tokio::test]
async fn it_is_no_access_token_and_gives_some() {
    let server = allowed().start().await;
    let tokens = alices(&server).await;
    server.advance(Seconds(600));
    let answer = server.call(ask(&tokens, ACCESS_TOKEN, "access_token")).await;
    let found = answer.ok();
    assert_eq!(
        answer.members(),
        [
            "access_token",
            "expires_in",
            "issued_token_type",
            "scope",
            "token_type"
        ]
    );
    // "If the issued token is not an access token or usable as an access token, then the "token_type" value "N_A" is
    // used" (2.2.1)
    assert_eq!(
        (&found["token_type"], &found["issued_token_type"]),
        (&json!("N_A"), &json!(REFRESH_TOKEN))
    );
    // It ends with the subject token, and so does all that comes of it.
    assert_eq!(found["expires_in"], json!(3000));
    let refreshed = refresh(&server, &found["access_token"]).await;
    assert_eq!(refreshed["expires_in"], json!(3000));
    let claims = jwt::claims(text(&refreshed["access_token"]));
    let subject = jwt::claims(text(&tokens["access_token"]));
    assert_eq!(
        (&claims["sub"], &claims["aud"]),
        (&json!(user_id(ALICE).to_string()), &json!(FILES))
    );
    assert_eq!(claims["act"], json!({ "sub": "backend", "client_id": "backend" }));
    assert_eq!(claims["exchanged_from"], json!([subject["jti"]]));
    assert_eq!(claims["exchanged_from_grants"], json!([subject["grant_id"]]));
    assert_ne!(claims["grant_id"], subject["grant_id"]);
    // Nobody else can refresh it.
    let stolen = Call::refresh("web", text(&refreshed["refresh_token"]));
    server
        .call(stolen)
        .await
        .refused(400, "invalid_grant", Cause::RefreshTokenOfAnotherClient);
    server.advance(Seconds(3000));
    server
        .call(Call::refresh("backend", text(&refreshed["refresh_token"])))
        .await
        .refused(400, "invalid_grant", Cause::RefreshTokenExpired);
}

#[tokio::test]
async fn it_ends_with_the_subject_token() {
    let server = allowed().start().await;
    let (tokens, refresh_token) = exchanged(&server, "access_token", ACCESS_TOKEN).await;
    let refreshed = refresh(&server, &refresh_token).await;
    server
        .call(Call::revoke(text(&tokens["access_token"])).client("web"))
        .await;
    ended(&server, &refreshed["refresh_token"], &refreshed["access_token"]).await;
    ended(
        &server.restart().await,
        &refreshed["refresh_token"],
        &refreshed["access_token"],
    )
    .await;
}

#[tokio::test]
async fn it_ends_with_the_grant() {
    let server = allowed().start().await;
    let (tokens, refresh_token) = exchanged(&server, "refresh_token", REFRESH_TOKEN).await;
    // Longer than revoked grants are kept in memory.
    server
        .call(Call::revoke(text(&tokens["refresh_token"])).client("web"))
        .await;
    server.advance(Seconds::days(2));
    let restarted = server.restart().await;
    let again = Call::refresh("backend", text(&refresh_token));
    restarted
        .call(again)
        .await
        .refused(400, "invalid_grant", Cause::RefreshTokenUnknown);
}

#[tokio::test]
async fn what_is_exchanged_from_it_ends_too() {
    let server = allowed().start().await;
    let (tokens, refresh_token) = exchanged(&server, "access_token", ACCESS_TOKEN).await;
    let refreshed = refresh(&server, &refresh_token).await;
    server
        .edit_client("backend", |client| {
            let own = ExchangeRule {
                subjects_of: grantor_protocol::record::SubjectsOf::Own,
                ..rule()
            };
            client.token_exchange.push(own);
        })
        .await;
    let again = server
        .call(exchange(&refreshed["access_token"], ACCESS_TOKEN))
        .await
        .ok();
    assert_eq!(
        introspect(&server, &again["access_token"]).await["active"],
        json!(true)
    );
    server
        .call(Call::revoke(text(&tokens["refresh_token"])).client("web"))
        .await;
    ended(&server, &refreshed["refresh_token"], &again["access_token"]).await;
}

#[tokio::test]
async fn without_policy_there_is_none() {
    let by_rule = setup(vec![rule()]).client("backend", |client| {
        client.grant_types.push(GrantType::RefreshToken)
    });
    let by_grant_type = allowed().client("backend", |client| {
        client
            .grant_types
            .retain(|grant| *grant != GrantType::RefreshToken)
    });
    for (name, setup) in [("the rule", by_rule), ("the grant type", by_grant_type)] {
        let server = setup.start().await;
        let tokens = alices(&server).await;
        let call = ask(&tokens, ACCESS_TOKEN, "access_token");
        refused(
            &server,
            name,
            call,
            "invalid_request",
            Cause::RefreshTokenNotAllowed,
        )
        .await;
        let own = exchange(&own(&server, "backend").await, ACCESS_TOKEN)
            .without("audience")
            .field("audience", super::API)
            .field("requested_token_type", REFRESH_TOKEN);
        refused(
            &server,
            "its own",
            own,
            "invalid_request",
            Cause::RefreshTokenNotAllowed,
        )
        .await;
    }
}
