//! When a credential is renewed and what an answer does to it: pure functions over its content.

use grantor_types::{Seconds, Timestamp};

use super::{RefreshError, RefreshPolicy};
use crate::content::Content;
use crate::credential::{Refreshed, Renewal};
use crate::error::VaultError;
use crate::state::{Backoff, Lease, Reason, State};

/// Later than anything.
pub(crate) const NEVER: Timestamp = Timestamp::from_milliseconds(u64::MAX);

/// Who asks for a token, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    pub(crate) now: Timestamp,
    /// A number of the process that makes it differ from the others.
    pub(crate) spread: u64,
    /// The generation of a token that was refused although it should be good.
    pub(crate) rejected: Option<u64>,
}

/// What to do next.
#[derive(Debug)]
pub(crate) enum Step {
    /// The access token is good, and may be handed out again until then.
    Use { until: Timestamp },
    /// Claim the credential and renew it; so many attempts have failed before.
    Renew { failures: u32 },
    /// Somebody else renews it: look again later.
    Wait,
    /// Whoever renewed it died on the way: write that down.
    MarkUnknown { reason: Reason },
    /// There is no token to be had.
    Stop(VaultError),
}

/// What to do for somebody who asks for a token.
pub(crate) fn next(content: &Content, asked: Asked, policy: &RefreshPolicy) -> Step {
    match &content.state {
        State::Active { backoff } => active(content, backoff.as_ref(), asked, policy),
        State::Refreshing { lease, failures } if has_ended(lease, asked.now, policy) => {
            if is_harmless_twice(content, policy) {
                return Step::Renew { failures: *failures };
            }
            let reason = Reason::new("the process that renewed it did not come back");
            Step::MarkUnknown { reason }
        }
        // It is not remembered, so that the successor is found as soon as it is there.
        State::Refreshing { .. } if is_usable(content, asked) => Step::Use { until: asked.now },
        State::Refreshing { .. } => Step::Wait,
        State::OutcomeUnknown { reason, .. } => Step::Stop(VaultError::OutcomeUnknown(reason.clone())),
        State::ReauthorizationRequired { reason, .. } => {
            Step::Stop(VaultError::ReauthorizationRequired(reason.clone()))
        }
    }
}

fn active(content: &Content, backoff: Option<&Backoff>, asked: Asked, policy: &RefreshPolicy) -> Step {
    let due = renewal_at(content, asked.spread, policy);
    let is_usable = is_usable(content, asked);
    if is_usable && due.is_none_or(|due| !due.is_past(asked.now)) {
        return Step::Use {
            until: due.unwrap_or(NEVER),
        };
    }
    let expiry = content.credential.expires_at();
    let until = expiry.unwrap_or(asked.now);
    if content.credential.renewal() == Renewal::Never {
        return if is_usable {
            Step::Use { until }
        } else {
            Step::Stop(VaultError::Expired)
        };
    }
    match backoff {
        Some(backoff) if is_waiting(backoff, asked.now, policy) => {
            if is_usable {
                return Step::Use {
                    until: until.min(backoff.until),
                };
            }
            Step::Stop(VaultError::NotRenewed {
                reason: backoff.reason.clone(),
                retry_at: backoff.until,
            })
        }
        Some(backoff) => Step::Renew {
            failures: backoff.failures,
        },
        None => Step::Renew { failures: 0 },
    }
}

/// Whether the access token can be used at all.
pub(crate) fn is_usable(content: &Content, asked: Asked) -> bool {
    let expiry = content.credential.expires_at();
    asked.rejected != Some(content.generation) && expiry.is_none_or(|at| !at.is_past(asked.now))
}

