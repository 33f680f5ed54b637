//! `jwks` and `jwks_uri` (RFC 7591 2).

use std::collections::BTreeSet;

use grantor_jose::{JwkError, Jwks, JwksError};
use serde_json::Value;

use super::document::{Document, Refusal};
use super::{Context, Wanted};
use crate::Cause;

const MEMBER: &str = "jwks";

pub(super) fn read(context: &Context<'_>, document: &Document, wanted: &mut Wanted) -> Result<(), Refusal> {
    wanted.metadata.jwks = document.value(MEMBER).map(jwks).transpose()?;
    wanted.metadata.jwks_uri = document.web_uri(context, "jwks_uri")?;
    // "The "jwks_uri" and "jwks" parameters MUST NOT both be present in the same request or response." (RFC 7591 2)
    if wanted.metadata.jwks.is_some() && wanted.metadata.jwks_uri.is_some() {
        return Err(Refusal::of(MEMBER, Cause::RegistrationKeysTwice));
    }
    Ok(())
}

/// Refuses a member that needs the client's keys when there are none.
pub(super) fn require(member: &'static str, wanted: &Wanted) -> Result<(), Refusal> {
    if wanted.metadata.jwks.is_none() && wanted.metadata.jwks_uri.is_none() {
        return Err(Refusal::of(member, Cause::RegistrationKeysMissing));
    }
    Ok(())
}

fn jwks(value: &Value) -> Result<Jwks, Refusal> {
    let malformed = Refusal::of(MEMBER, Cause::RegistrationKeysMalformed);
    let keys = value.get("keys").and_then(Value::as_array).ok_or(malformed)?;
    let read: Jwks = serde_json::from_value(value.clone()).map_err(|_| malformed)?;
    // What cannot be read is passed over when a set is read, and would be lost without a word.
    if keys.is_empty() || read.keys.len() != keys.len() {
        return Err(malformed);
    }
    read.check_registered().map_err(|error| match error {
        JwksError::Key {
            reason: JwkError::Private,
            ..
        } => Refusal::of(MEMBER, Cause::RegistrationKeysPrivate),
        JwksError::Key { .. } | JwksError::TooMany => malformed,
    })?;
    let mut names = BTreeSet::new();
    for key in keys {
        let kind = key.get("kty").and_then(Value::as_str);
        let name = key.get("kid").and_then(Value::as_str);
        let is_known = kind.is_some_and(|kind| ["EC", "RSA", "OKP"].contains(&kind));
        if !is_known || name.is_some_and(|name| !names.insert(name)) {
            return Err(malformed);
        }
    }
    Ok(read)
}
