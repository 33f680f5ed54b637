//! [Initiating User Registration via OpenID Connect 1.0](https://openid.net/specs/openid-connect-prompt-create-1_0.html),
//! and the page on which people make accounts.

use grantor_protocol::Cause;
use grantor_store::Store;
use grantor_types::Seconds;
use serde_json::json;

use crate::harness::{ALICE, Answer, Ask, Browser, Call, Callback, Form, Server, Setup, jwt, text};
use crate::rfc8414_metadata;

const SECRET: &str = "down the rabbit hole";

async fn open() -> Server {
    Setup::new()
        .policy(|policy| policy.self_registration = true)
        .start()
        .await
}

fn create() -> Ask {
    Ask::web()
        .with("scope", "openid profile")
        .with("prompt", "create")
}

/// The form of a sign-up page, filled in.
fn filled(page: &Answer, username: &str) -> Form {
    page.is_page("sign-up-page");
    Form::sent_by(page.text(), "sign-up-submit")
        .fill("username", username)
        .fill("password", SECRET)
        .fill("password_again", SECRET)
}

async fn sign_up(browser: &mut Browser<'_>, page: &Answer, username: &str) -> Answer {
    let answer = browser.send(&filled(page, username)).await;
    browser.follow(answer).await
}

/// "indicates to the OpenID Provider that the client desires that the user be shown the account creation UX rather than the
/// login flow."
#[tokio::test]
async fn an_account_is_made_and_the_application_has_its_answer() {
    let server = open().await;
    let mut browser = Browser::new(&server);
    let page = browser.ask(&create()).await;
    let form = filled(&page, " Dora ")
        .fill("name", "Dora D")
        .fill("email", "dora@example.com");
    let answer = browser.send(&form).await;
    let consent = browser.follow(answer).await;
    consent.is_page("consent-page");
    let callback = Callback::of(&browser.press(&consent, "consent-approve").await);
    let tokens = server.call(create().redeem(&callback.code())).await.ok();
    let claims = jwt::claims(text(&tokens["id_token"]));
    let dora = server.store.user_by_username("dora").await.unwrap().unwrap();
    assert_eq!(claims["sub"], json!(dora.id.to_string()));
    assert_eq!(
        (&claims["auth_time"], &claims["amr"]),
        (&json!(server.now()), &json!(["pwd"]))
    );
    let userinfo = server
        .call(Call::userinfo(text(&tokens["access_token"])))
        .await
        .ok();
    assert_eq!(
        (&userinfo["name"], &userinfo["updated_at"]),
        (&json!("Dora D"), &json!(server.now()))
    );
    assert_eq!(dora.username, "Dora");
    assert_eq!(
        (dora.claims.email.as_deref(), dora.claims.email_verified),
        (Some("dora@example.com"), Some(false))
    );
    // The password is theirs from now on.
    let mut later = Browser::new(&server);
    let page = later.get("/login").await;
    assert_eq!(later.send_login(&page, "dora", SECRET).await.status, 303);
}

#[tokio::test]
async fn from_the_login_page_and_back() {
    let server = open().await;
    let mut browser = Browser::new(&server);
    let login = browser.ask(&Ask::web()).await;
    let link = |page: &Answer, id: &str| {
        let tag = page.text().split(&format!("id=\"{id}\" href=\"")).nth(1).unwrap();
        tag.split('"').next().unwrap().to_owned()
    };
    let page = browser.get(&link(&login, "sign-up-link")).await;
    assert!(page.text().contains("The web client"));
    // Whoever has an account after all goes on with it, and so does whoever was asked to make one.
    let login = browser.get(&link(&page, "login-link")).await;
    browser.log_in(&login, ALICE).await.is_page("consent-page");
    let page = browser.ask(&create()).await;
    let login = browser.get(&link(&page, "login-link")).await;
    browser.log_in(&login, ALICE).await.is_page("consent-page");
    // Without an application there is an account page to go to.
    let mut alone = Browser::new(&server);
    let page = alone.get("/sign-up").await;
    sign_up(&mut alone, &page, "dora")
        .await
        .is_page("account-overview-page");
}

