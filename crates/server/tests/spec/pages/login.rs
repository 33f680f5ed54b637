//! Logging in, and how guessing slows down.

use std::net::IpAddr;
use std::time::Duration;

use grantor_protocol::login::AttemptKeys;
use grantor_server::Network;
use grantor_store::Store;
use grantor_types::Seconds;

use crate::harness::{ALICE, Answer, Ask, BOB, Browser, Call, Form, Server, Setup, password};

async fn attempt(browser: &mut Browser<'_>, username: &str, password: &str) -> Answer {
    let page = browser.get("/login").await;
    let form = Form::sent_by(page.text(), "login-submit")
        .fill("username", username)
        .fill("password", password);
    browser.send(&form).await
}

/// Nobody can find out who has an account here.
#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_look_the_same() {
    let server = Setup::new()
        .user(BOB, |user| user.password_hash = None)
        .start()
        .await;
    let mut texts = Vec::new();
    for (username, secret) in [
        (ALICE, "wrong".to_owned()),
        ("nobody", "wrong".to_owned()),
        // Switched off, and without a password.
        ("carol", password("carol")),
        (BOB, password(BOB)),
        (ALICE, "x".repeat(2000)),
        (ALICE, password(ALICE).to_uppercase()),
        (ALICE, format!("{} ", password(ALICE))),
    ] {
        let mut browser = Browser::new(&server);
        let answer = attempt(&mut browser, username, &secret).await;
        assert_eq!(answer.status, 401, "{username}");
        answer.is_page("login-page");
        assert!(!answer.text().contains(&secret));
        assert!(!browser.cookies.contains_key("__Host-grantor_session"));
        texts.push(answer.element("login-problem").unwrap());
    }
    texts.dedup();
    assert_eq!(texts.len(), 1);
}

#[tokio::test]
async fn a_name_is_compared_without_regard_to_case_and_spaces_around() {
    let server = Server::start().await;
    for username in ["alice", "ALICE", " Alice "] {
        let mut browser = Browser::new(&server);
        let answer = attempt(&mut browser, username, &password(ALICE)).await;
        assert_eq!((answer.status, answer.location()), (303, "/account"));
    }
}

#[tokio::test]
async fn five_wrong_passwords_slow_the_account_down_and_no_other() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    for _ in 0..5 {
        assert_eq!(attempt(&mut browser, ALICE, "wrong").await.status, 401);
    }
    let blocked = attempt(&mut browser, ALICE, &password(ALICE)).await;
    assert_eq!((blocked.status, blocked.header("retry-after")), (429, Some("1")));
    blocked.is_page("login-page");
    // From elsewhere too, but not somebody else from here.
    let mut elsewhere = Browser::new(&server);
    elsewhere.address = "198.51.100.1".to_owned();
    assert_eq!(
        attempt(&mut elsewhere, "ALICE", &password(ALICE)).await.status,
        429
    );
    assert_eq!(attempt(&mut browser, BOB, &password(BOB)).await.status, 303);
    // Each wrong attempt doubles the wait.
    for wait in [1_u64, 2, 4, 8] {
        server.advance(Seconds(wait));
        assert_eq!(attempt(&mut browser, ALICE, "wrong").await.status, 401, "{wait}");
        let blocked = attempt(&mut browser, ALICE, &password(ALICE)).await;
        let retry_after = (wait * 2).to_string();
        assert_eq!(blocked.header("retry-after"), Some(retry_after.as_str()));
    }
    // The right password at the right time forgets it all.
    server.advance(Seconds(16));
    assert_eq!(attempt(&mut browser, ALICE, &password(ALICE)).await.status, 303);
    for _ in 0..5 {
        assert_eq!(attempt(&mut browser, ALICE, "wrong").await.status, 401);
    }
}

/// Whether an account exists does not matter to how it slows down.
#[tokio::test]
async fn an_account_that_does_not_exist_slows_down_as_well() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    for _ in 0..5 {
        assert_eq!(attempt(&mut browser, "nobody", "wrong").await.status, 401);
    }
    assert_eq!(attempt(&mut browser, "nobody", "wrong").await.status, 429);
}

/// One address that tries many accounts.
#[tokio::test]
async fn an_address_slows_down_after_a_hundred() {
    let server = Setup::new()
        .policy(|policy| policy.login.address_attempts = 10)
        .start()
        .await;
    let mut browser = Browser::new(&server);
    for n in 0..10 {
        assert_eq!(
            attempt(&mut browser, &format!("user{n}"), "wrong").await.status,
            401
        );
    }
    assert_eq!(attempt(&mut browser, BOB, &password(BOB)).await.status, 429);
    // The neighbour in the same /64 is the same customer; another IPv4 address is not.
    browser.address = "192.0.2.8".to_owned();
    assert_eq!(attempt(&mut browser, BOB, &password(BOB)).await.status, 303);
    let mut six = Browser::new(&server);
    for n in 0..10 {
        six.address = format!("2001:db8::{n:x}");
        assert_eq!(attempt(&mut six, &format!("six{n}"), "wrong").await.status, 401);
    }
    six.address = "2001:db8::ffff".to_owned();
    assert_eq!(attempt(&mut six, BOB, &password(BOB)).await.status, 429);
    six.address = "2001:db8:0:1::1".to_owned();
    assert_eq!(attempt(&mut six, BOB, &password(BOB)).await.status, 303);
}

