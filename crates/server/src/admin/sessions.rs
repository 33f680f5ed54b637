//! Sessions in browsers.

use grantor_protocol::logout;
use grantor_protocol::record::Session;
use grantor_protocol::{Cause, Change};
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
    let found = match SessionId::parse(request.name(0)) {
        Some(id) => admin.store.session(id).await?,
        None => None,
    };
    found.ok_or_else(|| unknown(request))
}

fn unknown(request: &Request) -> Refusal {
    let name = request.name(0);
    Refusal::of(Cause::NotFound, format!("there is no session {name}"))
}

/// The store keeps so few of a user that they are one page.
pub(super) async fn list(admin: &Administration<'_>, request: &Request) -> Result<Output, Refusal> {
    let user = users::find(admin, request).await?;
    cursor::whole(admin.store.sessions_of(user.id).await?, SessionDocument::of)
}

pub(super) async fn show(admin: &Administration<'_>, request: &Request) -> Result<Output, Refusal> {
    Output::document(&SessionDocument::of(find(admin, request).await?))
}

/// Whoever was logged in to by way of it is told.
pub(super) async fn end(admin: &Administration<'_>, request: &Request) -> Result<Output, Refusal> {
    let session = find(admin, request).await?.id;
    // Whoever ended it at the same moment has told them.
    let ended = admin.sessions().end(session).await?;
    ended.map(|_| Output::default()).ok_or_else(|| unknown(request))
}

pub(super) async fn end_all(admin: &Administration<'_>, request: &Request) -> Result<Output, Refusal> {
    let user = users::find(admin, request).await?.id;
    admin.sessions().end_all(user).await?;
    Ok(Output::default())
}

/// Ends every session of a user who is switched off or has a new password. Their grants stay: nothing is forgotten.
pub(super) async fn ending(admin: &Administration<'_>, user: UserId) -> Result<Vec<Change>, Refusal> {
    let all = admin.sessions().of_user(user).await?;
    let told = all
        .iter()
        .flat_map(|ending| logout::notifications(admin.now, ending));
    Ok(told.chain([Change::EndSessionsOf(user)]).collect())
}
