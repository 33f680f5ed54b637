//! The pages, one file each.

pub(crate) mod account;
pub(crate) mod account_choice;
pub(crate) mod consent;
pub(crate) mod dev_callback;
pub(crate) mod dev_device;
pub(crate) mod device;
pub(crate) mod error;
pub(crate) mod form_post;
pub(crate) mod home;
pub(crate) mod login;
pub(crate) mod password;
pub(crate) mod personal_access_tokens;
pub(crate) mod profile;
pub(crate) mod sign_out;
pub(crate) mod sign_up;
pub(crate) mod signed_out;

use crate::{Locale, Theme};

/// A page of the server.
///
/// Pages that hold a token or a code are not `Debug`, so that none of them ends in a log.
pub trait Page {
    /// The id of the page's body, by which tests tell the pages apart.
    const MARKER: &'static str;

    /// The page as a whole HTML document.
    ///
    /// # Errors
    /// [`PageError::Template`] when the template cannot be written, which only running out of memory brings about, and
    /// what the page itself lists.
    fn render(&self, theme: &Theme, locale: Locale) -> Result<String, PageError>;

    /// The pictures from elsewhere that the page shows, for its Content-Security-Policy.
    fn images(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PageError {
    /// The template could not be written.
    #[error("the page could not be written: {0}")]
    Template(#[from] askama::Error),
    /// [`FormPost`](crate::FormPost) was told to post to something that is no web address.
    #[error("a form may be posted to an http or https address only")]
    UnsafeFormTarget,
}

/// The names of the fields that the pages send.
pub mod field {
    /// Which sign-in or consent is being answered.
    pub const INTERACTION: &str = "interaction";
    /// The token against cross-site request forgery. In every form except that of [`FormPost`](crate::FormPost),
    /// which goes to the app.
    pub const CSRF_TOKEN: &str = "csrf_token";
    /// The code typed on the page of [`DeviceCode`](crate::DeviceCode).
    pub const USER_CODE: &str = "user_code";
    /// The name typed on the login page, or chosen for a new account.
    pub const USERNAME: &str = "username";
    /// The password typed on the login page, or chosen for a new account; the present one where it is changed.
    pub const PASSWORD: &str = "password";
    /// The password of a new account once more.
    pub const PASSWORD_AGAIN: &str = "password_again";
    /// The password that is to be.
    pub const NEW_PASSWORD: &str = "new_password";
    /// The same once more.
    pub const NEW_PASSWORD_AGAIN: &str = "new_password_again";
    /// What the person of a new account is called.
    pub const NAME: &str = "name";
    /// Their e-mail address.
    pub const EMAIL: &str = "email";
    /// What stands before the name of a claim on the page of the person's details.
    pub const CLAIM_PREFIX: &str = "claim-";
    /// The version of the details that the person has seen.
    pub const REVISION: &str = "revision";
    /// The claim that is added in one more language.
    pub const NEW_CLAIM: &str = "new-claim";
    /// That language.
    pub const NEW_LANGUAGE: &str = "new-language";
    /// What the claim is there.
    pub const NEW_VALUE: &str = "new-value";
    /// The button pressed, one of [`decision`](super::decision). Absent when a login was submitted.
    pub const DECISION: &str = "decision";
    /// The id of the chosen account. Absent when `decision` was sent.
    pub const ACCOUNT: &str = "account";
    /// The grant to revoke, on the account page.
    pub const GRANT_ID: &str = "grant_id";
    /// The name of a new personal access token.
    pub const TOKEN_NAME: &str = "name";
    /// The life of a new personal access token, in seconds.
    pub const TOKEN_LIFETIME: &str = "lifetime";
    /// What stands before the name of a scope that a new personal access token is to have.
    pub const TOKEN_SCOPE_PREFIX: &str = "scope-";
    /// The personal access token to delete.
    pub const TOKEN_ID: &str = "token_id";
    /// The session to end, on the account page. Absent when signing out of the present one.
    pub const SESSION_ID: &str = "session_id";
}

/// The values of the field [`field::DECISION`].
pub mod decision {
    /// Yes: give the app what it asks for, connect the device, sign out.
    pub const APPROVE: &str = "approve";
    /// No: the app gets `access_denied`, the device is not connected, the session goes on.
    pub const DENY: &str = "deny";
    /// Leave the login or the choice of account: the app gets `access_denied`.
    pub const CANCEL: &str = "cancel";
    /// Go on with another account.
    pub const OTHER: &str = "other";
}
