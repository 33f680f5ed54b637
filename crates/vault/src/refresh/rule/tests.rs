mod answers;

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
