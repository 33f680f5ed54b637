use std::time::Duration;

use grantor_types::Secret;

use super::*;
use crate::credential::Credential;

const NOW: u64 = 10_000;

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

/// Stored at 9 000, with an hour of life unless told otherwise; no jitter.
fn policy() -> RefreshPolicy {
    RefreshPolicy {
        jitter: Seconds(0),
        ..RefreshPolicy::default()
    }
}

fn content(state: State, expires_at: Option<u64>, renewal: Renewal) -> Content {
    let mut builder = Credential::builder(Secret::new("access-token-1"));
    if let Some(expires_at) = expires_at {
        builder = builder.expires_at(at(expires_at));
    }
    builder = match renewal {
        Renewal::RefreshToken => builder.refresh_token(Secret::new("refresh-token-1")),
        Renewal::Reacquire => builder.reacquired(),
        Renewal::Never => builder,
    };
    Content {
        generation: 4,
        state,
        stored_at: at(9_000),
        renewed_at: at(9_000),
        credential: builder.build().unwrap(),
    }
}

fn asked(rejected: Option<u64>) -> Asked {
    Asked {
        now: at(NOW),
        spread: 0,
        rejected,
    }
}

fn lease(until: u64) -> Lease {
    Lease {
        holder: 1,
        attempt: 2,
        until: at(until),
    }
}

fn step(content: &Content, rejected: Option<u64>, policy: &RefreshPolicy) -> String {
    match next(content, asked(rejected), policy) {
        Step::Use { until } => format!("use until {}", until.as_seconds()),
        Step::Renew { failures } => format!("renew {failures}"),
        Step::Wait => "wait".into(),
        Step::MarkUnknown { .. } => "unknown".into(),
        Step::Stop(error) => format!("stop: {error}"),
    }
}

#[test]
fn an_active_credential_is_renewed_before_it_ends() {
    use Renewal::{Never, Reacquire, RefreshToken};
    let ever = u64::MAX / 1000;
    let rows = [
        // Five minutes before its end, and no later.
        (Some(12_600), RefreshToken, None, "use until 12300".to_owned()),
        (Some(10_301), RefreshToken, None, "use until 10001".to_owned()),
        (Some(10_300), RefreshToken, None, "renew 0".to_owned()),
        (Some(9_999), RefreshToken, None, "renew 0".to_owned()),
        (Some(10_300), Reacquire, None, "renew 0".to_owned()),
        // A token of 1 020 seconds keeps three quarters of its life.
        (Some(10_020), RefreshToken, None, "renew 0".to_owned()),
        // What cannot be renewed is used to the end, and no second longer.
        (Some(10_001), Never, None, "use until 10001".to_owned()),
        (
            Some(10_000),
            Never,
            None,
            "stop: the access token has expired and there is no refresh token".to_owned(),
        ),
        // Nobody knows when it ends: until it is refused.
        (None, RefreshToken, None, format!("use until {ever}")),
        (None, RefreshToken, Some(4), "renew 0".to_owned()),
        (Some(12_600), RefreshToken, Some(4), "renew 0".to_owned()),
        // It has been renewed since.
        (Some(12_600), RefreshToken, Some(3), "use until 12300".to_owned()),
        (
            Some(12_600),
            Never,
            Some(4),
            "stop: the access token has expired and there is no refresh token".to_owned(),
        ),
    ];
    for (expires_at, renewal, rejected, expected) in rows {
        let content = content(State::ACTIVE, expires_at, renewal);
        assert_eq!(
            step(&content, rejected, &policy()),
            expected,
            "{expires_at:?} {renewal:?} {rejected:?}"
        );
    }
}

#[test]
fn short_lives_shrink_buffer_and_jitter() {
    let mut content = content(State::ACTIVE, Some(9_100), Renewal::RefreshToken);
    assert_eq!(renewal_at(&content, 0, &policy()), Some(at(9_075)));
    let jittery = RefreshPolicy::default();
    for spread in 0..500 {
        let due = renewal_at(&content, spread, &jittery).unwrap();
        assert!(due >= at(9_065) && due <= at(9_075), "{due:?}");
    }
    content.credential = Credential::builder(Secret::new("t"))
        .expires_at(at(12_600))
        .build()
        .unwrap();
    let dues: std::collections::BTreeSet<_> = (0..500)
        .filter_map(|spread| renewal_at(&content, spread, &jittery))
        .collect();
    assert_eq!(dues.len(), 31);
    assert!(*dues.first().unwrap() >= at(12_270) && *dues.last().unwrap() <= at(12_300));
}

