//! Request objects ([RFC 9101](https://www.rfc-editor.org/rfc/rfc9101), OpenID Connect Core 6): the parameters as a JWT that
//! the client has signed. The server has checked the signature; here is what the claims become.

use grantor_types::{ClientId, Issuer, Parameters, Timestamp};
use serde_json::{Map, Value};

use super::PARAMETERS;
use crate::Cause;
use crate::record::Client;

/// Claims of the JWT itself, which are no parameters.
const JWT_CLAIMS: [&str; 7] = ["iss", "aud", "exp", "iat", "nbf", "jti", "sub"];

/// How an authorization request reached us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carriage {
    /// In parameters that anybody on the way could have changed.
    Plain,
    /// In a request object, by value.
    ByValue(String),
    /// In a request object that is fetched from here.
    ByReference(String),
}

/// Says how a request came.
///
/// # Errors
/// [`Cause::RequestObjectTwice`]: "the client [...] MUST NOT use both "request" and "request_uri"" (RFC 9101 5).
pub fn carriage(parameters: &Parameters) -> Result<Carriage, Cause> {
    match (parameters.value("request"), parameters.value("request_uri")) {
        (None, None) => Ok(Carriage::Plain),
        (Some(object), None) => Ok(Carriage::ByValue(object.to_owned())),
        (None, Some(reference)) => Ok(Carriage::ByReference(reference.to_owned())),
        (Some(_), Some(_)) => Err(Cause::RequestObjectTwice),
    }
}

/// Whether a request object may be fetched from here: the registration lists it, with or without the fragment that stands
/// for its content (OpenID Connect Dynamic Client Registration 2). Nothing else is ever fetched for a client.
///
/// # Errors
/// [`Cause::RequestUriUnregistered`].
pub fn check_reference(client: &Client, reference: &str) -> Result<(), Cause> {
    let without_fragment = |uri: &str| uri.split('#').next().unwrap_or_default().to_owned();
    let mut registered = client.metadata.request_uris.iter();
    if registered.any(|uri| uri == reference || without_fragment(uri) == without_fragment(reference)) {
        Ok(())
    } else {
        Err(Cause::RequestUriUnregistered)
    }
}

/// The parameters of a verified request object, and they alone: "The authorization server MUST only use the parameters in
/// the Request Object, even if the same parameter is provided in the query parameter." (RFC 9101 5)
///
/// # Errors
/// Causes of `invalid_request_object`.
pub fn parameters(
    client: &ClientId,
    issuer: &Issuer,
    now: Timestamp,
    claims: Map<String, Value>,
) -> Result<Parameters, Cause> {
    check_claims(client, issuer, now, &claims)?;
    let mut pairs = Vec::new();
    for (name, value) in claims {
        // ""request" and "request_uri" parameters MUST NOT be included in Request Objects." (RFC 9101 4)
        if matches!(name.as_str(), "request" | "request_uri") {
            return Err(Cause::RequestObjectNested);
        }
        if JWT_CLAIMS.contains(&name.as_str()) || !PARAMETERS.contains(&name.as_str()) {
            continue;
        }
        for text in texts(&name, value)? {
            pairs.push((name.clone(), text));
        }
    }
    let parameters = Parameters::from_pairs(pairs).map_err(|_| Cause::RequestObjectMalformed)?;
    // "The value for the "client_id" request parameter in the Request Object [...] MUST match" (RFC 9101 5)
    match parameters.value("client_id") {
        Some(named) if named != client.as_str() => Err(Cause::RequestObjectOfAnotherClient),
        Some(_) => Ok(parameters),
        None => Ok(parameters.with("client_id", client.as_str())),
    }
}

/// Who made it, for whom, and when. What is absent is not demanded: OpenID Connect Core 6.1 only says SHOULD.
fn check_claims(
    client: &ClientId,
    issuer: &Issuer,
    now: Timestamp,
    claims: &Map<String, Value>,
) -> Result<(), Cause> {
    let names = |value: &Value, wanted: &str| match value {
        Value::Array(values) => values.iter().any(|value| value.as_str() == Some(wanted)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            value.as_str() == Some(wanted)
        }
    };
    if claims
        .get("iss")
        .is_some_and(|iss| iss.as_str() != Some(client.as_str()))
    {
        return Err(Cause::RequestObjectOfAnotherClient);
    }
    // "The value of "aud" SHOULD be the value of the authorization server issuer" (RFC 9101 4)
    if claims.get("aud").is_some_and(|aud| !names(aud, issuer.as_str())) {
        return Err(Cause::RequestObjectForAnother);
    }
    let end = claims
        .get("exp")
        .map(|exp| exp.as_u64().map(Timestamp::from_seconds));
    match end {
        Some(None) => Err(Cause::RequestObjectMalformed),
        Some(Some(end)) if end.is_past(now) => Err(Cause::RequestObjectExpired),
        Some(Some(_)) | None => Ok(()),
    }
}

