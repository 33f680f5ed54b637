//! The numbers of renewal.

use std::time::Duration;

use grantor_types::Seconds;

use crate::error::VaultError;

/// When a credential is renewed, and how long things may take. The defaults suit most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshPolicy {
    /// How long before its end an access token is renewed; at most a quarter of its life. 5 minutes.
    pub buffer: Seconds,
    /// Each process adds up to this much to the buffer, so that not all ask at once; at most a tenth of a token's life.
    /// 30 seconds.
    pub jitter: Seconds,
    /// How long the first failure puts the next attempt off; each further one doubles it. 1 second.
    pub first_backoff: Seconds,
    /// The longest wait between attempts. 5 minutes.
    pub longest_backoff: Seconds,
    /// How long the provider may take to answer. After that the outcome is unknown. 20 seconds.
    pub call_timeout: Duration,
    /// How long a process may hold the right to renew a credential, with the call and what is written afterwards. Who finds
    /// it held for longer knows that its holder died. At least [`call_timeout`](Self::call_timeout) and five seconds. 30
    /// seconds.
    pub lease: Seconds,
    /// How often a process that waits for the renewal of another one looks. 50 milliseconds.
    pub look_again: Duration,
    /// How long a token is handed out from memory before the storage is asked again whether it was deleted or replaced. 30
    /// seconds.
    pub remember: Seconds,
    /// Whether a renewal whose outcome is unknown is simply sent again. Right for providers that answer the repeated use of a
    /// refresh token with the same successor, such as Grantor; with others it may end the authorization, as a replay.
    pub retry_unknown_outcomes: bool,
}

impl Default for RefreshPolicy {
    fn default() -> Self {
        Self {
            buffer: Seconds::minutes(5),
            jitter: Seconds(30),
            first_backoff: Seconds(1),
            longest_backoff: Seconds::minutes(5),
            call_timeout: Duration::from_secs(20),
            lease: Seconds(30),
            look_again: Duration::from_millis(50),
            remember: Seconds(30),
            retry_unknown_outcomes: false,
        }
    }
}

impl RefreshPolicy {
    /// What must remain of a lease for the answer to be written.
    const WRITING: Duration = Duration::from_secs(5);

    pub(crate) fn check(&self) -> Result<(), VaultError> {
        let lease = Duration::from_secs(self.lease.0);
        if lease < self.call_timeout.saturating_add(Self::WRITING) {
            return Err(VaultError::Settings(
                "the lease of a renewal has to be at least five seconds longer than its call may take",
            ));
        }
        if self.first_backoff.0 == 0 || self.longest_backoff < self.first_backoff {
            return Err(VaultError::Settings(
                "the first back-off has to be at least a second, and the longest no shorter",
            ));
        }
        if self.look_again.is_zero() {
            return Err(VaultError::Settings(
                "looking again without a pause keeps a processor busy",
            ));
        }
        Ok(())
    }
}