#[test]
fn who_renews_it_is_waited_for_until_the_lease_ends() {
    let refreshing = |until| State::Refreshing {
        lease: lease(until),
        failures: 3,
    };
    let retrying = RefreshPolicy {
        retry_unknown_outcomes: true,
        ..policy()
    };
    let rows = [
        // The old token is good meanwhile, but not remembered.
        (
            10_001,
            Some(10_100),
            Renewal::RefreshToken,
            policy(),
            "use until 10000",
        ),
        (10_001, Some(10_000), Renewal::RefreshToken, policy(), "wait"),
        (10_000, Some(10_100), Renewal::RefreshToken, policy(), "unknown"),
        (
            10_000,
            Some(10_100),
            Renewal::RefreshToken,
            retrying.clone(),
            "renew 3",
        ),
        (10_000, Some(10_000), Renewal::Reacquire, policy(), "renew 3"),
        // The clock was set back by an hour.
        (13_600, Some(10_000), Renewal::RefreshToken, policy(), "unknown"),
        (13_600, Some(10_000), Renewal::RefreshToken, retrying, "renew 3"),
    ];
    for (until, expires_at, renewal, policy, expected) in rows {
        let content = content(refreshing(until), expires_at, renewal);
        assert_eq!(
            step(&content, None, &policy),
            expected,
            "{until} {expires_at:?} {renewal:?}"
        );
    }
}

#[test]
fn what_is_lost_says_so_even_while_the_old_token_is_good() {
    let (since, reason) = (at(9_500), Reason::new("why"));
    let unknown = State::OutcomeUnknown {
        since,
        reason: reason.clone(),
    };
    let user = State::ReauthorizationRequired { since, reason };
    for (state, expected) in [
        (
            unknown,
            "stop: it is not known whether the provider renewed the credential: why",
        ),
        (user, "stop: the user has to log in again: why"),
    ] {
        let content = content(state, Some(12_600), Renewal::RefreshToken);
        assert_eq!(step(&content, None, &policy()), expected);
    }
}

#[test]
fn after_a_failure_the_old_token_serves_and_the_next_attempt_waits() {
    let waiting = |until| State::Active {
        backoff: Some(Backoff {
            failures: 2,
            until: at(until),
            reason: Reason::new("no route"),
        }),
    };
    let rows = [
        (10_010, 10_100, None, "use until 10010"),
        (10_010, 10_005, None, "use until 10005"),
        (
            10_010,
            10_000,
            None,
            "stop: the access token has expired and could not be renewed: no route",
        ),
        (
            10_010,
            12_600,
            Some(4),
            "stop: the access token has expired and could not be renewed: no route",
        ),
        (10_000, 10_100, None, "renew 2"),
        (10_000, 10_000, None, "renew 2"),
        // The clock was set back: nobody waits until tomorrow.
        (99_999, 10_000, None, "renew 2"),
    ];
    for (until, expires_at, rejected, expected) in rows {
        let content = content(waiting(until), Some(expires_at), Renewal::RefreshToken);
        assert_eq!(
            step(&content, rejected, &policy()),
            expected,
            "{until} {expires_at} {rejected:?}"
        );
    }
}

fn claim(failures: u32) -> Claim {
    Claim {
        generation: 4,
        lease: lease(10_030),
        failures,
        asked_at: at(NOW),
    }
}

fn answer() -> Refreshed {
    Refreshed {
        expires_in: Some(Seconds(600)),
        ..Refreshed::new(Secret::new("access-token-2"))
    }
}

fn settle(
    found: &Content,
    outcome: Result<Refreshed, RefreshError>,
    policy: &RefreshPolicy,
) -> Option<State> {
    settled(found, &claim(0), &outcome, at(10_005), policy).map(|content| content.state)
}

#[test]
fn an_answer_takes_the_place_of_what_was_sent() {
    let ours = claimed(
        &content(State::ACTIVE, Some(NOW), Renewal::RefreshToken),
        &claim(0),
    );
    let after = settled(&ours, &claim(0), &Ok(answer()), at(10_005), &policy()).unwrap();
    assert_eq!(
        (after.generation, after.state, after.renewed_at),
        (5, State::ACTIVE, at(NOW))
    );
    assert_eq!(after.credential.access_token().expose(), "access-token-2");
    // Counted from when it was asked for, and what did not come back stays.
    assert_eq!(after.credential.expires_at(), Some(at(10_600)));
    assert_eq!(
        after.credential.refresh_token().unwrap().expose(),
        "refresh-token-1"
    );

    let rotated = Refreshed {
        refresh_token: Some(Secret::new("refresh-token-2")),
        expires_in: None,
        ..answer()
    };
    let after = settled(&ours, &claim(0), &Ok(rotated), at(10_005), &policy()).unwrap();
    assert_eq!(
        after.credential.refresh_token().unwrap().expose(),
        "refresh-token-2"
    );
    assert_eq!(after.credential.expires_at(), None);
}

