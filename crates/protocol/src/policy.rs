//! What the operator decides and rules read.

use grantor_types::{
    GrantType, Profile, RegistrationMode, Resource, Scope, ScopeToken, Seconds, SigningAlgorithm, TokenFormat,
};

/// Settings that rules read. Defaults are safe; what weakens them is spelt `danger_…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The rules that clients are held to.
    pub profile: Profile,
    /// Life of an authorization code. "A maximum authorization code lifetime of 10 minutes is RECOMMENDED"
    /// (RFC 6749 4.1.2); FAPI 2.0 wants 60 seconds.
    pub code_lifetime: Seconds,
    /// Life of a pushed authorization request, for the browser to come with it.
    pub pushed_request_lifetime: Seconds,
    /// Whether every authorization request has to be pushed (RFC 9126 5).
    pub require_pushed_authorization_requests: bool,
    /// Life of a device code and of the user code that belongs to it.
    pub device_code_lifetime: Seconds,
    /// How long a device has to wait between two questions (RFC 8628 3.2).
    pub device_interval: Seconds,
    /// Life of an access token.
    pub access_token_lifetime: Seconds,
    /// Life of an ID token.
    pub id_token_lifetime: Seconds,
    /// Life of a refresh token that is not used; each use starts it anew.
    pub refresh_token_lifetime: Seconds,
    /// Life of a grant, however often it is refreshed.
    pub grant_lifetime: Seconds,
    /// How long a rotated refresh token of a public client still answers with the same successor.
    pub refresh_replay_window: Seconds,
    /// Longest life of a personal access token, and its life when nothing is said.
    pub personal_access_token_lifetime: Seconds,
    /// Life of a login session.
    pub session_lifetime: Seconds,
    /// Whether the end of a session ends what applications were given in it, but for what was given offline access.
    pub revoke_grants_at_logout: bool,
    /// How long login and consent pages stay usable.
    pub interaction_lifetime: Seconds,
    /// Form of access tokens.
    pub access_token_format: TokenFormat,
    /// Algorithm of JWT access tokens.
    pub access_token_algorithm: SigningAlgorithm,
    /// Algorithm of ID tokens.
    pub id_token_algorithm: SigningAlgorithm,
    /// The audience of tokens whose request names no resource; the issuer when absent.
    pub default_audience: Option<Resource>,
    /// Whether whoever holds a token may ask about it without being a client that authenticates.
    pub danger_anonymous_introspection: bool,
    /// Whether whoever holds a token may revoke it, tokens of confidential clients too.
    pub danger_anonymous_revocation: bool,
    /// Assertions that clients authenticate with.
    pub client_assertions: ClientAssertionPolicy,
    /// Proofs of possession.
    pub dpop: DpopPolicy,
    /// Protection against guessing.
    pub login: LoginPolicy,
    /// Whether people may make accounts for themselves.
    pub self_registration: bool,
    /// Clients that register themselves.
    pub registration: RegistrationPolicy,
}

/// Clients that register themselves (RFC 7591).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrationPolicy {
    /// Who may.
    pub mode: RegistrationMode,
    /// The most clients that there may be of them.
    pub quota: u64,
    /// How long one stays that is never used.
    pub unused_lifetime: Seconds,
    /// The scopes that they may have, and have when they name none.
    pub allowed_scope: Scope,
    /// The grants that they may use.
    pub allowed_grant_types: Vec<GrantType>,
    /// The most registrations and updates from one address in a minute.
    pub address_rate: u32,
}

impl Default for RegistrationPolicy {
    fn default() -> Self {
        let scopes = ["openid", "profile", "email", "address", "phone", "offline_access"];
        Self {
            mode: RegistrationMode::Closed,
            quota: 1_000,
            unused_lifetime: Seconds::days(1),
            allowed_scope: scopes
                .into_iter()
                .filter_map(|scope| ScopeToken::parse(scope).ok())
                .collect(),
            allowed_grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
            address_rate: 60,
        }
    }
}

/// Assertions that clients authenticate with (RFC 7523).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientAssertionPolicy {
    /// The algorithms that clients may sign them with by a private key.
    pub algorithms: Vec<SigningAlgorithm>,
    /// Whether the issuer is the only audience that is taken, whatever clients are registered for.
    pub issuer_audience_only: bool,
}

/// Proofs of possession (RFC 9449).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DpopPolicy {
    /// The algorithms that proofs may be signed with.
    pub algorithms: Vec<SigningAlgorithm>,
    /// Whether every proof has to hold a nonce of ours (RFC 9449 8).
    pub require_nonce: bool,
}

/// Protection against guessing passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoginPolicy {
    /// Attempts on one account before it slows down.
    pub account_attempts: u32,
    /// Attempts from one address before it slows down.
    pub address_attempts: u32,
    /// The first delay; it doubles with each attempt.
    pub first_delay: Seconds,
    /// The longest delay.
    pub longest_delay: Seconds,
    /// Attempts older than this are forgotten.
    pub memory: Seconds,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            profile: Profile::Oauth21,
            code_lifetime: Seconds(60),
            pushed_request_lifetime: Seconds(60),
            require_pushed_authorization_requests: false,
            device_code_lifetime: Seconds::minutes(30),
            device_interval: Seconds(5),
            access_token_lifetime: Seconds::hours(1),
            id_token_lifetime: Seconds::hours(1),
            refresh_token_lifetime: Seconds::days(30),
            grant_lifetime: Seconds::days(365),
            refresh_replay_window: Seconds(30),
            personal_access_token_lifetime: Seconds::days(366),
            session_lifetime: Seconds::hours(12),
            revoke_grants_at_logout: true,
            interaction_lifetime: Seconds::hours(1),
            access_token_format: TokenFormat::Jwt,
            access_token_algorithm: SigningAlgorithm::Es256,
            id_token_algorithm: SigningAlgorithm::Rs256,
            default_audience: None,
            danger_anonymous_introspection: false,
            danger_anonymous_revocation: false,
            client_assertions: ClientAssertionPolicy {
                algorithms: SigningAlgorithm::ALL.to_vec(),
                issuer_audience_only: false,
            },
            dpop: DpopPolicy {
                algorithms: grantor_jose::dpop::PROOF_ALGORITHMS.to_vec(),
                require_nonce: false,
            },
            login: LoginPolicy {
                account_attempts: 5,
                address_attempts: 100,
                first_delay: Seconds(1),
                longest_delay: Seconds::minutes(15),
                memory: Seconds::days(1),
            },
            self_registration: false,
            registration: RegistrationPolicy::default(),
        }
    }
}
