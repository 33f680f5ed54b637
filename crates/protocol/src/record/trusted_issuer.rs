//! An issuer whose JWTs are taken for grants ([RFC 7523](https://www.rfc-editor.org/rfc/rfc7523)) and exchanges
//! ([RFC 8693](https://www.rfc-editor.org/rfc/rfc8693)).

use grantor_jose::Jwks;
use grantor_types::{ClientId, Scope, Seconds, SigningAlgorithm, WebUri};
use serde::{Deserialize, Serialize};

/// A declared issuer and what its word is good for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustedIssuer {
    /// Its identifier: the `iss` of its JWTs, compared exactly.
    pub issuer: String,
    /// Its keys, in place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks: Option<Jwks>,
    /// Where its keys are, when they are not in place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<WebUri>,
    /// The algorithms that it may sign with; all that there are when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub algorithms: Vec<SigningAlgorithm>,
    /// What of its JWTs names our user.
    pub subject: SubjectMapping,
    /// The most that its word is good for.
    pub scope: Scope,
    /// The clients that may present its JWTs.
    pub clients: Vec<ClientId>,
    /// The longest life that its JWTs may have left; an hour when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_lifetime: Option<Seconds>,
    /// Whether software statements of it are taken when clients register themselves (RFC 7591 2.3).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub software_statements: bool,
}

/// How an issuer's `sub` becomes a user of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectMapping {
    /// `sub` is the user's login name here.
    Username,
    /// `sub` is the user's id here.
    UserId,
}
