//! How a login stands, in words.

use grantor_types::Timestamp;
use grantor_vault::State;
use serde_json::{Value, json};

use crate::output::instant;

/// In a few words, for a table.
pub(super) fn word(state: &State, expires_at: Option<Timestamp>, now: Timestamp) -> &'static str {
    match state {
        State::Active { backoff: Some(_) } => "not renewed",
        State::Active { backoff: None } if expires_at.is_some_and(|end| end.is_past(now)) => "to be renewed",
        State::Active { backoff: None } => "good",
        State::Refreshing { .. } => "being renewed",
        State::OutcomeUnknown { .. } => "outcome unknown",
        State::ReauthorizationRequired { .. } => "login needed",
    }
}

/// In a sentence, with the reason.
pub(super) fn sentence(state: &State, expires_at: Option<Timestamp>, now: Timestamp) -> String {
    let word = word(state, expires_at, now);
    match state {
        State::Active {
            backoff: Some(backoff),
        } => format!(
            "{word}: failed {} times, last of: {}; the next attempt from {} on",
            backoff.failures,
            backoff.reason,
            instant(backoff.until)
        ),
        State::Active { backoff: None } => word.to_owned(),
        State::Refreshing { lease, .. } => format!("{word}, until {} at the latest", instant(lease.until)),
        State::OutcomeUnknown { since, reason } | State::ReauthorizationRequired { since, reason } => {
            format!("{word} since {}: {reason}", instant(*since))
        }
    }
}

/// For programs.
pub(super) fn document(state: &State) -> Value {
    match state {
        State::Active { backoff: None } => json!({ "is": "active" }),
        State::Active {
            backoff: Some(backoff),
        } => json!({
            "is": "active", "failures": backoff.failures, "reason": backoff.reason,
            "next_attempt_at": instant(backoff.until),
        }),
        State::Refreshing { lease, failures } => {
            json!({ "is": "refreshing", "failures": failures, "until": instant(lease.until) })
        }
        State::OutcomeUnknown { since, reason } => {
            json!({ "is": "outcome_unknown", "since": instant(*since), "reason": reason })
        }
        State::ReauthorizationRequired { since, reason } => {
            json!({ "is": "login_needed", "since": instant(*since), "reason": reason })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use grantor_vault::{Backoff, Lease, Reason};

    #[test]
    fn every_state_has_words() {
        let at = Timestamp::from_seconds;
        let reason = || Reason::new("why");
        let now = at(100);
        let since = at(90);
        let until = at(130);
        let backoff = Backoff {
            failures: 2,
            until,
            reason: reason(),
        };
        let (holder, attempt, failures) = (1, 1, 0);
        let lease = Lease {
            holder,
            attempt,
            until,
        };
        let refreshing = State::Refreshing { lease, failures };
        let reason = reason();
        let unknown = State::OutcomeUnknown {
            since,
            reason: reason.clone(),
        };
        let ended = State::ReauthorizationRequired { since, reason };
        let (early, late) = ("1970-01-01T00:01:30Z", "1970-01-01T00:02:10Z");
        let active = |backoff| State::Active { backoff };
        let cases = [
            (active(None), Some(at(200)), "good", "good", "active"),
            (active(None), None, "good", "good", "active"),
            (
                active(None),
                Some(at(100)),
                "to be renewed",
                "to be renewed",
                "active",
            ),
            (
                active(Some(backoff)),
                Some(at(200)),
                "not renewed",
                "why",
                "active",
            ),
            (refreshing, None, "being renewed", late, "refreshing"),
            (unknown, None, "outcome unknown", "why", "outcome_unknown"),
            (ended, None, "login needed", early, "login_needed"),
        ];
        for (state, expires_at, short, long, name) in cases {
            assert_eq!(word(&state, expires_at, now), short);
            assert!(sentence(&state, expires_at, now).contains(long), "{state:?}");
            assert_eq!(document(&state)["is"], name);
        }
    }
}
