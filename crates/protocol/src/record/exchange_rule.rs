//! What a client may exchange ([RFC 8693](https://www.rfc-editor.org/rfc/rfc8693)).

use grantor_types::{ClientId, Resource, TokenTypeUri};
use serde::{Deserialize, Serialize};

/// One thing that a client may do with tokens it was given. What no rule allows is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExchangeRule {
    /// The kinds of subject token; access tokens of ours when absent. `jwt` is for JWTs of trusted issuers: an access
    /// token of ours is one in every form.
    #[serde(default = "access_tokens")]
    pub subject_token_types: Vec<TokenTypeUri>,
    /// To whom the subject token was issued. Does not matter for JWTs of trusted issuers, which name their clients.
    #[serde(default)]
    pub subjects_of: SubjectsOf,
    /// The services that the new token may be for.
    pub audiences: Vec<Resource>,
    /// Whether the new token may name who acts for the subject: the holder of the actor token, or the client itself
    /// when the request has none and `impersonation` is off.
    #[serde(default = "yes")]
    pub delegation: bool,
    /// Whether the new token may pass for the subject's own.
    #[serde(default)]
    pub impersonation: bool,
    /// Whether a refresh token may be asked for.
    #[serde(default)]
    pub refresh_token: bool,
}

/// Whose tokens a client may exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectsOf {
    /// Those that were issued to itself.
    #[default]
    Own,
    /// Those that were issued to these clients.
    Clients(Vec<ClientId>),
    /// Any.
    Any,
}

fn access_tokens() -> Vec<TokenTypeUri> {
    vec![TokenTypeUri::AccessToken]
}

const fn yes() -> bool {
    true
}
