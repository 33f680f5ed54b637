//! The declarative file that `grantor apply` loads: scopes, resource servers, trusted issuers, clients and users.

mod apply;
mod client;
mod user;

use grantor_protocol::record::{ResourceServer, ScopeDefinition, TrustedIssuer};
use serde::Deserialize;

pub(crate) use self::apply::{ApplyError, Plan, plan};
pub(crate) use self::client::DeclaredClient;
pub(crate) use self::user::DeclaredUser;

/// A file, read.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Declaration {
    #[serde(rename = "scope")]
    pub(crate) scopes: Vec<ScopeDefinition>,
    #[serde(rename = "resource")]
    pub(crate) resources: Vec<ResourceServer>,
    #[serde(rename = "trusted_issuer")]
    pub(crate) trusted_issuers: Vec<TrustedIssuer>,
    #[serde(rename = "client")]
    pub(crate) clients: Vec<DeclaredClient>,
    #[serde(rename = "user")]
    pub(crate) users: Vec<DeclaredUser>,
}

impl Declaration {
    /// Reads a file.
    ///
    /// # Errors
    /// The line and what is wrong there.
    pub(crate) fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// Whether a secret in it has to be sealed.
    pub(crate) fn wants_master_key(&self) -> bool {
        self.clients.iter().any(DeclaredClient::wants_master_key)
    }

    /// What `grantor dev` starts with.
    ///
    /// # Errors
    /// None for the file that is compiled in; a test reads it.
    pub(crate) fn fixtures() -> Result<Self, toml::de::Error> {
        Self::parse(include_str!("../fixtures/dev.toml"))
    }
}
