//! Does what is asked.

use std::sync::Arc;

use grantor_protocol::record::{Client, ResourceServer, ScopeDefinition, TrustedIssuer};
use grantor_protocol::{Change, Policy};
use grantor_store::{CommitError, Store, StoreError};
use grantor_types::{ClientId, Timestamp};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::Mutex;

use super::action::Action;
use super::refusal::Refusal;
use super::request::Request;
use super::{catalogue, clients, grants, keys, personal_access_tokens, secrets, sessions, users};
use crate::app::Failure;
use crate::cache::CachedStore;
use crate::clock::Entropy;
use crate::ending::Sessions;
use crate::keyring::MasterKey;
use crate::password::PasswordHasher;
use crate::settings::KeySettings;

/// What administration works on: a server's own store, or the database beside it.
#[derive(Debug)]
pub struct Administration<'a> {
    /// What is read.
    pub store: &'a dyn Store,
    /// How changes are committed.
    pub writer: Writer<'a>,
    /// What hashes new passwords.
    pub passwords: &'a PasswordHasher,
    /// What the operator decided.
    pub policy: &'a Policy,
    /// What makes new keys; absent where the master key is not at hand.
    pub keys: Option<KeyAdministration<'a>>,
    /// Where randomness comes from.
    pub entropy: &'a dyn Entropy,
    /// Now.
    pub now: Timestamp,
    /// Held while a scope, a resource server or a trusted issuer is compared and replaced: those count no revisions, so
    /// that only one process at a time is sure of what it replaces.
    pub catalogue: &'a Mutex<()>,
}

/// How changes are committed.
#[derive(Clone, Copy, Debug)]
pub enum Writer<'a> {
    /// Through the caches of a server, which see them before anybody else.
    Cached(&'a CachedStore),
    /// Beside a server, which hears of them.
    Beside(&'a dyn Store),
}

impl Writer<'_> {
    /// Commits all of it or nothing.
    pub(crate) async fn commit(&self, changes: Vec<Change>, now: Timestamp) -> Result<(), CommitError> {
        match self {
            Self::Cached(store) => store.commit(changes, now).await,
            Self::Beside(store) => store.commit(changes).await,
        }
    }

    /// A client by id.
    pub(crate) async fn client(&self, id: &ClientId) -> Result<Option<Arc<Client>>, StoreError> {
        match self {
            Self::Cached(store) => store.client(id).await,
            Self::Beside(store) => Ok(store.client(id).await?.map(Arc::new)),
        }
    }
}

/// What it takes to make keys.
#[derive(Clone, Copy, Debug)]
pub struct KeyAdministration<'a> {
    /// What wraps them.
    pub master: &'a MasterKey,
    /// Which there are.
    pub settings: &'a KeySettings,
}

/// What came of an action.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// The answer.
    pub body: Option<Value>,
    /// The entity tag of what is shown or was written.
    pub etag: Option<String>,
    /// The name of what was made, which is the end of its path.
    pub made: Option<String>,
}

impl Output {
    pub(super) fn body(body: Value) -> Self {
        Self {
            body: Some(body),
            ..Self::default()
        }
    }

    /// A document as the answer.
    pub(super) fn document(document: &impl Serialize) -> Result<Self, Refusal> {
        Ok(Self::body(Self::value(document)?))
    }

    pub(super) fn etag(self, etag: String) -> Self {
        Self {
            etag: Some(etag),
            ..self
        }
    }

    pub(super) fn made(self, name: impl ToString) -> Self {
        Self {
            made: Some(name.to_string()),
            ..self
        }
    }

    pub(super) fn value(document: &impl Serialize) -> Result<Value, Refusal> {
        serde_json::to_value(document).map_err(|error| Failure::internal("JSON", error).into())
    }
}

