//! Where the person answers (RFC 8628 3.3, 5.1, 5.4 and 6.1; BCP 247).

use grantor_protocol::Cause;
use grantor_types::Seconds;

use crate::harness::{ALICE, Answer, Ask, BOB, Browser, Call, Codes, Form, Server, Setup, type_code};

#[track_caller]
fn problem(page: &Answer, status: u16, words: &str) {
    page.is_page("device-code-page");
    assert_eq!(page.status, status);
    let (_, problem) = page.text().split_once("id=\"device-problem\"").unwrap();
    assert!(
        problem.split("</div>").next().unwrap().contains(words),
        "{problem}"
    );
}

#[tokio::test]
async fn who_asks_for_what_on_which_device_and_when() {
    let server = Server::start().await;
    let codes = Codes::of_tv(&server).await;
    let mut browser = Browser::new(&server);
    let page = codes.confirm_page(&mut browser, ALICE).await;
    page.is_page("device-confirm-page");
    assert_eq!(page.element("device-user-code"), Some(codes.user_code.clone()));
    assert_eq!(
        page.element("device-name").unwrap(),
        "The device calls itself \u{201c}AcmeTV/7.2\u{201d}. Nobody has checked that."
    );
    assert!(
        page.element("device-asked").unwrap().contains("2025"),
        "{}",
        page.text()
    );
    for shown in ["The tv client", "ALICE Example", "Read your lamps."] {
        assert!(page.text().contains(shown), "{shown}");
    }
    assert!(!page.text().contains("Switch your lamps."));
    assert!(!page.text().contains(&codes.device_code));
}

#[tokio::test]
async fn a_code_is_typed_as_people_type() {
    let server = Server::start().await;
    let mut browser = Browser::logged_in(&server, ALICE).await;
    let code = Codes::of_tv(&server).await.user_code;
    let (first, second) = code.split_once('-').unwrap();
    for typed in [
        code.clone(),
        code.to_lowercase(),
        format!("{first}{second}"),
        format!(" {first} {second} "),
        format!("{}.{}", first.to_lowercase(), second),
    ] {
        let page = type_code(&mut browser, &typed).await;
        page.is_page("device-confirm-page");
        assert_eq!(page.element("device-user-code"), Some(code.clone()), "{typed}");
    }
}

/// The link with the code fills it in, and asks all the same.
#[tokio::test]
async fn the_complete_address_asks_for_confirmation() {
    let server = Server::start().await;
    let codes = Codes::of_tv(&server).await;
    let complete = codes.answer["verification_uri_complete"].as_str().unwrap();
    let path = complete.strip_prefix("https://id.example").unwrap();
    let mut browser = Browser::logged_in(&server, ALICE).await;
    let before = server.everything_stored();
    let page = browser.get(path).await;
    page.is_page("device-code-page");
    let form = Form::sent_by(page.text(), "device-submit");
    assert_eq!(form.value("user_code"), Some(codes.user_code.as_str()));
    assert_eq!(server.everything_stored(), before);
    let confirm = browser.press(&page, "device-submit").await;
    confirm.is_page("device-confirm-page");
    let done = browser.press(&confirm, "device-approve").await;
    assert!(done.text().contains("id=\"device-approved\""));
    server.call(codes.poll()).await.ok();
    // What stands in the address stays text.
    let hostile = browser
        .get(
            "/device?user_code=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E%E2%80%AE%E2%80%AE%E2%80%AE%E2%80%AE",
        )
        .await;
    hostile.is_page("device-code-page");
    assert!(!hostile.text().contains("<script>alert"));
}

#[tokio::test]
async fn codes_that_lead_nowhere() {
    let server = Server::start().await;
    let mut browser = Browser::logged_in(&server, ALICE).await;
    for typed in ["", "BCDF", "AAAA-AAAA", "12345678", "BCDF-GHJK", &"B".repeat(500)] {
        let before = server.everything_stored();
        let page = type_code(&mut browser, typed).await;
        problem(&page, 400, "No device is waiting");
        let counted = typed == "BCDF-GHJK";
        assert_eq!(server.everything_stored() != before, counted, "{typed}");
    }
    let codes = Codes::of_tv(&server).await;
    server.advance(Seconds(1_800));
    let page = type_code(&mut browser, &codes.user_code).await;
    problem(&page, 400, "has expired");
    let codes = Codes::of_tv(&server).await;
    codes.approve(&server, BOB).await;
    let page = type_code(&mut browser, &codes.user_code).await;
    problem(&page, 400, "was used before");
    let codes = Codes::of_tv(&server).await;
    server.edit_client("tv", |client| client.disabled = true).await;
    let page = type_code(&mut browser, &codes.user_code).await;
    problem(&page, 400, "No device is waiting");
}

