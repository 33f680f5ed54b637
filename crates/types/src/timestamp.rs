//! Instants and durations of the protocol. Rules never read a clock: the time comes in as one of these.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// An instant in milliseconds since the Unix epoch. On the wire it is whole seconds (`NumericDate`, RFC 7519 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(u64);

impl Timestamp {
    /// An instant of whole seconds.
    pub const fn from_seconds(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// An instant of milliseconds.
    pub const fn from_milliseconds(milliseconds: u64) -> Self {
        Self(milliseconds)
    }

    /// Whole seconds since the epoch, rounded down.
    pub const fn as_seconds(self) -> u64 {
        self.0 / 1000
    }

    /// Milliseconds since the epoch.
    pub const fn as_milliseconds(self) -> u64 {
        self.0
    }

    /// The instant this much later, saturating.
    pub const fn plus(self, duration: Seconds) -> Self {
        Self(self.0.saturating_add(duration.0.saturating_mul(1000)))
    }

    /// The instant this much earlier, saturating at the epoch.
    pub const fn minus(self, duration: Seconds) -> Self {
        Self(self.0.saturating_sub(duration.0.saturating_mul(1000)))
    }

    /// Time from `earlier` to this instant, rounded down; zero when it lies in the future.
    pub const fn since(self, earlier: Timestamp) -> Seconds {
        Seconds(self.0.saturating_sub(earlier.0) / 1000)
    }

    /// Whether this much time has gone by since this instant. A clock that was set back counts as gone by, or what is
    /// due would stay undone until it has caught up.
    pub const fn is_older_than(self, age: Seconds, now: Timestamp) -> bool {
        now.0 < self.0 || self.plus(age).is_past(now)
    }

    /// Whether a thing that ends at this instant has ended at `now`.
    pub const fn is_past(self, now: Timestamp) -> bool {
        self.0 <= now.0
    }
}

impl From<SystemTime> for Timestamp {
    /// Rounded down to milliseconds. What lies before the epoch becomes the epoch.
    fn from(time: SystemTime) -> Self {
        let since_epoch = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX))
    }
}

/// A duration in whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seconds(pub u64);

impl Seconds {
    /// This many minutes.
    pub const fn minutes(minutes: u64) -> Self {
        Self(minutes * 60)
    }

    /// This many hours.
    pub const fn hours(hours: u64) -> Self {
        Self(hours * 3600)
    }

    /// This many days.
    pub const fn days(days: u64) -> Self {
        Self(days * 86_400)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::{Seconds, Timestamp};

    #[test]
    fn the_time_of_a_system_is_cut_to_milliseconds() {
        for (time, milliseconds) in [
            (UNIX_EPOCH, 0),
            (UNIX_EPOCH + Duration::from_micros(1_234_999), 1_234),
            (UNIX_EPOCH - Duration::from_secs(1), 0),
        ] {
            assert_eq!(Timestamp::from(time), Timestamp::from_milliseconds(milliseconds));
        }
    }

    #[test]
    fn a_clock_that_was_set_back_holds_nothing_up() {
        let at = Timestamp::from_seconds;
        assert!(!at(100).is_older_than(Seconds(10), at(109)));
        assert!(at(100).is_older_than(Seconds(10), at(110)));
        assert!(at(100).is_older_than(Seconds(10), at(99)));
    }
}
