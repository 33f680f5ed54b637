//! [RFC 6749 §6](https://www.rfc-editor.org/rfc/rfc6749#section-6),
//! [RFC 9700 §4.14](https://www.rfc-editor.org/rfc/rfc9700#section-4.14): refreshing, idempotent and with proof of
//! receipt.

use grantor_protocol::Cause;
use grantor_protocol::record::{ActiveGrant, GrantState, RefreshState};
use grantor_store::{GrantFilter, Store};
use grantor_types::{Seconds, Timestamp};
use serde_json::{Value, json};

use crate::harness::{ALICE, Ask, Call, START, Server, Setup, jwt, text};

async fn refresh(server: &Server, client: &str, tokens: &Value) -> Value {
    let call = Call::refresh(client, text(&tokens["refresh_token"]));
    server.call(call).await.ok()
}

async fn refused(server: &Server, client: &str, tokens: &Value, cause: Cause) {
    let call = Call::refresh(client, text(&tokens["refresh_token"]));
    server.call(call).await.refused(400, "invalid_grant", cause);
}

/// Where the only grant stands.
async fn state(server: &Server) -> RefreshState {
    let grants = server
        .store
        .grants(&GrantFilter::default(), 10)
        .await
        .unwrap()
        .items;
    let [grant] = &grants[..] else {
        panic!("{grants:?}")
    };
    let GrantState::Active(ActiveGrant { refresh: Some(state) }) = grant.state else {
        panic!("{grant:?}")
    };
    state
}

#[tokio::test]
async fn a_refresh_rotates_and_the_answer_has_what_it_has_to_have() {
    let server = Server::start().await;
    for (scope, id_token) in [("read", false), ("openid read", true)] {
        let tokens = Ask::web().with("scope", scope).tokens(&server).await;
        let answer = server
            .call(Call::refresh("web", text(&tokens["refresh_token"])))
            .await;
        let again = answer.ok();
        let mut members = vec![
            "access_token",
            "expires_in",
            "refresh_token",
            "scope",
            "token_type",
        ];
        if id_token {
            members.insert(2, "id_token");
        }
        assert_eq!(answer.members(), members);
        for name in ["access_token", "refresh_token"] {
            assert_ne!(again[name], tokens[name]);
        }
        assert_eq!(again["scope"], json!(scope));
        assert_eq!(again["token_type"], json!("Bearer"));
        assert_eq!(answer.header("pragma"), Some("no-cache"));
    }
}

/// A retry after a lost answer gets the same successor, and nothing is written for it.
#[tokio::test]
async fn a_retry_gets_the_same_successor() {
    let server = Server::start().await;
    for (client, ask) in [("web", Ask::web()), ("spa", Ask::spa())] {
        let first = ask.tokens(&server).await;
        let second = refresh(&server, client, &first).await;
        let before = server.everything_stored();
        server.advance(Seconds(29));
        for _ in 0..3 {
            let retried = refresh(&server, client, &first).await;
            assert_eq!(retried["refresh_token"], second["refresh_token"]);
            assert_ne!(retried["access_token"], second["access_token"]);
        }
        assert_eq!(server.everything_stored(), before);
        refresh(&server, client, &second).await;
    }
}

#[tokio::test]
async fn presenting_the_successor_proves_its_receipt() {
    let server = Server::start().await;
    for (client, ask) in [("web", Ask::web()), ("spa", Ask::spa())] {
        let first = ask.tokens(&server).await;
        let second = refresh(&server, client, &first).await;
        let third = refresh(&server, client, &second).await;
        refused(&server, client, &first, Cause::RefreshTokenReplayed).await;
        refused(&server, client, &third, Cause::RefreshTokenRevoked).await;
    }
}

#[tokio::test]
async fn a_public_clients_retry_has_thirty_seconds() {
    let server = Server::start().await;
    let first = Ask::spa().with("scope", "openid read").tokens(&server).await;
    let second = refresh(&server, "spa", &first).await;
    server.advance(Seconds(30));
    refresh(&server, "spa", &first).await;
    server.advance(Seconds(1));
    refused(&server, "spa", &first, Cause::RefreshTokenReplayed).await;
    refused(&server, "spa", &second, Cause::RefreshTokenRevoked).await;
    for tokens in [&first, &second] {
        let userinfo = server.call(Call::userinfo(text(&tokens["access_token"]))).await;
        userinfo.refused(401, "invalid_token", Cause::TokenRevoked);
    }
}

#[tokio::test]
async fn a_confidential_clients_retry_has_time_until_the_successor_is_used() {
    let server = Server::start().await;
    let first = Ask::web().tokens(&server).await;
    let second = refresh(&server, "web", &first).await;
    server.advance(Seconds::days(20));
    let retried = refresh(&server, "web", &first).await;
    assert_eq!(retried["refresh_token"], second["refresh_token"]);
    refresh(&server, "web", &second).await;
    refused(&server, "web", &first, Cause::RefreshTokenReplayed).await;
}

#[tokio::test]
async fn the_window_is_the_clients_and_zero_switches_it_off() {
    let setup = Setup::new()
        .client("spa", |client| {
            client.lifetimes.refresh_replay_window = Some(Seconds(0))
        })
        .client("native", |client| {
            client.lifetimes.refresh_replay_window = Some(Seconds(600));
        });
    let server = setup.start().await;
    let first = Ask::spa().tokens(&server).await;
    refresh(&server, "spa", &first).await;
    refused(&server, "spa", &first, Cause::RefreshTokenReplayed).await;
    let first = Ask::of("native", "http://127.0.0.1:1/cb").tokens(&server).await;
    refresh(&server, "native", &first).await;
    server.advance(Seconds(600));
    refresh(&server, "native", &first).await;
}

