//! `GET openapi.json`: the protocol endpoints as an OpenAPI 3.1 document, for tools that read one. What the specifications
//! say is theirs to say; this holds names, forms and answers.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use grantor_types::{GrantType, Issuer, TokenType};
use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::app::{App, Failure};
use crate::paths::{Endpoint, Paths};
use crate::render;

/// The document.
pub(crate) async fn get(app: Arc<App>, _: Request) -> Response {
    match serde_json::to_vec(&document(&app.settings.issuer, &app.settings.paths)) {
        Ok(body) => render::raw_json(StatusCode::OK, body.into()),
        Err(error) => render::json_error(&app, Failure::internal("JSON", error), false),
    }
}

/// The document of a server at this issuer and these paths.
pub fn document(issuer: &Issuer, paths: &Paths) -> Value {
    let path = |endpoint| paths.canonical(endpoint).to_owned();
    let personal = path(Endpoint::PersonalAccessTokens);
    let described: Map<String, Value> = [
        (path(Endpoint::Token), json!({ "post": token() })),
        (path(Endpoint::Revoke), json!({ "post": revoke() })),
        (path(Endpoint::Introspect), json!({ "post": introspect() })),
        (path(Endpoint::Par), json!({ "post": par() })),
        (path(Endpoint::DeviceAuthorization), json!({ "post": device() })),
        (
            path(Endpoint::Userinfo),
            json!({ "get": userinfo("get"), "post": userinfo("post") }),
        ),
        (
            path(Endpoint::Jwks),
            json!({ "get": public("jwks", "The keys that tokens are signed with.") }),
        ),
        (personal.clone(), json!({ "get": tokens(), "post": make_token() })),
        (format!("{personal}/{{id}}"), json!({ "delete": delete_token() })),
        (
            "/.well-known/oauth-authorization-server".to_owned(),
            json!({ "get": public("oauthMetadata", "Server metadata (RFC 8414).") }),
        ),
        (
            "/.well-known/openid-configuration".to_owned(),
            json!({ "get": public("openidMetadata", "Server metadata (OpenID Connect Discovery 1.0).") }),
        ),
    ]
    .into_iter()
    .collect();
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Grantor", "version": env!("CARGO_PKG_VERSION") },
        "servers": [{ "url": issuer }],
        "paths": described,
        "components": {
            "schemas": { "Error": error() },
            "securitySchemes": {
                "client": { "type": "http", "scheme": "basic", "description": "client_id and client_secret." },
                "bearer": { "type": "http", "scheme": "bearer" },
            },
        },
    })
}

/// `error` and `error_description` (RFC 6749 5.2).
fn error() -> Value {
    json!({
        "type": "object", "required": ["error", "error_description"],
        "properties": { "error": { "type": "string" }, "error_description": { "type": "string" } },
        "additionalProperties": false,
    })
}

fn text() -> Value {
    json!({ "type": "string" })
}

/// A form. Names that nobody knows are ignored (RFC 6749 3.1).
fn form(required: &[&str], optional: &[&str]) -> Value {
    let names = required.iter().chain(optional);
    let properties: Map<String, Value> = names.map(|name| ((*name).to_owned(), text())).collect();
    let schema = json!({ "type": "object", "required": required, "properties": properties });
    json!({ "required": true, "content": { "application/x-www-form-urlencoded": { "schema": schema } } })
}

fn answer(schema: Value) -> Value {
    json!({ "description": "Done.", "content": { "application/json": { "schema": schema } } })
}

/// The answers of an endpoint: what it says when it did its work, and the statuses of its refusals.
fn answers(status: u16, done: Value, refusals: &[u16]) -> Value {
    let refusal = |status: &u16| {
        let schema = json!({ "$ref": "#/components/schemas/Error" });
        let refused =
            json!({ "description": "Refused.", "content": { "application/json": { "schema": schema } } });
        (status.to_string(), refused)
    };
    let mut all: Map<String, Value> = refusals.iter().map(refusal).collect();
    all.insert(status.to_string(), done);
    Value::Object(all)
}

/// What a request with a form and a client may be refused with.
const OF_FORMS: &[u16] = &[400, 401, 413, 415, 503];
/// What a request with an access token may be refused with.
const OF_TOKENS: &[u16] = &[400, 401, 403, 413, 415, 503];

/// With a client's secret, or with `client_id` alone.
fn by_client() -> Value {
    json!([{ "client": [] }, {}])
}

fn token() -> Value {
    let kinds: Vec<&str> = TokenType::ALL.iter().map(|kind| kind.as_str()).collect();
    let done = json!({
        "type": "object", "required": ["access_token", "token_type"],
        "properties": {
            "access_token": text(), "token_type": { "type": "string", "enum": kinds },
            "expires_in": { "type": "integer" }, "scope": text(), "refresh_token": text(), "id_token": text(),
            "issued_token_type": text(),
        },
    });
    let grants: Vec<&str> = GrantType::ALL.iter().map(|grant| grant.as_str()).collect();
    let mut body = form(
        &["grant_type"],
        &[
            "client_id",
            "client_secret",
            "scope",
            "resource",
            "code",
            "code_verifier",
            "redirect_uri",
            "refresh_token",
            "device_code",
            "assertion",
            "subject_token",
            "subject_token_type",
            "actor_token",
            "actor_token_type",
            "requested_token_type",
            "audience",
        ],
    );
    let pointer = "/content/application~1x-www-form-urlencoded/schema/properties/grant_type";
    if let Some(grant_type) = body.pointer_mut(pointer) {
        *grant_type = json!({ "type": "string", "enum": grants });
    }
    json!({
        "operationId": "token", "summary": "Get tokens (RFC 6749 3.2).", "security": by_client(),
        "requestBody": body, "responses": answers(200, answer(done), OF_FORMS),
    })
}

