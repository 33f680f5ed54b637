//! What every rule is told about the world.

use grantor_types::{Issuer, Timestamp};

use crate::Policy;
use crate::record::{ResourceServer, ScopeDefinition, TrustedIssuer};
use crate::subject::PairwiseKey;

/// The world as a rule sees it: the time, the issuer, the policy. A rule that is decided again after a conflict gets a
/// new one.
#[derive(Clone, Copy, Debug)]
pub struct Cx<'a> {
    /// Now.
    pub now: Timestamp,
    /// Who we are.
    pub issuer: &'a Issuer,
    /// What the operator decided.
    pub policy: &'a Policy,
    /// What the operator declared.
    pub catalogue: &'a Catalogue,
    /// What makes pairwise identifiers.
    pub pairwise: &'a PairwiseKey,
}

/// The scopes, resource servers and trusted issuers that the operator declared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalogue {
    /// Scopes, by name.
    pub scopes: Vec<ScopeDefinition>,
    /// Resource servers, by id.
    pub resources: Vec<ResourceServer>,
    /// Issuers whose JWTs are taken, by identifier.
    pub trusted_issuers: Vec<TrustedIssuer>,
}

/// Random bytes, drawn before the rule runs: an argument of the rules that hand something out, and of no others. Each
/// field is for one thing, so that no byte is used twice.
#[derive(Clone, Copy)]
pub struct Random {
    /// For the id of a new row.
    pub row: [u8; 10],
    /// For the `jti` of an access token.
    pub token: [u8; 10],
    /// For a secret that is handed out: 256 bits.
    pub secret: [u8; 32],
    /// For the salt of a new grant.
    pub salt: [u8; 16],
}

impl Random {
    /// How many random bytes there are in all: they are drawn at once, since each draw has a cost of its own.
    pub const LENGTH: usize = 10 + 10 + 32 + 16;

    /// Takes its fields from these bytes.
    pub fn from_bytes(bytes: &[u8; Self::LENGTH]) -> Self {
        let mut rest = bytes.iter().copied();
        let mut next = || rest.next().unwrap_or_default();
        Self {
            row: std::array::from_fn(|_| next()),
            token: std::array::from_fn(|_| next()),
            secret: std::array::from_fn(|_| next()),
            salt: std::array::from_fn(|_| next()),
        }
    }
}

impl std::fmt::Debug for Random {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Random([redacted])")
    }
}
