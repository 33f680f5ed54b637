//! Tokens that were never earned: plain PKCE, unread proofs, widened exchanges, revocations that revoke nothing.

use grantor_protocol::record::{ExchangeRule, SubjectsOf};
use grantor_protocol::{Cause, Change};
use grantor_types::{ClientId, GrantType, Resource, Scope, TokenTypeUri};
use serde_json::json;

use super::refused;
use crate::harness::{ALICE, Ask, Browser, Call, Callback, Server, Setup, text};

/// `plain` is taken whatever the settings say, or the challenge is never looked at.
#[tokio::test]
async fn plain_pkce() {
    let server = Server::start().await;
    for ask in [
        Ask::web().with("code_challenge_method", "plain"),
        Ask::web().without("code_challenge_method"),
    ] {
        let answer = server.call(Call::get(&ask.path())).await;
        let callback = Callback::of(&answer);
        assert_eq!(callback.value("error"), Some("invalid_request"));
        assert_eq!(callback.value("code"), None);
    }
    let code = Ask::web().code(&server).await;
    let challenge = Ask::web().value("code_challenge").unwrap().to_owned();
    let as_plain = Ask::web()
        .redeem(&code)
        .without("code_verifier")
        .field("code_verifier", &challenge);
    refused(&server, as_plain, 400, "invalid_grant", Cause::CodeVerifierWrong).await;
}

/// An assertion is believed without its signature being verified, or its sender is without any.
#[tokio::test]
async fn assertion_never_verified() {
    let server = Server::start().await;
    let unsigned = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJ3ZWIiLCJzdWIiOiJ3ZWIifQ.";
    let assertion = |call: Call| {
        call.field(
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        )
        .field("client_assertion", unsigned)
    };
    let service = Call::token().field("grant_type", "client_credentials");
    for call in [
        service.clone().field("client_id", "service"),
        service,
        Call::introspect("x").field("client_id", "auditor"),
        Call::introspect("x"),
    ] {
        let refusal = Cause::ClientAssertionAlgorithm;
        refused(&server, assertion(call), 401, "invalid_client", refusal).await;
    }
}

/// Every token is active, for everybody.
#[tokio::test]
async fn introspection_that_is_always_active() {
    let server = Server::start().await;
    let tokens = Ask::web().tokens(&server).await;
    let token = text(&tokens["access_token"]);
    for (call, cause) in [
        (Call::introspect(token), Cause::CallerUnauthenticated),
        (
            Call::introspect(token).field("client_id", "web"),
            Cause::ClientAuthenticationMissing,
        ),
        (
            Call::introspect(token).client("spa"),
            Cause::ClientAuthenticationMethod,
        ),
    ] {
        refused(&server, call, 401, "invalid_client", cause).await;
    }
    let inactive = json!({ "active": false });
    for unknown in ["at_12345678901234567890", "", "x.y.z"] {
        let call = Call::introspect(unknown).client("auditor");
        let answer = server.call(call).await;
        assert!(answer.status == 400 || answer.ok() == inactive, "{unknown}");
    }
    assert_eq!(
        server.call(Call::introspect(token).client("other")).await.ok(),
        inactive
    );
}

/// 200, and the token works on.
#[tokio::test]
async fn revocation_that_does_nothing() {
    let server = Server::start().await;
    for (name, client, ask) in [
        ("access_token", "web", Ask::web().with("scope", "openid read")),
        ("refresh_token", "web", Ask::web().with("scope", "openid read")),
        ("access_token", "spa", Ask::spa().with("scope", "openid read")),
        ("refresh_token", "spa", Ask::spa().with("scope", "openid read")),
    ] {
        let tokens = ask.tokens(&server).await;
        let token = text(&tokens[name]);
        assert_eq!(server.call(Call::revoke(token).client(client)).await.status, 200);
        let found = server.call(Call::introspect(token).client("auditor")).await;
        assert_eq!(found.ok(), json!({ "active": false }));
        let userinfo = Call::userinfo(text(&tokens["access_token"]));
        refused(&server, userinfo, 401, "invalid_token", Cause::TokenRevoked).await;
        let refreshed = server
            .call(Call::refresh(client, text(&tokens["refresh_token"])))
            .await;
        assert_eq!(refreshed.status == 400, name == "refresh_token");
    }
}