#[test]
fn an_answer_that_comes_late_is_kept_unless_something_newer_is_there() {
    let unknown = State::OutcomeUnknown {
        since: at(1),
        reason: Reason::new("lapsed"),
    };
    let other = State::Refreshing {
        lease: Lease {
            attempt: 9,
            ..lease(10_040)
        },
        failures: 0,
    };
    for state in [unknown, other] {
        let found = content(state, Some(NOW), Renewal::RefreshToken);
        assert_eq!(settle(&found, Ok(answer()), &policy()), Some(State::ACTIVE));
        // A failure says nothing about what others have begun since.
        let refused = RefreshError::UserNeeded(Reason::new("invalid_grant"));
        assert_eq!(settle(&found, Err(refused), &policy()), None);
    }
    let mut newer = content(State::ACTIVE, Some(NOW), Renewal::RefreshToken);
    newer.generation = 5;
    assert_eq!(settle(&newer, Ok(answer()), &policy()), None);
}

fn waits(seconds: u64) -> State {
    State::Active {
        backoff: Some(Backoff {
            failures: 1,
            until: at(10_005 + seconds),
            reason: Reason::new("about [redacted]"),
        }),
    }
}

#[test]
fn each_failure_leads_where_it_has_to() {
    let reason = || Reason::new("about refresh-token-1");
    let (since, clean) = (at(10_005), Reason::new("about [redacted]"));
    let not_applied = |retry_after| RefreshError::NotApplied {
        reason: reason(),
        retry_after,
    };
    let lost = State::OutcomeUnknown {
        since,
        reason: clean.clone(),
    };
    let user = State::ReauthorizationRequired { since, reason: clean };
    let rows = [
        (false, not_applied(None), waits(1)),
        (false, not_applied(Some(Duration::from_secs(90))), waits(90)),
        (false, not_applied(Some(Duration::MAX)), waits(3600)),
        (false, RefreshError::Refused(reason()), waits(1)),
        (false, RefreshError::UserNeeded(reason()), user),
        (false, RefreshError::OutcomeUnknown(reason()), lost),
        (true, RefreshError::OutcomeUnknown(reason()), waits(1)),
    ];
    for (retry_unknown_outcomes, error, expected) in rows {
        let policy = RefreshPolicy {
            retry_unknown_outcomes,
            ..policy()
        };
        let before = content(State::ACTIVE, Some(NOW), Renewal::RefreshToken);
        let ours = claimed(&before, &claim(0));
        assert_eq!(
            settle(&ours, Err(error.clone()), &policy),
            Some(expected),
            "{error}"
        );
    }
}

#[test]
fn what_takes_no_refresh_token_is_never_lost() {
    let ours = claimed(&content(State::ACTIVE, Some(NOW), Renewal::Reacquire), &claim(0));
    let after = settle(
        &ours,
        Err(RefreshError::OutcomeUnknown(Reason::new("x"))),
        &policy(),
    );
    assert!(matches!(after, Some(State::Active { backoff: Some(_) })));
}

#[test]
fn waits_double_up_to_the_longest() {
    let mut previous = 0;
    for failures in 0..100 {
        for attempt in [0, 1, 7, u64::MAX] {
            let claim = Claim {
                lease: Lease { attempt, ..lease(1) },
                ..claim(failures)
            };
            let wait = backoff(&claim, &policy()).0;
            let full = 1_u64
                .checked_shl(failures)
                .filter(|_| failures < 9)
                .unwrap_or(300)
                .min(300);
            assert!(
                wait <= full && wait >= full - full / 2,
                "{failures} {attempt}: {wait}"
            );
            if attempt == 0 {
                assert!(wait >= previous);
                previous = wait;
            }
        }
    }
    assert_eq!(previous, 300);
}

#[test]
fn settings_that_contradict_each_other_are_refused() {
    let base = RefreshPolicy::default();
    base.check().unwrap();
    for policy in [
        RefreshPolicy {
            lease: Seconds(24),
            ..base.clone()
        },
        RefreshPolicy {
            first_backoff: Seconds(0),
            ..base.clone()
        },
        RefreshPolicy {
            longest_backoff: Seconds(0),
            ..base.clone()
        },
        RefreshPolicy {
            look_again: Duration::ZERO,
            ..base.clone()
        },
        RefreshPolicy {
            call_timeout: Duration::MAX,
            ..base
        },
    ] {
        assert!(policy.check().is_err(), "{policy:?}");
    }
}
