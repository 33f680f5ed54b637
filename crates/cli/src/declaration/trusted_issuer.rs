//! What holds for every trusted issuer, whoever declares it.

use grantor_jose::KeySet;
use grantor_protocol::record::TrustedIssuer;
use grantor_types::Seconds;

/// The longest life that assertions may have: what was used is remembered for so long.
const MAX_LIFETIME: Seconds = Seconds::days(1);

/// Checks a trusted issuer.
///
/// # Errors
/// What is wrong and what to do.
pub(crate) fn check(issuer: &TrustedIssuer) -> Result<(), String> {
    if issuer.issuer.is_empty() {
        return Err("has no issuer: the iss of its JWTs".to_owned());
    }
    match (&issuer.jwks, &issuer.jwks_uri) {
        (None, None) => return Err("has no keys; declare jwks_uri or jwks".to_owned()),
        (Some(_), Some(_)) => return Err("has both jwks and jwks_uri; one is enough".to_owned()),
        (Some(jwks), None) if KeySet::from_jwks(jwks).is_empty() => {
            return Err("has a jwks without a key to verify with".to_owned());
        }
        (Some(_), None) | (None, Some(_)) => {}
    }
    if issuer.clients.is_empty() && !issuer.software_statements {
        return Err("has no clients that may present its JWTs".to_owned());
    }
    if issuer
        .max_lifetime
        .is_some_and(|lifetime| lifetime > MAX_LIFETIME)
    {
        return Err("has a max_lifetime of more than a day".to_owned());
    }
    Ok(())
}
