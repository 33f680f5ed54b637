//! What a rule returns.

use crate::{Cause, Change};

/// The answer and the writes together. A refusal may write: a code that is used twice ends its grant.
#[derive(Clone, Debug)]
#[must_use = "the changes of a decision have to be committed"]
pub struct Decision<R> {
    /// What to commit before answering.
    pub changes: Vec<Change>,
    /// The answer, or why there is none.
    pub outcome: Result<R, Cause>,
}

impl<R> Decision<R> {
    /// Answers after these changes.
    pub fn accept(outcome: R, changes: Vec<Change>) -> Self {
        Self {
            changes,
            outcome: Ok(outcome),
        }
    }

    /// Answers after the changes that come with the answer, or refuses and changes nothing.
    pub(crate) fn of(outcome: Result<(R, Vec<Change>), Cause>) -> Self {
        match outcome {
            Ok((outcome, changes)) => Self::accept(outcome, changes),
            Err(cause) => Self::refuse(cause),
        }
    }

    /// Refuses and changes nothing.
    pub fn refuse(cause: Cause) -> Self {
        Self {
            changes: Vec::new(),
            outcome: Err(cause),
        }
    }

    /// Refuses after these changes.
    pub fn refuse_after(cause: Cause, changes: Vec<Change>) -> Self {
        Self {
            changes,
            outcome: Err(cause),
        }
    }
}