#[tokio::test]
async fn somebody_who_is_logged_in_is_asked_all_the_same_and_leaves() {
    let server = open().await;
    let mut browser = Browser::new(&server);
    browser.log_in_alone(ALICE).await;
    let cookie = browser.cookie_header();
    let page = browser.ask(&create()).await;
    sign_up(&mut browser, &page, "dora").await.is_page("consent-page");
    let alices = Call::get("/account").header(http::header::COOKIE, &cookie);
    assert!(
        server.call(alices).await.location().starts_with("/login"),
        "her session has ended"
    );
    let account = browser.get("/account").await;
    assert!(account.text().contains("dora") && !account.text().contains("ALICE"));
}

#[tokio::test]
async fn leaving_is_told_to_the_application() {
    let server = open().await;
    let mut browser = Browser::new(&server);
    let page = browser.ask(&create()).await;
    let callback = Callback::of(&browser.press(&page, "sign-up-cancel").await);
    assert_eq!(callback.value("error"), Some("access_denied"));
}

/// "If the OpenID Provider receives a prompt value that it does not support (not declared in the prompt_values_supported
/// metadata field) the OP SHOULD respond with [...] an error value of invalid_request."
#[tokio::test]
async fn where_it_is_closed_it_is_an_unknown_value_and_there_is_no_page() {
    let closed = Server::start().await;
    let mut browser = Browser::new(&closed);
    let callback = Callback::of(&browser.ask(&create()).await);
    assert_eq!(callback.value("error"), Some("invalid_request"));
    assert_eq!(
        callback.value("error_description"),
        Some(Cause::PromptCreateClosed.description())
    );
    let login = browser.get("/login").await;
    assert!(!login.text().contains("sign-up"));
    for call in [
        Call::get("/sign-up"),
        Call::post("/sign-up").field("username", "dora"),
    ] {
        assert_eq!(closed.call(call).await.status, 404);
    }
    for (server, expected) in [
        (
            closed.clone(),
            json!(["none", "login", "consent", "select_account"]),
        ),
        (
            open().await,
            json!(["none", "login", "consent", "select_account", "create"]),
        ),
    ] {
        let metadata = rfc8414_metadata::document(&server, "/.well-known/openid-configuration").await;
        assert_eq!(metadata["prompt_values_supported"], expected);
    }
}

