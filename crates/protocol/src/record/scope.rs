//! A scope that the server knows.

use grantor_types::ScopeToken;
use serde::{Deserialize, Serialize};

/// A scope and what the consent page says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopeDefinition {
    /// The scope token.
    pub name: ScopeToken,
    /// What it allows, in a sentence for people.
    #[serde(default)]
    pub description: String,
}
