//! What a client reads of its registration (RFC 7591 3.2.1, RFC 7592 3): "all registered metadata about this client",
//! defaults too.

use grantor_types::{ClientAuthMethod, GrantType, ResponseType};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Registered;
use crate::Cx;
use crate::record::Client;
use crate::token::id_token_algorithm;

/// Members of our own that no specification has.
const OWN: [&str; 3] = ["assertion_audience", "danger_pkce_optional", "profile"];

/// The answer. `uri` is where the registration is read and changed.
pub fn response(cx: &Cx<'_>, registered: &Registered, uri: &str) -> Value {
    let client = &registered.client;
    let mut members = described(cx, client);
    let mut put = |name: &str, value: Value| {
        if !value.is_null() {
            members.insert(name.to_owned(), value);
        }
    };
    put("client_id", json!(client.id));
    put("client_id_issued_at", json!(client.created_at.as_seconds()));
    if let Some(secret) = &registered.client_secret {
        put("client_secret", json!(secret.expose()));
        // "REQUIRED if "client_secret" is issued. Time at which the client secret will expire [...] or 0 if it will not
        // expire." (RFC 7591 3.2.1)
        put("client_secret_expires_at", json!(0));
    }
    put("registration_client_uri", json!(uri));
    put(
        "registration_access_token",
        json!(registered.access_token.expose()),
    );
    Value::Object(members)
}

fn described(cx: &Cx<'_>, client: &Client) -> Map<String, Value> {
    let mut members = object(&client.metadata);
    members.retain(|name, _| !OWN.contains(&name.as_str()));
    members.extend(object(&client.links));
    let method = client.authentication_methods.first();
    let response_types: &[ResponseType] = match client.may_use(GrantType::AuthorizationCode) {
        true => &[ResponseType::Code],
        false => &[],
    };
    let metadata = &client.metadata;
    let software = client.registration.as_deref();
    let rows = [
        (
            "client_name",
            json!(Some(&client.name).filter(|name| !name.is_empty())),
        ),
        (
            "token_endpoint_auth_method",
            json!(method.unwrap_or(&ClientAuthMethod::None)),
        ),
        ("application_type", json!(client.application_type)),
        ("grant_types", json!(client.grant_types)),
        ("response_types", json!(response_types)),
        ("redirect_uris", json!(client.redirect_uris)),
        ("scope", json!(client.scope)),
        ("dpop_bound_access_tokens", json!(client.dpop_bound_access_tokens)),
        (
            "require_pushed_authorization_requests",
            json!(client.require_pushed_authorization_requests),
        ),
        ("subject_type", json!(metadata.subject_type)),
        (
            "id_token_signed_response_alg",
            json!(id_token_algorithm(cx, client)),
        ),
        ("require_auth_time", json!(metadata.require_auth_time)),
        (
            "software_id",
            json!(software.and_then(|software| software.software_id.as_ref())),
        ),
        (
            "software_version",
            json!(software.and_then(|software| software.software_version.as_ref())),
        ),
        (
            "software_statement",
            json!(software.and_then(|software| software.software_statement.as_ref())),
        ),
    ];
    let rows = rows.into_iter().filter(|(_, value)| !value.is_null());
    members.extend(rows.map(|(name, value)| (name.to_owned(), value)));
    members
}

/// The members of a record that has the names of the wire. Records are plain data, which always can be written.
fn object(record: &impl Serialize) -> Map<String, Value> {
    let value = serde_json::to_value(record).unwrap_or_default();
    value.as_object().cloned().unwrap_or_default()
}