#[tokio::test]
async fn a_replay_ends_the_grant_and_no_other() {
    let server = Server::start().await;
    let kept = Ask::spa().tokens(&server).await;
    let first = Ask::spa().tokens(&server).await;
    let second = refresh(&server, "spa", &first).await;
    refresh(&server, "spa", &second).await;
    refused(&server, "spa", &first, Cause::RefreshTokenReplayed).await;
    refresh(&server, "spa", &kept).await;
}

/// "The requested scope MUST NOT include any scope not originally granted by the resource owner" (6)
#[tokio::test]
async fn a_narrower_scope_is_for_this_access_token_alone() {
    let server = Server::start().await;
    let first = Ask::web()
        .with("scope", "openid read write")
        .tokens(&server)
        .await;
    let narrow = Call::refresh("web", text(&first["refresh_token"])).field("scope", "read");
    let answer = server.call(narrow).await;
    let second = answer.ok();
    assert_eq!(second["scope"], json!("read"));
    assert_eq!(jwt::claims(text(&second["access_token"]))["scope"], json!("read"));
    assert!(second.get("id_token").is_none());
    // "If a new refresh token is issued, the refresh token scope MUST be identical to that of the refresh token
    // included by the client in the request." (6)
    let third = refresh(&server, "web", &second).await;
    assert_eq!(third["scope"], json!("openid read write"));
    let wider = Call::refresh("web", text(&third["refresh_token"])).field("scope", "read email");
    let answer = server.call(wider).await;
    answer.refused(400, "invalid_scope", Cause::ScopeWidened);
    // The refusal did not spend the token.
    refresh(&server, "web", &third).await;
}

#[tokio::test]
async fn each_use_starts_the_life_anew_up_to_the_life_of_the_grant() {
    let server = Setup::new()
        .policy(|policy| policy.grant_lifetime = Seconds::days(50))
        .start()
        .await;
    let mut tokens = Ask::web().tokens(&server).await;
    for _ in 0..2 {
        server.advance(Seconds(Seconds::days(30).0 - 1));
        tokens = match server.now() > START.plus(Seconds::days(50)).as_seconds() {
            true => break,
            false => refresh(&server, "web", &tokens).await,
        };
    }
    // After fifty days it is over, although the last use was twenty days ago.
    assert!(server.now() < START.plus(Seconds::days(60)).as_seconds());
    refused(&server, "web", &tokens, Cause::RefreshTokenExpired).await;
    // Unused, it ends after thirty days.
    for (after, works) in [(Seconds::days(30).0 - 1, true), (Seconds::days(30).0, false)] {
        let tokens = Ask::spa().tokens(&server).await;
        server.advance(Seconds(after));
        if works {
            refresh(&server, "spa", &tokens).await;
        } else {
            refused(&server, "spa", &tokens, Cause::RefreshTokenExpired).await;
        }
    }
}

#[tokio::test]
async fn an_access_token_does_not_outlive_its_grant() {
    let server = Setup::new()
        .policy(|policy| policy.grant_lifetime = Seconds(4000))
        .start()
        .await;
    let first = Ask::web().tokens(&server).await;
    assert_eq!(first["expires_in"], json!(3600));
    server.advance(Seconds(3990));
    let second = refresh(&server, "web", &first).await;
    assert_eq!(second["expires_in"], json!(10));
    let claims = jwt::claims(text(&second["access_token"]));
    assert_eq!(claims["exp"], json!(START.plus(Seconds(4000)).as_seconds()));
}

#[tokio::test]
async fn whoever_is_switched_off_cannot_refresh() {
    let server = Server::start().await;
    let tokens = Ask::web().tokens(&server).await;
    server.edit_user(ALICE, |user| user.disabled = true).await;
    refused(&server, "web", &tokens, Cause::UserDisabled).await;
    server.edit_user(ALICE, |user| user.disabled = false).await;
    server.edit_client("web", |client| client.disabled = true).await;
    let answer = server
        .call(Call::refresh("web", text(&tokens["refresh_token"])))
        .await;
    answer.refused(401, "invalid_client", Cause::ClientDisabled);
    server.edit_client("web", |client| client.disabled = false).await;
    server
        .edit_client("web", |client| client.grant_types.clear())
        .await;
    let answer = server
        .call(Call::refresh("web", text(&tokens["refresh_token"])))
        .await;
    answer.refused(400, "unauthorized_client", Cause::GrantTypeNotAllowed);
}

/// Fifty processes share one token: all get tokens, and all get the same successor.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_refreshes_at_once() {
    let server = Server::start().await;
    for (client, ask, generation) in [("web", Ask::web(), 1), ("spa", Ask::spa(), 1)] {
        let server = if client == "web" {
            server.clone()
        } else {
            Server::start().await
        };
        let tokens = ask.tokens(&server).await;
        let call = Call::refresh(client, text(&tokens["refresh_token"]));
        let mut successors = std::collections::BTreeSet::new();
        let mut access_tokens = std::collections::BTreeSet::new();
        for answer in server.at_once(vec![call; 50]).await {
            let answer = answer.ok();
            successors.insert(text(&answer["refresh_token"]).to_owned());
            access_tokens.insert(text(&answer["access_token"]).to_owned());
        }
        assert_eq!((successors.len(), access_tokens.len()), (1, 50));
        let expected = RefreshState {
            generation,
            rotated_at: Timestamp::from_seconds(server.now()),
        };
        assert_eq!(state(&server).await, expected);
        let successor = successors.first().unwrap();
        server.call(Call::refresh(client, successor)).await.ok();
    }
}
