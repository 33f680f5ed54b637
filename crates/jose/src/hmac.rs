//! Tokens that a client signs with its secret: `client_secret_jwt` ([OpenID Connect Core §9]), and nothing else.
//!
//! A verifier that takes keys and secrets alike can be told by a token to use a public key as a secret. Here the two
//! never meet: this function takes no [`KeySet`](crate::KeySet), [`verify`](crate::verify()) takes no secret, and
//! their algorithms are of two types.
//!
//! [OpenID Connect Core §9]: https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication

use aws_lc_rs::hmac;
use grantor_types::{MacAlgorithm, Secret};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::header::RawHeader;
use crate::verify::{check_type, open, split};
use crate::{Expectation, JoseError, Type, Verified, VerifyError, base64url};

/// Checks a JWT that the owner of a secret has signed with its UTF-8 octets, by one of these algorithms, and gives its
/// claims. The signing algorithms of the [`Expectation`] are not looked at.
///
/// # Errors
/// The [`VerifyError`] of the first check that fails; [`VerifyError::UnsupportedAlgorithm`] also when the algorithm is
/// one of [`MacAlgorithm`], but none of those given.
pub fn verify<T: DeserializeOwned>(
    token: &str,
    secret: &Secret,
    algorithms: &[MacAlgorithm],
    expectation: &Expectation<'_>,
) -> Result<Verified<T, MacAlgorithm>, VerifyError> {
    let parts = split(token)?;
    let header = base64url::decode(parts.header).ok_or(VerifyError::HeaderEncoding)?;
    let header = RawHeader::parse(&header)?;
    let name = header.alg.as_ref().ok_or(VerifyError::MissingAlgorithm)?;
    let algorithm = MacAlgorithm::from_name(name.as_str())
        .filter(|algorithm| algorithms.contains(algorithm))
        .ok_or(VerifyError::UnsupportedAlgorithm)?;
    check_type(&header, expectation)?;

    let primitive = primitive(algorithm);
    // RFC 7518 §3.2: "A key of the same size as the hash output (for instance, 256 bits for "HS256") or larger MUST be
    // used with this algorithm."
    if secret.expose().len() < primitive.digest_algorithm().output_len() {
        return Err(VerifyError::SecretTooShort);
    }
    let signature = base64url::decode(parts.signature).ok_or(VerifyError::SignatureEncoding)?;
    // OpenID Connect Core §10.1: "the octets of the UTF-8 representation of the client_secret value" are the key.
    let key = hmac::Key::new(primitive, secret.expose().as_bytes());
    hmac::verify(&key, parts.signing_input.as_bytes(), &signature).map_err(|_| VerifyError::BadSignature)?;
    open(header, algorithm, parts.payload, expectation)
}

/// Signs the claims as a JWT of this type with the UTF-8 octets of a secret.
///
/// # Errors
/// [`JoseError::KeyLength`] when the secret is shorter than the hash (RFC 7518 §3.2), [`JoseError::Serialize`] when the
/// claims do not become JSON.
pub fn sign<T: Serialize + ?Sized>(
    secret: &Secret,
    algorithm: MacAlgorithm,
    typ: Type,
    claims: &T,
) -> Result<String, JoseError> {
    let primitive = primitive(algorithm);
    if secret.expose().len() < primitive.digest_algorithm().output_len() {
        return Err(JoseError::KeyLength);
    }
    let header = serde_json::json!({ "alg": algorithm.as_str(), "typ": typ.as_str() });
    let payload = serde_json::to_vec(claims).map_err(|_| JoseError::Serialize)?;
    let mut token = base64url::encode(header.to_string());
    token.push('.');
    base64url::encode_onto(payload, &mut token);
    let key = hmac::Key::new(primitive, secret.expose().as_bytes());
    let signature = hmac::sign(&key, token.as_bytes());
    token.push('.');
    base64url::encode_onto(signature, &mut token);
    Ok(token)
}

fn primitive(algorithm: MacAlgorithm) -> hmac::Algorithm {
    match algorithm {
        MacAlgorithm::Hs256 => hmac::HMAC_SHA256,
        MacAlgorithm::Hs384 => hmac::HMAC_SHA384,
        MacAlgorithm::Hs512 => hmac::HMAC_SHA512,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_is_verified_and_a_short_secret_signs_nothing() {
        let claims = serde_json::json!({ "iss": "app", "exp": 2_000 });
        for algorithm in MacAlgorithm::ALL.iter().copied() {
            let secret = Secret::new("s".repeat(64));
            let token = sign(&secret, algorithm, Type::Jwt, &claims).unwrap();
            let expectation = Expectation::for_any_audience(Type::Jwt, "app", 1_000);
            let read = |secret| verify::<serde_json::Value>(&token, secret, &[algorithm], &expectation);
            assert_eq!(read(&secret).unwrap().claims(), &claims);
            let other = Secret::new("t".repeat(64));
            assert_eq!(read(&other).err(), Some(VerifyError::BadSignature));
            let short = Secret::new("s".repeat(31));
            assert_eq!(
                sign(&short, algorithm, Type::Jwt, &claims),
                Err(JoseError::KeyLength)
            );
        }
    }
}
