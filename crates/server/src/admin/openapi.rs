//! The OpenAPI 3.1 document of the administration API, made from the table of actions.

mod schemas;

use grantor_protocol::Cause;
use grantor_protocol::administration::{Access, READ_SCOPE, WRITE_SCOPE};
use serde_json::{Map, Value, json};

use super::action::{Action, Answer, Condition, Operation};
use super::cursor::{DEFAULT_LIMIT, MAX_LIMIT};
use super::http::BASE;

/// The document, for a server that is reached at this issuer and hands out tokens at this URL.
pub fn document(issuer: &str, token_url: &str) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for action in Action::ALL {
        let operation = action.operation();
        let entry = paths
            .entry(format!("{BASE}{}", operation.path))
            .or_insert_with(|| json!({ "parameters": path_parameters(operation.path) }));
        if let Some(methods) = entry.as_object_mut() {
            let method = operation.method.as_str().to_ascii_lowercase();
            methods.insert(method, describe(*action, &operation));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Grantor administration API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Clients, users, sessions, grants, scopes, resource servers, trusted issuers and keys. \
                            Access tokens come from the client credentials grant with `resource` set to the issuer \
                            followed by `/admin`, or from `grantor admin token`.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": issuer }],
        "paths": paths,
        "components": {
            "schemas": schemas::all(),
            "responses": refusals(),
            "securitySchemes": { "administration": {
                "type": "oauth2",
                "flows": { "clientCredentials": {
                    "tokenUrl": token_url,
                    "scopes": { READ_SCOPE: "Read everything but secrets.", WRITE_SCOPE: "Change everything." },
                } },
            } },
        },
    })
}

