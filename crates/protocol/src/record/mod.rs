//! What is stored. States are enums with data; nothing here knows how an engine lays it out.

mod client;
mod client_metadata;
mod consent;
mod device_authorization;
mod digest_text;
mod exchange_rule;
mod grant;
mod initial_access_token;
mod job;
mod key;
mod login_attempts;
mod personal_access_token;
mod pushed_request;
mod registration;
mod resource;
mod scope;
mod session;
mod single_use;
mod stored_secret;
mod translations;
mod trusted_issuer;
mod user;

pub use client::{Client, ConsentRule, IntrospectionRight, Lifetimes, Links};
pub use client_metadata::{AssertionAudience, ClientMetadata};
pub use consent::Consent;
pub use device_authorization::{
    DEVICE_REMEMBERED_FOR, DeviceApproval, DeviceAuthorization, DeviceState, UserCodeKey,
};
pub use exchange_rule::{ExchangeRule, SubjectsOf};
pub use grant::{
    ActiveGrant, Exchange, Grant, GrantState, OpenidRequest, PendingCode, RefreshState, RevocationReason,
};
pub use initial_access_token::{InitialAccessToken, MAX_INITIAL_ACCESS_TOKENS};
pub use job::{Job, Task};
pub use key::{KeyPurpose, StoredKey};
pub use login_attempts::{AttemptKey, LoginAttempts};
pub use personal_access_token::{MAX_PERSONAL_ACCESS_TOKENS, PersonalAccessToken};
pub use pushed_request::PushedRequest;
pub use registration::Registration;
pub use resource::ResourceServer;
pub use scope::ScopeDefinition;
pub use session::{LoginId, Session};
pub use single_use::SingleUseKey;
pub use stored_secret::{StoredSecret, resealed};
pub use translations::{MAX_LANGUAGES, Shown, Translation, Translations};
pub use trusted_issuer::{SubjectMapping, TrustedIssuer};
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
