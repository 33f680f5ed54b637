//! What a caller demands of a token before it becomes claims.

use grantor_types::SigningAlgorithm;

use crate::Type;

/// How far ahead of ours the clocks of clients may be, in seconds. FAPI 2.0 Security Profile §5.3.2.1: servers "shall
/// accept JWTs with an iat or nbf timestamp between 0 and 10 seconds in the future but shall reject JWTs with an iat
/// or nbf timestamp greater than 60 seconds in the future".
pub const CLIENT_CLOCK_AHEAD: u64 = 60;

/// What a token must be to be accepted. There is no default for what matters: the type, the issuer and the audience
/// are said, or it is said by name that they are not looked at.
#[derive(Clone, Debug)]
pub struct Expectation<'a> {
    pub(crate) typ: Type,
    pub(crate) issuer: Option<&'a str>,
    pub(crate) audience: Audience<'a>,
    pub(crate) algorithms: &'a [SigningAlgorithm],
    pub(crate) now: u64,
    pub(crate) leeway: u64,
    pub(crate) lead: u64,
    pub(crate) max_lifetime: Option<u64>,
    pub(crate) expiry: Expiry,
}

/// Who the token must be for.
#[derive(Clone, Debug)]
pub(crate) enum Audience<'a> {
    Any,
    One(&'a str),
    OneOf(&'a [&'a str]),
}

/// What is asked of `exp`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expiry {
    Required,
    IfPresent,
    Ignored,
}

impl<'a> Expectation<'a> {
    /// A token of this type, from this issuer, for this audience, unexpired at `now` (seconds since 1970), signed
    /// with any algorithm that the key allows.
    pub fn new(typ: Type, issuer: &'a str, audience: &'a str, now: u64) -> Self {
        Self {
            issuer: Some(issuer),
            audience: Audience::One(audience),
            ..Self::without_issuer_and_audience(typ, now)
        }
    }

    /// As [`new`](Self::new), for one of several names that we go by, such as the issuer and the token endpoint in a
    /// client's assertion.
    pub fn for_one_of(typ: Type, issuer: &'a str, audiences: &'a [&'a str], now: u64) -> Self {
        Self {
            audience: Audience::OneOf(audiences),
            ..Self::for_any_audience(typ, issuer, now)
        }
    }

    /// As [`new`](Self::new), whoever the token is for: an ID token that comes back as a hint, an access token that
    /// its own issuer introspects.
    pub fn for_any_audience(typ: Type, issuer: &'a str, now: u64) -> Self {
        Self {
            issuer: Some(issuer),
            ..Self::without_issuer_and_audience(typ, now)
        }
    }

    /// A token that has neither issuer nor audience and is bound by other claims, which the caller checks: a DPoP
    /// proof.
    pub fn without_issuer_and_audience(typ: Type, now: u64) -> Self {
        Self {
            typ,
            issuer: None,
            audience: Audience::Any,
            algorithms: &SigningAlgorithm::ALL,
            now,
            leeway: 0,
            lead: 0,
            max_lifetime: None,
            expiry: Expiry::Required,
        }
    }

    /// Accepts these algorithms only.
    #[must_use]
    pub fn algorithms(self, algorithms: &'a [SigningAlgorithm]) -> Self {
        Self { algorithms, ..self }
    }

    /// How far the clocks of the issuer and us may be apart, in seconds; 0 unless it is said. It widens `exp`, `nbf`
    /// and `iat`. RFC 7519 §4.1.4 allows "some small leeway, usually no more than a few minutes".
    #[must_use]
    pub fn leeway(self, seconds: u64) -> Self {
        Self {
            leeway: seconds,
            ..self
        }
    }

    /// How far ahead of ours the issuer's clock may be, in seconds; 0 unless it is said. It widens `nbf` and `iat` and
    /// lets no token live on after its `exp`. [`CLIENT_CLOCK_AHEAD`] is what clients are granted.
    #[must_use]
    pub fn clock_ahead(self, seconds: u64) -> Self {
        Self {
            lead: seconds,
            ..self
        }
    }

    /// Refuses a token that ends more than this many seconds from now, apart from the difference of clocks. What has to
    /// be remembered until it ends is then remembered for so long at most.
    #[must_use]
    pub fn max_lifetime(self, seconds: u64) -> Self {
        Self {
            max_lifetime: Some(seconds),
            ..self
        }
    }

    /// Accepts a token without `exp`; one that is there still counts. For DPoP proofs and request objects.
    #[must_use]
    pub fn expiry_optional(self) -> Self {
        Self {
            expiry: Expiry::IfPresent,
            ..self
        }
    }

    /// Does not look at `exp`. For `id_token_hint`: "The OP SHOULD accept ID Tokens […] even when the exp time has
    /// passed" (OpenID Connect RP-Initiated Logout §2).
    #[must_use]
    pub fn accept_expired(self) -> Self {
        Self {
            expiry: Expiry::Ignored,
            ..self
        }
    }
}

impl Audience<'_> {
    pub(crate) fn matches(&self, name: &str) -> bool {
        match self {
            Self::Any => true,
            Self::One(expected) => *expected == name,
            Self::OneOf(expected) => expected.contains(&name),
        }
    }
}
