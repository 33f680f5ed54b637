//! How a credential stands.

use grantor_types::{Secret, Timestamp};
use serde::{Deserialize, Serialize};

/// How a credential stands.
///
/// ```text
/// Active ──claim──▶ Refreshing ──answer saved──▶ Active
///   ▲                   │ surely not applied ───▶ Active, with a back-off
///   │                   │ the user is needed ───▶ ReauthorizationRequired
///   │                   │ no answer, or a crash ▶ OutcomeUnknown
///   └── stored anew ────┴── from everywhere
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum State {
    /// It can be used, and renewed when the time comes.
    Active {
        /// Set when the last renewal failed without harm.
        backoff: Option<Backoff>,
    },
    /// Somebody renews it.
    Refreshing {
        /// Who, and until when.
        lease: Lease,
        /// How many attempts in a row have failed before.
        failures: u32,
    },
    /// A renewal was sent, and nobody knows whether the provider applied it. The refresh token may be used up, or worse:
    /// to send it again may look like a replay, which ends the whole authorization (RFC 9700 4.14). What to do is for
    /// somebody to decide: [`retry`](crate::CredentialManager::retry) or a new login.
    OutcomeUnknown {
        /// Since when.
        since: Timestamp,
        /// What happened.
        reason: Reason,
    },
    /// The provider wants the user to log in again.
    ReauthorizationRequired {
        /// Since when.
        since: Timestamp,
        /// What the provider said.
        reason: Reason,
    },
}

impl State {
    /// Neither renewed nor failed.
    pub(crate) const ACTIVE: Self = Self::Active { backoff: None };
}

/// Renewals failed without harm; the next one waits.
///
/// ```
/// use grantor_vault::{Backoff, State};
///
/// fn waits(state: &State) -> bool {
///     matches!(state, State::Active { backoff: Some(Backoff { failures: 1.., .. }) })
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backoff {
    /// How often in a row.
    pub failures: u32,
    /// No attempt before.
    pub until: Timestamp,
    /// What the last one failed of.
    pub reason: Reason,
}

/// The right to renew a credential: an advisory lock with an owner that ends by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lease {
    /// The process that holds it: a number it drew when it opened the vault.
    pub holder: u64,
    /// The attempt, drawn anew for each.
    pub attempt: u64,
    /// When it ends. Whoever finds it ended knows that its holder died on the way.
    pub until: Timestamp,
}

/// A short text of one line about a failure. It never holds the secrets of the credential that it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reason(String);

impl Reason {
    /// The longest reason, in characters; longer ones are cut.
    pub const MAX_LENGTH: usize = 200;

    /// Takes a text, without line breaks and other control characters, and cuts it.
    pub fn new(text: &str) -> Self {
        let printable = |c: char| if c.is_control() { ' ' } else { c };
        Self(text.chars().map(printable).take(Self::MAX_LENGTH).collect())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same without these secrets, should a provider or a library have put them into its message. A cut message may
    /// end in the beginning of a secret, so that goes too.
    pub(crate) fn without<'a>(mut self, secrets: impl Iterator<Item = &'a Secret>) -> Self {
        const TELLING: usize = 8;
        for secret in secrets.map(Secret::expose) {
            // All texts hold the empty one, and very short ones appear in any.
            if secret.len() < TELLING {
                continue;
            }
            let mut clean = self.0.replace(secret, "[redacted]");
            let cut = clean.char_indices().map(|(at, _)| at).find(|at| {
                clean
                    .get(*at..)
                    .is_some_and(|rest| rest.len() >= TELLING && secret.starts_with(rest))
            });
            if let Some(at) = cut {
                clean.truncate(at);
                clean.push_str("[redacted]");
            }
            self.0 = clean;
        }
        self
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for Reason {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Reason {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_one_short_line_without_secrets() {
        assert_eq!(Reason::new("a\nb\u{7}c").as_str(), "a b c");
        assert_eq!(Reason::new(&"é".repeat(300)).as_str().chars().count(), 200);
        let secrets = [Secret::new("rt-123456789"), Secret::new(""), Secret::new("e")];
        let cleaned = |text: &str| Reason::new(text).without(secrets.iter()).to_string();
        assert_eq!(cleaned("token rt-123456789 refused"), "token [redacted] refused");
        assert_eq!(
            cleaned("POST refresh_token=rt-123456"),
            "POST refresh_token=[redacted]"
        );
        assert_eq!(cleaned("connection refused"), "connection refused");
    }
}
