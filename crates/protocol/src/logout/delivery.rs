//! How a logout token is delivered: claimed, tried, tried again, given up (Back-Channel Logout 1.0, 2.5 and 2.8).

use grantor_types::{Seconds, Timestamp};

use crate::Change;
use crate::record::Job;

/// How long whoever claimed a job has for it, before another process may try.
pub const LEASE: Seconds = Seconds(60);

/// How long to wait after each attempt that failed; after the last one there is none.
const DELAYS: [Seconds; 4] = [Seconds(15), Seconds(45), Seconds(135), Seconds(405)];

/// What came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A complete answer with this status.
    Status(u16),
    /// No answer.
    None,
    /// There is nobody to tell any more: the client is gone, is switched off, or takes no logout tokens by now.
    Moot,
}

/// What becomes of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The client has been told.
    Delivered,
    /// It is tried again.
    Again,
    /// It is not tried again.
    GivenUp,
    /// There was nobody to tell.
    Moot,
}

/// Claims a job that is due: whoever does so first has it for the length of the [`LEASE`]. The job as it is then, and the
/// change.
pub fn claim(now: Timestamp, job: &Job) -> (Job, Change) {
    let claimed = Job {
        due_at: now.plus(LEASE),
        attempts: job.attempts.saturating_add(1),
        ..job.clone()
    };
    let change = Change::MoveJob {
        job: job.id,
        from: job.due_at,
        to: claimed.due_at,
        attempts: claimed.attempts,
    };
    (claimed, change)
}

/// What to do with a claimed job after an answer. "If the logout succeeded, the RP MUST respond with HTTP 200 OK. However,
/// note that some Web frameworks will substitute an HTTP 204 No Content response" (Back-Channel Logout 1.0, 2.8); 400 says
/// that the token is refused, and would be again.
pub fn after(now: Timestamp, claimed: &Job, answer: Answer) -> (Fate, Change) {
    let done = Change::DeleteJob(claimed.id);
    match answer {
        Answer::Status(200 | 204) => (Fate::Delivered, done),
        Answer::Status(400) => (Fate::GivenUp, done),
        Answer::Moot => (Fate::Moot, done),
        Answer::Status(_) | Answer::None => {
            let tried = usize::try_from(claimed.attempts).unwrap_or(usize::MAX);
            match DELAYS.get(tried.saturating_sub(1)) {
                Some(delay) => {
                    let again = Change::MoveJob {
                        job: claimed.id,
                        from: claimed.due_at,
                        to: now.plus(*delay),
                        attempts: claimed.attempts,
                    };
                    (Fate::Again, again)
                }
                None => (Fate::GivenUp, done),
            }
        }
    }
}
