//! Asking again until the user has answered, as slowly as the provider wants ([RFC 8628
//! §3.5](https://www.rfc-editor.org/rfc/rfc8628#section-3.5), [CIBA
//! §11](https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html#rfc.section.11)).

use std::time::Duration;

use grantor_types::{Seconds, Timestamp};
use serde_json::{Map, Value};

use crate::{Client, Error, InvalidAnswer, Tokens};

/// RFC 8628 §3.2: "If no value is provided, clients MUST use 5 as the default." §3.5: "the interval MUST be increased by 5
/// seconds for this and all subsequent requests." CIBA §7.3 and §11 say the same: "the interval MUST be increased by at least
/// 5 seconds for this and all subsequent requests".
const FIVE: Seconds = Seconds(5);
/// Longest pause that is made between two questions, whatever the provider wants.
const MAX_INTERVAL: Seconds = Seconds::minutes(5);
/// Longest time that is waited for a user, whatever the provider says.
const MAX_LIFETIME: Seconds = Seconds::hours(24);

/// When to ask again, and how often: pure, so that it can be driven by other clocks than tokio's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Polling {
    interval: Seconds,
    expires_at: Timestamp,
}

/// What comes after a question.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "it is taken apart at once")]
pub enum Polled {
    /// Ask again after this pause.
    Wait(Seconds),
    /// The user has agreed.
    Tokens(Tokens),
}

impl Polling {
    /// What an answer says of it: `expires_in` and `interval`.
    pub(crate) fn read(members: &Map<String, Value>, now: Timestamp) -> Result<Self, InvalidAnswer> {
        let seconds = |name: &str| members.get(name).and_then(Value::as_u64).map(Seconds);
        let lifetime = seconds("expires_in").ok_or(InvalidAnswer::Member("expires_in"))?;
        Ok(Self {
            expires_at: now.plus(lifetime.min(MAX_LIFETIME)),
            // At least a second: a provider that says 0 does not mean to be flooded.
            interval: seconds("interval")
                .unwrap_or(FIVE)
                .clamp(Seconds(1), MAX_INTERVAL),
        })
    }

    /// The pause before the next question, and before the first.
    pub fn interval(&self) -> Seconds {
        self.interval
    }

    /// When it is over.
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// Takes in what a question brought.
    ///
    /// # Errors
    /// Whatever ends the wait: the user said no, the time is over, or the provider refuses.
    pub fn next(&mut self, asked: Result<Tokens, Error>, now: Timestamp) -> Result<Polled, Error> {
        let error = match asked {
            Ok(tokens) => return Ok(Polled::Tokens(tokens)),
            Err(error) => error,
        };
        match &error {
            Error::Refused(refusal) if refusal.code == "authorization_pending" => {}
            Error::Refused(refusal) if refusal.code == "slow_down" => {
                self.interval = Seconds(self.interval.0.saturating_add(FIVE.0)).min(MAX_INTERVAL);
            }
            // RFC 8628 §3.5: "On encountering a connection timeout, clients MUST unilaterally reduce their polling frequency
            // before retrying. The use of an exponential backoff algorithm to achieve this, such as doubling the polling
            // interval on each such connection timeout, is RECOMMENDED."
            Error::NotApplied(trouble) => {
                let doubled = Seconds(self.interval.0.saturating_mul(2)).min(MAX_INTERVAL);
                self.interval = trouble
                    .retry_after
                    .unwrap_or_default()
                    .max(doubled)
                    .min(MAX_INTERVAL);
            }
            Error::Refused(_)
            | Error::UserRequired(_)
            | Error::OutcomeUnknown(_)
            | Error::InvalidAnswer(_)
            | Error::Misuse(_)
            | Error::TimedOut => return Err(error),
        }
        if self.expires_at.is_past(now.plus(self.interval)) {
            return Err(error);
        }
        Ok(Polled::Wait(self.interval))
    }

    /// Asks until there is an answer.
    pub(crate) async fn wait(
        mut self,
        client: &Client,
        ask: impl AsyncFn() -> Result<Tokens, Error>,
    ) -> Result<Tokens, Error> {
        let mut pause = self.interval;
        loop {
            tokio::time::sleep(Duration::from_secs(pause.0)).await;
            match self.next(ask().await, client.now())? {
                Polled::Tokens(tokens) => return Ok(tokens),
                Polled::Wait(longer) => pause = longer,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FetchError, NotApplied, Refusal, Trouble};

    const NOW: Timestamp = Timestamp::from_seconds(1_000);

    fn refused(code: &str) -> Error {
        let refusal = Refusal {
            status: 400,
            code: code.to_owned(),
            description: None,
            uri: None,
        };
        crate::answer::classified(refusal)
    }

    #[test]
    fn the_rhythm() {
        let mut polling = Polling {
            interval: FIVE,
            expires_at: NOW.plus(Seconds(100)),
        };
        let lost = Error::NotApplied(NotApplied {
            trouble: Trouble::Transport(FetchError::TooSlow),
            retry_after: None,
        });
        let mut wait = |error| match polling.next(Err(error), NOW) {
            Ok(Polled::Wait(Seconds(pause))) => Some(pause),
            Ok(Polled::Tokens(_)) | Err(_) => None,
        };
        assert_eq!(wait(refused("authorization_pending")), Some(5));
        assert_eq!(wait(refused("slow_down")), Some(10));
        assert_eq!(wait(refused("authorization_pending")), Some(10));
        assert_eq!(wait(lost.clone()), Some(20));
        assert_eq!(wait(lost), Some(40));
        for end in [
            "access_denied",
            "expired_token",
            "invalid_client",
            "invalid_grant",
        ] {
            assert_eq!(wait(refused(end)), None, "{end}");
        }
        assert_eq!(wait(refused("slow_down")), Some(45));
        let late = NOW.plus(Seconds(60));
        assert!(polling.next(Err(refused("authorization_pending")), late).is_err());
    }

    #[test]
    fn what_the_provider_says_of_it() {
        let read = |members: Value| {
            let polling = Polling::read(members.as_object().unwrap(), NOW)?;
            Ok((polling.interval().0, polling.expires_at().since(NOW).0))
        };
        let cases = [
            (serde_json::json!({"expires_in": 600}), Ok((5, 600))),
            (
                serde_json::json!({"expires_in": 600, "interval": null}),
                Ok((5, 600)),
            ),
            (
                serde_json::json!({"expires_in": 600, "interval": 7}),
                Ok((7, 600)),
            ),
            (
                serde_json::json!({"expires_in": 600, "interval": 0}),
                Ok((1, 600)),
            ),
            (
                serde_json::json!({"expires_in": u64::MAX, "interval": u64::MAX}),
                Ok((300, 86_400)),
            ),
            (
                serde_json::json!({"interval": 5}),
                Err(InvalidAnswer::Member("expires_in")),
            ),
            (
                serde_json::json!({"expires_in": "600"}),
                Err(InvalidAnswer::Member("expires_in")),
            ),
            (
                serde_json::json!({"expires_in": -1}),
                Err(InvalidAnswer::Member("expires_in")),
            ),
        ];
        for (members, expected) in cases {
            assert_eq!(read(members.clone()), expected, "{members}");
        }
    }
}
