//! Personal access tokens: made by clients and on the account page, within the rights of who makes them.

use grantor_protocol::Cause;
use grantor_types::Seconds;
use serde_json::{Value, json};

use crate::harness::{ALICE, Ask, BOB, Browser, Call, DPOP, Form, Holder, Server, Setup, text};

const PATH: &str = "/oauth/personal-access-tokens";

async fn server() -> Server {
    Setup::new()
        .client("web", |client| client.personal_access_tokens = true)
        .client("spa", |client| client.personal_access_tokens = true)
        .start()
        .await
}

async fn users_token(server: &Server) -> String {
    let tokens = Ask::web()
        .with("scope", "openid profile read")
        .tokens(server)
        .await;
    text(&tokens["access_token"]).to_owned()
}

fn create(token: &str, body: &Value) -> Call {
    Call::post(PATH)
        .bearer(token)
        .body("application/json", body.to_string())
}

async fn made(server: &Server, token: &str) -> Value {
    let body = json!({"name": "backup", "scopes": ["openid", "read"], "expires_in": 86_400});
    let answer = server.call(create(token, &body)).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn a_client_makes_one_and_a_script_uses_it() {
    let server = server().await;
    let users = users_token(&server).await;
    let answer = made(&server, &users).await;
    let personal = text(&answer["access_token"]);
    assert!(
        personal.starts_with("gpat_") && personal.len() == 54,
        "{personal}"
    );
    assert_eq!(answer["token_type"], "Bearer");
    assert_eq!(answer["expires_in"], 86_400);
    assert_eq!(answer["scopes"], json!(["openid", "read"]));

    let found = server
        .call(Call::introspect(personal).client("auditor"))
        .await
        .ok();
    assert_eq!(found["active"], true);
    assert_eq!(
        (&found["username"], &found["client_id"]),
        (&json!(ALICE), &json!("web"))
    );
    assert_eq!(
        (&found["scope"], &found["token_type"]),
        (&json!("openid read"), &json!("Bearer"))
    );
    let claims = server.call(Call::userinfo(personal)).await.ok();
    assert_eq!(claims["sub"], found["sub"]);
    assert_eq!(claims.get("name"), None);

    server.advance(Seconds(86_400));
    let found = server.call(Call::introspect(personal).client("auditor")).await;
    assert_eq!(found.ok(), json!({ "active": false }));
    let answer = server.call(Call::userinfo(personal)).await;
    answer.refused(401, "invalid_token", Cause::TokenExpired);
}

#[tokio::test]
async fn a_client_lists_and_deletes_its_own_alone() {
    let server = server().await;
    let users = users_token(&server).await;
    let first = made(&server, &users).await;
    let spa = Ask::spa().tokens(&server).await;
    let of_spa = create(
        text(&spa["access_token"]),
        &json!({"name": "other", "scopes": ["read"]}),
    );
    let of_spa = server.call(of_spa).await.json();

    let listed = server.call(Call::get(PATH).bearer(&users)).await.ok();
    let listed = listed["personal_access_tokens"].as_array().unwrap().clone();
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (&listed[0]["id"], &listed[0]["name"]),
        (&first["id"], &json!("backup"))
    );
    assert!(listed[0].get("access_token").is_none() && listed[0].get("last_used_at").is_none());

    server
        .call(Call::userinfo(text(&first["access_token"])))
        .await
        .ok();
    let listed = server.call(Call::get(PATH).bearer(&users)).await.ok();
    assert_eq!(
        listed["personal_access_tokens"][0]["last_used_at"],
        json!(server.now())
    );

    let delete = |id: &Value| {
        let path = format!("{PATH}/{}", text(id));
        Call::new(http::Method::DELETE, &path).bearer(&users)
    };
    let before = server.everything_stored();
    for id in [&of_spa["id"], &json!("AAAAAAAAAAAAAAAAAAAAAA"), &json!("x")] {
        assert_eq!(server.call(delete(id)).await.status, 404);
    }
    assert_eq!(server.everything_stored(), before);
    assert_eq!(server.call(delete(&first["id"])).await.status, 204);
    let found = server
        .call(Call::introspect(text(&first["access_token"])).client("auditor"))
        .await;
    assert_eq!(found.ok(), json!({ "active": false }));
}

/// Tokens that are presented where one is made.
struct Tokens {
    users: String,
    personal: String,
    service: String,
    /// Of a client that may not make any.
    other: String,
}

