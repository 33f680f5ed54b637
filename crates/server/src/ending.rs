//! Ends sessions: reads who was logged in to by way of them, decides, commits; after a conflict again with fresh facts.

use std::sync::Arc;

use grantor_protocol::logout::{self, EndingSession};
use grantor_protocol::record::{Client, Session};
use grantor_protocol::{Change, Policy};
use grantor_store::{CommitError, Store, StoreError};
use grantor_types::{SessionId, Timestamp, UserId};
use prometheus_client::metrics::counter::Counter;

use crate::admin::Writer;
use crate::app::{App, Failure};
use crate::drive;

/// Where sessions are, and how their end is committed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sessions<'a> {
    /// What is read.
    pub(crate) store: &'a dyn Store,
    /// How changes are committed.
    pub(crate) writer: Writer<'a>,
    /// What the operator decided.
    pub(crate) policy: &'a Policy,
    /// Counts what is decided again; there is no such counter beside a server.
    pub(crate) conflicts: Option<&'a Counter>,
    /// Now.
    pub(crate) now: Timestamp,
}

impl<'a> Sessions<'a> {
    fn of(app: &'a App) -> Self {
        Self {
            store: &**app.store.store(),
            writer: Writer::Cached(&app.store),
            policy: &app.settings.policy,
            conflicts: Some(&app.metrics.commit_conflicts),
            now: app.now(),
        }
    }

    /// A session with the clients that joined it, if it has not ended.
    async fn find(&self, id: SessionId) -> Result<Option<EndingSession>, StoreError> {
        match self.store.session(id).await? {
            Some(session) => self.with_clients(session).await.map(Some),
            None => Ok(None),
        }
    }

    async fn with_clients(&self, session: Session) -> Result<EndingSession, StoreError> {
        let mut clients = Vec::new();
        for id in self.store.clients_of_session(session.id).await? {
            clients.extend(self.writer.client(&id).await?);
        }
        Ok(EndingSession { session, clients })
    }

    /// Every session of a user, each with its clients.
    pub(crate) async fn of_user(&self, user: UserId) -> Result<Vec<EndingSession>, StoreError> {
        let mut all = Vec::new();
        for session in self.store.sessions_of(user).await? {
            all.push(self.with_clients(session).await?);
        }
        Ok(all)
    }

    /// Ends a session. It as it was; `None` when it had ended before.
    pub(crate) async fn end(&self, id: SessionId) -> Result<Option<EndingSession>, Failure> {
        for _ in 0..drive::ATTEMPTS {
            let Some(ending) = self.find(id).await? else {
                return Ok(None);
            };
            let changes = logout::end(self.now, self.policy, &ending);
            if self.committed(changes).await? {
                return Ok(Some(ending));
            }
        }
        Err(CommitError::Conflict.into())
    }

    /// Ends every session of a user. They as they were.
    pub(crate) async fn end_all(&self, user: UserId) -> Result<Vec<EndingSession>, Failure> {
        for _ in 0..drive::ATTEMPTS {
            let all = self.of_user(user).await?;
            let ends = all
                .iter()
                .flat_map(|ending| logout::end(self.now, self.policy, ending));
            // Those that begin at this moment, too.
            let changes = ends.chain([Change::EndSessionsOf(user)]).collect();
            if self.committed(changes).await? {
                return Ok(all);
            }
        }
        Err(CommitError::Conflict.into())
    }

    /// `false` when somebody ended a session at the same moment.
    async fn committed(&self, changes: Vec<Change>) -> Result<bool, StoreError> {
        match self.writer.commit(changes, self.now).await {
            Ok(()) => Ok(true),
            Err(CommitError::Conflict) => {
                if let Some(conflicts) = self.conflicts {
                    conflicts.inc();
                }
                Ok(false)
            }
            Err(CommitError::Store(error)) => Err(error),
        }
    }
}

/// A session with the clients that joined it, if it has not ended.
pub(crate) async fn of(app: &App, session: Option<SessionId>) -> Result<Option<EndingSession>, Failure> {
    match session {
        Some(id) => Ok(Sessions::of(app).find(id).await?),
        None => Ok(None),
    }
}

/// Every session of a user, each with its clients.
pub(crate) async fn of_user(app: &App, user: UserId) -> Result<Vec<EndingSession>, Failure> {
    Ok(Sessions::of(app).of_user(user).await?)
}

/// Ends a session. The clients that had joined it; none when it had ended before.
pub(crate) async fn end(app: &App, session: SessionId) -> Result<Vec<Arc<Client>>, Failure> {
    let Some(ended) = Sessions::of(app).end(session).await? else {
        return Ok(Vec::new());
    };
    tracing::info!(target: "grantor::audit", %session, user = %ended.session.user, "session ended");
    Ok(ended.clients)
}

/// Ends every session of a user. The clients that had joined the one of them that is named.
pub(crate) async fn end_all(app: &App, user: UserId, here: SessionId) -> Result<Vec<Arc<Client>>, Failure> {
    let ended = Sessions::of(app).end_all(user).await?;
    tracing::info!(target: "grantor::audit", %user, "every session of the user ended");
    let here = ended.into_iter().find(|ending| ending.session.id == here);
    Ok(here.map(|ending| ending.clients).unwrap_or_default())
}
