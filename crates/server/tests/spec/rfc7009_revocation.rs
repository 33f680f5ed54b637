//! [RFC 7009](https://www.rfc-editor.org/rfc/rfc7009): a client gives its tokens back.

use grantor_protocol::Cause;
use grantor_types::Seconds;
use serde_json::{Value, json};

use crate::harness::{Ask, Call, Server, text};

async fn active(server: &Server, token: &Value) -> bool {
    let answer = server.call(Call::introspect(text(token)).client("auditor")).await;
    answer.ok()["active"] == json!(true)
}

async fn revoke(server: &Server, call: Call) {
    let answer = server.call(call).await;
    assert_eq!((answer.status, answer.text()), (200, ""));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("content-type"), None);
}

/// "the authorization server SHOULD also invalidate all access tokens based on the same authorization grant" (2.1)
#[tokio::test]
async fn a_refresh_token_takes_everything_of_its_grant_with_it() {
    let server = Server::start().await;
    for (client, ask) in [("web", Ask::web()), ("spa", Ask::spa())] {
        let kept = ask.tokens(&server).await;
        let first = ask.tokens(&server).await;
        let second = server
            .call(Call::refresh(client, text(&first["refresh_token"])))
            .await
            .ok();
        revoke(
            &server,
            Call::revoke(text(&second["refresh_token"])).client(client),
        )
        .await;
        for token in [
            &first["access_token"],
            &second["access_token"],
            &first["refresh_token"],
            &second["refresh_token"],
        ] {
            assert!(!active(&server, token).await);
        }
        for token in [&first["refresh_token"], &second["refresh_token"]] {
            let answer = server.call(Call::refresh(client, text(token))).await;
            answer.refused(400, "invalid_grant", Cause::RefreshTokenRevoked);
        }
        assert!(active(&server, &kept["access_token"]).await);
        assert!(active(&server, &kept["refresh_token"]).await);
    }
}

/// A refresh token that was rotated away still says which grant is meant.
#[tokio::test]
async fn an_old_refresh_token_revokes_too() {
    let server = Server::start().await;
    let first = Ask::web().tokens(&server).await;
    let second = server
        .call(Call::refresh("web", text(&first["refresh_token"])))
        .await
        .ok();
    revoke(&server, Call::revoke(text(&first["refresh_token"])).client("web")).await;
    assert!(!active(&server, &second["access_token"]).await);
}

#[tokio::test]
async fn an_access_token_goes_alone() {
    let server = Server::start().await;
    let sealed = Ask::web().with("resource", "https://sealed.example");
    for ask in [Ask::web(), sealed] {
        let first = ask.tokens(&server).await;
        let second = server
            .call(Call::refresh("web", text(&first["refresh_token"])))
            .await
            .ok();
        revoke(&server, Call::revoke(text(&first["access_token"])).client("web")).await;
        assert!(!active(&server, &first["access_token"]).await);
        assert!(active(&server, &second["access_token"]).await);
        assert!(active(&server, &second["refresh_token"]).await);
    }
}

#[tokio::test]
async fn a_revoked_access_token_is_refused_where_it_is_shown() {
    let server = Server::start().await;
    let tokens = Ask::web().with("scope", "openid").tokens(&server).await;
    server
        .call(Call::userinfo(text(&tokens["access_token"])))
        .await
        .ok();
    revoke(&server, Call::revoke(text(&tokens["access_token"])).client("web")).await;
    let answer = server.call(Call::userinfo(text(&tokens["access_token"]))).await;
    answer.refused(401, "invalid_token", Cause::TokenRevoked);
}

#[tokio::test]
async fn a_clients_own_token() {
    let server = Server::start().await;
    let call = Call::token()
        .client("service")
        .field("grant_type", "client_credentials");
    let token = server.call(call).await.ok()["access_token"].clone();
    revoke(&server, Call::revoke(text(&token)).client("service")).await;
    assert!(!active(&server, &token).await);
}

/// "An invalid token type hint value is ignored by the authorization server and does not influence the revocation
/// response." (2.2.1)
#[tokio::test]
async fn the_hint_may_be_wrong() {
    let server = Server::start().await;
    for hint in ["access_token", "refresh_token", "id_token", "x"] {
        let tokens = Ask::web().tokens(&server).await;
        for name in ["access_token", "refresh_token"] {
            let call = Call::revoke(text(&tokens[name])).client("web");
            revoke(&server, call.field("token_type_hint", hint)).await;
            assert!(!active(&server, &tokens[name]).await, "{name} as {hint}");
        }
    }
}

/// Once more changes nothing and says the same; so does a token that has ended.
#[tokio::test]
async fn it_is_idempotent() {
    let server = Server::start().await;
    let tokens = Ask::web().tokens(&server).await;
    for name in ["access_token", "refresh_token"] {
        let call = || Call::revoke(text(&tokens[name])).client("web");
        revoke(&server, call()).await;
        let before = server.everything_stored();
        revoke(&server, call()).await;
        assert_eq!(server.everything_stored(), before);
    }
    let tokens = Ask::web().tokens(&server).await;
    server.advance(Seconds::hours(2));
    let before = server.everything_stored();
    revoke(&server, Call::revoke(text(&tokens["access_token"])).client("web")).await;
    assert_eq!(server.everything_stored(), before);
}

/// Whoever holds a public client's token proves no less than the client, which has nothing but its name.
#[tokio::test]
async fn a_public_clients_token_needs_no_client() {
    let server = Server::start().await;
    for name in ["access_token", "refresh_token"] {
        let tokens = Ask::spa().tokens(&server).await;
        revoke(&server, Call::revoke(text(&tokens[name]))).await;
        assert!(!active(&server, &tokens[name]).await);
    }
}

/// "verifies whether the token was issued to the client making the revocation request" (2.1)
#[tokio::test]
async fn another_clients_token_stays() {
    let server = Server::start().await;
    let tokens = Ask::web().tokens(&server).await;
    for name in ["access_token", "refresh_token"] {
        for client in ["other", "spa", "auditor"] {
            revoke(&server, Call::revoke(text(&tokens[name])).client(client)).await;
            assert!(active(&server, &tokens[name]).await, "{name} by {client}");
        }
    }
}

/// What is revoked stays so in a server that starts on the same database.
#[tokio::test]
async fn a_restart_forgets_nothing() {
    let server = Server::start().await;
    let tokens = Ask::web().tokens(&server).await;
    let others = Ask::web().tokens(&server).await;
    revoke(&server, Call::revoke(text(&tokens["access_token"])).client("web")).await;
    revoke(
        &server,
        Call::revoke(text(&others["refresh_token"])).client("web"),
    )
    .await;
    let again = server.restart().await;
    assert!(!active(&again, &tokens["access_token"]).await);
    assert!(active(&again, &tokens["refresh_token"]).await);
    assert!(!active(&again, &others["access_token"]).await);
}
