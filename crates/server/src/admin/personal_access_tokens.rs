//! Personal access tokens. Their texts are not kept and so not shown.

use grantor_protocol::record::{PersonalAccessToken, RevocationReason};
use grantor_protocol::{Cause, Change};
use grantor_types::{ClientId, PersonalAccessTokenId, Scope, UserId};
use serde::{Deserialize, Serialize};

use super::administration::{Administration, Output};
use super::refusal::Refusal;
use super::request::Request;
use super::{cursor, instant, users};

/// A personal access token as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonalAccessTokenDocument {
    /// Its id.
    pub id: PersonalAccessTokenId,
    /// Whose it is.
    pub user: UserId,
    /// The client whose access token it was made with; null when the person made it on a page of ours.
    pub client: Option<ClientId>,
    /// What its owner calls it.
    pub name: String,
    /// What it allows.
    pub scope: Scope,
    /// When it was made.
    pub created_at: String,
    /// When it ends.
    pub expires_at: String,
    /// When it was last used, to the minute; null when never.
    pub last_used_at: Option<String>,
}

impl From<PersonalAccessToken> for PersonalAccessTokenDocument {
    fn from(token: PersonalAccessToken) -> Self {
        Self {
            id: token.id,
            user: token.user,
            client: token.client,
            name: token.name,
            scope: token.scope,
            created_at: instant(token.created_at),
            expires_at: instant(token.expires_at),
            last_used_at: token.last_used_at.map(instant),
        }
    }
}

/// The store keeps so few of a user that they are one page.
pub(super) async fn list(admin: &Administration<'_>, request: &Request) -> Result<Output, Refusal> {
    let user = users::find(admin, request).await?;
    let tokens = admin.store.personal_access_tokens_of(user.id).await?;
    cursor::whole(tokens, PersonalAccessTokenDocument::from)
}

pub(super) async fn revoke(admin: &Administration<'_>, request: &Request) -> Result<Output, Refusal> {
    let user = users::find(admin, request).await?.id;
    let name = request.name(1);
    let tokens = admin.store.personal_access_tokens_of(user).await?;
    let found = tokens.iter().find(|token| token.id.to_string() == name);
    let unknown = || Refusal::of(Cause::NotFound, format!("there is no token {name} of this user"));
    let token = found.ok_or_else(unknown)?.id;
    admin
        .commit(vec![Change::DeletePersonalAccessToken { user, token }])
        .await?;
    Ok(Output::default())
}

pub(super) async fn revoke_all(admin: &Administration<'_>, request: &Request) -> Result<Output, Refusal> {
    let user = users::find(admin, request).await?;
    admin
        .commit(vec![Change::DeletePersonalAccessTokensOf(user.id)])
        .await?;
    Ok(Output::default())
}

/// Those, and everything that hangs on grants.
pub(super) async fn revoke_tokens(admin: &Administration<'_>, request: &Request) -> Result<Output, Refusal> {
    let user = users::find(admin, request).await?.id;
    let changes = vec![
        Change::DeletePersonalAccessTokensOf(user),
        Change::RevokeGrantsOf {
            user,
            client: None,
            at: admin.now,
            reason: RevocationReason::Administrator,
        },
    ];
    admin.commit(changes).await?;
    Ok(Output::default())
}
