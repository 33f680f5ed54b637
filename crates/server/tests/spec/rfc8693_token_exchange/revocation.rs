//! An exchanged token ends with everything that it came from.

use grantor_protocol::Cause;
use grantor_types::Seconds;
use serde_json::{Value, json};

use super::{ACCESS_TOKEN, ID_TOKEN, REFRESH_TOKEN, alices, exchange, introspect, own, refused, start};
use crate::harness::{ALICE, Call, Server, text};

/// What `web` holds, and what `backend` made of it.
async fn exchanged(server: &Server) -> (Value, Value) {
    let tokens = alices(server).await;
    let call = exchange(&tokens["access_token"], ACCESS_TOKEN);
    let found = server.call(call).await.ok()["access_token"].clone();
    assert_eq!(introspect(server, &found).await["active"], json!(true));
    (tokens, found)
}

async fn ended(server: &Server, token: &Value) {
    assert_eq!(introspect(server, token).await, json!({ "active": false }));
}

#[tokio::test]
async fn with_the_subject_token() {
    let server = start().await;
    let (tokens, found) = exchanged(&server).await;
    server
        .call(Call::revoke(text(&tokens["access_token"])).client("web"))
        .await;
    ended(&server, &found).await;
    // Also after a restart, from the database.
    ended(&server.restart().await, &found).await;
    let again = exchange(&tokens["access_token"], ACCESS_TOKEN);
    refused(
        &server,
        "revoked",
        again,
        "invalid_request",
        Cause::SubjectTokenInvalid,
    )
    .await;
}

#[tokio::test]
async fn with_the_grant() {
    let server = start().await;
    let (tokens, found) = exchanged(&server).await;
    server
        .call(Call::revoke(text(&tokens["refresh_token"])).client("web"))
        .await;
    ended(&server, &found).await;
    for (name, kind) in [
        ("access_token", ACCESS_TOKEN),
        ("refresh_token", REFRESH_TOKEN),
        ("id_token", ID_TOKEN),
    ] {
        let again = exchange(&tokens[name], kind);
        refused(
            &server,
            kind,
            again,
            "invalid_request",
            Cause::SubjectTokenInvalid,
        )
        .await;
    }
}

#[tokio::test]
async fn with_the_actor_token() {
    let server = start().await;
    let (tokens, actor) = (alices(&server).await, own(&server, "backend").await);
    let call = exchange(&tokens["access_token"], ACCESS_TOKEN)
        .field("actor_token", text(&actor))
        .field("actor_token_type", ACCESS_TOKEN);
    let found = server.call(call).await.ok()["access_token"].clone();
    server.call(Call::revoke(text(&actor)).client("backend")).await;
    ended(&server, &found).await;
    assert_eq!(
        introspect(&server, &tokens["access_token"]).await["active"],
        json!(true)
    );
}

#[tokio::test]
async fn with_its_user_and_its_client() {
    let server = start().await;
    let (_, found) = exchanged(&server).await;
    server
        .edit_client("backend", |client| client.disabled = true)
        .await;
    ended(&server, &found).await;
    server
        .edit_client("backend", |client| client.disabled = false)
        .await;
    assert_eq!(introspect(&server, &found).await["active"], json!(true));
    server.edit_user(ALICE, |user| user.disabled = true).await;
    ended(&server, &found).await;
}

/// The subject token lives on when what came of it is revoked.
#[tokio::test]
async fn not_the_other_way() {
    let server = start().await;
    let (tokens, found) = exchanged(&server).await;
    server.call(Call::revoke(text(&found)).client("backend")).await;
    ended(&server, &found).await;
    assert_eq!(
        introspect(&server, &tokens["access_token"]).await["active"],
        json!(true)
    );
}

#[tokio::test]
async fn with_its_time() {
    let server = start().await;
    let (tokens, found) = exchanged(&server).await;
    server.advance(Seconds::hours(1));
    ended(&server, &found).await;
    let again = exchange(&tokens["access_token"], ACCESS_TOKEN);
    refused(
        &server,
        "expired",
        again,
        "invalid_request",
        Cause::SubjectTokenExpired,
    )
    .await;
    let again = exchange(&tokens["id_token"], ID_TOKEN);
    refused(
        &server,
        "expired",
        again,
        "invalid_request",
        Cause::SubjectTokenExpired,
    )
    .await;
}
