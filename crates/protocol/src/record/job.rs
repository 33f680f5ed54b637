//! Something to be sent later: written with what caused it, done by a process that claims it.

use grantor_types::{ClientId, JobId, SessionId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// A job. Whoever does it claims it first, by moving its time: until then nobody else begins it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// What is to be done.
    pub task: Task,
    /// How often it was tried.
    pub attempts: u32,
    /// When it may be tried.
    pub due_at: Timestamp,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "snake_case")]
pub enum Task {
    /// Tells a client that a session has ended
    /// ([OpenID Connect Back-Channel Logout 1.0](https://openid.net/specs/openid-connect-backchannel-1_0.html)).
    BackchannelLogout {
        /// Whom to tell.
        client: ClientId,
        /// Who was logged in.
        user: UserId,
        /// The session that has ended.
        session: SessionId,
    },
}
