//! [RFC 6749 §4.1.3](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3): from the code to the tokens, once.

use grantor_protocol::Cause;
use grantor_protocol::record::{GrantState, RevocationReason};
use grantor_store::{GrantFilter, Store};
use grantor_types::{GrantType, Seconds};
use serde_json::json;

use crate::harness::{ALICE, Ask, Browser, Call, Server, text};

#[tokio::test]
async fn the_members_of_the_answer() {
    let server = Server::start().await;
    let plain = [
        "access_token",
        "expires_in",
        "refresh_token",
        "scope",
        "token_type",
    ];
    let openid = [
        "access_token",
        "expires_in",
        "id_token",
        "refresh_token",
        "scope",
        "token_type",
    ];
    for (scope, members) in [("read", plain.as_slice()), ("openid read", openid.as_slice())] {
        let ask = Ask::web().with("scope", scope);
        let code = ask.code(&server).await;
        let answer = server.call(ask.redeem(&code)).await;
        assert_eq!(answer.members(), members);
        assert_eq!(answer.ok()["scope"], json!(scope));
        assert_eq!(answer.header("pragma"), Some("no-cache"));
        assert!(!answer.text().contains("null"));
    }
    server
        .edit_client("web", |client| {
            client
                .grant_types
                .retain(|grant| *grant != GrantType::RefreshToken)
        })
        .await;
    let ask = Ask::web();
    let code = ask.code(&server).await;
    let answer = server.call(ask.redeem(&code)).await;
    assert_eq!(
        answer.members(),
        ["access_token", "expires_in", "scope", "token_type"]
    );
}

#[tokio::test]
async fn a_code_lives_for_sixty_seconds() {
    let server = Server::start().await;
    for (after, works) in [(0, true), (59, true), (60, false), (3600, false)] {
        let code = Ask::web().code(&server).await;
        server.advance(Seconds(after));
        let answer = server.call(Ask::web().redeem(&code)).await;
        if works {
            answer.ok();
        } else {
            answer.refused(400, "invalid_grant", Cause::CodeExpired);
        }
    }
}

/// "If an authorization code is used more than once, the authorization server MUST deny the request and SHOULD revoke
/// (when possible) all tokens previously issued based on that authorization code." (4.1.2)
#[tokio::test]
async fn a_second_use_revokes_everything_that_came_of_the_first() {
    let server = Server::start().await;
    let ask = Ask::web().with("scope", "openid read");
    let code = ask.code(&server).await;
    let tokens = server.call(ask.redeem(&code)).await.ok();
    let refreshed = server
        .call(Call::refresh("web", text(&tokens["refresh_token"])))
        .await
        .ok();
    let replay = server.call(ask.redeem(&code)).await;
    replay.refused(400, "invalid_grant", Cause::CodeReplayed);
    for tokens in [&tokens, &refreshed] {
        let refresh = server
            .call(Call::refresh("web", text(&tokens["refresh_token"])))
            .await;
        refresh.refused(400, "invalid_grant", Cause::RefreshTokenRevoked);
        let userinfo = server.call(Call::userinfo(text(&tokens["access_token"]))).await;
        userinfo.refused(401, "invalid_token", Cause::TokenRevoked);
        let found = server
            .call(Call::introspect(text(&tokens["access_token"])).client("web"))
            .await;
        assert_eq!(found.ok(), json!({ "active": false }));
    }
    let grants = server
        .store
        .grants(&GrantFilter::default(), 10)
        .await
        .unwrap()
        .items;
    let GrantState::Revoked { reason, .. } = grants[0].state else {
        panic!("not revoked")
    };
    assert_eq!(reason, RevocationReason::CodeReplay);
    // A third time says the same and changes nothing.
    let before = server.everything_stored();
    let again = server.call(ask.redeem(&code)).await;
    again.refused(400, "invalid_grant", Cause::CodeReplayed);
    assert_eq!(server.everything_stored(), before);
}

