//! Clients.

use grantor_types::{ApplicationType, ClientAuthMethod, GrantType, TokenTypeUri};
use serde_json::{Map, Value, json};

use super::{
    algorithm, boolean, client_id, format, instant, list, object, or_null, or_null_enum, resource, scope,
    seconds, shown, text, uri, words,
};

pub(super) fn all() -> Vec<(&'static str, Value)> {
    let secret = || {
        json!({
            "type": "string", "writeOnly": true,
            "description": "A secret that was chosen elsewhere, of 32 or more characters. Generated when absent, from \
                            256 random bits.",
        })
    };
    let weak = || json!({ "type": "boolean", "writeOnly": true, "description": "Take a shorter secret all the same." });
    let generated = || {
        json!({
            "type": ["string", "null"],
            "description": "The secret that was made, shown this once; null when it was chosen or there is none.",
        })
    };
    let client = || json!({ "$ref": "#/components/schemas/Client" });
    let mut new = members();
    new.extend([
        ("secret".to_owned(), secret()),
        ("danger_weak_secret".to_owned(), weak()),
        ("id".to_owned(), or_null(client_id())),
    ]);
    let mut whole = members();
    let set_by_server = [
        ("id", client_id()),
        (
            "secrets",
            list(object(
                &["expires_at"],
                json!({ "expires_at": or_null(instant()) }),
            )),
        ),
        ("created_at", instant()),
        ("updated_at", instant()),
        ("revision", json!({ "type": "integer" })),
    ];
    whole.extend(set_by_server.map(|(name, schema)| (name.to_owned(), shown(schema))));
    let overlap = json!({
        "secret": secret(), "danger_weak_secret": weak(),
        "overlap": { "type": ["integer", "null"], "minimum": 0, "maximum": 31_622_400, "description": "How long the old secret stays valid, in seconds; a day when absent." },
        "authentication_methods": { "type": ["array", "null"], "items": words(ClientAuthMethod::ALL.iter().map(|method| method.as_str())), "description": "How the client authenticates from now on; as before when absent." },
    });
    let made = json!({ "client": client(), "secret": generated(), "warnings": list(text()) });
    let written = json!({ "client": client(), "warnings": list(text()) });
    let rotated = json!({ "client": client(), "secret": generated(), "old_secret_valid_until": instant() });
    vec![
        ("Client", object(&[], Value::Object(whole))),
        ("NewClient", object(&[], Value::Object(new))),
        ("NewSecret", object(&[], overlap)),
        ("MadeClient", object(&["client", "secret", "warnings"], made)),
        ("WrittenClient", object(&["client", "warnings"], written)),
        (
            "RotatedSecret",
            object(&["client", "secret", "old_secret_valid_until"], rotated),
        ),
    ]
}

/// What can be written.
fn members() -> Map<String, Value> {
    let methods = words(ClientAuthMethod::ALL.iter().map(|method| method.as_str()));
    let members = json!({
        "name": text(),
        "authentication_methods": {
            "type": "array", "items": methods, "description": "`[\"none\"]` is a public client. By secret when absent.",
        },
        "application_type": words(ApplicationType::ALL.iter().map(|kind| kind.as_str())),
        "grant_types": list(words(GrantType::ALL.iter().map(|grant| grant.as_str()))),
        "redirect_uris": list(uri()),
        "origins": list(uri()),
        "scope": scope(),
        "audiences": list(resource()),
        "token_exchange": list(exchange_rule()),
        "introspection": words(["own", "all"]),
        "consent": words(["ask", "implied"]),
        "dpop_bound_access_tokens": boolean(),
        "require_pushed_authorization_requests": boolean(),
        "personal_access_tokens": boolean(),
        "access_token_format": or_null_enum(format()),
        "access_token_algorithm": or_null_enum(algorithm()),
        "id_token_algorithm": or_null_enum(algorithm()),
        "lifetimes": object(&[], json!({
            "access_token": or_null(seconds(Some(86_400))), "refresh_token": or_null(seconds(None)),
            "id_token": or_null(seconds(None)), "refresh_replay_window": or_null(seconds(None)),
        })),
        "links": object(&[], json!({
            "client_uri": or_null(uri()), "logo_uri": or_null(uri()), "policy_uri": or_null(uri()), "tos_uri": or_null(uri()),
        })),
        "metadata": {
            "type": "object",
            "description": "Further members of OpenID Connect Dynamic Client Registration 1.0, 2, and the logout \
                            specifications, by their names there.",
        },
        "disabled": boolean(),
    });
    match members {
        Value::Object(members) => members,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Map::new(),
    }
}

fn exchange_rule() -> Value {
    let kinds = words(TokenTypeUri::ALL.iter().map(|kind| kind.as_str()));
    let clients = object(&["clients"], json!({ "clients": list(client_id()) }));
    object(
        &["audiences"],
        json!({
            "subject_token_types": list(kinds),
            "subjects_of": { "oneOf": [words(["own", "any"]), clients] },
            "audiences": list(resource()), "delegation": boolean(), "impersonation": boolean(),
            "refresh_token": boolean(),
        }),
    )
}