/// When this process renews the access token. `None` when nobody knows when it ends.
pub(crate) fn renewal_at(content: &Content, spread: u64, policy: &RefreshPolicy) -> Option<Timestamp> {
    let expires_at = content.credential.expires_at()?;
    let life = expires_at.since(content.renewed_at).0;
    let buffer = policy.buffer.0.min(life / 4);
    let jitter = policy.jitter.0.min(life / 10);
    // Differs from process to process and from token to token, without a draw at each look.
    let share = spread.wrapping_add(content.generation.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let jitter = share.checked_rem(jitter.saturating_add(1)).unwrap_or(0);
    Some(expires_at.minus(Seconds(buffer.saturating_add(jitter))))
}

/// A clock that was set back must not make anybody wait for ages, so a lease that ends too late has ended.
fn has_ended(lease: &Lease, now: Timestamp, policy: &RefreshPolicy) -> bool {
    lease.until.is_past(now) || lease.until > now.plus(policy.lease).plus(policy.lease)
}

/// The same for the wait after a failure; providers may ask for more than ours.
fn is_waiting(backoff: &Backoff, now: Timestamp, policy: &RefreshPolicy) -> bool {
    let longest = now.plus(policy.longest_backoff).plus(MAX_RETRY_AFTER);
    !backoff.until.is_past(now) && backoff.until <= longest
}

/// The longest wait that a provider may ask for.
const MAX_RETRY_AFTER: Seconds = Seconds::hours(1);

/// Whether a renewal may be sent again that may have been applied.
fn is_harmless_twice(content: &Content, policy: &RefreshPolicy) -> bool {
    content.credential.renewal() != Renewal::RefreshToken || policy.retry_unknown_outcomes
}

/// The right to renew a credential as it was read.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) generation: u64,
    pub(crate) stored_at: Timestamp,
    pub(crate) lease: Lease,
    pub(crate) failures: u32,
    pub(crate) asked_at: Timestamp,
}

/// The content that says so, to be stored before anything is sent.
pub(crate) fn claimed(content: &Content, claim: &Claim) -> Content {
    Content {
        state: State::Refreshing {
            lease: claim.lease.clone(),
            failures: claim.failures,
        },
        ..content.clone()
    }
}

/// The content after an answer came, to be stored before it is used. `None` when the answer has been overtaken: by a new
/// login, or by another process that took the attempt for lost and made its own.
pub(crate) fn settled(
    found: &Content,
    claim: &Claim,
    outcome: &Result<Refreshed, RefreshError>,
    now: Timestamp,
    policy: &RefreshPolicy,
) -> Option<Content> {
    // What was deleted and stored anew begins again with the first generation.
    if (found.generation, found.stored_at) != (claim.generation, claim.stored_at) {
        return None;
    }
    let error = match outcome {
        // However late it comes and whatever was thought meanwhile, this is the successor.
        Ok(refreshed) => {
            return Some(Content {
                generation: found.generation.wrapping_add(1),
                state: State::ACTIVE,
                stored_at: found.stored_at,
                renewed_at: claim.asked_at,
                credential: found.credential.succeeded_by(refreshed.clone(), claim.asked_at),
            });
        }
        Err(error) => error,
    };
    let is_ours = matches!(&found.state, State::Refreshing { lease, .. } if *lease == claim.lease);
    is_ours.then(|| Content {
        state: failed(found, claim, error, now, policy),
        ..found.clone()
    })
}

fn failed(
    found: &Content,
    claim: &Claim,
    error: &RefreshError,
    now: Timestamp,
    policy: &RefreshPolicy,
) -> State {
    let clean = |reason: &Reason| reason.clone().without(found.credential.all_secrets());
    let later = |reason: &Reason, at_least: Seconds| {
        let wait = backoff(claim, policy).max(at_least);
        State::Active {
            backoff: Some(Backoff {
                failures: claim.failures.saturating_add(1),
                until: now.plus(wait),
                reason: clean(reason),
            }),
        }
    };
    match error {
        RefreshError::NotApplied { reason, retry_after } => {
            let wanted = retry_after.map_or(Seconds(0), |wait| Seconds(wait.as_secs()));
            later(reason, wanted.min(MAX_RETRY_AFTER))
        }
        RefreshError::Refused(reason) => later(reason, Seconds(0)),
        RefreshError::UserNeeded(reason) => State::ReauthorizationRequired {
            since: now,
            reason: clean(reason),
        },
        RefreshError::OutcomeUnknown(reason) if is_harmless_twice(found, policy) => later(reason, Seconds(0)),
        RefreshError::OutcomeUnknown(reason) => State::OutcomeUnknown {
            since: now,
            reason: clean(reason),
        },
    }
}

/// Doubles with each failure, and lies anywhere in the upper half of that.
fn backoff(claim: &Claim, policy: &RefreshPolicy) -> Seconds {
    let doubled = 1_u64.checked_shl(claim.failures.min(32)).unwrap_or(u64::MAX);
    let full = policy
        .first_backoff
        .0
        .saturating_mul(doubled)
        .min(policy.longest_backoff.0);
    let half = full / 2;
    let jitter = claim
        .lease
        .attempt
        .checked_rem(half.saturating_add(1))
        .unwrap_or(0);
    Seconds(full.saturating_sub(jitter))
}

#[cfg(test)]
mod tests;
