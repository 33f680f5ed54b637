//! Requests as signed objects ([RFC 9101](https://www.rfc-editor.org/rfc/rfc9101)).

use grantor_jose::{SigningKey, Type, random};
use serde_json::{Map, Value};

use crate::authentication::Form;
use crate::{Client, Error};

/// How long a signed request is good for, in seconds: until the browser has arrived.
const LIFETIME: u64 = 300;

impl Client {
    /// The parameters of a request as a signed object for the provider alone.
    pub(crate) fn request_object(&self, form: &Form, key: &SigningKey) -> Result<String, Error> {
        let mut claims = members(form);
        let now = self.now().as_seconds();
        for (name, value) in [
            ("iss", self.client_id().into()),
            ("aud", self.metadata().issuer().into()),
            ("iat", now.into()),
            ("nbf", now.into()),
            ("exp", now.saturating_add(LIFETIME).into()),
            ("jti", random::text()?.into()),
        ] {
            claims.insert(name.to_owned(), value);
        }
        Ok(key.sign(Type::RequestObject, &claims)?)
    }
}

/// RFC 9101 §4: "Parameter names and string values are included as JSON strings. […] Numerical values are included as JSON
/// numbers."
fn members(form: &Form) -> Map<String, Value> {
    let mut members = Map::new();
    for (name, value) in form.pairs() {
        let value: Value = match name {
            "max_age" | "requested_expiry" => value.parse::<u64>().map_or(value.into(), Value::from),
            "claims" => serde_json::from_str(value).unwrap_or(value.into()),
            _ => value.into(),
        };
        match members.get_mut(name) {
            None => {
                members.insert(name.to_owned(), value);
            }
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
    members
}
