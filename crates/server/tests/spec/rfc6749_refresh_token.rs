//! [RFC 6749 §6](https://www.rfc-editor.org/rfc/rfc6749#section-6): refreshing.

use grantor_protocol::Cause;
use grantor_types::Seconds;
use serde_json::json;

use crate::harness::{Ask, Call, Server};

fn text(value: &serde_json::Value) -> &str {
    value.as_str().unwrap()
}

#[tokio::test]
async fn a_refresh_rotates_and_the_answer_has_what_it_has_to_have() {
    let server = Server::start().await;
    let tokens = Ask::web().tokens(&server).await;
    let first = text(&tokens["refresh_token"]);
    let answer = server.call(Call::refresh("web", first)).await;
    let again = answer.ok();
    assert_eq!(
        answer.members(),
        [
            "access_token",
            "expires_in",
            "refresh_token",
            "scope",
            "token_type"
        ]
    );
    assert_ne!(again["refresh_token"], tokens["refresh_token"]);
    assert_ne!(again["access_token"], tokens["access_token"]);
    assert_eq!(again["scope"], json!("read"));
    assert_eq!(again["token_type"], json!("Bearer"));
}

#[tokio::test]
async fn a_replay_of_a_public_client_ends_the_grant() {
    let server = Server::start().await;
    let first = Ask::spa().tokens(&server).await;
    let second = server
        .call(Call::refresh("spa", text(&first["refresh_token"])))
        .await
        .ok();
    server.advance(Seconds(31));
    let replay = server
        .call(Call::refresh("spa", text(&first["refresh_token"])))
        .await;
    replay.refused(400, "invalid_grant", Cause::RefreshTokenReplayed);
    let ended = server
        .call(Call::refresh("spa", text(&second["refresh_token"])))
        .await;
    ended.refused(400, "invalid_grant", Cause::RefreshTokenRevoked);
    let userinfo = server.call(Call::userinfo(text(&second["access_token"]))).await;
    userinfo.refused(401, "invalid_token", Cause::TokenRevoked);
}
