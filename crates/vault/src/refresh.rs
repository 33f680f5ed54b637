//! Renewing a credential: what the vault asks of whoever can talk to the provider, and when it asks.

mod policy;
pub(crate) mod rule;

use std::time::Duration;

use async_trait::async_trait;

pub use policy::RefreshPolicy;

use crate::credential::{Credential, Refreshed};
use crate::state::Reason;

/// Talks to the provider. The client library implements it; the vault knows no network.
///
/// It is called at most once at a time for a credential, in all processes that share the vault, and not again before its
/// answer is stored. It must not try again by itself after a request may have reached the provider.
///
/// ```
/// use grantor_types::{Seconds, Secret};
/// use grantor_vault::{Credential, Reason, Refresh, RefreshError, Refreshed};
///
/// struct Provider;
///
/// #[async_trait::async_trait]
/// impl Refresh for Provider {
///     async fn refresh(&self, credential: &Credential) -> Result<Refreshed, RefreshError> {
///         if credential.refresh_token().is_none() {
///             return Err(RefreshError::UserNeeded(Reason::new("there is no refresh token")));
///         }
///         // … send it, and read the answer.
///         let mut refreshed = Refreshed::new(Secret::new("the next access token"));
///         refreshed.expires_in = Some(Seconds(3_600));
///         refreshed.refresh_token = Some(Secret::new("the next refresh token"));
///         Ok(refreshed)
///     }
/// }
/// assert_eq!(Reason::new("no network").as_str(), "no network");
/// ```
#[async_trait]
pub trait Refresh: Send + Sync + 'static {
    /// Renews the credential, once.
    ///
    /// # Errors
    /// [`RefreshError`]. What it says decides whether a credential is lost, so be exact: whatever is not surely
    /// [`NotApplied`](RefreshError::NotApplied) has an unknown outcome.
    async fn refresh(&self, credential: &Credential) -> Result<Refreshed, RefreshError>;
}

/// Why a renewal brought no new token. The texts name what happened, in a line and without secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefreshError {
    /// The provider surely did not apply it: no connection came about, or it said so before looking at the token. It is
    /// tried again later.
    #[error("surely not applied: {reason}")]
    NotApplied {
        /// What happened.
        reason: Reason,
        /// When the provider wants to be asked again (`Retry-After`).
        retry_after: Option<Duration>,
    },
    /// The provider wants the user again: `invalid_grant`, `interaction_required`.
    #[error("the user is needed: {0}")]
    UserNeeded(Reason),
    /// The provider refused the client or the request, and left the refresh token alone: `invalid_client`,
    /// `unauthorized_client`, `invalid_scope`. Somebody has to mend the configuration; meanwhile it is tried again with
    /// longer and longer waits.
    #[error("the provider refused: {0}")]
    Refused(Reason),
    /// The request may have been applied: a timeout, a broken connection, an answer that cannot be read, 5xx.
    #[error("outcome unknown: {0}")]
    OutcomeUnknown(Reason),
}