#[tokio::test]
async fn it_stands_alone() {
    let server = open().await;
    for prompt in ["create login", "none create", "consent create select_account"] {
        let mut browser = Browser::new(&server);
        let callback = Callback::of(&browser.ask(&create().with("prompt", prompt)).await);
        assert_eq!(callback.value("error"), Some("invalid_request"), "{prompt}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_its_field_and_makes_no_account() {
    let server = open().await;
    let mut browser = Browser::new(&server);
    let page = browser.get("/sign-up").await;
    let users = async || server.store.users(None, 100).await.unwrap().items.len();
    let before = users().await;
    let long = "x".repeat(256);
    for (field, value, status) in [
        ("username", "", 400),
        ("username", "a\u{7}b", 400),
        ("username", long.as_str(), 400),
        ("username", "ALICE", 409),
        ("password", "short12", 400),
        ("password", "", 400),
        ("password_again", "down the rabbit Hole", 400),
        ("name", "D\u{0}ora", 400),
        ("email", "dora", 400),
    ] {
        let form = filled(&page, "dora").fill("name", "Dora").fill(field, value);
        let answer = browser.send(&form).await;
        assert_eq!(answer.status, status, "{field}={value}");
        let id = field.replace('_', "-");
        assert!(
            answer.element(&format!("{id}-problem")).is_some(),
            "{field}={value}: {}",
            answer.text()
        );
        assert!(!answer.text().contains(SECRET));
        let kept = Form::sent_by(answer.text(), "sign-up-submit");
        if field != "name" {
            assert_eq!(kept.value("name"), Some("Dora"));
        }
    }
    let forged = filled(&page, "dora").fill("csrf_token", "x");
    let answer = browser.send(&forged).await;
    assert_eq!(answer.status, 403);
    assert!(answer.element("sign-up-problem").is_some());
    assert_eq!(users().await, before);
}

/// Neither accounts nor the names that are taken are to be had by the thousand.
#[tokio::test]
async fn an_address_makes_so_many_accounts_and_no_more() {
    let server = Setup::new()
        .policy(|policy| {
            policy.self_registration = true;
            policy.login.address_attempts = 4;
        })
        .start()
        .await;
    for name in ["dora", "ALICE", "ella", "bob"] {
        let mut browser = Browser::new(&server);
        let page = browser.get("/sign-up").await;
        let status = browser.send(&filled(&page, name)).await.status;
        assert_eq!(
            status,
            if ["dora", "ella"].contains(&name) {
                303
            } else {
                409
            },
            "{name}"
        );
    }
    let mut browser = Browser::new(&server);
    let page = browser.get("/sign-up").await;
    for name in ["fred", ALICE] {
        let answer = browser.send(&filled(&page, name)).await;
        assert_eq!(
            (answer.status, answer.header("retry-after")),
            (429, Some("1")),
            "{name}"
        );
        assert!(answer.element("sign-up-problem").is_some());
    }
    // Others are elsewhere; and logging in is another matter.
    let mut elsewhere = Browser::new(&server);
    elsewhere.address = "192.0.2.8".to_owned();
    let page = elsewhere.get("/sign-up").await;
    assert_eq!(elsewhere.send(&filled(&page, "fred")).await.status, 303);
    browser.log_in_alone(ALICE).await.is_page("account-overview-page");
    server.advance(Seconds(1));
    let mut browser = Browser::new(&server);
    let page = browser.get("/sign-up").await;
    assert_eq!(browser.send(&filled(&page, "gina")).await.status, 303);
}

/// What a browser tried counts on, whether an account came of it or not.
#[tokio::test]
async fn an_account_does_not_make_up_for_names_that_were_taken() {
    let server = Setup::new()
        .policy(|policy| {
            policy.self_registration = true;
            policy.login.account_attempts = 3;
        })
        .start()
        .await;
    let mut browser = Browser::new(&server);
    for (name, status) in [(ALICE, 409), (ALICE, 409), ("dora", 303)] {
        let page = browser.get("/sign-up").await;
        assert_eq!(browser.send(&filled(&page, name)).await.status, status, "{name}");
    }
    let account = browser.get("/account").await;
    browser.press(&account, "sign-out").await;
    let page = browser.get("/sign-up").await;
    assert_eq!(browser.send(&filled(&page, "erin")).await.status, 429);
}

#[tokio::test]
async fn of_many_who_want_one_name_at_once_one_has_it() {
    let server = open().await;
    let mut calls = Vec::new();
    for number in 0..6 {
        let mut browser = Browser::new(&server);
        let page = browser.get("/sign-up").await;
        let name = if number % 2 == 0 { "dora" } else { "DORA" };
        let form = filled(&page, name);
        let call = Call::post(&form.action).fields(&form.fields);
        calls.push(call.header(http::header::COOKIE, &browser.cookie_header()));
    }
    let answers = server.at_once(calls).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409, 409, 409, 409, 409]);
    let found = server.store.users(None, 100).await.unwrap().items;
    let doras = found
        .iter()
        .filter(|user| user.username.eq_ignore_ascii_case("dora"));
    assert_eq!(doras.count(), 1);
    // Whoever was too late has no session of hers.
    let sessions = server.store.user_by_username("dora").await.unwrap().unwrap().id;
    assert_eq!(server.store.sessions_of(sessions).await.unwrap().len(), 1);
}

/// A pushed request is checked where it is pushed; there the answer has the status that the specification names.
#[tokio::test]
async fn a_pushed_request_is_refused_with_400_where_it_is_closed() {
    let server = Server::start().await;
    let ask = create();
    let call = Call::post("/oauth/par")
        .fields(ask.parameters())
        .field("client_secret", "web-secret");
    server
        .call(call)
        .await
        .refused(400, "invalid_request", Cause::PromptCreateClosed);
    let open = open().await;
    let call = Call::post("/oauth/par")
        .fields(ask.parameters())
        .field("client_secret", "web-secret");
    assert_eq!(open.call(call).await.status, 201);
}
