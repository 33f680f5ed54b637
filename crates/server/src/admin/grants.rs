//! Grants: what users gave to clients.

use std::collections::HashMap;

use grantor_protocol::record::{Grant, GrantState, RevocationReason};
use grantor_protocol::{Cause, Change};
use grantor_store::GrantFilter;
use grantor_types::{ClientId, GrantId, Resource, Scope, UserId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::administration::{Administration, Output};
use super::refusal::Refusal;
use super::request::Request;
use super::{cursor, instant};

/// Most grants that one request ends, so that no transaction is long.
pub const MAX_REVOKED: usize = 500;

/// A grant as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantDocument {
    /// Its id.
    pub id: GrantId,
    /// The user who gave it.
    pub user: UserId,
    /// Their login name; empty when there is no such user any more.
    pub username: String,
    /// The client that holds it.
    pub client: ClientId,
    /// What was allowed.
    pub scope: Scope,
    /// The resource servers that were asked for.
    pub resources: Vec<Resource>,
    /// `pending`, `active` or `revoked`.
    pub state: String,
    /// Whether it can be refreshed.
    pub has_refresh_token: bool,
    /// When and why it ended; null when it has not.
    pub revocation: Option<Revocation>,
    /// When it was given.
    pub created_at: String,
    /// When its last token will have ended.
    pub expires_at: String,
}

/// When and why a grant ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    /// When.
    pub at: String,
    /// Why.
    pub reason: String,
}

impl GrantDocument {
    fn of(grant: Grant, username: String) -> Self {
        let (state, has_refresh_token, revocation) = match &grant.state {
            GrantState::Pending(_) => ("pending", false, None),
            GrantState::Active(active) => ("active", active.refresh.is_some(), None),
            GrantState::Revoked { at, reason } => {
                let (at, reason) = (instant(*at), reason.as_str().to_owned());
                ("revoked", false, Some(Revocation { at, reason }))
            }
        };
        Self {
            id: grant.id,
            user: grant.user,
            username,
            client: grant.client,
            scope: grant.scope,
            resources: grant.resources,
            state: state.to_owned(),
            has_refresh_token,
            revocation,
            created_at: instant(grant.created_at),
            expires_at: instant(grant.expires_at),
        }
    }
}

async fn find(admin: &Administration<'_>, request: &Request) -> Result<Grant, Refusal> {
    let name = request.name(0);
    let found = match GrantId::parse(name) {
        Some(id) => admin.store.grant(id).await?,
        None => None,
    };
    found.ok_or_else(|| Refusal::of(Cause::NotFound, format!("there is no grant {name}")))
}

pub(super) async fn list(admin: &Administration<'_>, request: &Request) -> Result<Output, Refusal> {
    let user = request
        .parameter("user")
        .map(|text| UserId::parse(text).ok_or_else(|| Refusal::query("user", "is not the id of a user")));
    let client = request
        .parameter("client")
        .map(|text| ClientId::parse(text).map_err(|error| Refusal::query("client", error.to_string())));
    let filter = GrantFilter {
        user: user.transpose()?,
        client: client.transpose()?,
        after: cursor::after(request, GrantId::parse)?,
    };
    let page = admin.store.grants(&filter, cursor::limit(request)?).await?;
    let names = usernames(admin, &page.items).await?;
    let document = |grant: Grant| {
        let name = names.get(&grant.user).cloned().unwrap_or_default();
        GrantDocument::of(grant, name)
    };
    cursor::page(page, |grant| grant.id.to_string(), document)
}

pub(super) async fn show(admin: &Administration<'_>, request: &Request) -> Result<Output, Refusal> {
    let grant = find(admin, request).await?;
    let user = admin.store.user(grant.user).await?;
    Output::document(&GrantDocument::of(
        grant,
        user.map(|user| user.username).unwrap_or_default(),
    ))
}

pub(super) async fn revoke(admin: &Administration<'_>, request: &Request) -> Result<Output, Refusal> {
    let grant = find(admin, request).await?;
    admin.commit(vec![revocation(admin, grant.id)]).await?;
    Ok(Output::default())
}

/// Those that have ended already, or are not there any more, are as they should be.
pub(super) async fn revoke_several(
    admin: &Administration<'_>,
    mut request: Request,
) -> Result<Output, Refusal> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct ToRevoke {
        grants: Vec<GrantId>,
    }
    let ToRevoke { grants } = request.document()?;
    if grants.is_empty() || grants.len() > MAX_REVOKED {
        return Err(Refusal::member(
            "grants",
            format!("has to hold 1 to {MAX_REVOKED} grants"),
        ));
    }
    admin
        .commit(grants.iter().map(|id| revocation(admin, *id)).collect())
        .await?;
    Ok(Output::body(json!({ "revoked": grants })))
}

fn revocation(admin: &Administration<'_>, grant: GrantId) -> Change {
    Change::RevokeGrant {
        grant,
        at: admin.now,
        reason: RevocationReason::Administrator,
    }
}

async fn usernames(admin: &Administration<'_>, grants: &[Grant]) -> Result<HashMap<UserId, String>, Refusal> {
    let mut names = HashMap::new();
    for grant in grants {
        if names.contains_key(&grant.user) {
            continue;
        }
        let user = admin.store.user(grant.user).await?;
        names.insert(grant.user, user.map(|user| user.username).unwrap_or_default());
    }
    Ok(names)
}
