//! Time and chance, which tests can hold in their hand.

use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use grantor_types::Timestamp;

/// Tells the time, and waits.
///
/// ```
/// use std::time::Duration;
///
/// use grantor_types::Timestamp;
/// use grantor_vault::{Chance, Clock, SystemChance, SystemClock};
///
/// /// A clock that is an hour ahead, and waits for nobody.
/// struct Ahead;
///
/// #[async_trait::async_trait]
/// impl Clock for Ahead {
///     fn now(&self) -> Timestamp {
///         SystemClock.now().plus(grantor_types::Seconds::hours(1))
///     }
///
///     async fn pause(&self, _duration: Duration) {}
/// }
///
/// /// Chance that is the same every time.
/// struct Loaded;
///
/// impl Chance for Loaded {
///     fn number(&self) -> u64 {
///         6
///     }
/// }
/// assert!(Ahead.now() > SystemClock.now());
/// assert_ne!(SystemChance.number(), SystemChance.number());
/// ```
#[async_trait]
pub trait Clock: Send + Sync + 'static {
    /// The time now. Processes that share a vault have to agree about it to within a few seconds.
    fn now(&self) -> Timestamp;

    /// Waits so long.
    async fn pause(&self, duration: Duration);
}

/// Numbers that nobody can foresee: the jitter of refreshes, the names of leases. Nonces and keys do not come from here,
/// but from [`grantor_jose`].
pub trait Chance: Send + Sync + 'static {
    /// A number, each as likely as any other.
    fn number(&self) -> u64;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the edge at which the time comes in"
    )]
    fn now(&self) -> Timestamp {
        SystemTime::now().into()
    }

    async fn pause(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// The generator of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    fn number(&self) -> u64 {
        // Without randomness nothing can be sealed either, and that fails with an error. Here zero does no harm: leases
        // are told apart by the record's revision as well.
        grantor_jose::random::array().map_or(0, u64::from_be_bytes)
    }
}