#[tokio::test]
async fn requests_that_are_refused_and_change_nothing() {
    let server = server().await;
    let users = users_token(&server).await;
    let service = Call::token()
        .client("service")
        .field("grant_type", "client_credentials");
    let other = Ask::of("other", "https://other.example/cb").with("scope", "read");
    let tokens = Tokens {
        personal: text(&made(&server, &users).await["access_token"]).to_owned(),
        service: text(&server.call(service).await.ok()["access_token"]).to_owned(),
        other: text(&other.tokens(&server).await["access_token"]).to_owned(),
        users,
    };
    let before = server.everything_stored();
    for (index, (call, status, error, cause)) in refused(&tokens).into_iter().enumerate() {
        println!("case {index}");
        server.call(call).await.refused(status, error, cause);
        assert_eq!(server.everything_stored(), before, "case {index}");
    }
}

#[rustfmt::skip]
fn refused(tokens: &Tokens) -> Vec<(Call, u16, &'static str, Cause)> {
    let good = json!({"name": "backup", "scopes": ["read"]});
    let users = tokens.users.as_str();
    let but = |name: &str, value: Value| {
        let mut body = good.clone();
        body[name] = value;
        create(users, &body)
    };
    let post = || Call::post(PATH).bearer(users);
    vec![
        (create(&tokens.service, &good), 403, "access_denied", Cause::PersonalTokenWithoutUser),
        (create(&tokens.personal, &good), 401, "invalid_token", Cause::PersonalTokenPresented),
        (create(&tokens.other, &good), 400, "unauthorized_client", Cause::PersonalTokenClient),
        (create("garbage", &good), 401, "invalid_token", Cause::TokenInvalid),
        (but("scopes", json!(["read", "write"])), 400, "invalid_scope", Cause::PersonalTokenWidened),
        (but("scopes", json!([])), 400, "invalid_scope", Cause::PersonalTokenScope),
        (but("scopes", json!(["\""])), 400, "invalid_scope", Cause::ScopeMalformed),
        (but("scopes", json!("read")), 400, "invalid_request", Cause::PersonalTokenJson),
        (but("name", json!("")), 400, "invalid_request", Cause::PersonalTokenName),
        (but("name", Value::Null), 400, "invalid_request", Cause::PersonalTokenJson),
        (but("expires_in", json!(0)), 400, "invalid_request", Cause::PersonalTokenLifetime),
        (but("expires_in", json!(u64::MAX)), 400, "invalid_request", Cause::PersonalTokenLifetime),
        (but("expires_in", json!(-1)), 400, "invalid_request", Cause::PersonalTokenJson),
        (post().field("name", "x"), 415, "invalid_request", Cause::JsonExpected),
        (post().body("application/json", "{"), 400, "invalid_request", Cause::PersonalTokenJson),
        (Call::get(PATH), 401, "invalid_token", Cause::TokenMissing),
    ]
}

/// The life may be named either way.
#[tokio::test]
async fn both_names_of_the_life_are_taken() {
    let server = server().await;
    let users = users_token(&server).await;
    for name in ["expires_in", "expires_in_seconds"] {
        let body = json!({"name": "x", "scopes": ["read"], name: 600});
        let answer = server.call(create(&users, &body)).await.json();
        assert_eq!(answer["expires_in"], 600);
    }
    let body = json!({"name": "x", "scopes": ["read"]});
    let answer = server.call(create(&users, &body)).await.json();
    assert_eq!(answer["expires_in"], json!(Seconds::days(366).0));
}

#[tokio::test]
async fn a_bound_token_makes_them_with_its_proof_alone() {
    let server = server().await;
    let holder = Holder::new();
    let code = Ask::spa().code(&server).await;
    let tokens = server
        .call(holder.at_token(&server, Ask::spa().redeem(&code)))
        .await
        .ok();
    let token = text(&tokens["access_token"]);
    let body = json!({"name": "x", "scopes": ["read"]});
    let as_bearer = server.call(create(token, &body)).await;
    as_bearer.refused(401, "invalid_token", Cause::TokenBoundToKey);
    let mut claims = holder.userinfo_claims(&server, token);
    claims["htm"] = json!("POST");
    claims["htu"] = json!(format!("https://id.example{PATH}"));
    let call = Call::post(PATH)
        .header(http::header::AUTHORIZATION, &format!("DPoP {token}"))
        .header(DPOP, &holder.sign(&claims))
        .body("application/json", body.to_string());
    assert_eq!(server.call(call.clone()).await.status, 201);
    let before = server.everything_stored();
    server
        .call(call)
        .await
        .refused(401, "invalid_dpop_proof", Cause::DpopProofReplayed);
    assert_eq!(server.everything_stored(), before);
}

