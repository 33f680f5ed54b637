//! Commits what a command decided.

use grantor_jose::random;
use grantor_protocol::Change;
use grantor_server::{Clock as _, SystemClock};
use grantor_store::{CommitError, Store};
use grantor_types::Timestamp;

use crate::output::CommandError;

/// Now, by the system's clock.
pub(crate) fn now() -> Timestamp {
    SystemClock.now()
}

/// Random bytes for ids and secrets.
///
/// # Errors
/// When there is no randomness.
pub(crate) fn random_bytes<const LENGTH: usize>() -> Result<[u8; LENGTH], CommandError> {
    random::array().map_err(|error| CommandError::caused_by("no randomness", &error))
}

/// Commits all of it or nothing. `subject` is what a conflict is about.
///
/// # Errors
/// When somebody else changed the same thing meanwhile, or the database fails.
pub(crate) async fn commit(
    store: &dyn Store,
    changes: Vec<Change>,
    subject: &str,
) -> Result<(), CommandError> {
    if changes.is_empty() {
        return Ok(());
    }
    store.commit(changes).await.map_err(|error| match error {
        CommitError::Conflict => CommandError::new(format!(
            "{subject} was changed by somebody else meanwhile; nothing was written. Look at it and run the command again"
        )),
        CommitError::Store(error) => error.into(),
    })
}
