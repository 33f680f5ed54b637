//! Asking for the tokens (RFC 8628 3.4 and 3.5).

use grantor_protocol::Cause;
use grantor_types::Seconds;

use crate::harness::{ALICE, BOB, Call, Codes, Server, Setup, tampered, text};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heard {
    Pending,
    SlowDown,
    Tokens,
}

async fn hear(server: &Server, codes: &Codes) -> Heard {
    let answer = server.call(codes.poll()).await;
    if answer.status == 200 {
        return Heard::Tokens;
    }
    match text(&answer.json()["error"]) {
        "authorization_pending" => {
            answer.refused(400, "authorization_pending", Cause::AuthorizationPending);
            Heard::Pending
        }
        _ => {
            answer.refused(400, "slow_down", Cause::PollTooEarly);
            Heard::SlowDown
        }
    }
}

/// "slow_down [...] the interval MUST be increased by 5 seconds for this and all subsequent requests." (3.5) The first
/// question is free, the others are measured from the one before, with a second of tolerance.
#[tokio::test]
async fn the_pace() {
    let server = Server::start().await;
    let codes = Codes::of_tv(&server).await;
    let others = Codes::of_tv(&server).await;
    assert_eq!(hear(&server, &codes).await, Heard::Pending);
    assert_eq!(hear(&server, &codes).await, Heard::SlowDown);
    assert_eq!(hear(&server, &others).await, Heard::Pending);
    for (after, expected) in [
        (5, Heard::Pending),
        (4, Heard::Pending),
        (3, Heard::SlowDown),
        // Measured from the question that was too early, and no longer than before.
        (3, Heard::SlowDown),
        (4, Heard::Pending),
        (60, Heard::Pending),
        (0, Heard::SlowDown),
    ] {
        server.advance(Seconds(after));
        assert_eq!(hear(&server, &codes).await, expected, "after {after} s");
    }
}

/// A client that waits longer once and then falls back to the interval, as published ones do.
#[tokio::test]
async fn slow_down_is_no_trap() {
    let server = Server::start().await;
    let codes = Codes::of_tv(&server).await;
    assert_eq!(hear(&server, &codes).await, Heard::Pending);
    let mut heard = hear(&server, &codes).await;
    let mut slowed = 0;
    for _ in 0..20 {
        slowed += u32::from(heard == Heard::SlowDown);
        let wait = if heard == Heard::SlowDown { 10 } else { 5 };
        server.advance(Seconds(wait));
        heard = hear(&server, &codes).await;
    }
    assert_eq!(slowed, 1);
    // One that never waits long enough is told so for ever, and gets its tokens all the same.
    for _ in 0..20 {
        server.advance(Seconds(1));
        assert_eq!(hear(&server, &codes).await, Heard::SlowDown);
    }
    codes.approve(&server, ALICE).await;
    assert_eq!(hear(&server, &codes).await, Heard::Tokens);
}

#[tokio::test]
async fn asking_writes_nothing() {
    let server = Server::start().await;
    let codes = Codes::of_tv(&server).await;
    let before = server.everything_stored();
    for _ in 0..3 {
        hear(&server, &codes).await;
        assert_eq!(server.everything_stored(), before);
    }
}

#[tokio::test]
async fn a_code_that_has_expired_is_remembered_for_an_hour() {
    let server = Server::start().await;
    let (asked, approved) = (Codes::of_tv(&server).await, Codes::of_tv(&server).await);
    server.advance(Seconds(1_799));
    assert_eq!(hear(&server, &asked).await, Heard::Pending);
    approved.approve(&server, ALICE).await;
    server.advance(Seconds(1));
    for after in [0, 3_599] {
        server.advance(Seconds(after));
        grantor_server::job::sweep(&server.app).await.unwrap();
        for codes in [&asked, &approved] {
            let answer = server.call(codes.poll()).await;
            answer.refused(400, "expired_token", Cause::DeviceCodeExpired);
        }
    }
    server.advance(Seconds(1));
    grantor_server::job::sweep(&server.app).await.unwrap();
    server
        .call(asked.poll())
        .await
        .refused(400, "invalid_grant", Cause::DeviceCodeUnknown);
}

