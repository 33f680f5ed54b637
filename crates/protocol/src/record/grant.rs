//! A grant: one authorization that a client holds. Tokens are derived from it and are not stored.

use grantor_types::{
    Actor, ClaimsRequest, ClientId, CodeChallenge, GrantId, RedirectUri, Resource, Scope, SecretHash,
    SessionId, Thumbprint, Timestamp, TokenId, UserId,
};
use serde::{Deserialize, Serialize};

/// One authorization of a user for a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its id, carried by the code and by every token of the grant.
    pub id: GrantId,
    /// The client that holds it.
    pub client: ClientId,
    /// The user who gave it.
    pub user: UserId,
    /// The browser session it was given in.
    pub session: Option<SessionId>,
    /// What was allowed.
    pub scope: Scope,
    /// The resource servers that were asked for (RFC 8707).
    pub resources: Vec<Resource>,
    /// The `nonce` of the authorization request.
    pub nonce: Option<String>,
    /// When the user had logged in.
    pub auth_time: Timestamp,
    /// How the user had logged in: the `amr` values, RFC 8176.
    pub authentication_methods: Vec<String>,
    /// SHA-256 of the authorization code's secret; kept after redemption, so that a second use is recognized.
    pub code: SecretHash,
    /// Random bytes that make the refresh tokens of this grant its own.
    pub salt: [u8; 16],
    /// The key that the code, and later the refresh tokens, are bound to (RFC 9449 5 and 10).
    pub dpop_key: Option<Thumbprint>,
    /// What it came from, when it is of a token exchange.
    pub exchange: Option<Box<Exchange>>,
    /// What OpenID Connect asked for beyond scopes, if anything.
    pub openid: Option<Box<OpenidRequest>>,
    /// When it was given.
    pub created_at: Timestamp,
    /// When its last token will have ended; the row is swept after it.
    pub expires_at: Timestamp,
    /// Where it stands.
    pub state: GrantState,
}

/// What a grant came from whose refresh token was exchanged for another token (RFC 8693): it ends with each of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// The grant of the subject token, and those that that one came from.
    pub grants: Vec<GrantId>,
    /// The tokens that were exchanged, and those that they came from.
    pub tokens: Vec<TokenId>,
    /// When the first of the tokens ends, which nothing outlives.
    pub until: Timestamp,
    /// Who acts for the subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Actor>,
    /// Who may act for the subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub may_act: Option<Actor>,
}

/// What an authentication request asked for beyond scopes, as far as tokens and userinfo depend on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OpenidRequest {
    /// The `claims` parameter.
    #[serde(skip_serializing_if = "ClaimsRequest::is_empty")]
    pub claims: ClaimsRequest,
    /// The languages that claims are wanted in, best first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claims_locales: Vec<String>,
    /// The `state`, kept when the ID token was asked for its hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The authentication context that was asked for and met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
}

/// The life of a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrantState {
    /// The code is on its way and has not been redeemed.
    Pending(PendingCode),
    /// Redeemed.
    Active(ActiveGrant),
    /// Ended; all its tokens are inactive.
    Revoked {
        /// When.
        at: Timestamp,
        /// Why.
        reason: RevocationReason,
    },
}

/// What the redemption of a code is checked against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingCode {
    /// The redirect URI as it was sent; `None` when the request left it out.
    pub redirect_uri: Option<String>,
    /// Where the response went.
    pub response_uri: RedirectUri,
    /// The PKCE challenge.
    pub challenge: Option<CodeChallenge>,
}

/// A redeemed grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActiveGrant {
    /// Present when the grant has refresh tokens.
    pub refresh: Option<RefreshState>,
}

/// Where the refresh tokens of a grant stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshState {
    /// The generation of the current refresh token; the first is 0.
    pub generation: u64,
    /// When the current generation came to be.
    pub rotated_at: Timestamp,
}

/// Why a grant ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationReason {
    /// An administrator ended it.
    Administrator,
    /// The client asked (RFC 7009).
    Client,
    /// The authorization code was used twice (RFC 6749 4.1.2).
    CodeReplay,
    /// The session that it belonged to has ended.
    Logout,
    /// A refresh token was used after its successor (RFC 9700 4.14.2).
    RefreshTokenReplay,
    /// The user took the access back.
    User,
}

impl RevocationReason {
    /// Every reason.
    pub const ALL: [Self; 6] = [
        Self::Administrator,
        Self::Client,
        Self::CodeReplay,
        Self::Logout,
        Self::RefreshTokenReplay,
        Self::User,
    ];

    /// The name in storage, logs and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Client => "client",
            Self::CodeReplay => "code_replay",
            Self::Logout => "logout",
            Self::RefreshTokenReplay => "refresh_token_replay",
            Self::User => "user",
        }
    }

    /// The reason with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == name)
    }
}
