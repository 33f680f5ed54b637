//! What a grant answers with, before it is signed.

use grantor_types::{Scope, TokenTypeUri};

use super::{RefreshToken, UnsignedAccessToken, UnsignedIdToken};

/// A token response to be signed. Signing comes before the commit, so that a signer that is down consumes nothing.
#[derive(Clone, Debug)]
pub struct TokenReply {
    /// The access token.
    pub access_token: UnsignedAccessToken,
    /// The refresh token, when the grant has one.
    pub refresh_token: Option<RefreshToken>,
    /// The ID token, when `openid` was granted.
    pub id_token: Option<UnsignedIdToken>,
    /// What was granted.
    pub scope: Scope,
    /// What kind of token the access token is, after a token exchange.
    pub issued_token_type: Option<TokenTypeUri>,
}
