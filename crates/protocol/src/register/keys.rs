//! `jwks` and `jwks_uri` (RFC 7591 2).

use std::collections::BTreeSet;

use grantor_jose::Jwks;
use serde_json::{Map, Value};

use super::document::{Document, Refusal};
use super::{Context, MAX_ENTRIES, Wanted};
use crate::Cause;

const MEMBER: &str = "jwks";
/// The members of private and symmetric keys (RFC 7518 6.2.2, 6.3.2, 6.4.1).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

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
    if keys.is_empty() || keys.len() > MAX_ENTRIES {
        return Err(malformed);
    }
    let mut names = BTreeSet::new();
    for key in keys {
        let key = key.as_object().ok_or(malformed)?;
        if is_private(key) {
            return Err(Refusal::of(MEMBER, Cause::RegistrationKeysPrivate));
        }
        let kind = key.get("kty").and_then(Value::as_str);
        if !kind.is_some_and(|kind| ["EC", "RSA", "OKP"].contains(&kind)) {
            return Err(malformed);
        }
        if let Some(name) = key.get("kid")
            && !name.as_str().is_some_and(|name| names.insert(name))
        {
            return Err(malformed);
        }
    }
    let read: Jwks = serde_json::from_value(value.clone()).map_err(|_| malformed)?;
    // What cannot be read is passed over when a set is read, and would be lost without a word.
    if read.keys.len() == keys.len() {
        Ok(read)
    } else {
        Err(malformed)
    }
}

fn is_private(key: &Map<String, Value>) -> bool {
    let symmetric = key.get("kty").and_then(Value::as_str) == Some("oct");
    symmetric || PRIVATE.iter().any(|member| key.contains_key(*member))
}
