//! [RFC 8628](https://www.rfc-editor.org/rfc/rfc8628): devices without a browser.

mod pages;
mod polling;

use grantor_protocol::Cause;
use grantor_store::{GrantFilter, Store};
use grantor_types::{GrantType, Seconds};
use serde_json::json;

use crate::harness::{ALICE, BOB, Call, Codes, Holder, Server, Setup, jwt, text, user_id};

#[tokio::test]
async fn from_the_codes_to_the_tokens() {
    let server = Server::start().await;
    let codes = Codes::of(&server, "tv", "openid profile read").await;
    server
        .call(codes.poll())
        .await
        .refused(400, "authorization_pending", Cause::AuthorizationPending);
    codes.approve(&server, ALICE).await;
    let answer = server.call(codes.poll()).await;
    assert_eq!(
        answer.members(),
        [
            "access_token",
            "expires_in",
            "id_token",
            "refresh_token",
            "scope",
            "token_type"
        ]
    );
    let tokens = answer.ok();
    assert_eq!(
        (&tokens["scope"], &tokens["token_type"]),
        (&json!("openid profile read"), &json!("Bearer"))
    );
    let id_token = jwt::claims(text(&tokens["id_token"]));
    assert_eq!(id_token["sub"], json!(user_id(ALICE).to_string()));
    assert_eq!(
        (&id_token["aud"], &id_token["amr"]),
        (&json!("tv"), &json!(["pwd"]))
    );
    assert!(id_token.get("nonce").is_none());
    let userinfo = server.call(Call::userinfo(text(&tokens["access_token"]))).await;
    assert_eq!(userinfo.ok()["name"], json!("ALICE Example"));
    let refresh = Call::refresh("tv", text(&tokens["refresh_token"]));
    server.call(refresh).await.ok();
}

/// "device_code REQUIRED. [...] user_code REQUIRED. [...] verification_uri REQUIRED. [...] expires_in REQUIRED." (3.2)
#[tokio::test]
async fn the_members_of_the_answer() {
    let server = Server::start().await;
    let answer = server.call(Call::device("tv")).await;
    assert_eq!(
        answer.members(),
        [
            "device_code",
            "expires_in",
            "interval",
            "user_code",
            "verification_uri",
            "verification_uri_complete"
        ]
    );
    let codes = answer.ok();
    let user_code = text(&codes["user_code"]);
    let (first, second) = user_code.split_once('-').unwrap();
    for half in [first, second] {
        assert_eq!(half.len(), 4, "{user_code}");
        assert!(half.chars().all(|letter| "BCDFGHJKLMNPQRSTVWXZ".contains(letter)));
    }
    assert_eq!(text(&codes["device_code"]).len(), 64);
    assert_eq!(codes["verification_uri"], json!("https://id.example/device"));
    assert_eq!(
        codes["verification_uri_complete"],
        json!(format!("https://id.example/device?user_code={user_code}"))
    );
    assert_eq!(
        (&codes["expires_in"], &codes["interval"]),
        (&json!(1_800), &json!(5))
    );

    let setup = Setup::at("https://id.example/tenant").policy(|policy| {
        policy.device_code_lifetime = Seconds(60);
        policy.device_interval = Seconds(2);
    });
    let server = setup.start().await;
    let call = Call::post("/tenant/oauth/device/code").client("tv");
    let codes = server.call(call).await.ok();
    assert_eq!(
        codes["verification_uri"],
        json!("https://id.example/tenant/device")
    );
    assert_eq!(
        (&codes["expires_in"], &codes["interval"]),
        (&json!(60), &json!(2))
    );
}

