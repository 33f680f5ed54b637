//! What the documents of the API look like.

mod client;

use grantor_protocol::record::RevocationReason;
use grantor_protocol::validity::{MAX_USERNAME_LENGTH, MIN_PASSWORD_LENGTH};
use grantor_types::{
    AddressMember, KeyManagementAlgorithm, SCOPE_CLAIMS, SigningAlgorithm, TextClaim, TokenFormat,
};
use serde_json::{Map, Value, json};

use super::super::grants::MAX_REVOKED;
use crate::password::MAX_PASSWORD_LENGTH;

/// Every schema, by name.
pub(super) fn all() -> Map<String, Value> {
    let mut all = Map::new();
    let schemas = client::all()
        .into_iter()
        .chain(people())
        .chain(grants())
        .chain(catalogue())
        .chain(keys());
    for (name, schema) in schemas {
        all.insert(name.to_owned(), schema);
    }
    all.insert("Problem".to_owned(), problem());
    all
}

/// An object that has no other members.
pub(super) fn object(required: &[&str], properties: Value) -> Value {
    json!({ "type": "object", "required": required, "properties": properties, "additionalProperties": false })
}

/// A list of the closed list's names.
pub(super) fn words(names: impl IntoIterator<Item = &'static str>) -> Value {
    json!({ "type": "string", "enum": names.into_iter().collect::<Vec<_>>() })
}

pub(super) fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

pub(super) fn text() -> Value {
    json!({ "type": "string" })
}

pub(super) fn boolean() -> Value {
    json!({ "type": "boolean" })
}

pub(super) fn uri() -> Value {
    json!({ "type": "string", "format": "uri", "maxLength": 2048 })
}

pub(super) fn seconds(most: Option<u64>) -> Value {
    match most {
        None => json!({ "type": "integer", "minimum": 0 }),
        Some(most) => json!({ "type": "integer", "minimum": 0, "maximum": most }),
    }
}

pub(super) fn algorithm() -> Value {
    words(SigningAlgorithm::ALL.into_iter().map(SigningAlgorithm::as_str))
}

pub(super) fn format() -> Value {
    words(TokenFormat::ALL.iter().map(|format| format.as_str()))
}

pub(super) fn or_null(mut schema: Value) -> Value {
    if let Some(kind) = schema.get_mut("type") {
        *kind = json!([kind.take(), "null"]);
    }
    schema
}

/// A schema that stands in answers alone.
pub(super) fn shown(mut schema: Value) -> Value {
    if let Some(members) = schema.as_object_mut() {
        members.insert("readOnly".to_owned(), Value::Bool(true));
    }
    schema
}

pub(super) fn instant() -> Value {
    json!({ "type": "string", "format": "date-time" })
}

pub(super) fn id() -> Value {
    json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{21}[AQgw]$" })
}

pub(super) fn client_id() -> Value {
    json!({ "type": "string", "pattern": "^[ -~]{1,255}$" })
}

pub(super) fn scope() -> Value {
    json!({ "type": "string", "maxLength": 4096, "pattern": "^[!#-\\[\\]-~ ]*$" })
}

fn people() -> Vec<(&'static str, Value)> {
    let claims = claims();
    let written = json!({ "username": username(), "claims": claims, "disabled": boolean() });
    let mut new = written.clone();
    let mut user = written;
    if let Some(members) = new.as_object_mut() {
        members.insert("password".to_owned(), password());
    }
    let set_by_server = [
        ("id", id()),
        ("has_password", boolean()),
        ("created_at", instant()),
        ("updated_at", instant()),
        ("revision", json!({ "type": "integer" })),
    ];
    if let Some(members) = user.as_object_mut() {
        members.extend(set_by_server.map(|(name, schema)| (name.to_owned(), shown(schema))));
    }
    let session = json!({
        "id": id(), "user": id(), "auth_time": instant(), "authentication_methods": list(text()),
        "user_agent": text(), "expires_at": instant(),
    });
    let token = json!({
        "id": id(), "user": id(), "client": or_null(client_id()), "name": text(), "scope": scope(),
        "created_at": instant(), "expires_at": instant(), "last_used_at": or_null(instant()),
    });
    vec![
        ("User", object(&["username"], user)),
        ("NewUser", object(&["username"], new)),
        (
            "NewPassword",
            object(&["password"], json!({ "password": password() })),
        ),
        (
            "Session",
            object(&["id", "user", "auth_time", "expires_at"], session),
        ),
        (
            "PersonalAccessToken",
            object(
                &["id", "user", "name", "scope", "created_at", "expires_at"],
                token,
            ),
        ),
    ]
}

fn username() -> Value {
    json!({
        "type": "string", "minLength": 1, "maxLength": MAX_USERNAME_LENGTH,
        "description": "Without control characters, and without white space around it.",
    })
}

fn password() -> Value {
    json!({ "type": "string", "minLength": MIN_PASSWORD_LENGTH, "maxLength": MAX_PASSWORD_LENGTH, "writeOnly": true })
}