fn revoke() -> Value {
    json!({
        "operationId": "revoke", "summary": "Revoke a token (RFC 7009).", "security": by_client(),
        "requestBody": form(&["token"], &["token_type_hint", "client_id", "client_secret"]),
        "responses": answers(200, json!({ "description": "It is not good any more." }), OF_FORMS),
    })
}

fn introspect() -> Value {
    let done = json!({ "type": "object", "required": ["active"], "properties": { "active": { "type": "boolean" } } });
    json!({
        "operationId": "introspect", "summary": "Ask about a token (RFC 7662).", "security": by_client(),
        "requestBody": form(&["token"], &["token_type_hint", "client_id", "client_secret"]),
        "responses": answers(200, answer(done), OF_FORMS),
    })
}

fn par() -> Value {
    let done = json!({
        "type": "object", "required": ["request_uri", "expires_in"],
        "properties": { "request_uri": text(), "expires_in": { "type": "integer" } },
    });
    let parameters = [
        "client_secret",
        "scope",
        "state",
        "nonce",
        "redirect_uri",
        "code_challenge",
        "code_challenge_method",
        "response_mode",
        "prompt",
        "max_age",
        "resource",
    ];
    json!({
        "operationId": "pushAuthorizationRequest", "summary": "Push an authorization request (RFC 9126).",
        "security": by_client(), "requestBody": form(&["client_id", "response_type"], &parameters),
        "responses": answers(201, answer(done), &[400, 401, 403, 413, 415, 503]),
    })
}

fn device() -> Value {
    let done = json!({
        "type": "object", "required": ["device_code", "user_code", "verification_uri", "expires_in"],
        "properties": {
            "device_code": text(), "user_code": text(), "verification_uri": text(), "verification_uri_complete": text(),
            "expires_in": { "type": "integer" }, "interval": { "type": "integer" },
        },
    });
    json!({
        "operationId": "authorizeDevice", "summary": "Begin the authorization of a device (RFC 8628).",
        "security": by_client(), "requestBody": form(&["client_id"], &["client_secret", "scope", "resource"]),
        "responses": answers(200, answer(done), OF_FORMS),
    })
}

fn userinfo(method: &str) -> Value {
    let done = json!({ "type": "object", "required": ["sub"], "properties": { "sub": text() } });
    json!({
        "operationId": format!("{method}Userinfo"), "summary": "The claims of the user (OpenID Connect Core 5.3).",
        "security": [{ "bearer": [] }], "responses": answers(200, answer(done), OF_TOKENS),
    })
}

fn public(id: &str, summary: &str) -> Value {
    json!({
        "operationId": id, "summary": summary, "security": [],
        "responses": answers(200, answer(json!({ "type": "object" })), &[503]),
    })
}

/// A personal access token as its owner's client sees it.
fn personal_access_token() -> Value {
    json!({
        "type": "object", "required": ["id", "name", "scopes", "created_at", "expires_at"],
        "properties": {
            "id": text(), "name": text(), "scopes": { "type": "array", "items": text() },
            "created_at": { "type": "integer" }, "expires_at": { "type": "integer" },
            "last_used_at": { "type": "integer" }, "access_token": text(), "token_type": text(),
            "expires_in": { "type": "integer" },
        },
        "additionalProperties": false,
    })
}

fn tokens() -> Value {
    let list = json!({ "type": "array", "items": personal_access_token() });
    let done = json!({
        "type": "object", "required": ["personal_access_tokens"], "properties": { "personal_access_tokens": list },
    });
    json!({
        "operationId": "listPersonalAccessTokens", "summary": "List those that this client made for the user.",
        "security": [{ "bearer": [] }], "responses": answers(200, answer(done), OF_TOKENS),
    })
}

fn make_token() -> Value {
    let wanted = json!({
        "type": "object", "required": ["name", "scopes"],
        "properties": {
            "name": { "type": "string", "minLength": 1, "maxLength": 100 },
            "scopes": { "type": "array", "items": text(), "minItems": 1 },
            "expires_in": { "type": ["integer", "null"], "minimum": 1 },
        },
    });
    json!({
        "operationId": "makePersonalAccessToken", "summary": "Make one for the user. Its text is shown this once.",
        "security": [{ "bearer": [] }],
        "requestBody": { "required": true, "content": { "application/json": { "schema": wanted } } },
        "responses": answers(201, answer(personal_access_token()), OF_TOKENS),
    })
}

fn delete_token() -> Value {
    let id = json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string", "minLength": 1 } });
    json!({
        "operationId": "deletePersonalAccessToken", "summary": "Delete one.", "security": [{ "bearer": [] }],
        "parameters": [id],
        "responses": answers(204, json!({ "description": "It is not good any more." }), &[400, 401, 403, 404, 503]),
    })
}
