//! Proofs of possession ([RFC 9449 §4]): a JWT that a client makes for one request, signed with a key that it carries.
//!
//! [`verify_proof`] is all of section 4.3 but two checks that need a memory: whether the `nonce` is one that the server
//! gave, and whether the `jti` was seen before.
//!
//! [RFC 9449 §4]: https://www.rfc-editor.org/rfc/rfc9449#section-4

use grantor_types::{Seconds, Secret, SigningAlgorithm, Thumbprint};
use serde::Deserialize;
use url::Url;

use crate::digest::HmacKey;
use crate::header::RawHeader;
use crate::json::Text;
use crate::verify::split;
use crate::{Jwk, Type, VerifyError, VerifyingKey, base64url, digest};

/// How old a proof may be.
pub const MAX_PROOF_AGE: Seconds = Seconds::minutes(2);
/// How far ahead of ours the client's clock may be.
pub const MAX_PROOF_LEAD: Seconds = Seconds::minutes(1);
/// The algorithms that proofs are signed with, unless a deployment allows RS256 as well.
pub const PROOF_ALGORITHMS: [SigningAlgorithm; 3] = [
    SigningAlgorithm::Es256,
    SigningAlgorithm::EdDsa,
    SigningAlgorithm::Ps256,
];
/// Longest `jti`, in bytes. What is in it is the client's business: base64 with `+/=` is fine.
const MAX_JTI: usize = 512;

/// The request that a proof has to be for.
#[derive(Clone, Copy, Debug)]
pub struct ProofExpectation<'a> {
    /// The method of the request.
    pub method: &'a str,
    /// Its address as clients know it; query and fragment do not count.
    pub uri: &'a str,
    /// The access token that is sent with it.
    pub access_token: Option<&'a Secret>,
    /// The algorithms that are taken.
    pub algorithms: &'a [SigningAlgorithm],
    /// Now, in seconds since the epoch.
    pub now: u64,
}

/// A proof that is good, as far as it can be said without a memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The key that signed it.
    pub key: Thumbprint,
    /// Its name, to be used once.
    pub jti: String,
    /// When it was made, in seconds since the epoch.
    pub iat: u64,
    /// The nonce that the client was given.
    pub nonce: Option<String>,
}

/// Why a proof is not good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// Not a JWT, or its header is not what it has to be.
    #[error(transparent)]
    Token(#[from] VerifyError),
    /// No `jwk` in the header, or one that cannot be used.
    #[error("the header has no public key that can be used")]
    Key,
    /// The claims are not JSON, or one of `jti`, `htm`, `htu` and `iat` is missing or malformed.
    #[error("a required claim is missing or malformed")]
    Claims,
    /// `htm` is another method.
    #[error("htm is not the method of the request")]
    Method,
    /// `htu` is another address.
    #[error("htu is not the address of the request")]
    Uri,
    /// `iat` is too long ago.
    #[error("the proof is too old")]
    TooOld,
    /// `iat` is in the future.
    #[error("the proof was made in the future")]
    InFuture,
    /// `ath` is missing or is not the hash of the access token.
    #[error("ath is not the hash of the access token")]
    AccessTokenHash,
}

impl Proof {
    /// When it would be too old anyway, in seconds since the epoch: for so long its use has to be remembered.
    pub fn remember_until(&self) -> u64 {
        self.iat
            .saturating_add(MAX_PROOF_AGE.0)
            .saturating_add(MAX_PROOF_LEAD.0)
    }
}

#[derive(Deserialize)]
struct KeyMember {
    jwk: Jwk,
}

#[derive(Deserialize)]
struct Claims<'a> {
    #[serde(borrow)]
    jti: Text<'a>,
    #[serde(borrow)]
    htm: Text<'a>,
    #[serde(borrow)]
    htu: Text<'a>,
    iat: f64,
    #[serde(default, borrow)]
    ath: Option<Text<'a>>,
    #[serde(default)]
    nonce: Option<String>,
}

/// How long a nonce is handed out; it is taken for as long again.
const NONCE_PERIOD: Seconds = Seconds::minutes(5);

/// The nonce that clients are given now ([RFC 9449 §8]): an authenticator over the number of the period. Nothing is
/// stored, and everybody who has the key gives and takes the same ones. `now` is in seconds since the epoch.
///
/// [RFC 9449 §8]: https://www.rfc-editor.org/rfc/rfc9449#section-8
pub fn nonce(key: &HmacKey, now: u64) -> String {
    nonce_of(key, now / NONCE_PERIOD.0)
}

/// Whether the nonce is that of this period or of the one before.
pub fn nonce_is_good(key: &HmacKey, now: u64, nonce: &str) -> bool {
    let period = now / NONCE_PERIOD.0;
    [period, period.saturating_sub(1)]
        .into_iter()
        .any(|period| digest::constant_time_eq(nonce_of(key, period).as_bytes(), nonce.as_bytes()))
}

fn nonce_of(key: &HmacKey, period: u64) -> String {
    base64url::encode(digest::hmac_sha256(
        key,
        &[b"dpop nonce\0", &period.to_be_bytes()],
    ))
}