fn describe(action: Action, operation: &Operation) -> Value {
    let mut described = json!({
        "operationId": format!("{}{}", operation.name.get(..1).unwrap_or_default().to_ascii_lowercase(), operation.name.get(1..).unwrap_or_default()),
        "summary": operation.summary.trim(),
        "tags": [operation.tag],
        "security": [{ "administration": [action.access().scope()] }],
        "parameters": parameters(operation),
        "responses": responses(action, operation),
    });
    if let (Some(schema), Some(members)) = (operation.body, described.as_object_mut()) {
        let body =
            json!({ "required": true, "content": { "application/json": { "schema": reference(schema) } } });
        members.insert("requestBody".to_owned(), body);
    }
    described
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn path_parameters(path: &str) -> Vec<Value> {
    let names = path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let described = names.map(|name| {
        json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string", "minLength": 1 } })
    });
    described.collect()
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let mut all: Vec<Value> = operation.query.iter().copied().map(query_parameter).collect();
    let if_match = |required: bool| {
        json!({
            "name": "If-Match", "in": "header", "required": required, "schema": { "type": "string" },
            "description": "The `ETag` of what is replaced or deleted, or `*`.",
        })
    };
    match operation.condition {
        Condition::Unused => {}
        Condition::Optional => all.push(if_match(false)),
        Condition::Required => all.push(if_match(true)),
    }
    all
}

fn query_parameter(name: &str) -> Value {
    let (schema, description) = match name {
        "limit" => (
            json!({ "type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT }),
            "Most things of a page.",
        ),
        "after" => (
            json!({ "type": "string" }),
            "Where the page begins: the `next` of the page before.",
        ),
        "username" => (json!({ "type": "string" }), "Only the user with this login name."),
        "user" => (schemas::id(), "Only those of the user with this id."),
        _client => (schemas::client_id(), "Only those of this client."),
    };
    json!({ "name": name, "in": "query", "schema": schema, "description": description })
}

fn responses(action: Action, operation: &Operation) -> Value {
    let mut all = Map::new();
    let (status, success) = success(operation);
    all.insert(status.to_owned(), success);
    let has_body = operation.body.is_some();
    let writes = action.access() == Access::Write;
    let conflicts = matches!(operation.answer, Answer::Made(_)) || action == Action::ReplaceUser;
    let statuses = [
        (400, true),
        (401, true),
        (403, true),
        (404, operation.path.contains('{')),
        (409, conflicts),
        (412, writes && operation.condition != Condition::Unused),
        (413, has_body),
        (415, has_body),
        (422, has_body),
        (428, operation.condition == Condition::Required),
        (503, true),
    ];
    for (status, _) in statuses.iter().filter(|(_, can_be)| *can_be) {
        let response = json!({ "$ref": format!("#/components/responses/{status}") });
        all.insert(status.to_string(), response);
    }
    Value::Object(all)
}

/// The answer of an action that did its work.
fn success(operation: &Operation) -> (&'static str, Value) {
    let text = |description: &str| json!({ "description": description, "schema": { "type": "string" } });
    let etag = text("What to send in `If-Match`.");
    let content = |schema: Value| json!({ "application/json": { "schema": schema } });
    match operation.answer {
        Answer::One(schema) => {
            let headers = if operation.condition == Condition::Unused && has_no_etag(schema) {
                json!({})
            } else {
                json!({ "ETag": etag })
            };
            (
                "200",
                json!({ "description": "It.", "headers": headers, "content": content(reference(schema)) }),
            )
        }
        Answer::Page(schema) => {
            let page = json!({
                "type": "object",
                "required": ["items"],
                "properties": {
                    "items": { "type": "array", "items": reference(schema) },
                    "next": { "type": "string", "description": "What to send as `after` for the next page." },
                },
                "additionalProperties": false,
            });
            let link = text("The next page, `rel=\"next\"` (RFC 8288), when there is one.");
            (
                "200",
                json!({ "description": "A page.", "headers": { "Link": link }, "content": content(page) }),
            )
        }
        Answer::Made(schema) => {
            let headers = json!({ "Location": text("Where it is."), "ETag": etag });
            (
                "201",
                json!({ "description": "It was made.", "headers": headers, "content": content(reference(schema)) }),
            )
        }
        Answer::Written(schema) => (
            "200",
            json!({ "description": "It was written.", "headers": { "ETag": etag }, "content": content(reference(schema)) }),
        ),
        Answer::Report(schema) => (
            "200",
            json!({ "description": "It was done.", "content": content(reference(schema)) }),
        ),
        Answer::Nothing => ("204", json!({ "description": "It was done." })),
    }
}

/// What cannot be replaced has no entity tag.
fn has_no_etag(schema: &str) -> bool {
    ["Session", "Grant"].contains(&schema)
}

/// Every refusal there is, by its status. What each may be about is in the error reference.
fn refusals() -> Value {
    let rows = [
        (
            Cause::QueryInvalid,
            "The query, the Authorization header or the JSON cannot be read.",
        ),
        (
            Cause::TokenInvalid,
            "There is no access token, or it is not good for this API.",
        ),
        (Cause::AdminWriteMissing, "The access token lacks the scope."),
        (Cause::NotFound, "There is no such thing."),
        (Cause::AlreadyThere, "There is one of this name already."),
        (Cause::ChangedMeanwhile, "It has changed since it was read."),
        (
            Cause::PayloadTooLarge,
            "The body is larger than the server reads.",
        ),
        (Cause::JsonExpected, "The body has to be application/json."),
        (
            Cause::MemberInvalid,
            "A member of the body cannot be so; `errors` says which and why.",
        ),
        (
            Cause::IfMatchMissing,
            "A replacement has to say what it replaces, in `If-Match`.",
        ),
        (
            Cause::StoreUnavailable,
            "The server cannot do it now. Nothing was changed.",
        ),
    ];
    let content = json!({ "application/problem+json": { "schema": reference("Problem") } });
    let mut all = Map::new();
    for (cause, description) in rows {
        let status = cause.code().status();
        let mut response = json!({ "description": description, "content": content });
        if let (401 | 403, Some(members)) = (status, response.as_object_mut()) {
            let challenge =
                json!({ "description": "What would do (RFC 6750 3).", "schema": { "type": "string" } });
            members.insert("headers".to_owned(), json!({ "WWW-Authenticate": challenge }));
        }
        all.insert(status.to_string(), response);
    }
    Value::Object(all)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::super::BASE;
    use super::super::action::Action;
    use super::document;
    use crate::router::routes;

    /// Every `$ref` leads somewhere, and nothing that is named is without use.
    #[test]
    fn references_hold() {
        let document = document("https://id.example", "https://id.example/oauth/token");
        let mut found = BTreeSet::new();
        collect(&document, &mut found);
        for reference in &found {
            let pointer = reference.trim_start_matches('#');
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
        for name in document["components"]["schemas"].as_object().unwrap().keys() {
            assert!(
                found.contains(&format!("#/components/schemas/{name}")),
                "{name} is of no use"
            );
        }
    }

    fn collect(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
                members.values().for_each(|member| collect(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// The routes and the actions are the same.
    #[test]
    fn every_action_has_its_route_and_every_route_its_actions() {
        let of_actions: BTreeSet<(String, String)> = Action::ALL
            .iter()
            .map(|action| action.operation())
            .map(|operation| (format!("{BASE}{}", operation.path), operation.method.to_string()))
            .collect();
        let routes = routes();
        let of_routes: BTreeSet<(String, String)> = routes
            .iter()
            .filter(|route| route.path.starts_with(BASE) && !route.path.ends_with("/openapi.json"))
            .flat_map(|route| {
                route
                    .methods
                    .split(", ")
                    .map(|method| (route.path.clone(), method.to_owned()))
            })
            .collect();
        assert_eq!(of_actions, of_routes);
    }
}
