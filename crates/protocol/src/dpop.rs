//! Proofs of possession at our endpoints ([RFC 9449](https://www.rfc-editor.org/rfc/rfc9449)): what the checks of the
//! proof itself leave open, which is that it is used once, the server's nonces, and whether it fits the token.

use grantor_jose::VerifyError;
use grantor_jose::dpop::{self, Proof, ProofError};
use grantor_types::{Thumbprint, Timestamp};

use crate::record::SingleUseKey;
use crate::token::DerivationKeys;
use crate::{Cause, Change};

/// A proof that is good and has not been used up yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FreshProof {
    /// The key that it proves.
    pub key: Thumbprint,
    /// What marks it as used.
    pub once: SingleUseKey,
    /// When it would be too old anyway.
    pub expires_at: Timestamp,
}

impl FreshProof {
    /// What has to be remembered of a proof that passed its own checks. "To prevent multiple uses of the same DPoP proof,
    /// servers can store [...] the jti value of each DPoP proof for the time window in which the respective DPoP proof JWT
    /// would be accepted" (RFC 9449 11.1); by key, so that two clients that choose the same `jti` are not in each other's
    /// way.
    pub fn of(proof: &Proof) -> Self {
        Self {
            key: proof.key,
            once: SingleUseKey::of("dpop", &[proof.key.as_bytes(), proof.jti.as_bytes()]),
            expires_at: Timestamp::from_seconds(proof.remember_until()),
        }
    }

    /// Uses it up. Guard: it was not used before.
    pub fn use_up(&self) -> Change {
        Change::UseOnce {
            key: self.once,
            expires_at: self.expires_at,
        }
    }
}

/// The nonce that clients are given now; `None` when there is no key.
pub fn nonce(keys: &DerivationKeys, now: Timestamp) -> Option<String> {
    Some(dpop::nonce(keys.keys().first()?, now.as_seconds()))
}

/// "the nonce claim matches the server-provided nonce value" (RFC 9449 4.3).
///
/// # Errors
/// [`Cause::DpopNonceRequired`], for a proof without a nonce and for an old one alike.
pub fn check_nonce(keys: &DerivationKeys, now: Timestamp, presented: Option<&str>) -> Result<(), Cause> {
    let presented = presented.ok_or(Cause::DpopNonceRequired)?;
    let good = |key| dpop::nonce_is_good(key, now.as_seconds(), presented);
    if keys.keys().iter().any(good) {
        Ok(())
    } else {
        Err(Cause::DpopNonceRequired)
    }
}

/// What the client reads when its proof is not good.
pub fn cause(error: ProofError) -> Cause {
    match error {
        ProofError::Method => Cause::DpopMethodMismatch,
        ProofError::Uri => Cause::DpopUriMismatch,
        ProofError::TooOld => Cause::DpopProofExpired,
        ProofError::InFuture => Cause::DpopProofFromFuture,
        ProofError::AccessTokenHash => Cause::DpopTokenHashMismatch,
        ProofError::Token(VerifyError::AlgorithmNotAllowed(_) | VerifyError::UnsupportedAlgorithm) => {
            Cause::DpopAlgorithmUnsupported
        }
        ProofError::Token(_) | ProofError::Key | ProofError::Claims => Cause::DpopProofInvalid,
    }
}

/// How an access token is presented to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presentation {
    /// By whoever holds it.
    Bearer,
    /// With a proof of possession of this key.
    Dpop(Thumbprint),
}

impl Presentation {
    /// Checks that the token may be presented so. "a DPoP-bound access token MUST NOT be accepted as a bearer token"
    /// is what binding is for (RFC 9449 7.2); and a token that is bound to nothing proves nothing with a proof.
    ///
    /// # Errors
    /// [`Cause::TokenBoundToKey`] or [`Cause::TokenNotBoundToKey`], which are `invalid_token`.
    pub fn check(self, bound_to: Option<Thumbprint>) -> Result<(), Cause> {
        match (self, bound_to) {
            (Self::Bearer, None) => Ok(()),
            (Self::Bearer, Some(_)) => Err(Cause::TokenBoundToKey),
            // "confirm that the public key to which the access token is bound matches the public key from the DPoP
            // proof" (RFC 9449 4.3)
            (Self::Dpop(proven), Some(key)) if proven == key => Ok(()),
            (Self::Dpop(_), Some(_) | None) => Err(Cause::TokenNotBoundToKey),
        }
    }
}

#[cfg(test)]
mod tests {
    use grantor_types::Seconds;

    use super::*;
    use crate::fixture::{NOW, keys};

    #[test]
    fn a_nonce_is_good_for_its_period_and_the_next() {
        let given = nonce(&keys(), NOW).unwrap();
        let start = NOW.as_seconds() - NOW.as_seconds() % 300;
        let at = |seconds: u64| check_nonce(&keys(), Timestamp::from_seconds(start + seconds), Some(&given));
        for (seconds, expected) in [
            (0, Ok(())),
            (599, Ok(())),
            (600, Err(Cause::DpopNonceRequired)),
            (6_000, Err(Cause::DpopNonceRequired)),
        ] {
            assert_eq!(at(seconds), expected, "{seconds}");
        }
        for foreign in [None, Some(""), Some("nonce"), Some(&given[1..])] {
            assert_eq!(
                check_nonce(&keys(), NOW, foreign),
                Err(Cause::DpopNonceRequired),
                "{foreign:?}"
            );
        }
    }

    #[test]
    fn a_proof_is_remembered_for_as_long_as_it_would_be_taken() {
        let proof = |jti: &str, key: u8| Proof {
            key: Thumbprint::from_digest([key; 32]),
            jti: jti.to_owned(),
            iat: NOW.as_seconds(),
            nonce: None,
        };
        let fresh = FreshProof::of(&proof("a", 1));
        assert_eq!(fresh.expires_at, NOW.plus(Seconds(180)));
        assert_eq!(FreshProof::of(&proof("a", 1)).once, fresh.once);
        assert_ne!(FreshProof::of(&proof("b", 1)).once, fresh.once);
        assert_ne!(FreshProof::of(&proof("a", 2)).once, fresh.once);
    }

    #[test]
    fn a_token_is_presented_as_it_was_issued() {
        let (mine, other) = (Thumbprint::from_digest([1; 32]), Thumbprint::from_digest([2; 32]));
        let cases = [
            (Presentation::Bearer, None, Ok(())),
            (Presentation::Bearer, Some(mine), Err(Cause::TokenBoundToKey)),
            (Presentation::Dpop(mine), Some(mine), Ok(())),
            (
                Presentation::Dpop(other),
                Some(mine),
                Err(Cause::TokenNotBoundToKey),
            ),
            (Presentation::Dpop(mine), None, Err(Cause::TokenNotBoundToKey)),
        ];
        for (presentation, bound_to, expected) in cases {
            assert_eq!(
                presentation.check(bound_to),
                expected,
                "{presentation:?} {bound_to:?}"
            );
        }
    }
}