#[tokio::test]
async fn a_form_or_json() {
    let server = Server::start().await;
    for (content_type, body) in [
        ("application/x-www-form-urlencoded", "client_id=tv&scope=read"),
        (
            "application/x-www-form-urlencoded; charset=UTF-8",
            "scope=read&client_id=tv&unknown=1&resource=",
        ),
        ("application/json", r#"{"client_id":"tv","scope":"read"}"#),
        (
            "Application/JSON; charset=utf-8",
            r#" {"client_id":"tv","scope":"read","unknown":1}"#,
        ),
    ] {
        let call = Call::post("/oauth/device/code").body(content_type, body);
        let codes = server.call(call).await.ok();
        assert_eq!(text(&codes["user_code"]).len(), 9, "{body}");
    }
}

#[rustfmt::skip]
fn refused() -> Vec<(Call, u16, Cause)> {
    let post = || Call::post("/oauth/device/code");
    let json = |body: &str| post().body("application/json", body);
    vec![
        (post().field("scope", "read"), 400, Cause::ClientIdMissing),
        (post().field("client_id", "nobody"), 401, Cause::ClientUnknown),
        (post().field("client_id", "console"), 401, Cause::ClientAuthenticationMissing),
        (post().field("client_id", "console").field("client_secret", "wrong"), 401, Cause::ClientSecretWrong),
        (Call::device("web").field("scope", "read"), 400, Cause::GrantTypeNotAllowed),
        (Call::device("spa"), 400, Cause::GrantTypeNotAllowed),
        (Call::device("tv").field("scope", "admin"), 400, Cause::ScopeNotAllowed),
        (Call::device("tv").field("scope", "\""), 400, Cause::ScopeMalformed),
        (Call::device("tv").field("resource", "https://else.example"), 400, Cause::ResourceNotAllowed),
        (Call::device("tv").field("client_id", "tv"), 400, Cause::ParameterRepeated),
        (json(r#"{"client_id":"tv","client_id":"tv"}"#), 400, Cause::ParameterRepeated),
        (json("client_id=tv"), 400, Cause::JsonMalformed),
        (post().body("text/plain", "client_id=tv"), 415, Cause::ContentTypeUnsupported),
    ]
}

/// "confidential clients [...] authenticate in the same manner as when making requests to the token endpoint, and public
/// clients provide the "client_id" parameter to identify themselves." (3.1)
#[tokio::test]
async fn what_is_refused() {
    let server = Server::start().await;
    let before = server.everything_stored();
    for (call, status, cause) in refused() {
        let answer = server.call(call).await;
        answer.refused(status, cause.code().as_str(), cause);
        assert_eq!(server.everything_stored(), before, "{cause:?}");
    }
    let call = Call::device("console").field("scope", "read");
    server.call(call).await.ok();
}

#[tokio::test]
async fn every_family_of_paths() {
    let mut setup = Setup::new();
    setup.settings.paths = grantor_server::Paths::new(
        &grantor_server::PathFamily::ALL,
        std::collections::BTreeMap::new(),
    );
    let server = setup.start().await;
    for path in [
        "/oauth/device/code",
        "/oauth2/device/code",
        "/device_authorization",
    ] {
        let call = Call::post(path).field("client_id", "tv");
        server.call(call).await.ok();
    }
}

#[tokio::test]
async fn a_confidential_client_and_its_resources() {
    let server = Server::start().await;
    let call = Call::device("console")
        .field("scope", "read")
        .field("resource", "https://api.example");
    let mut codes = Codes::of(&server, "console", "read").await;
    let answer = server.call(call).await.ok();
    codes.device_code = text(&answer["device_code"]).to_owned();
    codes.user_code = text(&answer["user_code"]).to_owned();
    codes.approve(&server, ALICE).await;
    let unauthenticated = codes
        .poll_as("tv")
        .without("client_id")
        .field("client_id", "console");
    server
        .call(unauthenticated)
        .await
        .refused(401, "invalid_client", Cause::ClientAuthenticationMissing);
    let elsewhere = codes.poll().field("resource", "https://files.example");
    server
        .call(elsewhere)
        .await
        .refused(400, "invalid_target", Cause::ResourceNotGranted);
    let tokens = server.call(codes.poll()).await.ok();
    let claims = jwt::claims(text(&tokens["access_token"]));
    assert_eq!(claims["aud"], json!("https://api.example"));
    assert!(tokens.get("id_token").is_none());
}

#[tokio::test]
async fn without_the_right_to_refresh_there_is_no_refresh_token() {
    let setup = Setup::new().client("tv", |client| client.grant_types = vec![GrantType::DeviceCode]);
    let server = setup.start().await;
    let codes = Codes::of_tv(&server).await;
    codes.approve(&server, ALICE).await;
    let answer = server.call(codes.poll()).await;
    assert_eq!(
        answer.members(),
        ["access_token", "expires_in", "scope", "token_type"]
    );
}

/// Tokens of a device are bound as those of other grants (RFC 9449 5).
#[tokio::test]
async fn tokens_are_bound_to_the_key_of_the_proof() {
    let server = Server::start().await;
    let (holder, thief) = (Holder::new(), Holder::new());
    let codes = Codes::of_tv(&server).await;
    let pending = server.call(holder.at_token(&server, codes.poll())).await;
    pending.refused(400, "authorization_pending", Cause::AuthorizationPending);
    codes.approve(&server, ALICE).await;
    let tokens = server.call(holder.at_token(&server, codes.poll())).await.ok();
    assert_eq!(tokens["token_type"], json!("DPoP"));
    assert_eq!(
        jwt::claims(text(&tokens["access_token"]))["cnf"],
        json!({ "jkt": holder.jkt() })
    );
    let refresh = || Call::refresh("tv", text(&tokens["refresh_token"]));
    server
        .call(refresh())
        .await
        .refused(400, "invalid_dpop_proof", Cause::DpopProofMissing);
    server.call(thief.at_token(&server, refresh())).await.refused(
        400,
        "invalid_grant",
        Cause::DpopKeyMismatch,
    );
    server.call(holder.at_token(&server, refresh())).await.ok();
}

/// Twenty at once: one gets tokens, and they stay good.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_redemptions_at_once() {
    let server = Server::start().await;
    let codes = Codes::of(&server, "tv", "openid read").await;
    codes.approve(&server, ALICE).await;
    let mut winners = Vec::new();
    for answer in server.at_once(vec![codes.poll(); 20]).await {
        if answer.status == 200 {
            winners.push(answer.ok());
        } else {
            answer.refused(400, "invalid_grant", Cause::DeviceCodeUsed);
        }
    }
    assert_eq!(winners.len(), 1);
    let grants = server.store.grants(&GrantFilter::default(), 100).await.unwrap();
    assert_eq!(grants.items.len(), 1);
    server
        .call(Call::userinfo(text(&winners[0]["access_token"])))
        .await
        .ok();
    let refresh = Call::refresh("tv", text(&winners[0]["refresh_token"]));
    server.call(refresh).await.ok();
}

/// What the person or the operator took away before the device came.
#[tokio::test]
async fn what_is_taken_back_is_not_handed_out() {
    let server = Server::start().await;
    let codes = Codes::of_tv(&server).await;
    let mut browser = crate::harness::Browser::new(&server);
    let page = codes.confirm_page(&mut browser, BOB).await;
    browser.press(&page, "device-approve").await;
    let account = browser.get("/account").await;
    browser.press(&account, "app-remove-0").await;
    let before = server.everything_stored();
    server
        .call(codes.poll())
        .await
        .refused(400, "access_denied", Cause::DeviceDenied);
    assert_eq!(server.everything_stored(), before);

    let codes = Codes::of_tv(&server).await;
    codes.approve(&server, ALICE).await;
    server.edit_user(ALICE, |user| user.disabled = true).await;
    server
        .call(codes.poll())
        .await
        .refused(400, "invalid_grant", Cause::UserDisabled);
    server.edit_user(ALICE, |user| user.disabled = false).await;
    server
        .edit_client("tv", |client| client.grant_types = vec![GrantType::RefreshToken])
        .await;
    server
        .call(codes.poll())
        .await
        .refused(400, "unauthorized_client", Cause::GrantTypeNotAllowed);
}
