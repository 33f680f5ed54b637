//! [RFC 6749 §4.4](https://www.rfc-editor.org/rfc/rfc6749#section-4.4): a client acts for itself.

use grantor_protocol::Cause;
use grantor_types::{Seconds, TokenFormat};
use serde_json::json;

use crate::harness::{Answer, Call, Server, Setup, jwt, text};

async fn ask(server: &Server, client: &str, fields: &[(&str, &str)]) -> Answer {
    let call = Call::token()
        .client(client)
        .field("grant_type", "client_credentials");
    let call = fields
        .iter()
        .fold(call, |call, (name, value)| call.field(name, value));
    server.call(call).await
}

#[tokio::test]
async fn a_client_gets_a_token_for_itself_and_nothing_is_stored() {
    let server = Server::start().await;
    let before = server.everything_stored();
    let answer = ask(&server, "service", &[("scope", "read")]).await;
    let tokens = answer.ok();
    // "A refresh token SHOULD NOT be included." (4.4.3)
    assert_eq!(
        answer.members(),
        ["access_token", "expires_in", "scope", "token_type"]
    );
    assert_eq!(tokens["scope"], json!("read"));
    assert_eq!(tokens["token_type"], json!("Bearer"));
    assert_eq!(tokens["expires_in"], json!(3600));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("pragma"), Some("no-cache"));
    let claims = jwt::claims(text(&tokens["access_token"]));
    assert_eq!(claims["sub"], json!("service"));
    assert_eq!(claims["client_id"], json!("service"));
    assert!(claims.get("auth_time").is_none() && claims.get("grant_id").is_none());
    assert_eq!(server.everything_stored(), before);
}

#[tokio::test]
async fn without_scope_it_gets_all_that_it_is_registered_for() {
    let server = Server::start().await;
    for fields in [[].as_slice(), &[("scope", "")], &[("scope", " ")]] {
        assert_eq!(
            ask(&server, "service", fields).await.ok()["scope"],
            json!("read write")
        );
    }
}

#[tokio::test]
async fn openid_gives_no_id_token_where_nobody_logged_in() {
    let server = Setup::new()
        .client("service", |client| {
            client.scope = grantor_types::Scope::parse("openid read").unwrap()
        })
        .start()
        .await;
    let answer = ask(&server, "service", &[("scope", "openid")]).await;
    assert_eq!(
        answer.members(),
        ["access_token", "expires_in", "scope", "token_type"]
    );
}

#[tokio::test]
async fn form_and_lifetime_are_the_clients_and_the_resources() {
    let server = Setup::new()
        .client("service", |client| {
            client.access_token_format = Some(TokenFormat::Opaque);
            client.lifetimes.access_token = Some(Seconds(300));
        })
        .start()
        .await;
    let opaque = ask(&server, "service", &[]).await.ok();
    assert!(!text(&opaque["access_token"]).contains('.'));
    assert_eq!(opaque["expires_in"], json!(300));
    let jwt = ask(&server, "service", &[("resource", "https://files.example")])
        .await
        .ok();
    assert_eq!(text(&jwt["access_token"]).matches('.').count(), 2);
}

/// "The client credentials grant type MUST only be used by confidential clients." (4.4)
#[tokio::test]
async fn public_clients_may_not_even_when_registered_for_it() {
    let server = Setup::new()
        .client("spa", |client| {
            client.grant_types = grantor_types::GrantType::ALL.to_vec()
        })
        .start()
        .await;
    ask(&server, "spa", &[])
        .await
        .refused(400, "unauthorized_client", Cause::GrantTypeNotAllowed);
}

#[tokio::test]
async fn a_client_that_is_switched_off_has_dead_tokens_at_once() {
    let server = Server::start().await;
    let tokens = ask(&server, "service", &[]).await.ok();
    let found = || Call::introspect(text(&tokens["access_token"])).client("auditor");
    assert_eq!(server.call(found()).await.ok()["active"], json!(true));
    server
        .edit_client("service", |client| client.disabled = true)
        .await;
    assert_eq!(server.call(found()).await.ok(), json!({ "active": false }));
    ask(&server, "service", &[])
        .await
        .refused(401, "invalid_client", Cause::ClientDisabled);
}
