//! What an answer does to a credential.

use super::*;

fn claim(failures: u32) -> Claim {
    Claim {
        generation: 4,
        stored_at: at(9_000),
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
    let there = || content(State::ACTIVE, Some(NOW), Renewal::RefreshToken);
    let newer = Content {
        generation: 5,
        ..there()
    };
    let stored_anew = Content {
        stored_at: at(9_001),
        ..there()
    };
    for found in [newer, stored_anew] {
        assert_eq!(settle(&found, Ok(answer()), &policy()), None);
    }
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
