//! When each device asked for its tokens last.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use grantor_types::{DeviceAuthorizationId, Timestamp};
use quick_cache::sync::Cache;

/// The last question of each device, in the memory of this process alone: a question writes nothing. With several
/// processes a device may ask each of them at the full pace, which costs no more than a device for each of them.
#[derive(Debug)]
pub(crate) struct Polls {
    /// In milliseconds.
    last: Cache<DeviceAuthorizationId, Arc<AtomicU64>>,
}

impl Polls {
    /// Remembers at most so many devices. One that is forgotten is asked for no pace.
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            last: Cache::new(capacity),
        }
    }

    /// Notes a question and says when the one before it was.
    pub(crate) fn note(&self, device: DeviceAuthorizationId, now: Timestamp) -> Option<Timestamp> {
        let now = now.as_milliseconds();
        if let Some(last) = self.last.get(&device) {
            return Some(Timestamp::from_milliseconds(last.swap(now, Ordering::Relaxed)));
        }
        self.last.insert(device, Arc::new(AtomicU64::new(now)));
        None
    }
}

#[cfg(test)]
mod tests {
    use super::Polls;
    use grantor_types::{DeviceAuthorizationId, Timestamp};

    #[test]
    fn each_device_has_its_own_last_question() {
        let polls = Polls::new(10);
        let (one, other) = ([1; 16], [2; 16]);
        let note = |id, seconds| {
            polls.note(
                DeviceAuthorizationId::from_bytes(id),
                Timestamp::from_seconds(seconds),
            )
        };
        assert_eq!(note(one, 5), None);
        assert_eq!(note(other, 6), None);
        assert_eq!(note(one, 7), Some(Timestamp::from_seconds(5)));
        assert_eq!(note(one, 8), Some(Timestamp::from_seconds(7)));
    }
}
