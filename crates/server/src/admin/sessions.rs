//! Sessions in browsers.

use grantor_protocol::record::Session;
use grantor_protocol::{Cause, Change};
use grantor_store::Page;
use grantor_types::{SessionId, UserId};
use serde::{Deserialize, Serialize};

use super::administration::{Administration, Output};
use super::refusal::Refusal;
use super::request::Request;
use super::{cursor, instant, users};

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

pub(super) async fn end(admin: &Administration<'_>, request: &Request) -> Result<Output, Refusal> {
    let session = find(admin, request).await?;
    admin.commit(vec![Change::EndSession(session.id)]).await?;
    Ok(Output::default())
}

pub(super) async fn end_all(admin: &Administration<'_>, request: &Request) -> Result<Output, Refusal> {
    let user = users::find(admin, request).await?;
    admin.commit(vec![Change::EndSessionsOf(user.id)]).await?;
    Ok(Output::default())
}
