//! What a user allowed a client.

use grantor_types::{ClientId, Resource, Scope, Timestamp, UserId};

/// A remembered consent: one per user and client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Who allowed it.
    pub user: UserId,
    /// Whom.
    pub client: ClientId,
    /// Every scope that was allowed.
    pub scope: Scope,
    /// Every resource server that was allowed.
    pub resources: Vec<Resource>,
    /// When it last grew.
    pub granted_at: Timestamp,
}

impl Consent {
    /// Whether the consent covers a request: narrower or equal is silent.
    pub fn covers(&self, scope: &Scope, resources: &[Resource]) -> bool {
        scope.is_subset(&self.scope) && resources.iter().all(|resource| self.resources.contains(resource))
    }
}