/// A header that anybody can write gives nobody another address.
#[tokio::test]
async fn x_forwarded_for_counts_from_trusted_proxies_alone() {
    let strict = |trusted: &[&str]| {
        let mut setup = Setup::new().policy(|policy| policy.login.address_attempts = 3);
        let network = |text: &&str| Network::parse(text).unwrap();
        setup.settings.trusted_proxies = trusted.iter().map(network).collect();
        setup
    };
    // Nobody is trusted: the peer counts, whatever the header says.
    let server = strict(&[]).start().await;
    let mut browser = Browser::new(&server);
    for n in 0..3 {
        browser.forwarded_for = Some(format!("198.51.100.{n}"));
        assert_eq!(attempt(&mut browser, &format!("a{n}"), "wrong").await.status, 401);
    }
    browser.forwarded_for = Some("198.51.100.99".to_owned());
    assert_eq!(attempt(&mut browser, BOB, &password(BOB)).await.status, 429);

    // A proxy is trusted: the address that it saw counts, not what its client had written before it.
    let server = strict(&["192.0.2.0/24", "10.0.0.0/8"]).start().await;
    let mut browser = Browser::new(&server);
    for n in 0..3 {
        browser.forwarded_for = Some(format!("203.0.113.{n}, 198.51.100.7, 10.0.0.1"));
        assert_eq!(attempt(&mut browser, &format!("b{n}"), "wrong").await.status, 401);
    }
    browser.forwarded_for = Some("203.0.113.50, 198.51.100.7".to_owned());
    assert_eq!(attempt(&mut browser, BOB, &password(BOB)).await.status, 429);
    browser.forwarded_for = Some("198.51.100.8".to_owned());
    assert_eq!(attempt(&mut browser, BOB, &password(BOB)).await.status, 303);
}

/// What a proxy of ours wrote in a form that we cannot read must not make us believe what stands before it.
#[tokio::test]
async fn x_forwarded_for_is_read_from_the_right_as_far_as_it_can_be() {
    for hop in [
        "198.51.100.7:52341",
        "198.51.100.7",
        " 198.51.100.7 ",
        "unknown",
        "",
        "198.51.100.7:x",
    ] {
        let mut setup = Setup::new().policy(|policy| policy.login.address_attempts = 2);
        setup.settings.trusted_proxies = vec![Network::parse("192.0.2.0/24").unwrap()];
        let server = setup.start().await;
        let mut browser = Browser::new(&server);
        for n in 0..2 {
            browser.forwarded_for = Some(format!("203.0.113.{n}, {hop}"));
            assert_eq!(attempt(&mut browser, &format!("c{n}"), "wrong").await.status, 401);
        }
        browser.forwarded_for = Some(format!("203.0.113.99, {hop}"));
        assert_eq!(
            attempt(&mut browser, BOB, &password(BOB)).await.status,
            429,
            "{hop:?}"
        );
    }
    let mut setup = Setup::new().policy(|policy| policy.login.address_attempts = 1);
    setup.settings.trusted_proxies = vec![Network::parse("192.0.2.0/24").unwrap()];
    let server = setup.start().await;
    let mut browser = Browser::new(&server);
    for (hop, status) in [
        ("2001:db8::1", 401),
        ("[2001:db8::1]", 429),
        ("[2001:db8::1]:443", 429),
        ("2001:db8:0:1::1", 401),
    ] {
        browser.forwarded_for = Some(hop.to_owned());
        assert_eq!(
            attempt(&mut browser, &format!("d{status}{hop}"), "wrong")
                .await
                .status,
            status,
            "{hop}"
        );
    }
}

/// Requests with a wrong password each, from browsers of their own.
async fn guesses(server: &Server, username: &str, number: usize) -> Vec<Call> {
    let mut guesses = Vec::new();
    for n in 0..number {
        guesses.push(guess(server, username, &format!("guess {n}")).await);
    }
    guesses
}

async fn guess(server: &Server, username: &str, password: &str) -> Call {
    let mut browser = Browser::new(server);
    let page = browser.get("/login").await;
    let form = Form::sent_by(page.text(), "login-submit")
        .fill("username", username)
        .fill("password", password);
    let call = Call::post(&form.action).fields(&form.fields);
    call.header(http::header::COOKIE, &browser.cookie_header())
}

/// How many got as far as the password.
fn checked(answers: &[Answer]) -> usize {
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    assert!(
        statuses.iter().all(|status| [401, 429].contains(status)),
        "{statuses:?}"
    );
    statuses.iter().filter(|status| **status == 401).count()
}

