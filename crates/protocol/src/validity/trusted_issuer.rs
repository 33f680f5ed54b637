//! Trusted issuers.

use grantor_jose::KeySet;
use grantor_types::Seconds;

use super::Invalid;
use crate::record::TrustedIssuer;

/// The longest life that assertions may have: what was used is remembered for so long.
const MAX_LIFETIME: Seconds = Seconds::days(1);

/// Checks a trusted issuer.
///
/// # Errors
/// What is wrong and what to do.
pub fn trusted_issuer(issuer: &TrustedIssuer) -> Result<(), Invalid> {
    if issuer.issuer.is_empty() {
        return Err(Invalid::new("issuer", "has no issuer: the iss of its JWTs"));
    }
    match (&issuer.jwks, &issuer.jwks_uri) {
        (None, None) => return Err(Invalid::new("jwks_uri", "has no keys; declare jwks_uri or jwks")),
        (Some(_), Some(_)) => return Err(Invalid::new("jwks", "has both jwks and jwks_uri; one is enough")),
        (Some(jwks), None) if KeySet::from_jwks(jwks).is_empty() => {
            return Err(Invalid::new("jwks", "has a jwks without a key to verify with"));
        }
        (Some(_), None) | (None, Some(_)) => {}
    }
    if issuer.clients.is_empty() && !issuer.software_statements {
        return Err(Invalid::new(
            "clients",
            "has no clients that may present its JWTs",
        ));
    }
    if issuer
        .max_lifetime
        .is_some_and(|lifetime| lifetime > MAX_LIFETIME)
    {
        return Err(Invalid::new(
            "max_lifetime",
            "has a max_lifetime of more than a day",
        ));
    }
    Ok(())
}