impl Administration<'_> {
    /// Does what is asked, or says why not. Nothing has changed then.
    ///
    /// # Errors
    /// [`Refusal`].
    pub async fn perform(&self, request: Request) -> Result<Output, Refusal> {
        request.check()?;
        match request.action {
            Action::ListClients => clients::list(self, &request).await,
            Action::CreateClient => clients::create(self, request).await,
            Action::ShowClient => clients::show(self, &request).await,
            Action::ReplaceClient => clients::replace(self, request).await,
            Action::DeleteClient => clients::delete(self, &request).await,
            Action::RotateClientSecret => secrets::rotate(self, request).await,
            Action::ListUsers => users::list(self, &request).await,
            Action::CreateUser => users::create(self, request).await,
            Action::ShowUser => users::show(self, &request).await,
            Action::ReplaceUser => users::replace(self, request).await,
            Action::SetPassword => users::set_password(self, request).await,
            Action::ListSessions => sessions::list(self, &request).await,
            Action::EndSessions => sessions::end_all(self, &request).await,
            Action::ShowSession => sessions::show(self, &request).await,
            Action::EndSession => sessions::end(self, &request).await,
            Action::ListPersonalAccessTokens => personal_access_tokens::list(self, &request).await,
            Action::RevokePersonalAccessTokens => personal_access_tokens::revoke_all(self, &request).await,
            Action::RevokePersonalAccessToken => personal_access_tokens::revoke(self, &request).await,
            Action::RevokeTokens => personal_access_tokens::revoke_tokens(self, &request).await,
            Action::ListGrants => grants::list(self, &request).await,
            Action::ShowGrant => grants::show(self, &request).await,
            Action::RevokeGrant => grants::revoke(self, &request).await,
            Action::RevokeGrants => grants::revoke_several(self, request).await,
            Action::ListScopes => catalogue::list::<ScopeDefinition>(self, &request).await,
            Action::CreateScope => catalogue::create::<ScopeDefinition>(self, request).await,
            Action::ShowScope => catalogue::show::<ScopeDefinition>(self, &request).await,
            Action::ReplaceScope => catalogue::replace::<ScopeDefinition>(self, request).await,
            Action::DeleteScope => catalogue::delete::<ScopeDefinition>(self, &request).await,
            Action::ListResources => catalogue::list::<ResourceServer>(self, &request).await,
            Action::CreateResource => catalogue::create::<ResourceServer>(self, request).await,
            Action::ShowResource => catalogue::show::<ResourceServer>(self, &request).await,
            Action::ReplaceResource => catalogue::replace::<ResourceServer>(self, request).await,
            Action::DeleteResource => catalogue::delete::<ResourceServer>(self, &request).await,
            Action::ListTrustedIssuers => catalogue::list::<TrustedIssuer>(self, &request).await,
            Action::CreateTrustedIssuer => catalogue::create::<TrustedIssuer>(self, request).await,
            Action::ShowTrustedIssuer => catalogue::show::<TrustedIssuer>(self, &request).await,
            Action::ReplaceTrustedIssuer => catalogue::replace::<TrustedIssuer>(self, request).await,
            Action::DeleteTrustedIssuer => catalogue::delete::<TrustedIssuer>(self, &request).await,
            Action::ListKeys => keys::list(self).await,
            Action::RotateKeys => keys::rotate(self, request).await,
        }
    }

    /// Commits all of it or nothing.
    pub(super) async fn commit(&self, changes: Vec<Change>) -> Result<(), CommitError> {
        self.writer.commit(changes, self.now).await
    }

    /// The sessions.
    pub(super) fn sessions(&self) -> Sessions<'_> {
        Sessions {
            store: self.store,
            writer: self.writer,
            policy: self.policy,
            conflicts: None,
            now: self.now,
        }
    }

    /// Random bytes for ids and secrets.
    pub(super) fn random<const LENGTH: usize>(&self) -> Result<[u8; LENGTH], Refusal> {
        let mut bytes = [0; LENGTH];
        self.entropy
            .fill(&mut bytes)
            .map_err(|error| Failure::internal("no randomness", error))?;
        Ok(bytes)
    }
}
