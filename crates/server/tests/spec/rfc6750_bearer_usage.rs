//! [RFC 6750](https://www.rfc-editor.org/rfc/rfc6750): how an access token is shown, and how it is refused.

use grantor_protocol::Cause;
use grantor_types::Seconds;
use http::header::AUTHORIZATION;

use crate::harness::{ALICE, Ask, Call, Server, text};

async fn token(server: &Server) -> String {
    let tokens = Ask::web().with("scope", "openid").tokens(server).await;
    text(&tokens["access_token"]).to_owned()
}

#[tokio::test]
async fn in_the_header_or_in_the_form() {
    let server = Server::start().await;
    let token = token(&server).await;
    let header = |value: String| Call::get("/oauth/userinfo").header(AUTHORIZATION, &value);
    for call in [
        header(format!("Bearer {token}")),
        header(format!("bearer {token}")),
        header(format!("BEARER  {token} ")),
        Call::post("/oauth/userinfo").bearer(&token),
        Call::post("/oauth/userinfo").bearer(&token).field("x", "y"),
        Call::post("/oauth/userinfo").field("access_token", &token),
    ] {
        server.call(call).await.ok();
    }
}

/// "If the request lacks any authentication information [...], the resource server SHOULD NOT include an error code or
/// other error information." (3.1)
#[tokio::test]
async fn without_a_token_the_challenge_is_bare() {
    let server = Server::start().await;
    let answer = server.call(Call::get("/oauth/userinfo")).await;
    assert_eq!(answer.status, 401);
    assert_eq!(
        answer.challenges(),
        "Bearer realm=\"grantor\", DPoP realm=\"grantor\", algs=\"ES256 EdDSA PS256\""
    );
}

/// "invalid_token: The access token provided is expired, revoked, malformed, or invalid for other reasons." (3.1)
#[tokio::test]
async fn a_token_that_is_no_good_is_named_in_the_challenge() {
    let server = Server::start().await;
    let expired = token(&server).await;
    server.advance(Seconds(3600));
    let revoked = token(&server).await;
    server.call(Call::revoke(&revoked).client("web")).await;
    for (token, cause) in [
        (expired.as_str(), Cause::TokenExpired),
        (&revoked, Cause::TokenRevoked),
        ("garbage", Cause::TokenInvalid),
    ] {
        let answer = server.call(Call::userinfo(token)).await;
        answer.refused(401, "invalid_token", cause);
        let expected = format!(
            "Bearer realm=\"grantor\", error=\"invalid_token\", error_description=\"{}\"",
            cause.description()
        );
        assert_eq!(answer.header("www-authenticate"), Some(expected.as_str()));
    }
    let switched_off = token(&server).await;
    server.edit_user(ALICE, |user| user.disabled = true).await;
    let answer = server.call(Call::userinfo(&switched_off)).await;
    answer.refused(401, "invalid_token", Cause::TokenDisabledUser);
}

/// "insufficient_scope: [...] The resource server SHOULD respond with the HTTP 403 (Forbidden) status code and MAY
/// include the "scope" attribute" (3.1)
#[tokio::test]
async fn a_token_without_the_scope() {
    let server = Server::start().await;
    let tokens = Ask::web().tokens(&server).await;
    let answer = server.call(Call::userinfo(text(&tokens["access_token"]))).await;
    answer.refused(403, "insufficient_scope", Cause::TokenLacksScope);
    let challenge = answer.header("www-authenticate").unwrap();
    assert!(challenge.ends_with(", scope=\"openid\""), "{challenge}");
}

#[tokio::test]
async fn the_last_second() {
    let server = Server::start().await;
    let token = token(&server).await;
    server.advance(Seconds(3599));
    server.call(Call::userinfo(&token)).await.ok();
    server.advance(Seconds(1));
    server
        .call(Call::userinfo(&token))
        .await
        .refused(401, "invalid_token", Cause::TokenExpired);
}
