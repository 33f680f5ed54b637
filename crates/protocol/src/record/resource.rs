//! A resource server: an API that takes our access tokens (RFC 8707).

use grantor_types::{ClientId, Resource, Seconds, SigningAlgorithm, TokenFormat};
use serde::{Deserialize, Serialize};

/// A declared resource server and what its tokens look like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceServer {
    /// The resource indicator; it becomes the `aud` of its tokens.
    pub id: Resource,
    /// What people call it.
    #[serde(default)]
    pub name: String,
    /// Form of its access tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token_format: Option<TokenFormat>,
    /// Algorithm of its access tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token_algorithm: Option<SigningAlgorithm>,
    /// Lifetime of its access tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token_lifetime: Option<Seconds>,
    /// The clients that speak for it at the introspection endpoint.
    #[serde(default)]
    pub introspectors: Vec<ClientId>,
}
