//! [RFC 7592](https://www.rfc-editor.org/rfc/rfc7592): a client reads, replaces and deletes its registration.

use grantor_protocol::Cause;
use grantor_types::RegistrationMode;
use http::Method;
use serde_json::{Value, json};

use crate::harness::registration::{
    REGISTER, ask, document, manage, open, redeem, refused_for, register, registered, replace,
};
use crate::harness::{ALICE, Browser, Call, Server, text};

async fn start() -> (Server, Value) {
    let server = open().start().await;
    let client = registered(&server, &json!({ "client_uri": "https://strange.example/" })).await;
    (server, client)
}

#[tokio::test]
async fn it_reads_what_is_registered() {
    let (server, client) = start().await;
    let read = server.call(manage(Method::GET, &client)).await;
    let mut expected = client.clone();
    // Only its hash is kept.
    for member in ["client_secret", "client_secret_expires_at"] {
        expected.as_object_mut().unwrap().remove(member);
    }
    assert_eq!(read.ok(), expected);
}

#[tokio::test]
async fn an_update_replaces_everything() {
    let (server, client) = start().await;
    let update = json!({ "client_name": "Another name", "logo_uri": "https://strange.example/logo.png" });
    let updated = server.call(replace(&client, &update)).await.ok();
    assert_eq!(updated["client_name"], "Another name");
    assert_eq!(updated["logo_uri"], "https://strange.example/logo.png");
    // What is left out is gone.
    assert!(updated.get("client_uri").is_none());
    for member in [
        "client_id",
        "client_id_issued_at",
        "registration_access_token",
        "registration_client_uri",
    ] {
        assert_eq!(updated[member], client[member], "{member}");
    }
    assert!(updated.get("client_secret").is_none());
    assert_eq!(server.call(manage(Method::GET, &client)).await.ok(), updated);
    // The secret is the same as before.
    let callback = Browser::new(&server).callback(&ask(&client), ALICE).await;
    server.call(redeem(&client, &callback.code())).await.ok();
}

#[tokio::test]
async fn what_an_update_cannot_say() {
    let (server, client) = start().await;
    let before = server.everything_stored();
    for (member, value, cause) in [
        ("client_id", json!("web"), Cause::RegistrationClientIdMismatch),
        ("client_secret", json!("mine"), Cause::RegistrationSecretMismatch),
        (
            "client_id_issued_at",
            json!(0),
            Cause::RegistrationMemberForbidden,
        ),
        (
            "client_secret_expires_at",
            json!(0),
            Cause::RegistrationMemberForbidden,
        ),
        (
            "registration_access_token",
            json!("x"),
            Cause::RegistrationMemberForbidden,
        ),
        (
            "registration_client_uri",
            json!("x"),
            Cause::RegistrationMemberForbidden,
        ),
        (
            "redirect_uris",
            json!(["https://a.example/#"]),
            Cause::RegistrationRedirectUriFragment,
        ),
        ("scope", json!("write"), Cause::RegistrationScopeNotAllowed),
    ] {
        let answer = server.call(replace(&client, &json!({ member: value }))).await;
        refused_for(&answer, member, cause);
    }
    assert_eq!(server.everything_stored(), before);
    let own_secret = json!({ "client_secret": client["client_secret"] });
    server.call(replace(&client, &own_secret)).await.ok();
}

#[tokio::test]
async fn the_secret_comes_and_goes_with_the_method() {
    let (server, client) = start().await;
    let public = json!({ "token_endpoint_auth_method": "none" });
    let updated = server.call(replace(&client, &public)).await.ok();
    assert!(updated.get("client_secret").is_none());
    let confidential = json!({ "token_endpoint_auth_method": "client_secret_post" });
    let updated = server.call(replace(&client, &confidential)).await.ok();
    assert_ne!(text(&updated["client_secret"]), text(&client["client_secret"]));
    assert_eq!(updated["client_secret_expires_at"], 0);
}

#[tokio::test]
async fn a_deleted_client_leaves_nothing() {
    let (server, client) = start().await;
    let callback = Browser::new(&server).callback(&ask(&client), ALICE).await;
    let tokens = server.call(redeem(&client, &callback.code())).await.ok();
    let answer = server.call(manage(Method::DELETE, &client)).await;
    assert_eq!((answer.status, answer.text()), (204, ""));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let userinfo = server.call(Call::userinfo(text(&tokens["access_token"]))).await;
    assert_eq!(userinfo.status, 401);
    let refresh = Call::token()
        .basic(text(&client["client_id"]), text(&client["client_secret"]))
        .field("grant_type", "refresh_token")
        .field("refresh_token", text(&tokens["refresh_token"]));
    assert_eq!(server.call(refresh).await.status, 401);
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let answer = server.call(manage(method, &client)).await;
        answer.refused(401, "invalid_token", Cause::RegistrationTokenInvalid);
    }
}

/// Nobody learns which clients there are, or that one was not registered by itself.
#[tokio::test]
async fn a_wrong_token_opens_nothing() {
    let (server, client) = start().await;
    let other = registered(&server, &json!({})).await;
    let before = server.everything_stored();
    let own = format!("{REGISTER}/{}", text(&client["client_id"]));
    let token = text(&client["registration_access_token"]);
    for (path, token) in [
        (own.as_str(), text(&other["registration_access_token"])),
        (own.as_str(), "x"),
        (own.as_str(), text(&client["client_secret"])),
        ("/oauth/register/web", token),
        ("/oauth/register/nobody", token),
        ("/oauth/register/%00", token),
    ] {
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let answer = server.call(Call::new(method, path).bearer(token)).await;
            answer.refused(401, "invalid_token", Cause::RegistrationTokenInvalid);
            assert!(
                answer
                    .challenges()
                    .starts_with("Bearer realm=\"grantor\", error=\"invalid_token\"")
            );
        }
    }
    for call in [
        Call::get(&own),
        Call::get(&own).named_header("authorization", &format!("DPoP {token}")),
        Call::get(&own).named_header("authorization", "Bearer "),
        Call::get(&format!("{own}?access_token={token}")),
    ] {
        let answer = server.call(call).await;
        answer.refused(401, "invalid_token", Cause::RegistrationTokenMissing);
        assert_eq!(answer.challenges(), "Bearer realm=\"grantor\"");
    }
    assert_eq!(server.everything_stored(), before);
}

#[tokio::test]
async fn a_client_that_is_switched_off_cannot_switch_itself_on() {
    let (server, client) = start().await;
    server
        .edit_client(text(&client["client_id"]), |client| client.disabled = true)
        .await;
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let answer = server.call(manage(method, &client)).await;
        answer.refused(403, "access_denied", Cause::RegistrationClientDisabled);
    }
}

/// What is registered stays its owner's when registration is closed later.
#[tokio::test]
async fn management_goes_on_when_registration_is_closed() {
    let (server, client) = start().await;
    let closed = server
        .restart_with(|settings| settings.policy.registration.mode = RegistrationMode::Closed)
        .await;
    assert_eq!(closed.call(register(&document(&json!({})))).await.status, 403);
    assert_eq!(closed.call(manage(Method::GET, &client)).await.status, 200);
    assert_eq!(closed.call(replace(&client, &json!({}))).await.status, 200);
    assert_eq!(closed.call(manage(Method::DELETE, &client)).await.status, 204);
}
