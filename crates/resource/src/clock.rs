//! The time, which tests can hold in their hand.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use grantor_types::{Seconds, Timestamp};

/// Tells the time.
#[derive(Clone)]
pub(crate) struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    pub(crate) fn new(clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(clock))
    }

    pub(crate) fn system() -> Self {
        Self::new(system_time)
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.0)()
    }
}

/// Whether this much time has gone by. A clock that was set back counts as gone by, or what is due would stay undone
/// until it has caught up.
pub(crate) fn has_passed(since: Timestamp, duration: Seconds, now: Timestamp) -> bool {
    now < since || since.plus(duration).is_past(now)
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the edge at which the time comes in"
)]
fn system_time() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_milliseconds(u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_set_back_holds_nothing_up() {
        let at = Timestamp::from_seconds;
        assert!(!has_passed(at(100), Seconds(10), at(109)));
        assert!(has_passed(at(100), Seconds(10), at(110)));
        assert!(has_passed(at(100), Seconds(10), at(99)));
        assert!(Clock::system().now() > at(1_700_000_000));
    }
}
