//! The page on which people change their password.

use grantor_protocol::Cause;
use grantor_store::Store;
use grantor_types::Seconds;

use crate::harness::{ALICE, Answer, Ask, Browser, Call, Form, Server, Setup, password, text, user_id};

const PATH: &str = "/account/password";
const NEW: &str = "through the looking-glass";

async fn change(browser: &mut Browser<'_>, present: &str, new: &str, again: &str) -> Answer {
    let page = browser.get(PATH).await;
    page.is_page("password-page");
    let form = Form::sent_by(page.text(), "password-change")
        .fill("password", present)
        .fill("new_password", new)
        .fill("new_password_again", again);
    browser.send(&form).await
}

async fn can_log_in(server: &Server, secret: &str) -> bool {
    let mut browser = Browser::new(server);
    let page = browser.get("/login").await;
    browser.send_login(&page, ALICE, secret).await.status == 303
}

#[tokio::test]
async fn it_changes_and_every_other_session_ends() {
    let server = Server::start().await;
    let (mut here, mut there) = (
        Browser::logged_in(&server, ALICE).await,
        Browser::logged_in(&server, ALICE).await,
    );
    let code = there.callback(&Ask::web(), ALICE).await.code();
    let theirs = server.call(Ask::web().redeem(&code)).await.ok();
    let code = here.callback(&Ask::web(), ALICE).await.code();
    let ours = server.call(Ask::web().redeem(&code)).await.ok();
    let page = change(&mut here, &password(ALICE), NEW, NEW).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.element("password-changed").is_some());
    assert!(!page.text().contains(NEW));
    here.get("/account").await.is_page("account-overview-page");
    assert!(there.get("/account").await.location().starts_with("/login"));
    // What was begun in a session that somebody else may have had goes with it.
    let refresh = async |tokens: &serde_json::Value| {
        server
            .call(Call::refresh("web", text(&tokens["refresh_token"])))
            .await
    };
    refresh(&theirs)
        .await
        .refused(400, "invalid_grant", Cause::RefreshTokenRevoked);
    refresh(&ours).await.ok();
    assert!(can_log_in(&server, NEW).await);
    assert!(!can_log_in(&server, &password(ALICE)).await);
}

#[tokio::test]
async fn what_is_wrong_is_said_and_changes_nothing() {
    let server = Server::start().await;
    let mut browser = Browser::logged_in(&server, ALICE).await;
    let before = server.store.user(user_id(ALICE)).await.unwrap().unwrap();
    let present = password(ALICE);
    let long = "x".repeat(1_025);
    for (old, new, again, status, field) in [
        (present.as_str(), "short12", "short12", 400, "new-password"),
        (&present, "", "", 400, "new-password"),
        (&present, &long, &long, 400, "new-password"),
        (
            &present,
            NEW,
            "through the looking glass",
            400,
            "new-password-again",
        ),
        (&present, NEW, "", 400, "new-password-again"),
        ("wrong", NEW, NEW, 403, "password"),
        ("", NEW, NEW, 403, "password"),
    ] {
        let page = change(&mut browser, old, new, again).await;
        assert_eq!(page.status, status, "{field}");
        let said = page.element(&format!("{field}-problem")).unwrap();
        assert!(!said.is_empty(), "{field}");
        assert!(!page.text().contains(&present) && !page.text().contains(NEW));
    }
    assert_eq!(server.store.user(user_id(ALICE)).await.unwrap().unwrap(), before);
    let page = browser.get(PATH).await;
    let forged = Form::sent_by(page.text(), "password-change").fill("csrf_token", "x");
    browser
        .send(&forged)
        .await
        .refused_on_page(403, "access_denied", Cause::FormTokenInvalid);
}

/// Whoever finds an open session guesses the password no faster than at the login page, and what was guessed there counts.
#[tokio::test]
async fn guessing_slows_down_as_at_the_login() {
    let server = Server::start().await;
    let mut browser = Browser::logged_in(&server, ALICE).await;
    for _ in 0..5 {
        assert_eq!(change(&mut browser, "a guess", NEW, NEW).await.status, 403);
    }
    let page = change(&mut browser, &password(ALICE), NEW, NEW).await;
    assert_eq!((page.status, page.header("retry-after")), (429, Some("1")));
    assert!(page.element("password-problem").is_some());
    assert!(
        !can_log_in(&server, &password(ALICE)).await,
        "the login waits too"
    );
    server.advance(Seconds(1));
    assert_eq!(change(&mut browser, &password(ALICE), NEW, NEW).await.status, 200);
    assert!(can_log_in(&server, NEW).await, "a success forgets the guesses");
}

/// Two windows at once: the password that is left is one of the two, and the other window is not told that it won.
#[tokio::test]
async fn of_two_changes_at_once_one_wins() {
    let server = Setup::new()
        .policy(|policy| policy.login.account_attempts = 10)
        .start()
        .await;
    let mut browser = Browser::logged_in(&server, ALICE).await;
    let page = browser.get(PATH).await;
    let call = |new: &str| {
        let form = Form::sent_by(page.text(), "password-change")
            .fill("password", &password(ALICE))
            .fill("new_password", new)
            .fill("new_password_again", new);
        Call::post(&form.action)
            .fields(&form.fields)
            .header(http::header::COOKIE, &browser.cookie_header())
    };
    let new = ["first password", "second password"];
    let answers = server.at_once(new.map(call)).await;
    let won: Vec<&str> = new
        .iter()
        .zip(&answers)
        .filter(|(_, answer)| answer.status == 200)
        .map(|(new, _)| *new)
        .collect();
    assert_eq!(won.len(), 1, "{answers:?}");
    let lost = answers.iter().find(|answer| answer.status != 200).unwrap();
    assert_eq!(lost.status, 403);
    assert!(
        lost.element("password-problem").is_some(),
        "it is not the present one any more"
    );
    assert!(can_log_in(&server, won[0]).await);
}