/// Checks a proof ([RFC 9449 §4.3]).
///
/// # Errors
/// The [`ProofError`] of the first check that fails.
///
/// [RFC 9449 §4.3]: https://www.rfc-editor.org/rfc/rfc9449#section-4.3
pub fn verify_proof(proof: &str, expectation: &ProofExpectation<'_>) -> Result<Proof, ProofError> {
    let parts = split(proof)?;
    let header = base64url::decode(parts.header).ok_or(VerifyError::HeaderEncoding)?;
    let raw = RawHeader::parse(&header)?;
    // "The typ JOSE Header Parameter has the value dpop+jwt."
    if !Type::Dpop.accepts(raw.typ.as_ref().map(Text::as_str)) {
        return Err(VerifyError::WrongType.into());
    }
    // "The alg JOSE Header Parameter indicates a registered asymmetric digital signature algorithm [...], is not none, is
    // supported by the application, and is acceptable per local policy."
    let algorithm = raw.algorithm()?;
    if !expectation.algorithms.contains(&algorithm) {
        return Err(VerifyError::AlgorithmNotAllowed(algorithm).into());
    }
    let jwk = serde_json::from_slice::<KeyMember>(&header)
        .map_err(|_| ProofError::Key)?
        .jwk;
    // "The jwk JOSE Header Parameter does not contain a private key": `from_jwk` refuses one.
    let padded = jwk.with_padded_coordinates();
    let key = VerifyingKey::from_jwk(&padded).map_err(|_| ProofError::Key)?;
    // "The JWT signature verifies with the public key contained in the jwk JOSE Header Parameter."
    let signature = base64url::decode(parts.signature).ok_or(VerifyError::SignatureEncoding)?;
    if !key.verify(algorithm, parts.signing_input.as_bytes(), &signature) {
        return Err(VerifyError::BadSignature.into());
    }
    let payload = base64url::decode(parts.payload).ok_or(VerifyError::PayloadEncoding)?;
    let claims: Claims<'_> = serde_json::from_slice(&payload).map_err(|_| ProofError::Claims)?;
    let iat = check(&claims, expectation)?;
    Ok(Proof {
        key: jwk.presented_thumbprint().map_err(|_| ProofError::Key)?,
        jti: claims.jti.into_owned(),
        iat,
        nonce: claims.nonce,
    })
}

fn check(claims: &Claims<'_>, expectation: &ProofExpectation<'_>) -> Result<u64, ProofError> {
    let jti = claims.jti.as_str();
    if jti.is_empty() || jti.len() > MAX_JTI {
        return Err(ProofError::Claims);
    }
    // "The htm claim matches the HTTP method of the current request." Clients write it as they call it; methods that
    // differ in case only are none that anybody uses.
    if !claims.htm.as_str().eq_ignore_ascii_case(expectation.method) {
        return Err(ProofError::Method);
    }
    if !same_target(claims.htu.as_str(), expectation.uri) {
        return Err(ProofError::Uri);
    }
    let iat = seconds(claims.iat).ok_or(ProofError::Claims)?;
    // "The creation time of the JWT, as determined by either the iat claim or a server managed timestamp via the nonce
    // claim, is within an acceptable window."
    if iat.saturating_add(MAX_PROOF_AGE.0) < expectation.now {
        return Err(ProofError::TooOld);
    }
    if iat > expectation.now.saturating_add(MAX_PROOF_LEAD.0) {
        return Err(ProofError::InFuture);
    }
    // "If presented to a protected resource in conjunction with an access token, ensure that the value of the ath claim
    // equals the hash of that access token".
    if let Some(token) = expectation.access_token {
        let hash = base64url::encode(digest::sha256(token.expose().as_bytes()));
        let ath = claims.ath.as_ref().map_or("", Text::as_str);
        if !digest::constant_time_eq(ath.as_bytes(), hash.as_bytes()) {
            return Err(ProofError::AccessTokenHash);
        }
    }
    Ok(iat)
}

/// A NumericDate, which "may be non-integer" (RFC 7519 2).
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range is checked, and below a second nothing counts"
)]
fn seconds(date: f64) -> Option<u64> {
    (0.0..1e12).contains(&date).then_some(date as u64)
}

/// "The htu claim matches the HTTP URI value for the HTTP request in which the JWT was received, ignoring any query and
/// fragment parts." Case of scheme and host and the default port do not count either: "servers SHOULD employ
/// syntax-based normalization (Section 6.2.2 of RFC 3986) and scheme-based normalization (Section 6.2.3 of RFC 3986)
/// before comparing".
fn same_target(htu: &str, uri: &str) -> bool {
    let (htu, uri) = (without_query(htu), without_query(uri));
    let same_url = || Some(Url::parse(htu).ok()? == Url::parse(uri).ok()?);
    htu == uri || same_url().unwrap_or(false)
}

fn without_query(uri: &str) -> &str {
    uri.split(['?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests;