/// Two people have the question in front of them: the first answer counts.
#[tokio::test]
async fn a_device_is_answered_once() {
    let server = Server::start().await;
    let codes = Codes::of_tv(&server).await;
    let (mut alice, mut bob) = (Browser::new(&server), Browser::new(&server));
    let before_alice = codes.confirm_page(&mut alice, ALICE).await;
    let before_bob = codes.confirm_page(&mut bob, BOB).await;
    bob.press(&before_bob, "device-deny").await;
    let page = alice.press(&before_alice, "device-approve").await;
    problem(&page, 400, "was used before");
    let again = bob.press(&before_bob, "device-approve").await;
    problem(&again, 400, "was used before");
    server
        .call(codes.poll())
        .await
        .refused(400, "access_denied", Cause::DeviceDenied);
    // And it may have ended while the page was open.
    let codes = Codes::of_tv(&server).await;
    let page = codes.confirm_page(&mut alice, ALICE).await;
    server.advance(Seconds(1_800));
    let late = alice.press(&page, "device-approve").await;
    problem(&late, 400, "has expired");
}

#[tokio::test]
async fn another_account() {
    let server = Server::start().await;
    let codes = Codes::of_tv(&server).await;
    let mut browser = Browser::new(&server);
    let page = codes.confirm_page(&mut browser, ALICE).await;
    let login = browser.press(&page, "device-other").await;
    login.is_page("login-page");
    let page = browser.log_in(&login, BOB).await;
    page.is_page("device-confirm-page");
    assert!(page.text().contains("BOB Example"));
    // The page that Alice had is not Bob's.
    let codes = Codes::of_tv(&server).await;
    let stale = codes.confirm_page(&mut browser, BOB).await;
    let mut other = Browser::new(&server);
    other.cookies = browser.cookies.clone();
    other.log_in_alone(ALICE).await;
    let form = Form::sent_by(stale.text(), "device-approve");
    let before = server.everything_stored();
    let answer = other.send(&form).await;
    answer.refused_on_page(403, "access_denied", Cause::FormTokenInvalid);
    assert_eq!(server.everything_stored(), before);
}

#[tokio::test]
async fn forms_of_others_are_refused() {
    let server = Server::start().await;
    let codes = Codes::of_tv(&server).await;
    let mut alice = Browser::new(&server);
    let confirm = Form::sent_by(
        codes.confirm_page(&mut alice, ALICE).await.text(),
        "device-approve",
    );
    let typed =
        Form::sent_by(alice.get("/device").await.text(), "device-submit").fill("user_code", &codes.user_code);
    let mut bob = Browser::logged_in(&server, BOB).await;
    let before = server.everything_stored();
    for form in [&confirm, &typed] {
        let answer = bob.send(form).await;
        answer.refused_on_page(403, "access_denied", Cause::FormTokenInvalid);
        let answer = alice.send(&form.clone().fill("csrf_token", "")).await;
        answer.refused_on_page(403, "access_denied", Cause::FormTokenInvalid);
    }
    // What was sealed for another page does not fit here, and nothing unsealed does.
    let login = Browser::new(&server).ask(&Ask::web()).await;
    let of_another_page = Form::sent_by(login.text(), "login-submit");
    for interaction in [of_another_page.value("interaction").unwrap(), "x", ""] {
        let answer = alice
            .send(&confirm.clone().fill("interaction", interaction))
            .await;
        answer.refused_on_page(403, "access_denied", Cause::InteractionExpired);
        let answer = alice
            .get(&format!("/device/confirm?interaction={interaction}"))
            .await;
        answer.refused_on_page(403, "access_denied", Cause::InteractionExpired);
    }
    assert_eq!(server.everything_stored(), before);
    // Without a clear yes it is a no.
    alice.send(&confirm.fill("decision", "perhaps")).await;
    server
        .call(codes.poll())
        .await
        .refused(400, "access_denied", Cause::DeviceDenied);
}

/// Nobody answers who is not logged in.
#[tokio::test]
async fn an_answer_needs_a_login() {
    let server = Server::start().await;
    let codes = Codes::of_tv(&server).await;
    let mut browser = Browser::new(&server);
    let login = type_code(&mut browser, &codes.user_code).await;
    login.is_page("login-page");
    assert!(!login.text().contains("The tv client"));
    let interaction = Form::sent_by(login.text(), "login-submit");
    let interaction = interaction.value("interaction").unwrap();
    let before = server.everything_stored();
    let page = browser
        .get(&format!("/device/confirm?interaction={interaction}"))
        .await;
    assert!(page.location().starts_with("/login?interaction="));
    let form = Form::sent_by(browser.get("/device").await.text(), "device-submit");
    let call = Call::post("/device/confirm")
        .field("csrf_token", form.value("csrf_token").unwrap())
        .field("interaction", interaction)
        .field("decision", "approve");
    let answer = browser.call(call).await;
    assert!(answer.location().starts_with("/login?interaction="));
    assert_eq!(server.everything_stored(), before);
}