/// The old refresh token works as long as the new one.
#[tokio::test]
async fn refresh_token_replayed() {
    let server = Server::start().await;
    let first = Ask::web().tokens(&server).await;
    let refresh = |tokens: &serde_json::Value| Call::refresh("web", text(&tokens["refresh_token"]));
    let second = server.call(refresh(&first)).await.ok();
    let third = server.call(refresh(&second)).await.ok();
    let replay = server.call(refresh(&first)).await;
    replay.refused(400, "invalid_grant", Cause::RefreshTokenReplayed);
    refused(
        &server,
        refresh(&third),
        400,
        "invalid_grant",
        Cause::RefreshTokenRevoked,
    )
    .await;
}

/// Tokens outlive the client that is switched off or deleted.
#[tokio::test]
async fn tokens_of_a_client_that_is_gone() {
    let server = Server::start().await;
    let tokens = Ask::web().with("scope", "openid read").tokens(&server).await;
    server
        .commit(Change::DeleteClient(ClientId::parse("web").unwrap()))
        .await;
    for name in ["access_token", "refresh_token"] {
        let found = server
            .call(Call::introspect(text(&tokens[name])).client("auditor"))
            .await;
        assert_eq!(found.ok(), json!({ "active": false }));
    }
    let userinfo = server.call(Call::userinfo(text(&tokens["access_token"]))).await;
    assert_eq!(userinfo.status, 401);
}

/// A service widens what it was given, to other scopes or to a service that nobody named, and whoever names a client
/// may do it.
#[tokio::test]
async fn exchange_that_widens() {
    let audience = Resource::parse("https://files.example").unwrap();
    let rule = ExchangeRule {
        subject_token_types: vec![TokenTypeUri::AccessToken],
        subjects_of: SubjectsOf::Clients(vec![ClientId::parse("web").unwrap()]),
        audiences: vec![audience],
        delegation: true,
        impersonation: true,
        refresh_token: false,
    };
    let setup = Setup::new().client("backend", |client| {
        client.grant_types = vec![GrantType::TokenExchange];
        client.scope = Scope::parse("read write").unwrap();
        client.token_exchange = vec![rule];
    });
    let server = setup.start().await;
    let ask = Ask::web().with("resource", "https://api.example");
    let subject = text(&ask.tokens(&server).await["access_token"]).to_owned();
    let exchange = || {
        Call::token()
            .field("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
            .field("subject_token", &subject)
            .field(
                "subject_token_type",
                "urn:ietf:params:oauth:token-type:access_token",
            )
    };
    let files = || {
        exchange()
            .client("backend")
            .field("audience", "https://files.example")
    };
    let wider = files().field("scope", "read write");
    refused(&server, wider, 400, "invalid_scope", Cause::ExchangeScopeWidened).await;
    let elsewhere = exchange()
        .client("backend")
        .field("audience", "https://sealed.example");
    refused(&server, elsewhere, 400, "invalid_target", Cause::TargetNotAllowed).await;
    let named = exchange()
        .field("client_id", "backend")
        .field("audience", "https://files.example");
    refused(
        &server,
        named,
        401,
        "invalid_client",
        Cause::ClientAuthenticationMissing,
    )
    .await;
    let other = exchange()
        .client("service")
        .field("audience", "https://files.example");
    refused(
        &server,
        other,
        400,
        "unauthorized_client",
        Cause::GrantTypeNotAllowed,
    )
    .await;
    assert_eq!(server.call(files()).await.ok()["scope"], json!("read"));
}

/// What was pushed is overridden by the browser, or was pushed by nobody in particular.
#[tokio::test]
async fn par_overridden_by_the_query() {
    let server = Server::start().await;
    let parameters: Vec<_> = Ask::web().parameters().to_vec();
    let push = Call::post("/oauth/par").fields(&parameters);
    refused(
        &server,
        push.clone(),
        401,
        "invalid_client",
        Cause::ClientAuthenticationMissing,
    )
    .await;
    let evil = push
        .clone()
        .without("redirect_uri")
        .field("redirect_uri", "https://evil.example/cb");
    let evil = evil.without("client_id").client("web");
    refused(
        &server,
        evil,
        400,
        "invalid_request",
        Cause::RedirectUriUnregistered,
    )
    .await;

    let answer = server.call(push.without("client_id").client("web")).await;
    assert_eq!(answer.status, 201);
    let uri = text(&answer.json()["request_uri"]).to_owned();
    let ask = Ask::web()
        .with("request_uri", &uri)
        .with("scope", "read write")
        .with("redirect_uri", "https://evil.example/cb")
        .with("state", "theirs");
    let callback = Browser::new(&server).callback(&ask, ALICE).await;
    assert_eq!(
        (callback.uri.as_str(), callback.value("state")),
        ("https://app.example/cb", Some("st4te"))
    );
    let tokens = server.call(Ask::web().redeem(&callback.code())).await.ok();
    assert_eq!(tokens["scope"], json!("read"));
}
