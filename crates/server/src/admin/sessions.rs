//! Sessions in browsers.

use std::sync::Arc;

use grantor_protocol::logout::{self, EndingSession};
use grantor_protocol::record::Session;
use grantor_protocol::{Cause, Change};
use grantor_store::{CommitError, Page};
use grantor_types::{SessionId, UserId};
use serde::{Deserialize, Serialize};

use super::administration::{Administration, Output};
use super::refusal::Refusal;
use super::request::Request;
use super::{cursor, instant, users};
use crate::drive;

/// A session as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionDocument {
    /// Its id; as text it is the `sid` claim.
    pub id: SessionId,
    /// Who logged in.
    pub user: UserId,
    /// When.
    pub auth_time: String,
    /// How: the `amr` values, RFC 8176.
    pub authentication_methods: Vec<String>,
    /// The browser as it named itself.
    pub user_agent: String,
    /// When it ends.
    pub expires_at: String,
}

impl SessionDocument {
    fn of(session: Session) -> Self {
        Self {
            id: session.id,
            user: session.user,
            auth_time: instant(session.auth_time),
            authentication_methods: session.authentication_methods,
            user_agent: session.user_agent,
            expires_at: instant(session.expires_at),
        }
    }
}

async fn find(admin: &Administration<'_>, request: &Request) -> Result<Session, Refusal> {
    let name = request.name(0);
    let found = match SessionId::parse(name) {
        Some(id) => admin.store.session(id).await?,
        None => None,
    };
    found.ok_or_else(|| Refusal::of(Cause::NotFound, format!("there is no session {name}")))
}

/// The store keeps so few of a user that they are one page.
pub(super) async fn list(admin: &Administration<'_>, request: &Request) -> Result<Output, Refusal> {
    let user = users::find(admin, request).await?;
    let page = Page {
        items: admin.store.sessions_of(user.id).await?,
        more: false,
    };
    cursor::page(page, |session| session.id.to_string(), SessionDocument::of)
}

pub(super) async fn show(admin: &Administration<'_>, request: &Request) -> Result<Output, Refusal> {
    Output::document(&SessionDocument::of(find(admin, request).await?))
}

/// Whoever was logged in to by way of it is told.
pub(super) async fn end(admin: &Administration<'_>, request: &Request) -> Result<Output, Refusal> {
    for _ in 0..drive::ATTEMPTS {
        let ending = with_clients(admin, find(admin, request).await?).await?;
        if committed(admin, logout::end(admin.now, admin.policy, &ending)).await? {
            return Ok(Output::default());
        }
    }
    Err(Cause::Overloaded.into())
}

pub(super) async fn end_all(admin: &Administration<'_>, request: &Request) -> Result<Output, Refusal> {
    let user = users::find(admin, request).await?.id;
    for _ in 0..drive::ATTEMPTS {
        let mut changes = Vec::new();
        for session in admin.store.sessions_of(user).await? {
            let ending = with_clients(admin, session).await?;
            changes.extend(logout::end(admin.now, admin.policy, &ending));
        }
        // Those that begin at this moment, too.
        changes.push(Change::EndSessionsOf(user));
        if committed(admin, changes).await? {
            return Ok(Output::default());
        }
    }
    Err(Cause::Overloaded.into())
}

/// Ends every session of a user who is switched off or has a new password. Their grants stay: nothing is forgotten.
pub(super) async fn ending(admin: &Administration<'_>, user: UserId) -> Result<Vec<Change>, Refusal> {
    let mut changes = Vec::new();
    for session in admin.store.sessions_of(user).await? {
        changes.extend(logout::notifications(
            admin.now,
            &with_clients(admin, session).await?,
        ));
    }
    changes.push(Change::EndSessionsOf(user));
    Ok(changes)
}

async fn with_clients(admin: &Administration<'_>, session: Session) -> Result<EndingSession, Refusal> {
    let mut clients = Vec::new();
    for id in admin.store.clients_of_session(session.id).await? {
        clients.extend(admin.store.client(&id).await?.map(Arc::new));
    }
    Ok(EndingSession { session, clients })
}

/// `false` when somebody ended the session at the same moment.
async fn committed(admin: &Administration<'_>, changes: Vec<Change>) -> Result<bool, Refusal> {
    match admin.commit(changes).await {
        Ok(()) => Ok(true),
        Err(CommitError::Conflict) => Ok(false),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}
