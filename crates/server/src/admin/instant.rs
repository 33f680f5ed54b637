//! Instants as people read them.

use grantor_types::Timestamp;

/// An instant as RFC 3339 text in whole seconds, in UTC.
pub fn instant(time: Timestamp) -> String {
    let seconds = i64::try_from(time.as_seconds()).ok();
    let time = seconds.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    time.map_or_else(|| "beyond all calendars".to_owned(), |time| time.to_string())
}
