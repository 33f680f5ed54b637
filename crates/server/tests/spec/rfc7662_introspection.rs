//! [RFC 7662](https://www.rfc-editor.org/rfc/rfc7662): what a token says, to those who may know.

use grantor_types::Seconds;
use serde_json::{Value, json};

use crate::harness::{ALICE, Ask, Call, START, Server, jwt, text, user_id};

async fn ask(server: &Server, caller: &str, token: &Value) -> Value {
    server
        .call(Call::introspect(text(token)).client(caller))
        .await
        .ok()
}

async fn own_token(server: &Server, resource: &str) -> Value {
    let call = Call::token()
        .client("service")
        .field("grant_type", "client_credentials")
        .field("resource", resource);
    server.call(call).await.ok()["access_token"].clone()
}

#[tokio::test]
async fn the_members_of_a_users_access_token() {
    let server = Server::start().await;
    for resource in ["https://api.example", "https://sealed.example"] {
        let request = Ask::web().with("scope", "openid read").with("resource", resource);
        let tokens = request.tokens(&server).await;
        let found = ask(&server, "web", &tokens["access_token"]).await;
        let jti = text(&found["jti"]).to_owned();
        let expected = json!({
            "active": true,
            "scope": "openid read",
            "client_id": "web",
            "username": "alice",
            "token_type": "Bearer",
            "exp": START.as_seconds() + 3600,
            "iat": START.as_seconds(),
            "sub": user_id(ALICE).to_string(),
            "aud": [resource, "https://id.example"],
            "iss": "https://id.example",
            "jti": jti,
            "auth_time": START.as_seconds(),
        });
        assert_eq!(found, expected);
    }
}

#[tokio::test]
async fn the_members_of_a_clients_own_token() {
    let server = Server::start().await;
    for resource in ["https://api.example", "https://sealed.example"] {
        let token = own_token(&server, resource).await;
        let found = ask(&server, "service", &token).await;
        let jti = text(&found["jti"]).to_owned();
        let expected = json!({
            "active": true,
            "scope": "read write",
            "client_id": "service",
            "token_type": "Bearer",
            "exp": START.as_seconds() + 3600,
            "iat": START.as_seconds(),
            "sub": "service",
            "aud": resource,
            "iss": "https://id.example",
            "jti": jti,
        });
        assert_eq!(found, expected);
    }
}

#[tokio::test]
async fn the_members_of_a_refresh_token() {
    let server = Server::start().await;
    let tokens = Ask::web().tokens(&server).await;
    let expected = json!({
        "active": true,
        "scope": "read",
        "client_id": "web",
        "exp": START.plus(Seconds::days(30)).as_seconds(),
        "sub": user_id(ALICE).to_string(),
        "iss": "https://id.example",
        "auth_time": START.as_seconds(),
    });
    assert_eq!(ask(&server, "web", &tokens["refresh_token"]).await, expected);
}

#[tokio::test]
async fn a_jwt_says_the_same_as_its_introspection() {
    let server = Server::start().await;
    let tokens = Ask::web().tokens(&server).await;
    let claims = jwt::claims(text(&tokens["access_token"]));
    let found = ask(&server, "web", &tokens["access_token"]).await;
    for name in [
        "iss",
        "sub",
        "aud",
        "exp",
        "iat",
        "jti",
        "client_id",
        "scope",
        "auth_time",
    ] {
        assert_eq!(found[name], claims[name], "{name}");
    }
}

/// A caller sees its own tokens, those for a resource server that it speaks for, and all of them when registered so.
#[tokio::test]
async fn who_sees_what() {
    let server = Server::start().await;
    let of = |resource: &'static str| Ask::web().with("resource", resource);
    let api = of("https://api.example").tokens(&server).await;
    let files = of("https://files.example").tokens(&server).await;
    let sealed = of("https://sealed.example").tokens(&server).await;
    let own = own_token(&server, "https://api.example").await;
    let rows = [
        ("web", &api["access_token"], true),
        ("backend", &api["access_token"], true),
        ("backend", &sealed["access_token"], true),
        ("backend", &own, true),
        ("backend", &files["access_token"], false),
        ("backend", &api["refresh_token"], false),
        ("other", &api["access_token"], false),
        ("other", &sealed["access_token"], false),
        ("other", &api["refresh_token"], false),
        ("service", &own, true),
        ("web", &own, false),
        ("web", &api["refresh_token"], true),
        ("auditor", &files["access_token"], true),
        ("auditor", &sealed["access_token"], true),
        ("auditor", &own, true),
        ("auditor", &api["refresh_token"], true),
    ];
    for (caller, token, visible) in rows {
        let found = ask(&server, caller, token).await;
        if visible {
            assert_eq!(found["active"], json!(true), "{caller}");
        } else {
            assert_eq!(found, json!({ "active": false }), "{caller}");
        }
    }
}