/// Who finds one can end it, as scanners for leaked secrets do.
#[tokio::test]
async fn whoever_holds_one_can_revoke_it() {
    let server = server().await;
    let users = users_token(&server).await;
    for revoke in [|call: Call| call, |call: Call| call.client("service")] {
        let made = made(&server, &users).await;
        let personal = text(&made["access_token"]);
        let answer = server.call(revoke(Call::revoke(personal))).await;
        assert_eq!(answer.status, 200);
        let found = server.call(Call::introspect(personal).client("auditor")).await;
        assert_eq!(found.ok(), json!({ "active": false }));
    }
}

#[tokio::test]
async fn they_end_with_their_owner_and_with_the_applications_access() {
    let server = server().await;
    let users = users_token(&server).await;
    let first = made(&server, &users).await;
    let active = async |made: &Value| {
        let call = Call::introspect(text(&made["access_token"])).client("auditor");
        server.call(call).await.ok()["active"] == json!(true)
    };
    assert!(active(&first).await);
    server.edit_user(ALICE, |user| user.disabled = true).await;
    assert!(!active(&first).await);
    server.edit_user(ALICE, |user| user.disabled = false).await;
    server.edit_client("web", |client| client.disabled = true).await;
    assert!(!active(&first).await);
    server.edit_client("web", |client| client.disabled = false).await;
    assert!(active(&first).await);

    let mut browser = Browser::new(&server);
    browser.log_in_alone(ALICE).await;
    let account = browser.get("/account").await;
    browser.press(&account, "app-remove-0").await;
    assert!(!active(&first).await);
}

#[tokio::test]
async fn a_person_makes_and_deletes_them_on_a_page() {
    let server = server().await;
    let mut browser = Browser::new(&server);
    browser.log_in_alone(ALICE).await;
    let page = browser.get("/account/personal-access-tokens").await;
    page.is_page("personal-access-tokens-page");
    let form = |page: &crate::harness::Answer| {
        Form::sent_by(page.text(), "token-create")
            .fill("name", "nightly run")
            .fill("lifetime", "86400")
    };
    let tick = |mut form: Form, scope: &str| {
        form.fields.push((format!("scope-{scope}"), "on".to_owned()));
        form
    };
    let without_scope = browser.send(&form(&page)).await;
    assert_eq!(without_scope.status, 400);
    assert!(without_scope.element("token-problem").is_some());

    let page = browser.send(&tick(form(&page), "read")).await;
    let personal = page.element("token-new").unwrap();
    let found = server
        .call(Call::introspect(&personal).client("auditor"))
        .await
        .ok();
    assert_eq!(
        (&found["username"], &found["scope"]),
        (&json!(ALICE), &json!("read"))
    );
    assert_eq!(found.get("client_id"), None);
    // It is not shown again.
    let page = browser.get("/account/personal-access-tokens").await;
    assert!(!page.text().contains(&personal) && page.text().contains("nightly run"));

    // Another person can neither see nor delete it.
    let mut bob = Browser::new(&server);
    bob.log_in_alone(BOB).await;
    let theirs = bob.get("/account/personal-access-tokens").await;
    assert!(!theirs.text().contains("nightly run"));
    let id = Form::sent_by(page.text(), "token-delete-0");
    let own_token = Form::sent_by(theirs.text(), "token-create");
    let csrf = own_token
        .fields
        .iter()
        .find(|(name, _)| name == "csrf_token")
        .unwrap()
        .1
        .clone();
    bob.send(&id.clone().fill("csrf_token", &csrf)).await;
    let active = server
        .call(Call::introspect(&personal).client("auditor"))
        .await
        .ok();
    assert_eq!(active["active"], true);

    browser
        .press(&page, "token-delete-0")
        .await
        .is_page("personal-access-tokens-page");
    let found = server.call(Call::introspect(&personal).client("auditor")).await;
    assert_eq!(found.ok(), json!({ "active": false }));
}

#[tokio::test]
async fn the_page_is_for_who_is_logged_in_and_its_forms_are_its_own() {
    let server = server().await;
    let mut nobody = Browser::new(&server);
    assert!(
        nobody
            .get("/account/personal-access-tokens")
            .await
            .location()
            .starts_with("/login")
    );
    let mut browser = Browser::new(&server);
    browser.log_in_alone(ALICE).await;
    let page = browser.get("/account/personal-access-tokens").await;
    let before = server.everything_stored();
    for button in ["token-create"] {
        let forged = Form::sent_by(page.text(), button).fill("csrf_token", "forged");
        let answer = browser.send(&forged).await;
        answer.refused_on_page(403, "access_denied", Cause::FormTokenInvalid);
    }
    assert_eq!(server.everything_stored(), before);
}