/// The standard claims of OpenID Connect Core 5.1, those for people to read with language tags (5.2) besides.
fn claims() -> Value {
    let address: Map<String, Value> = AddressMember::ALL
        .iter()
        .map(|member| (member.to_string(), or_null(text())))
        .collect();
    let address = or_null(object(&[], Value::Object(address)));
    let names = SCOPE_CLAIMS.iter().flat_map(|(_, names)| names.iter());
    let member = |name: &&str| match *name {
        "address" => address.clone(),
        "updated_at" => json!({ "type": ["integer", "null"], "minimum": 0 }),
        "email_verified" | "phone_number_verified" => or_null(boolean()),
        _text => or_null(text()),
    };
    let members = names.map(|name| ((*name).to_owned(), member(name))).collect();
    let mut claims = object(&[], Value::Object(members));
    let in_languages = TextClaim::ALL.iter().filter(|claim| claim.is_human_readable());
    let in_languages: Vec<&str> = in_languages.map(|claim| claim.as_str()).collect();
    if let Some(schema) = claims.as_object_mut() {
        let tagged = json!({
            format!("^({})#[A-Za-z0-9-]+$", in_languages.join("|")): text(),
            "^address#[A-Za-z0-9-]+$": address,
        });
        schema.insert("patternProperties".to_owned(), tagged);
    }
    claims
}

fn grants() -> Vec<(&'static str, Value)> {
    let revocation = object(
        &["at", "reason"],
        json!({
            "at": instant(), "reason": words(RevocationReason::ALL.into_iter().map(RevocationReason::as_str)),
        }),
    );
    let grant = json!({
        "id": id(), "user": id(), "username": text(), "client": client_id(), "scope": scope(),
        "resources": list(text()), "state": words(["pending", "active", "revoked"]),
        "has_refresh_token": boolean(), "revocation": or_null(revocation), "created_at": instant(),
        "expires_at": instant(),
    });
    let required = [
        "id",
        "user",
        "client",
        "scope",
        "state",
        "created_at",
        "expires_at",
    ];
    let several = json!({ "type": "array", "items": id(), "minItems": 1, "maxItems": MAX_REVOKED });
    vec![
        ("Grant", object(&required, grant)),
        (
            "GrantsToRevoke",
            object(&["grants"], json!({ "grants": several })),
        ),
        (
            "RevokedGrants",
            object(&["revoked"], json!({ "revoked": list(id()) })),
        ),
    ]
}

fn catalogue() -> Vec<(&'static str, Value)> {
    let token = json!({ "type": "string", "pattern": "^[!#-\\[\\]-~]+$" });
    let scope_members = json!({ "name": token, "description": text() });
    let resource = json!({
        "id": resource(), "name": text(), "access_token_format": or_null_enum(format()),
        "access_token_algorithm": or_null_enum(algorithm()), "access_token_lifetime": or_null(seconds(Some(86_400))),
        "introspectors": list(client_id()),
    });
    let issuer = json!({
        "issuer": { "type": "string", "minLength": 1 }, "jwks": { "type": ["object", "null"] },
        "jwks_uri": or_null(uri()), "algorithms": list(algorithm()), "subject": words(["username", "user_id"]),
        "scope": scope(), "clients": list(client_id()),
        "max_lifetime": or_null(seconds(Some(86_400))), "software_statements": boolean(),
    });
    let written = json!({
        "resource": { "$ref": "#/components/schemas/Resource" }, "warnings": list(text()),
    });
    vec![
        ("Scope", object(&["name"], scope_members)),
        ("Resource", object(&["id"], resource)),
        ("WrittenResource", object(&["resource", "warnings"], written)),
        (
            "TrustedIssuer",
            object(&["issuer", "subject", "scope", "clients"], issuer),
        ),
    ]
}

pub(super) fn resource() -> Value {
    json!({
        "type": "string", "minLength": 1, "maxLength": 2048,
        "description": "An absolute URI without fragment, or a plain name.",
    })
}

/// A closed list that may be null besides: null has to be among its values.
pub(super) fn or_null_enum(schema: Value) -> Value {
    let mut schema = or_null(schema);
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        values.push(Value::Null);
    }
    schema
}

fn keys() -> Vec<(&'static str, Value)> {
    let purpose = || {
        let algorithms = SigningAlgorithm::ALL.into_iter().map(SigningAlgorithm::as_str);
        let decryption = KeyManagementAlgorithm::ALL
            .iter()
            .map(|algorithm| algorithm.as_str());
        words(
            algorithms
                .chain(decryption)
                .chain(["sealing", "derivation", "pairwise"]),
        )
    };
    let key = json!({
        "id": text(), "purpose": purpose(), "state": words(["waiting", "current", "retiring", "ended"]),
        "created_at": instant(), "use_from": instant(), "retire_at": or_null(instant()),
    });
    let wanted = json!({
        "algorithms": list(algorithm()), "sealing": boolean(), "derivation": boolean(), "decryption": boolean(), "all": boolean(),
        "now": {
            "type": "boolean",
            "description": "Use the new keys at once, as after a theft. Whoever holds a cached key set refuses tokens \
                            until it reads it again.",
        },
    });
    let made = object(&["id", "purpose"], json!({ "id": text(), "purpose": purpose() }));
    let rotated = json!({ "created": list(made), "use_from": instant(), "warnings": list(text()) });
    vec![
        (
            "Key",
            object(&["id", "purpose", "state", "created_at", "use_from"], key),
        ),
        ("KeysToRotate", object(&[], wanted)),
        (
            "RotatedKeys",
            object(&["created", "use_from", "warnings"], rotated),
        ),
    ]
}

fn problem() -> Value {
    let error = object(
        &["detail"],
        json!({
            "pointer": { "type": "string", "description": "Where in the body, a JSON Pointer (RFC 6901)." },
            "parameter": { "type": "string", "description": "Which parameter of the query." },
            "detail": text(),
        }),
    );
    object(
        &["type", "title", "status"],
        json!({
            "type": { "type": "string", "description": "`urn:grantor:cause:` and the id in the error reference." },
            "title": text(), "status": { "type": "integer" }, "detail": text(),
            "instance": { "type": "string", "description": "The id under which the log has the request." },
            "errors": list(error),
        }),
    )
}
