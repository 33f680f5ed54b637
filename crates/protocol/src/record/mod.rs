//! What is stored. States are enums with data; nothing here knows how an engine lays it out.

mod client;
mod consent;
mod grant;
mod key;
mod login_attempts;
mod resource;
mod scope;
mod session;
mod user;

pub use client::{Client, ConsentRule, IntrospectionRight, Lifetimes, Links, StoredSecret};
pub use consent::Consent;
pub use grant::{ActiveGrant, Grant, GrantState, PendingCode, RefreshState, RevocationReason};
pub use key::{KeyPurpose, StoredKey};
pub use login_attempts::{AttemptKey, LoginAttempts};
pub use resource::ResourceServer;
pub use scope::ScopeDefinition;
pub use session::Session;
pub use user::User;

/// Counts the versions of a record that people edit, so that two edits at once cannot overwrite each other.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct Revision(pub u64);

impl Revision {
    /// The revision after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}
