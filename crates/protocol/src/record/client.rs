//! A registered client (RFC 6749 2, RFC 7591 2).

use grantor_types::{
    ApplicationType, ClientAuthMethod, ClientId, GrantType, Origin, Profile, RedirectUri, Resource, Scope,
    Seconds, SigningAlgorithm, Timestamp, TokenFormat, WebUri,
};
use serde::{Deserialize, Serialize};

use crate::Policy;

use super::{ClientMetadata, ExchangeRule, Registration, Revision, StoredSecret};

/// A registered client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Client {
    /// Its identifier, chosen once.
    pub id: ClientId,
    /// The name that people see on the consent page.
    pub name: String,
    /// Hashes of its secrets; two while a secret is being rotated, none for a public client.
    #[serde(default)]
    pub secrets: Vec<StoredSecret>,
    /// How it may authenticate. `[none]` is a public client.
    pub authentication_methods: Vec<ClientAuthMethod>,
    /// Web or native.
    pub application_type: ApplicationType,
    /// The grants it may use.
    pub grant_types: Vec<GrantType>,
    /// Where authorization responses may go.
    #[serde(default)]
    pub redirect_uris: Vec<RedirectUri>,
    /// Web origins whose scripts may read answers (CORS).
    #[serde(default)]
    pub origins: Vec<Origin>,
    /// The scopes it may ask for; all of them when a request names none.
    pub scope: Scope,
    /// The resource servers it may ask tokens for (RFC 8707).
    #[serde(default)]
    pub audiences: Vec<Resource>,
    /// What it may exchange for which service (RFC 8693), beside its own client credentials tokens for its audiences.
    #[serde(default)]
    pub token_exchange: Vec<ExchangeRule>,
    /// Which tokens it may introspect.
    #[serde(default)]
    pub introspection: IntrospectionRight,
    /// Whether people are asked before it gets access.
    #[serde(default)]
    pub consent: ConsentRule,
    /// Whether all its access tokens have to be bound to a key (`dpop_bound_access_tokens`, RFC 9449 5.2).
    #[serde(default)]
    pub dpop_bound_access_tokens: bool,
    /// Whether its authorization requests have to be pushed (`require_pushed_authorization_requests`, RFC 9126 6).
    #[serde(default)]
    pub require_pushed_authorization_requests: bool,
    /// Whether it may make personal access tokens for the people it acts for.
    #[serde(default)]
    pub personal_access_tokens: bool,
    /// Form of its access tokens, when it differs from policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token_format: Option<TokenFormat>,
    /// Algorithm of its access tokens, when it differs from policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token_algorithm: Option<SigningAlgorithm>,
    /// Algorithm of its ID tokens, when it differs from policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token_algorithm: Option<SigningAlgorithm>,
    /// Lifetimes that differ from policy.
    #[serde(default)]
    pub lifetimes: Lifetimes,
    /// Links that pages show.
    #[serde(default)]
    pub links: Links,
    /// What OpenID Connect and its companions add.
    #[serde(default)]
    pub metadata: Box<ClientMetadata>,
    /// Its own registration; absent when an administrator made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<Box<Registration>>,
    /// Switched off: it can neither authenticate nor start a flow, and its tokens are inactive.
    #[serde(default)]
    pub disabled: bool,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Counts its changes.
    #[serde(default)]
    pub revision: Revision,
}

impl Client {
    /// A public client that may do nothing.
    pub fn new(id: ClientId, now: Timestamp) -> Self {
        Self {
            id,
            name: String::new(),
            secrets: Vec::new(),
            authentication_methods: vec![ClientAuthMethod::None],
            application_type: ApplicationType::Web,
            grant_types: Vec::new(),
            redirect_uris: Vec::new(),
            origins: Vec::new(),
            scope: Scope::default(),
            audiences: Vec::new(),
            token_exchange: Vec::new(),
            introspection: IntrospectionRight::default(),
            consent: ConsentRule::default(),
            dpop_bound_access_tokens: false,
            require_pushed_authorization_requests: false,
            personal_access_tokens: false,
            access_token_format: None,
            access_token_algorithm: None,
            id_token_algorithm: None,
            lifetimes: Lifetimes::default(),
            links: Links::default(),
            metadata: Box::default(),
            registration: None,
            disabled: false,
            created_at: now,
            updated_at: now,
            revision: Revision(1),
        }
    }

    /// "Clients incapable of maintaining the confidentiality of their credentials" (RFC 6749 2.1).
    pub fn is_public(&self) -> bool {
        self.authentication_methods.contains(&ClientAuthMethod::None)
    }

    /// The rules that it is held to.
    pub fn profile(&self, policy: &Policy) -> Profile {
        self.metadata.profile.unwrap_or(policy.profile)
    }

    /// What people call it: its name, or its id when it has none.
    pub fn display_name(&self) -> &str {
        if self.name.is_empty() {
            self.id.as_str()
        } else {
            &self.name
        }
    }

    /// Whether it may use the grant.
    pub fn may_use(&self, grant_type: GrantType) -> bool {
        self.grant_types.contains(&grant_type)
    }
}

/// Lifetimes of one client; what is absent comes from policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lifetimes {
    /// Of access tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token: Option<Seconds>,
    /// Of a refresh token that is not used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<Seconds>,
    /// Of ID tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<Seconds>,
    /// How long a rotated refresh token of a public client still answers with the same successor; 0 switches it off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_replay_window: Option<Seconds>,
}

/// Links that the consent page shows (RFC 7591 2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "the fields are the members of RFC 7591 section 2, word for word"
)]
pub struct Links {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_uri: Option<WebUri>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_uri: Option<WebUri>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_uri: Option<WebUri>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tos_uri: Option<WebUri>,
}

impl Links {
    /// Each by the name of its member.
    pub(crate) fn each(&self) -> [(&'static str, &Option<WebUri>); 4] {
        [
            ("client_uri", &self.client_uri),
            ("logo_uri", &self.logo_uri),
            ("policy_uri", &self.policy_uri),
            ("tos_uri", &self.tos_uri),
        ]
    }

    /// The same, to be written.
    pub(crate) fn each_mut(&mut self) -> [(&'static str, &mut Option<WebUri>); 4] {
        [
            ("client_uri", &mut self.client_uri),
            ("logo_uri", &mut self.logo_uri),
            ("policy_uri", &mut self.policy_uri),
            ("tos_uri", &mut self.tos_uri),
        ]
    }
}

/// Which tokens a client may introspect (RFC 7662 4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntrospectionRight {
    /// Its own, and those for a resource server that it speaks for.
    #[default]
    Own,
    /// Every token.
    All,
}

/// Whether people are asked for consent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentRule {
    /// Ask, and remember the answer.
    #[default]
    Ask,
    /// Never ask: the operator's own application.
    Implied,
}
