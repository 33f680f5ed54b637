//! A user as declared.

use grantor_types::StandardClaims;
use serde::Deserialize;

/// A user in the declarative file.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeclaredUser {
    pub(crate) username: String,
    /// The password, for development. In production use `password_hash` or `grantor user set-password`.
    pub(crate) password: Option<String>,
    /// An Argon2id hash in PHC form.
    pub(crate) password_hash: Option<String>,
    #[serde(default)]
    pub(crate) claims: StandardClaims,
    #[serde(default)]
    pub(crate) disabled: bool,
}

impl std::fmt::Debug for DeclaredUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeclaredUser").finish_non_exhaustive()
    }
}
