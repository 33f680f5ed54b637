//! Every read, one file for each record.

use grantor_store::Page;

pub(crate) mod catalogue;
pub(crate) mod client;
pub(crate) mod consent;
pub(crate) mod device;
pub(crate) mod event;
pub(crate) mod grant;
pub(crate) mod initial_access_token;
pub(crate) mod job;
pub(crate) mod key;
pub(crate) mod login_attempts;
pub(crate) mod personal;
pub(crate) mod pushed;
pub(crate) mod revocations;
pub(crate) mod session;
pub(crate) mod single_use;
pub(crate) mod user;

/// How many rows to ask for so that it shows whether more follow.
fn one_more_than(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1)
}

/// Cuts a list that was asked for with [`one_more_than`].
fn page<T>(mut items: Vec<T>, limit: usize) -> Page<T> {
    let more = items.len() > limit;
    items.truncate(limit);
    Page { items, more }
}