/// The failures that are stored for an account and for the address of these browsers.
async fn failures(server: &Server, username: &str) -> (u32, u32) {
    let keys = AttemptKeys::of(username, "192.0.2.7".parse::<IpAddr>().unwrap());
    let stored = server.store.login_attempts(&[keys.account, keys.address]).await;
    let stored = stored.unwrap();
    (stored[0].count, stored[1].count)
}

/// Fifty guesses at once are fifty guesses: most never get as far as the password.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guesses_at_once_do_not_slip_through() {
    let server = Server::start().await;
    let guesses_at_once = guesses(&server, ALICE, 50).await;
    assert_eq!(checked(&server.at_once(guesses_at_once).await), 5);
    assert_eq!(failures(&server, ALICE).await, (5, 5));
    // When the wait is over there is room for one.
    server.advance(Seconds(1));
    let guesses_at_once = guesses(&server, ALICE, 20).await;
    assert_eq!(checked(&server.at_once(guesses_at_once).await), 1);
    assert_eq!(failures(&server, ALICE).await, (6, 6));
    // However they fall: some begin when others are just being counted.
    let mut sent = Vec::new();
    for call in guesses(&server, BOB, 20).await {
        let server = server.clone();
        sent.push(tokio::spawn(async move { server.call(call).await }));
    }
    let mut answers = Vec::new();
    for answer in sent {
        answers.push(answer.await.unwrap());
    }
    assert!((1..=5).contains(&checked(&answers)));
    assert_eq!(failures(&server, BOB).await.0 as usize, checked(&answers));
}

/// One address at many accounts.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_address_guesses_no_more_at_once() {
    let server = Setup::new()
        .policy(|policy| policy.login.address_attempts = 7)
        .start()
        .await;
    let mut guesses = Vec::new();
    for n in 0..20 {
        guesses.push(guess(&server, &format!("user{n}"), "wrong").await);
    }
    assert_eq!(checked(&server.at_once(guesses).await), 7);
}

/// Two processes do not know what is under way in the other, but share what is stored.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_processes_each_lets_through_no_more_than_the_limit() {
    let one = Server::start().await;
    let other = one.restart().await;
    let (to_one, to_other) = (guesses(&one, ALICE, 20).await, guesses(&other, ALICE, 20).await);
    let (one_answered, other_answered) = tokio::join!(one.at_once(to_one), other.at_once(to_other));
    let each = [checked(&one_answered), checked(&other_answered)];
    assert!(each.iter().all(|checked| *checked <= 5), "{each:?}");
    assert!((5..=10).contains(&(each[0] + each[1])), "{each:?}");
    assert_eq!(failures(&one, ALICE).await.0 as usize, each[0] + each[1]);
    for server in [&one, &other] {
        let guesses = guesses(server, ALICE, 20).await;
        assert_eq!(checked(&server.at_once(guesses).await), 0);
    }
}

/// Nobody guesses for nothing by hanging up before the answer comes.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_attempt_that_nobody_waits_for_is_counted() {
    let server = Server::start().await;
    for n in 0..5 {
        server.hang_up(guess(&server, ALICE, "wrong").await).await;
        for _ in 0..1_000 {
            if failures(&server, ALICE).await == (n + 1, n + 1) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(failures(&server, ALICE).await, (n + 1, n + 1));
    }
    let right = guess(&server, ALICE, &password(ALICE)).await;
    assert_eq!(server.call(right).await.status, 429);
}

/// A right password writes once and is not counted; a wrong one writes once, before the answer.
#[tokio::test]
async fn a_login_is_one_commit() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    for (secret, status, left) in [
        (password(ALICE), 303, (0, 0)),
        ("wrong".to_owned(), 401, (1, 1)),
        ("wrong".to_owned(), 401, (2, 2)),
        // The account's failures are forgotten, and those of the address are not.
        (password(ALICE), 303, (0, 2)),
        (password(ALICE), 303, (0, 2)),
        ("wrong".to_owned(), 401, (1, 3)),
    ] {
        let before = server.commits();
        assert_eq!(attempt(&mut browser, ALICE, &secret).await.status, status);
        assert_eq!(server.commits(), before + 1);
        assert_eq!(failures(&server, ALICE).await, left);
    }
    // What is blocked writes nothing.
    for _ in 0..4 {
        attempt(&mut browser, ALICE, "wrong").await;
    }
    let before = server.everything_stored();
    assert_eq!(attempt(&mut browser, ALICE, &password(ALICE)).await.status, 429);
    assert_eq!(server.everything_stored(), before);
}

#[tokio::test]
async fn cancelling_alone_goes_home() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    let page = browser.get("/login").await;
    assert!(!page.text().contains("login-cancel"));
    let form = Form::sent_by(page.text(), "login-submit").fill("decision", "cancel");
    let answer = browser.send(&form).await;
    assert_eq!(answer.location(), "/");
    browser.ask(&Ask::web()).await.is_page("login-page");
}
