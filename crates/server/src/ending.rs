//! Ends sessions: reads who was logged in to by way of them, decides, commits; after a conflict again with fresh facts.

use std::sync::Arc;

use grantor_protocol::Change;
use grantor_protocol::logout::{EndingSession, end_session};
use grantor_protocol::record::{Client, Session};
use grantor_store::CommitError;
use grantor_types::{SessionId, UserId};

use crate::app::{App, Failure};
use crate::drive;

/// A session with the clients that joined it, if it has not ended.
pub(crate) async fn of(app: &App, session: Option<SessionId>) -> Result<Option<EndingSession>, Failure> {
    let Some(id) = session else { return Ok(None) };
    match app.store.store().session(id).await? {
        Some(session) => Ok(Some(with_clients(app, session).await?)),
        None => Ok(None),
    }
}

async fn with_clients(app: &App, session: Session) -> Result<EndingSession, Failure> {
    let mut clients = Vec::new();
    for id in app.store.store().clients_of_session(session.id).await? {
        clients.extend(app.client(&id).await?);
    }
    Ok(EndingSession { session, clients })
}

/// Ends a session. The clients that had joined it; none when it had ended before.
pub(crate) async fn end(app: &App, session: SessionId) -> Result<Vec<Arc<Client>>, Failure> {
    let catalogue = app.store.catalogue();
    for _ in 0..drive::ATTEMPTS {
        let Some(ending) = of(app, Some(session)).await? else {
            return Ok(Vec::new());
        };
        if drive::committed(app, end_session(&app.cx(&catalogue), &ending)).await? {
            tracing::info!(target: "grantor::audit", %session, user = %ending.session.user, "session ended");
            return Ok(ending.clients);
        }
    }
    Err(CommitError::Conflict.into())
}

/// Ends every session of a user. The clients that had joined the one of them that is named.
pub(crate) async fn end_all(app: &App, user: UserId, here: SessionId) -> Result<Vec<Arc<Client>>, Failure> {
    let catalogue = app.store.catalogue();
    for _ in 0..drive::ATTEMPTS {
        let (mut changes, mut clients) = (Vec::new(), Vec::new());
        for session in app.store.store().sessions_of(user).await? {
            let ending = with_clients(app, session).await?;
            changes.extend(end_session(&app.cx(&catalogue), &ending));
            if ending.session.id == here {
                clients = ending.clients;
            }
        }
        // Those that begin at this moment, too.
        changes.push(Change::EndSessionsOf(user));
        if drive::committed(app, changes).await? {
            tracing::info!(target: "grantor::audit", %user, "every session of the user ended");
            return Ok(clients);
        }
    }
    Err(CommitError::Conflict.into())
}
