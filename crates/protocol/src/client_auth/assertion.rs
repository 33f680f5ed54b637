//! What the two assertion methods share ([RFC 7521 §4.2], [RFC 7523 §3], [OpenID Connect Core 9]): a JWT of the client
//! about itself, for us, that ends soon and is used once.
//!
//! The server has the signature, `typ`, `iss` and the times checked, as [`expectation`] says; what is left is decided
//! here, from the registration of the client.
//!
//! [RFC 7521 §4.2]: https://www.rfc-editor.org/rfc/rfc7521#section-4.2
//! [RFC 7523 §3]: https://www.rfc-editor.org/rfc/rfc7523#section-3
//! [OpenID Connect Core 9]: https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication

use grantor_jose::{
    CLIENT_CLOCK_AHEAD, Expectation, Type, Verified, VerifyError, signing_algorithm, unverified_header,
    unverified_issuer,
};
use grantor_types::{
    Audience, ClientAuthMethod, ClientId, MacAlgorithm, Parameters, Seconds, Secret, Timestamp,
};
use serde::{Deserialize, Deserializer};

use super::{Credentials, client_secret_jwt, private_key_jwt};
use crate::record::{AssertionAudience, Client, SingleUseKey};
use crate::{Cause, Change, Cx};

/// The one kind of assertion that is taken (RFC 7523 2.2).
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The longest life that a client assertion may have left.
pub const MAX_LIFETIME: Seconds = Seconds::hours(1);

/// The claims that matter beside `iss` and the times; others are passed over.
#[derive(Clone, Debug, Deserialize)]
pub struct ClientAssertionClaims {
    /// Whom it is about.
    #[serde(default)]
    sub: Option<String>,
    /// Whom it is for.
    #[serde(default)]
    aud: Option<Audience>,
    /// When it ends, in seconds since the epoch; that it is there has been checked.
    #[serde(default, deserialize_with = "seconds")]
    exp: u64,
    /// Its own id.
    #[serde(default)]
    jti: Option<String>,
}

/// An assertion whose signature was checked, and by what.
#[derive(Debug)]
pub enum VerifiedAssertion {
    /// By a public key of the client.
    Key(Verified<ClientAssertionClaims>),
    /// By its secret.
    Secret(Verified<ClientAssertionClaims, MacAlgorithm>),
}

/// What is known of an assertion.
#[derive(Debug)]
pub struct ClientAssertionFacts<'a> {
    /// What it says.
    pub verified: VerifiedAssertion,
    /// The addresses that it may name beside the issuer: those of the token endpoint and of the endpoint that is asked.
    pub endpoints: &'a [String],
}

/// What marks an assertion as used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FreshAssertion {
    /// Its name.
    pub once: SingleUseKey,
    /// When it would be too old anyway.
    pub expires_at: Timestamp,
}

impl FreshAssertion {
    /// Uses it up. Guard: it was not used before.
    pub fn use_up(&self) -> Change {
        Change::UseOnce {
            key: self.once,
            expires_at: self.expires_at,
        }
    }
}

/// Reads the two parameters of an assertion. Who signs it is only what it says itself until it is verified.
pub(super) fn read(form: &Parameters) -> Result<Credentials, Cause> {
    let assertion = form
        .value("client_assertion")
        .ok_or(Cause::ClientAssertionMissing)?;
    if form.value("client_assertion_type") != Some(JWT_BEARER) {
        return Err(Cause::ClientAssertionTypeUnsupported);
    }
    let header = unverified_header(assertion).map_err(cause)?;
    let algorithm = header.algorithm.as_deref().unwrap_or_default();
    let method = match (MacAlgorithm::from_name(algorithm), signing_algorithm(algorithm)) {
        (Some(_), _) => ClientAuthMethod::ClientSecretJwt,
        (None, Some(_)) => ClientAuthMethod::PrivateKeyJwt,
        (None, None) => return Err(Cause::ClientAssertionAlgorithm),
    };
    let issuer = unverified_issuer(assertion)
        .map_err(cause)?
        .ok_or(Cause::ClientAssertionSubject)?;
    // "client_id OPTIONAL. [...] The "client_id" is unnecessary for client assertion authentication because the client is
    // identified by the subject within the assertion. If present, the value of the "client_id" parameter MUST identify
    // the same client as is identified by the client assertion." (RFC 7521 4.2)
    if form.value("client_id").is_some_and(|named| named != issuer) {
        return Err(Cause::ClientAssertionSubject);
    }
    let client_id = ClientId::parse(&issuer).map_err(|_| Cause::ClientAssertionSubject)?;
    Ok(Credentials {
        client_id,
        method,
        secret: Some(Secret::new(assertion)),
    })
}

/// What an assertion of this client has to be before its claims are looked at. Its audience is left to
/// `check`, as it depends on the registration.
pub fn expectation(client: &ClientId, now: Timestamp) -> Expectation<'_> {
    // "iss REQUIRED. Issuer. This MUST contain the client_id of the OAuth Client." (OpenID Connect Core 9)
    // "The JWT MUST contain an "exp" (expiration time) claim that limits the time window during which the JWT can be used.
    // The authorization server MUST reject any JWT with an expiration time that has passed, subject to allowable clock
    // skew between systems." (RFC 7523 3)
    Expectation::for_any_audience(Type::ClientAuthentication, client.as_str(), now.as_seconds())
        .clock_ahead(CLIENT_CLOCK_AHEAD)
        .max_lifetime(MAX_LIFETIME.0)
}

