//! From a token to [`Verified`] claims.

use grantor_types::SigningAlgorithm;
use serde::de::DeserializeOwned;

use crate::claims::RegisteredClaims;
use crate::header::RawHeader;
use crate::json::Text;
use crate::{Expectation, Header, KeySet, VerifyError, base64url};

/// The longest token that is looked at, in bytes.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// Claims whose signature, type, issuer, audience and times have been checked. Only [`verify`] makes one, and
/// [`hmac::verify`](crate::hmac::verify), whose ones say in `A` that a shared secret and no key has signed them.
#[derive(Clone)]
pub struct Verified<T, A = SigningAlgorithm> {
    header: Header<A>,
    claims: T,
}

impl<T, A> Verified<T, A> {
    /// What the token was signed with.
    pub fn header(&self) -> &Header<A> {
        &self.header
    }

    /// The claims.
    pub fn claims(&self) -> &T {
        &self.claims
    }

    /// The claims, to keep.
    pub fn into_claims(self) -> T {
        self.claims
    }
}

/// Shows the header only: claims are personal data and not for logs.
impl<T, A: std::fmt::Debug> std::fmt::Debug for Verified<T, A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Verified")
            .field("header", &self.header)
            .finish_non_exhaustive()
    }
}

/// Checks a JWT in compact serialization and gives its claims.
///
/// In this order: the form, the header, the algorithm, the type, the key, the signature; and only then the payload:
/// issuer, audience, expiry, not-before and issued-at, and whether the claims are those asked for.
///
/// # Errors
/// The [`VerifyError`] of the first check that fails.
pub fn verify<T: DeserializeOwned>(
    token: &str,
    keys: &KeySet,
    expectation: &Expectation<'_>,
) -> Result<Verified<T>, VerifyError> {
    let parts = split(token)?;
    let header = base64url::decode(parts.header).ok_or(VerifyError::HeaderEncoding)?;
    let header = RawHeader::parse(&header)?;

    let algorithm = header.algorithm()?;
    // RFC 8725 §3.1: "Libraries MUST enable the caller to specify a supported set of algorithms and MUST NOT use any
    // other algorithms when performing cryptographic operations."
    if !expectation.algorithms.contains(&algorithm) {
        return Err(VerifyError::AlgorithmNotAllowed(algorithm));
    }
    check_type(&header, expectation)?;

    let keys = keys.find(header.kid.as_ref().map(Text::as_str), algorithm)?;
    let signature = base64url::decode(parts.signature).ok_or(VerifyError::SignatureEncoding)?;
    let input = parts.signing_input.as_bytes();
    if !keys.iter().any(|key| key.verify(algorithm, input, &signature)) {
        return Err(VerifyError::BadSignature);
    }
    open(header, algorithm, parts.payload, expectation)
}

pub(crate) fn check_type(header: &RawHeader<'_>, expectation: &Expectation<'_>) -> Result<(), VerifyError> {
    // RFC 9068 §4, for access tokens: "The resource server MUST verify that the 'typ' header value is 'at+jwt' or
    // 'application/at+jwt' and reject tokens carrying any other value."
    if expectation.typ.accepts(header.typ.as_ref().map(Text::as_str)) {
        Ok(())
    } else {
        Err(VerifyError::WrongType)
    }
}

/// Checks the claims of a token whose signature is good.
pub(crate) fn open<T: DeserializeOwned, A>(
    header: RawHeader<'_>,
    algorithm: A,
    payload: &str,
    expectation: &Expectation<'_>,
) -> Result<Verified<T, A>, VerifyError> {
    let payload = base64url::decode(payload).ok_or(VerifyError::PayloadEncoding)?;
    RegisteredClaims::parse(&payload)?.check(expectation)?;
    let claims = serde_json::from_slice(&payload).map_err(|_| VerifyError::ClaimsShape)?;
    let (kid, typ) = (header.kid.map(Text::into_owned), header.typ.map(Text::into_owned));
    Ok(Verified {
        header: Header { algorithm, kid, typ },
        claims,
    })
}

/// The parts of a compact serialization, still encoded.
pub(crate) struct Parts<'a> {
    pub(crate) header: &'a str,
    pub(crate) payload: &'a str,
    pub(crate) signature: &'a str,
    /// What is signed: the header, the dot and the payload (RFC 7515 §5.1).
    pub(crate) signing_input: &'a str,
}

pub(crate) fn split(token: &str) -> Result<Parts<'_>, VerifyError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(VerifyError::TooLong);
    }
    let (signing_input, signature) = token.rsplit_once('.').ok_or(VerifyError::NotCompact)?;
    let (header, payload) = signing_input.split_once('.').ok_or(VerifyError::NotCompact)?;
    // Five parts would be an encrypted token (RFC 7516 §7.1), which this is not the place for.
    if payload.contains('.') {
        return Err(VerifyError::NotCompact);
    }
    Ok(Parts {
        header,
        payload,
        signature,
        signing_input,
    })
}
