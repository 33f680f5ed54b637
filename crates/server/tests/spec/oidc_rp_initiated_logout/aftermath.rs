//! What ends with a session, what the account page offers, and where the endpoint answers.

use grantor_protocol::Cause;
use grantor_server::{PathFamily, Paths};
use grantor_types::Scope;
use serde_json::{Value, json};

use super::{ask, is_logged_in, leave, log_in, setup};
use crate::harness::{ALICE, Ask, BOB, Browser, Call, text};
use crate::rfc8414_metadata;

/// What was given in the session goes with it, but for what was given offline access.
#[tokio::test]
async fn refresh_tokens_without_offline_access_end_with_the_session() {
    for revoke in [true, false] {
        let setup = setup()
            .policy(|policy| policy.revoke_grants_at_logout = revoke)
            .client("web", |client| {
                client.scope = Scope::parse("openid read offline_access").unwrap();
            });
        let server = setup.start().await;
        let mut browser = Browser::new(&server);
        let online = log_in(&server, &mut browser, &ask(), ALICE).await;
        let offline = ask()
            .with("scope", "openid read offline_access")
            .with("prompt", "consent");
        let offline = log_in(&server, &mut browser, &offline, ALICE).await;
        let pending = browser.callback(&ask(), ALICE).await.code();
        let hint = ("id_token_hint", text(&online["id_token"]));
        leave(&mut browser, &[hint]).await.is_page("signed-out-page");

        let refresh = |tokens: &Value| server.call(Call::refresh("web", text(&tokens["refresh_token"])));
        refresh(&offline).await.ok();
        let (online, code) = (refresh(&online).await, server.call(ask().redeem(&pending)).await);
        if revoke {
            online.refused(400, "invalid_grant", Cause::RefreshTokenRevoked);
            assert_eq!(code.status, 400);
        } else {
            online.ok();
            code.ok();
        }
    }
}

/// Access tokens of the session are inactive at once.
#[tokio::test]
async fn access_tokens_end_with_the_session() {
    let server = setup().start().await;
    let mut browser = Browser::new(&server);
    let tokens = log_in(&server, &mut browser, &ask(), ALICE).await;
    leave(&mut browser, &[("id_token_hint", text(&tokens["id_token"]))]).await;
    let asked = Call::introspect(text(&tokens["access_token"])).client("auditor");
    assert_eq!(server.call(asked).await.ok(), json!({ "active": false }));
}

/// Third-party-initiated login (OpenID Connect Core 4).
#[tokio::test]
async fn applications_with_a_login_of_their_own_can_be_opened_from_the_account_page() {
    let setup = setup().client("web", |client| {
        let uri = grantor_types::WebUri::parse("https://app.example/begin?x=1");
        client.metadata.initiate_login_uri = Some(uri.unwrap());
    });
    let server = setup.start().await;
    let mut browser = Browser::new(&server);
    log_in(&server, &mut browser, &ask(), ALICE).await;
    log_in(&server, &mut browser, &Ask::spa(), ALICE).await;
    let account = browser.get("/account").await;
    assert!(
        account
            .text()
            .contains("href=\"https://app.example/begin?x=1&#38;iss=https%3A%2F%2Fid.example\""),
        "{}",
        account.text()
    );
    assert_eq!(account.text().matches("id=\"app-open-").count(), 1);
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session() {
    let server = setup().start().await;
    let (mut here, mut there, mut other) = (
        Browser::new(&server),
        Browser::new(&server),
        Browser::new(&server),
    );
    let tokens = log_in(&server, &mut there, &ask(), ALICE).await;
    here.log_in_alone(ALICE).await;
    other.log_in_alone(BOB).await;
    let account = here.get("/account").await;
    let answer = here.press(&account, "sign-out-everywhere").await;
    answer.is_page("signed-out-page");
    assert!(!is_logged_in(&mut here).await && !is_logged_in(&mut there).await);
    other.get("/account").await.is_page("account-overview-page");
    server
        .call(Call::refresh("web", text(&tokens["refresh_token"])))
        .await
        .refused(400, "invalid_grant", Cause::RefreshTokenRevoked);
    let forged = here.call(Call::post("/account/sign-out-everywhere")).await;
    assert_eq!(forged.status, 415);
}

#[tokio::test]
async fn every_family_of_paths_answers() {
    let mut setup = setup();
    setup.settings.paths = Paths::new(
        &[PathFamily::Oauth2, PathFamily::Root],
        std::collections::BTreeMap::new(),
    );
    let server = setup.start().await;
    for path in ["/oauth/logout", "/oauth2/logout", "/logout"] {
        let mut browser = Browser::new(&server);
        let answer = browser.get(path).await;
        browser.follow(answer).await.is_page("signed-out-page");
    }
    let metadata = rfc8414_metadata::document(&server, "/.well-known/openid-configuration").await;
    assert_eq!(
        metadata["end_session_endpoint"],
        json!("https://id.example/oauth/logout")
    );
}