#[tokio::test]
async fn another_grant_of_the_same_person_and_client_lives_on() {
    let server = Server::start().await;
    let kept = Ask::web().tokens(&server).await;
    let code = Ask::web().code(&server).await;
    server.call(Ask::web().redeem(&code)).await.ok();
    server
        .call(Ask::web().redeem(&code))
        .await
        .refused(400, "invalid_grant", Cause::CodeReplayed);
    server
        .call(Call::refresh("web", text(&kept["refresh_token"])))
        .await
        .ok();
}

/// "ensure that the authorization code was issued to the authenticated confidential client, or if the client is
/// public, ensure that the code was issued to "client_id" in the request" (4.1.3)
#[tokio::test]
async fn another_clients_attempt_spoils_nothing() {
    let server = Server::start().await;
    let code = Ask::web().code(&server).await;
    for thief in ["other", "spa", "native", "service"] {
        let call = Ask::web().redeem(&code);
        let call = Call::token().client(thief).take_fields(&call);
        server
            .call(call)
            .await
            .refused(400, "invalid_grant", Cause::CodeOfAnotherClient);
    }
    server.call(Ask::web().redeem(&code)).await.ok();
    // Not even when it was used already does a stranger end the grant.
    let tokens = Ask::web().tokens(&server).await;
    let call = Call::token()
        .client("other")
        .take_fields(&Ask::web().redeem(&code));
    server
        .call(call)
        .await
        .refused(400, "invalid_grant", Cause::CodeOfAnotherClient);
    server
        .call(Call::refresh("web", text(&tokens["refresh_token"])))
        .await
        .ok();
}

/// "if the "redirect_uri" parameter was included in the initial authorization request [...] ensure that their values
/// are identical" (4.1.3); OAuth 2.1 drops the parameter, since PKCE binds the code.
#[tokio::test]
async fn the_redirect_uri_is_the_same_or_left_out() {
    let server = Server::start().await;
    let ask = Ask::web();
    let code = ask.code(&server).await;
    server.call(ask.redeem(&code).without("redirect_uri")).await.ok();
    // It was left out in the authorization request, which is fine for a client that has one.
    let ask = Ask::web().without("redirect_uri");
    for redeem in [Ask::web(), ask.clone()] {
        let code = ask.code(&server).await;
        server.call(redeem.redeem(&code)).await.ok();
    }
}

#[tokio::test]
async fn a_user_that_is_switched_off_gets_nothing() {
    let server = Server::start().await;
    let code = Ask::web().code(&server).await;
    server.edit_user(ALICE, |user| user.disabled = true).await;
    let answer = server.call(Ask::web().redeem(&code)).await;
    answer.refused(400, "invalid_grant", Cause::UserDisabled);
    // The code was not spent by it.
    server.edit_user(ALICE, |user| user.disabled = false).await;
    server.call(Ask::web().redeem(&code)).await.ok();
}

#[tokio::test]
async fn a_user_who_takes_the_access_back_before_the_code_is_used() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    let code = browser.callback(&Ask::web(), ALICE).await.code();
    let account = browser.get("/account").await;
    browser.press(&account, "app-remove-0").await;
    let answer = server.call(Ask::web().redeem(&code)).await;
    answer.refused(400, "invalid_grant", Cause::CodeReplayed);
}

/// Fifty at once: one wins, and all the others are a replay, so nothing is left of what the winner got.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_redemptions_at_once() {
    let server = Server::start().await;
    let code = Ask::web().code(&server).await;
    let mut winners = Vec::new();
    for answer in server.at_once(vec![Ask::web().redeem(&code); 50]).await {
        if answer.status == 200 {
            winners.push(answer.ok());
        } else {
            answer.refused(400, "invalid_grant", Cause::CodeReplayed);
        }
    }
    assert_eq!(winners.len(), 1);
    let refresh = Call::refresh("web", text(&winners[0]["refresh_token"]));
    server
        .call(refresh)
        .await
        .refused(400, "invalid_grant", Cause::RefreshTokenRevoked);
    let found = server
        .call(Call::introspect(text(&winners[0]["access_token"])).client("web"))
        .await;
    assert_eq!(found.ok(), json!({ "active": false }));
}