#[tokio::test]
async fn what_has_ended_is_inactive_to_the_second() {
    let server = Server::start().await;
    let tokens = Ask::web().tokens(&server).await;
    let sealed = Ask::web()
        .with("resource", "https://sealed.example")
        .tokens(&server)
        .await;
    server.advance(Seconds(3599));
    for tokens in [&tokens, &sealed] {
        assert_eq!(
            ask(&server, "web", &tokens["access_token"]).await["active"],
            json!(true)
        );
    }
    server.advance(Seconds(1));
    for tokens in [&tokens, &sealed] {
        assert_eq!(
            ask(&server, "web", &tokens["access_token"]).await,
            json!({ "active": false })
        );
        assert_eq!(
            ask(&server, "web", &tokens["refresh_token"]).await["active"],
            json!(true)
        );
    }
    server.advance(Seconds::days(30));
    assert_eq!(
        ask(&server, "web", &tokens["refresh_token"]).await,
        json!({ "active": false })
    );
}

#[tokio::test]
async fn a_rotated_refresh_token_is_inactive() {
    let server = Server::start().await;
    let first = Ask::web().tokens(&server).await;
    let second = server
        .call(Call::refresh("web", text(&first["refresh_token"])))
        .await
        .ok();
    assert_eq!(
        ask(&server, "web", &first["refresh_token"]).await,
        json!({ "active": false })
    );
    assert_eq!(
        ask(&server, "web", &second["refresh_token"]).await["active"],
        json!(true)
    );
}

/// A switch is seen at once, and both ways.
#[tokio::test]
async fn a_client_or_user_that_is_switched_off_has_inactive_tokens() {
    let server = Server::start().await;
    let tokens = Ask::web().tokens(&server).await;
    let sealed = Ask::web()
        .with("resource", "https://sealed.example")
        .tokens(&server)
        .await;
    let all = [&tokens["access_token"], &sealed["access_token"]];
    for off in [true, false] {
        server.edit_user(ALICE, |user| user.disabled = off).await;
        for token in all.iter().chain([&&tokens["refresh_token"]]) {
            assert_eq!(ask(&server, "auditor", token).await["active"], json!(!off));
        }
    }
    for off in [true, false] {
        server.edit_client("web", |client| client.disabled = off).await;
        for token in all {
            assert_eq!(ask(&server, "auditor", token).await["active"], json!(!off));
        }
    }
    // A client that is switched off cannot use its refresh tokens either.
    server.edit_client("web", |client| client.disabled = true).await;
    assert_eq!(
        ask(&server, "auditor", &tokens["refresh_token"]).await,
        json!({ "active": false })
    );
}

#[tokio::test]
async fn a_client_that_is_deleted_takes_its_tokens_with_it() {
    let server = Server::start().await;
    let tokens = Ask::web().tokens(&server).await;
    let web = grantor_types::ClientId::parse("web").unwrap();
    server.commit(grantor_protocol::Change::DeleteClient(web)).await;
    for name in ["access_token", "refresh_token"] {
        let found = ask(&server, "auditor", &tokens[name]).await;
        assert_eq!(found, json!({ "active": false }), "{name}");
    }
    let answer = server
        .call(Call::refresh("web", text(&tokens["refresh_token"])))
        .await;
    answer.refused(401, "invalid_client", grantor_protocol::Cause::ClientUnknown);
}

#[tokio::test]
async fn a_hint_is_a_hint() {
    let server = Server::start().await;
    let tokens = Ask::web().tokens(&server).await;
    for hint in ["access_token", "refresh_token", "x"] {
        for name in ["access_token", "refresh_token"] {
            let call = Call::introspect(text(&tokens[name]))
                .client("web")
                .field("token_type_hint", hint);
            assert_eq!(server.call(call).await.ok()["active"], json!(true));
        }
    }
}