/// Judges a verified assertion: the method, the algorithm, the subject, the audience, the id.
pub(super) fn check(
    cx: &Cx<'_>,
    client: &Client,
    facts: &ClientAssertionFacts<'_>,
) -> Result<(ClientAuthMethod, FreshAssertion), Cause> {
    let (method, claims) = match &facts.verified {
        VerifiedAssertion::Key(verified) => {
            let method = private_key_jwt::check(cx.policy, client, verified.header().algorithm())?;
            (method, verified.claims())
        }
        VerifiedAssertion::Secret(verified) => {
            let method = client_secret_jwt::check(client, verified.header().algorithm())?;
            (method, verified.claims())
        }
    };
    // "For client authentication, the subject MUST be the "client_id" of the OAuth client." (RFC 7523 3)
    if claims.sub.as_deref() != Some(client.id.as_str()) {
        return Err(Cause::ClientAssertionSubject);
    }
    check_audience(cx, client, claims.aud.as_ref(), facts.endpoints)?;
    // "jti REQUIRED. JWT ID. A unique identifier for the token, which can be used to prevent reuse of the token. These
    // tokens MUST only be used once, unless conditions for reuse were negotiated between the parties" (OpenID Connect
    // Core 9)
    let jti = claims.jti.as_deref().filter(|jti| !jti.is_empty());
    let jti = jti.ok_or(Cause::ClientAssertionWithoutId)?;
    let fresh = FreshAssertion {
        once: SingleUseKey::of(
            "client assertion",
            &[client.id.as_str().as_bytes(), jti.as_bytes()],
        ),
        expires_at: Timestamp::from_seconds(claims.exp),
    };
    Ok((method, fresh))
}

/// "The JWT MUST contain an "aud" (audience) claim containing a value that identifies the authorization server as an
/// intended audience." (RFC 7523 3)
fn check_audience(
    cx: &Cx<'_>,
    client: &Client,
    audience: Option<&Audience>,
    endpoints: &[String],
) -> Result<(), Cause> {
    let issuer = cx.issuer.as_str();
    let rule = if cx.policy.client_assertions.issuer_audience_only {
        AssertionAudience::Issuer
    } else {
        client.metadata.assertion_audience
    };
    let ours = |name: &String| name == issuer || endpoints.contains(name);
    let named = match (rule, audience) {
        // "shall accept its issuer identifier value [...] as a string in the aud claim received in client authentication
        // assertions" (FAPI 2.0 Security Profile, 5.3.2.1), and nothing else: an assertion for another server, or one
        // that another server may pass on, is not for us.
        (AssertionAudience::Issuer, Some(Audience::One(name))) => name == issuer,
        (AssertionAudience::Issuer, Some(Audience::Many(_)) | None)
        | (AssertionAudience::IssuerOrEndpoint, None) => false,
        (AssertionAudience::IssuerOrEndpoint, Some(audience)) => audience.values().iter().any(ours),
    };
    if named {
        Ok(())
    } else {
        Err(Cause::ClientAssertionAudience)
    }
}

/// What the client reads when its assertion does not pass as a token. Everything that depends on who the client is and
/// what it has registered reads the same, as until then anybody may have written it.
pub fn cause(error: VerifyError) -> Cause {
    match error {
        VerifyError::MissingAlgorithm
        | VerifyError::UnsupportedAlgorithm
        | VerifyError::AlgorithmNotAllowed(_) => Cause::ClientAssertionAlgorithm,
        VerifyError::UnknownKey
        | VerifyError::AmbiguousKey
        | VerifyError::KeyAlgorithmMismatch(_)
        | VerifyError::BadSignature
        | VerifyError::SecretTooShort => Cause::ClientAssertionUnverified,
        VerifyError::MissingIssuer | VerifyError::WrongIssuer => Cause::ClientAssertionSubject,
        VerifyError::MissingAudience | VerifyError::WrongAudience => Cause::ClientAssertionAudience,
        VerifyError::MissingExpiry => Cause::ClientAssertionWithoutExpiry,
        VerifyError::LivesTooLong => Cause::ClientAssertionLivesTooLong,
        VerifyError::Expired => Cause::ClientAssertionExpired,
        VerifyError::NotYetValid | VerifyError::IssuedInFuture => Cause::ClientAssertionFromFuture,
        VerifyError::TooLong
        | VerifyError::NotCompact
        | VerifyError::HeaderEncoding
        | VerifyError::PayloadEncoding
        | VerifyError::SignatureEncoding
        | VerifyError::HeaderJson
        | VerifyError::DuplicateHeaderMember
        | VerifyError::CriticalExtension
        | VerifyError::UnencodedPayload
        | VerifyError::WrongType
        | VerifyError::ClaimsJson
        | VerifyError::DuplicateClaim
        | VerifyError::ClaimsShape => Cause::ClientAssertionInvalid,
    }
}

/// A number of seconds; a fraction is cut off, as it is where the time is checked.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let number = serde_json::Number::deserialize(deserializer)?;
    // `as` saturates at both ends.
    let cut_off = || number.as_f64().map(|seconds| seconds as u64);
    Ok(number.as_u64().or_else(cut_off).unwrap_or_default())
}
