//! [RFC 8707](https://www.rfc-editor.org/rfc/rfc8707): tokens for the resource servers that were asked for, and no others.

use grantor_types::Resource;
use serde_json::{Value, json};

use crate::harness::{Ask, Call, Server, Setup, jwt, text};

const API: &str = "https://api.example";
const FILES: &str = "https://files.example";
const ISSUER: &str = "https://id.example";

fn audience(tokens: &Value) -> Value {
    jwt::claims(text(&tokens["access_token"]))["aud"].clone()
}

#[tokio::test]
async fn the_audience_is_what_was_asked_for() {
    let server = Server::start().await;
    for (scope, resources, expected) in [
        ("read", [].as_slice(), json!(ISSUER)),
        ("openid", &[], json!(ISSUER)),
        ("read", &[API], json!(API)),
        ("openid read", &[API], json!([API, ISSUER])),
        ("read", &[FILES, API], json!([FILES, API])),
        ("read", &[API, API], json!(API)),
    ] {
        let ask = resources
            .iter()
            .fold(Ask::web().with("scope", scope), |ask, resource| {
                ask.and("resource", resource)
            });
        assert_eq!(
            audience(&ask.tokens(&server).await),
            expected,
            "{scope} {resources:?}"
        );
    }
}

/// "a client can narrow [...] the token request" (2.2): among those of the authorization request.
#[tokio::test]
async fn the_token_request_narrows() {
    let server = Server::start().await;
    let ask = Ask::web().and("resource", API).and("resource", FILES);
    let code = ask.code(&server).await;
    let tokens = server.call(ask.redeem(&code).field("resource", API)).await.ok();
    assert_eq!(audience(&tokens), json!(API));
    // The refresh token holds both, one after the other or together.
    let mut refresh_token = tokens["refresh_token"].clone();
    for (resources, expected) in [
        ([FILES].as_slice(), json!(FILES)),
        (&[], json!([API, FILES])),
        (&[FILES, API], json!([FILES, API])),
    ] {
        let call = Call::refresh("web", text(&refresh_token));
        let call = resources
            .iter()
            .fold(call, |call, resource| call.field("resource", resource));
        let again = server.call(call).await.ok();
        assert_eq!(audience(&again), expected);
        refresh_token = again["refresh_token"].clone();
    }
}

#[tokio::test]
async fn a_client_asks_for_itself() {
    let server = Server::start().await;
    let call = |resources: &[&str]| {
        let call = Call::token()
            .client("service")
            .field("grant_type", "client_credentials");
        resources
            .iter()
            .fold(call, |call, resource| call.field("resource", resource))
    };
    for (resources, expected) in [
        ([].as_slice(), json!(ISSUER)),
        (&[API], json!(API)),
        (&[API, FILES], json!([API, FILES])),
    ] {
        let tokens = server.call(call(resources)).await.ok();
        assert_eq!(audience(&tokens), expected);
    }
}

/// What one of the resource servers keeps from others' eyes is opaque for all of them.
#[tokio::test]
async fn the_resource_decides_on_the_form() {
    let server = Server::start().await;
    for (resources, is_jwt) in [
        ([API].as_slice(), true),
        (&["https://sealed.example"], false),
        (&[FILES, "https://sealed.example"], false),
    ] {
        let ask = resources
            .iter()
            .fold(Ask::web(), |ask, resource| ask.and("resource", resource));
        let tokens = ask.tokens(&server).await;
        assert_eq!(text(&tokens["access_token"]).contains('.'), is_jwt);
        let found = server
            .call(Call::introspect(text(&tokens["access_token"])).client("web"))
            .await
            .ok();
        assert_eq!(found["active"], json!(true));
    }
}

#[tokio::test]
async fn a_default_audience_and_plain_names() {
    let lamps = || Resource::parse("lamps").unwrap();
    let setup = Setup::new()
        .policy(|policy| policy.default_audience = Some(lamps()))
        .client("web", |client| client.audiences.push(lamps()));
    let server = setup.start().await;
    assert_eq!(audience(&Ask::web().tokens(&server).await), json!("lamps"));
    let openid = Ask::web().with("scope", "openid");
    assert_eq!(audience(&openid.tokens(&server).await), json!(["lamps", ISSUER]));
    let named = Ask::web().with("resource", "lamps");
    assert_eq!(audience(&named.tokens(&server).await), json!("lamps"));
}