/// Five wrong codes slow a session down, and a right one in between takes nothing back (5.1).
#[tokio::test]
async fn guessing_slows_down() {
    let server = Server::start().await;
    let mut guesser = Browser::logged_in(&server, ALICE).await;
    let own = Codes::of_tv(&server).await;
    for guess in ["BCDF-GHJK", "BCDF-GHJL", "BCDF-GHJM", "BCDF-GHJN", "BCDF-GHJP"] {
        let page = type_code(&mut guesser, guess).await;
        problem(&page, 400, "No device is waiting");
        if guess == "BCDF-GHJL" {
            type_code(&mut guesser, &own.user_code)
                .await
                .is_page("device-confirm-page");
        }
    }
    let blocked = type_code(&mut guesser, &own.user_code).await;
    problem(&blocked, 429, "");
    assert_eq!(blocked.header("retry-after"), Some("1"));
    // Neither somebody else here nor logins are held up by it.
    let mut other = Browser::logged_in(&server, BOB).await;
    type_code(&mut other, &own.user_code)
        .await
        .is_page("device-confirm-page");
    server.advance(Seconds(1));
    type_code(&mut guesser, &own.user_code)
        .await
        .is_page("device-confirm-page");
}

/// A wrong code is counted with one commit, a right one writes nothing.
#[tokio::test]
async fn wrong_codes_are_counted_and_right_ones_are_not() {
    let server = Server::start().await;
    let mut browser = Browser::logged_in(&server, ALICE).await;
    let codes = Codes::of_tv(&server).await;
    for _ in 0..7 {
        let (commits, before) = (server.commits(), server.everything_stored());
        let page = type_code(&mut browser, &codes.user_code).await;
        page.is_page("device-confirm-page");
        assert_eq!(server.commits(), commits);
        assert_eq!(server.everything_stored(), before);
    }
    for guess in ["BCDF-GHJK", "BCDF-GHJL"] {
        let commits = server.commits();
        problem(&type_code(&mut browser, guess).await, 400, "No device is waiting");
        assert_eq!(server.commits(), commits + 1);
    }
}

/// Twenty codes at once are twenty guesses.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guesses_at_once_do_not_slip_through() {
    let server = Server::start().await;
    let mut guesser = Browser::logged_in(&server, ALICE).await;
    let page = guesser.get("/device").await;
    let form = Form::sent_by(page.text(), "device-submit").fill("user_code", "BCDF-GHJK");
    let cookies = guesser.cookie_header();
    let guesses = (0..20).map(|_| {
        Call::post(&form.action)
            .fields(&form.fields)
            .header(http::header::COOKIE, &cookies)
    });
    let answers = server.at_once(guesses).await;
    let looked_up = answers.iter().filter(|answer| answer.status == 400).count();
    let blocked = answers.iter().filter(|answer| answer.status == 429).count();
    assert_eq!((looked_up, blocked), (5, 15));
}

/// Whoever throws the cookies away is counted by address.
#[tokio::test]
async fn an_address_slows_down_too() {
    let setup = Setup::new().policy(|policy| policy.login.address_attempts = 10);
    let server = setup.start().await;
    let codes = Codes::of_tv(&server).await;
    for _ in 0..10 {
        let page = type_code(&mut Browser::new(&server), "BCDF-GHJK").await;
        problem(&page, 400, "No device is waiting");
    }
    let blocked = type_code(&mut Browser::new(&server), &codes.user_code).await;
    problem(&blocked, 429, "");
    let mut elsewhere = Browser::new(&server);
    elsewhere.address = "198.51.100.1".to_owned();
    type_code(&mut elsewhere, &codes.user_code)
        .await
        .is_page("login-page");
}

/// A user code is stored under a key; when that is replaced, the codes that are on screens still work.
#[tokio::test]
async fn codes_outlive_their_key() {
    let server = Server::start().await;
    let before = Codes::of_tv(&server).await;
    server.replace_keys_now().await;
    let after = Codes::of_tv(&server).await;
    for codes in [before, after] {
        codes.approve(&server, ALICE).await;
        server.call(codes.poll()).await.ok();
    }
}

#[tokio::test]
async fn what_a_device_says_of_itself_stays_a_hint() {
    let server = Server::start().await;
    let mut browser = Browser::logged_in(&server, ALICE).await;
    let firefox = "Mozilla/5.0 (Android 16; Mobile; rv:140.0) Firefox/140.0";
    for (agent, shown) in [
        (Some(firefox), Some("Firefox, Android".to_owned())),
        (Some("<b>Bank\u{a0}TV</b>"), None),
        (None, None),
    ] {
        let call = Call::device("tv");
        let call = match agent.filter(|agent| agent.is_ascii()) {
            Some(agent) => call.named_header("user-agent", agent),
            None => call,
        };
        let codes = server.call(call).await.ok();
        let page = type_code(&mut browser, codes["user_code"].as_str().unwrap()).await;
        let name = page.element("device-name");
        match shown {
            Some(shown) => assert!(name.unwrap().contains(&shown)),
            None => assert_eq!(name, None),
        }
    }
    let call = Call::device("tv").named_header("user-agent", "<b id=\"device-approve\">");
    let codes = server.call(call).await.ok();
    let page = type_code(&mut browser, codes["user_code"].as_str().unwrap()).await;
    assert!(!page.text().contains("<b id="));
}
