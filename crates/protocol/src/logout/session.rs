//! The end of a session, and who hears of it.

use std::sync::Arc;

use grantor_jose::digest;
use grantor_types::{JobId, Timestamp};

use crate::record::{Client, Job, Session, SingleUseKey, Task};
use crate::{Change, Policy};

/// A session that is about to end, and the clients that were logged in to by way of it.
#[derive(Clone, Debug)]
pub struct EndingSession {
    /// The session.
    pub session: Session,
    /// The clients that joined it and are still registered.
    pub clients: Vec<Arc<Client>>,
}

/// Notes that a client was logged in to, if it wants to hear when the session ends.
pub fn join(session: &Session, client: &Client) -> Option<Change> {
    let metadata = &client.metadata;
    let wants = metadata.backchannel_logout_uri.is_some() || metadata.frontchannel_logout_uri.is_some();
    wants.then(|| Change::JoinSession {
        session: session.id,
        client: client.id.clone(),
        expires_at: session.expires_at,
    })
}

/// Ends a session: its grants that were not given offline access go with it, and whoever has to be told is told.
pub fn end(now: Timestamp, policy: &Policy, ending: &EndingSession) -> Vec<Change> {
    let session = &ending.session;
    let mut changes = notifications(now, ending);
    changes.push(Change::EndSession(session.id));
    // Refresh tokens that were issued without offline_access ought to end with the session, those with it ought to stay
    // (Back-Channel Logout 1.0, 2.7; OpenID Connect Core 11).
    if policy.revoke_grants_at_logout {
        changes.push(Change::RevokeGrantsOfSession {
            user: session.user,
            session: session.id,
            at: now,
        });
    }
    changes
}

/// One job for each client that is told over the back channel. A session ends once: whoever ends it at the same moment
/// meets a guard, so that no client is told twice.
pub fn notifications(now: Timestamp, ending: &EndingSession) -> Vec<Change> {
    let session = &ending.session;
    let told = ending
        .clients
        .iter()
        .filter(|client| !client.disabled && client.metadata.backchannel_logout_uri.is_some());
    let mut changes: Vec<Change> = told
        .map(|client| {
            Change::CreateJob(Box::new(Job {
                id: job_id(now, session, client),
                task: Task::BackchannelLogout {
                    client: client.id.clone(),
                    user: session.user,
                    session: session.id,
                },
                attempts: 0,
                due_at: now,
            }))
        })
        .collect();
    if !changes.is_empty() {
        changes.push(Change::UseOnce {
            key: SingleUseKey::of("end of session", &[session.id.as_bytes()]),
            expires_at: session.expires_at,
        });
    }
    changes
}

/// There is one job for a session and a client, so its id follows from them.
fn job_id(now: Timestamp, session: &Session, client: &Client) -> JobId {
    let named = [session.id.as_bytes().as_slice(), client.id.as_str().as_bytes()].concat();
    let digest = digest::sha256(&named);
    let mut bytes = digest.iter().copied();
    JobId::new(now, std::array::from_fn(|_| bytes.next().unwrap_or_default()))
}