#[tokio::test]
async fn a_device_that_was_denied_hears_so() {
    let server = Server::start().await;
    let codes = Codes::of_tv(&server).await;
    let done = codes.answer_with(&server, BOB, "device-deny").await;
    done.is_page("device-done-page");
    assert!(done.text().contains("id=\"device-denied\""));
    let before = server.everything_stored();
    for _ in 0..2 {
        let answer = server.call(codes.poll()).await;
        answer.refused(400, "access_denied", Cause::DeviceDenied);
    }
    assert_eq!(server.everything_stored(), before);
}

/// A second use is refused and takes nothing away: a device whose answer was lost asks again.
#[tokio::test]
async fn a_code_is_used_once() {
    let server = Server::start().await;
    let codes = Codes::of(&server, "tv", "openid read").await;
    codes.approve(&server, ALICE).await;
    let tokens = server.call(codes.poll()).await.ok();
    let before = server.everything_stored();
    for _ in 0..2 {
        let answer = server.call(codes.poll()).await;
        answer.refused(400, "invalid_grant", Cause::DeviceCodeUsed);
    }
    assert_eq!(server.everything_stored(), before);
    let userinfo = server.call(Call::userinfo(text(&tokens["access_token"]))).await;
    userinfo.ok();
    let refresh = Call::refresh("tv", text(&tokens["refresh_token"]));
    server.call(refresh).await.ok();
}

#[tokio::test]
async fn a_code_of_another_client_spoils_nothing() {
    let server = Server::start().await;
    let codes = Codes::of_tv(&server).await;
    for approved in [false, true] {
        if approved {
            codes.approve(&server, ALICE).await;
        }
        let before = server.everything_stored();
        for thief in ["console", "web", "spa", "service"] {
            let answer = server.call(codes.poll_as(thief)).await;
            answer.refused(400, "invalid_grant", Cause::DeviceCodeOfAnotherClient);
        }
        assert_eq!(server.everything_stored(), before);
    }
    assert_eq!(hear(&server, &codes).await, Heard::Tokens);
    let answer = server.call(codes.poll_as("console")).await;
    answer.refused(400, "invalid_grant", Cause::DeviceCodeOfAnotherClient);
}

#[tokio::test]
async fn codes_that_are_no_good() {
    let server = Server::start().await;
    let codes = Codes::of_tv(&server).await;
    codes.approve(&server, ALICE).await;
    let with = |code: &str| codes.poll().without("device_code").field("device_code", code);
    let before = server.everything_stored();
    for code in [
        "x",
        &codes.user_code,
        &tampered(&codes.device_code, 3),
        &tampered(&codes.device_code, 40),
        &codes.device_code[1..],
        &format!("{}A", codes.device_code),
    ] {
        let answer = server.call(with(code)).await;
        answer.refused(400, "invalid_grant", Cause::DeviceCodeUnknown);
    }
    for call in [with(""), codes.poll().without("device_code")] {
        let answer = server.call(call).await;
        answer.refused(400, "invalid_request", Cause::DeviceCodeMissing);
    }
    let nobody = codes.poll().without("client_id");
    server
        .call(nobody)
        .await
        .refused(400, "invalid_request", Cause::ClientIdMissing);
    // It is no authorization code either.
    let code = Call::token()
        .client("web")
        .field("grant_type", "authorization_code")
        .field("code", &codes.device_code);
    server
        .call(code)
        .await
        .refused(400, "invalid_grant", Cause::CodeUnknown);
    assert_eq!(server.everything_stored(), before);
    assert_eq!(hear(&server, &codes).await, Heard::Tokens);
}

#[tokio::test]
async fn the_operators_interval_counts() {
    let setup = Setup::new().policy(|policy| policy.device_interval = Seconds(1));
    let server = setup.start().await;
    let codes = Codes::of_tv(&server).await;
    for _ in 0..3 {
        assert_eq!(hear(&server, &codes).await, Heard::Pending);
    }
}