/// A claim as the texts of parameters: "Parameters are added [...] as JSON strings or numbers" (RFC 9101 4), `claims` is an
/// object, `resource` may be a list.
fn texts(name: &str, value: Value) -> Result<Vec<String>, Cause> {
    match value {
        Value::String(text) => Ok(vec![text]),
        Value::Number(number) => Ok(vec![number.to_string()]),
        Value::Object(_) if name == "claims" => Ok(vec![value.to_string()]),
        Value::Array(values) if name == "resource" => values
            .into_iter()
            .map(|value| {
                value
                    .as_str()
                    .map(str::to_owned)
                    .ok_or(Cause::RequestObjectMalformed)
            })
            .collect(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            Err(Cause::RequestObjectMalformed)
        }
    }
}

#[cfg(test)]
mod tests {
    use grantor_types::Seconds;
    use serde_json::json;

    use super::{Carriage, carriage, check_reference, parameters};
    use crate::Cause;
    use crate::fixture::{NOW, World, client_id, confidential, parameters as form};

    #[test]
    fn what_the_claims_become() {
        let read = |claims: serde_json::Value| {
            let serde_json::Value::Object(claims) = claims else {
                panic!("an object")
            };
            parameters(&client_id("app"), &World::new().issuer, NOW, claims)
                .map(|parameters| parameters.encode())
        };
        let later = NOW.plus(Seconds(60)).as_seconds();
        for (claims, expected) in [
            (json!({}), Ok("client_id=app")),
            (
                json!({ "client_id": "app", "max_age": 60, "state": "a b", "iss": "app", "exp": later, "extra": [1] }),
                Ok("client_id=app&max_age=60&state=a+b"),
            ),
            (
                json!({ "aud": ["https://other.example", "https://id.example"], "resource": ["https://a.example", "https://b.example"] }),
                Ok("resource=https%3A%2F%2Fa.example&resource=https%3A%2F%2Fb.example&client_id=app"),
            ),
            (
                json!({ "claims": { "id_token": { "acr": null } } }),
                Ok("claims=%7B%22id_token%22%3A%7B%22acr%22%3Anull%7D%7D&client_id=app"),
            ),
            (
                json!({ "client_id": "other" }),
                Err(Cause::RequestObjectOfAnotherClient),
            ),
            (
                json!({ "iss": "other" }),
                Err(Cause::RequestObjectOfAnotherClient),
            ),
            (json!({ "iss": 1 }), Err(Cause::RequestObjectOfAnotherClient)),
            (
                json!({ "aud": "https://other.example" }),
                Err(Cause::RequestObjectForAnother),
            ),
            (json!({ "aud": [] }), Err(Cause::RequestObjectForAnother)),
            (
                json!({ "exp": NOW.as_seconds() }),
                Err(Cause::RequestObjectExpired),
            ),
            (json!({ "exp": "soon" }), Err(Cause::RequestObjectMalformed)),
            (json!({ "request": "a.b.c" }), Err(Cause::RequestObjectNested)),
            (
                json!({ "request_uri": "https://a.example" }),
                Err(Cause::RequestObjectNested),
            ),
            (json!({ "scope": ["openid"] }), Err(Cause::RequestObjectMalformed)),
            (json!({ "state": null }), Err(Cause::RequestObjectMalformed)),
            (json!({ "nonce": true }), Err(Cause::RequestObjectMalformed)),
        ] {
            assert_eq!(read(claims.clone()), expected.map(str::to_owned), "{claims}");
        }
    }

    #[test]
    fn how_a_request_comes() {
        assert_eq!(carriage(&form(&[("scope", "a")])), Ok(Carriage::Plain));
        assert_eq!(
            carriage(&form(&[("request", "a.b.c")])),
            Ok(Carriage::ByValue("a.b.c".into()))
        );
        let reference = "https://app.example/r";
        assert_eq!(
            carriage(&form(&[("request_uri", reference)])),
            Ok(Carriage::ByReference(reference.into()))
        );
        let both = [("request_uri", reference), ("request", "a.b.c")];
        assert_eq!(carriage(&form(&both)), Err(Cause::RequestObjectTwice));
    }

    #[test]
    fn only_what_is_registered_is_fetched() {
        let mut client = confidential();
        client.metadata.request_uris = vec!["https://app.example/r#hash".into()];
        for (reference, expected) in [
            ("https://app.example/r#hash", Ok(())),
            ("https://app.example/r", Ok(())),
            ("https://app.example/r#other", Ok(())),
            ("https://app.example/r?x", Err(Cause::RequestUriUnregistered)),
            ("https://app.example/", Err(Cause::RequestUriUnregistered)),
        ] {
            assert_eq!(check_reference(&client, reference), expected, "{reference}");
        }
    }
}
