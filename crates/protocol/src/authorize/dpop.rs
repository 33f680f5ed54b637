//! `dpop_jkt` ([RFC 9449 §10](https://www.rfc-editor.org/rfc/rfc9449#section-10)): the code is bound to a key before it
//! exists, so that whoever intercepts it needs the key, too.

use grantor_types::{Parameters, Thumbprint};

use crate::Cause;

/// "The value of the dpop_jkt authorization request parameter is the JWK Thumbprint of the proof-of-possession public key
/// using the SHA-256 hash function".
pub(super) fn check(parameters: &Parameters) -> Result<Option<Thumbprint>, Cause> {
    parameters
        .value("dpop_jkt")
        .map(|text| Thumbprint::parse(text).ok_or(Cause::DpopJktMalformed))
        .transpose()
}
