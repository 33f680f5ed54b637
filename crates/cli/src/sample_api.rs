//! The sample API of a development server, for clients to call with their token. It is built on the resource-server
//! layer and knows nothing of the server that it runs beside.

mod people;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use grantor_resource::{AccessToken, Dpop, Require, ResourceServer, UserToken};
use grantor_types::{ClientId, Issuer, Secret};
use http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderName, Method, StatusCode};
use serde_json::{Value, json};
use tower_http::cors::{Any, CorsLayer};

use crate::output::CommandError;

/// Most users that a document is kept for.
const MAX_DOCUMENTS: usize = 1_000;
/// Largest document, in bytes of JSON.
const MAX_DOCUMENT: usize = 16 * 1024;

/// The client that the API introspects opaque tokens as.
const INTROSPECTOR: (&str, &str) = ("backend", "backend-secret");

#[derive(Clone, Debug, Default)]
struct Documents(Arc<Mutex<HashMap<String, Value>>>);

/// The routes below `/api`, and `/users` and `/user/profile`, which some clients call without it.
///
/// # Errors
/// When the issuer cannot be one.
pub(crate) fn router(issuer: &Issuer) -> Result<Router, CommandError> {
    let broken =
        |error: &dyn std::error::Error| CommandError::caused_by("the sample API does not start", error);
    let introspector = ClientId::parse(INTROSPECTOR.0).map_err(|error| broken(&error))?;
    let resource = ResourceServer::builder(issuer.as_str(), issuer.as_str())
        .dpop(Dpop::at(issuer.origin()))
        .introspection(
            &issuer.url("/oauth/introspect"),
            introspector,
            Secret::new(INTROSPECTOR.1),
        )
        .build()
        .map_err(|error| broken(&error))?;
    let read = Require::all_of("read").map_err(|error| broken(&error))?;
    let write = Require::all_of("write").map_err(|error| broken(&error))?;
    let read_profile = Require::any_of("read:profile read").map_err(|error| broken(&error))?;
    let read_data = Require::all_of("read:data").map_err(|error| broken(&error))?;
    let write_data = Require::all_of("write:data").map_err(|error| broken(&error))?;
    Ok(Router::new()
        .route("/api/user", get(user))
        .route("/api/user/profile", get(user).layer(read_profile.clone()))
        .route("/user/profile", get(user).layer(read_profile))
        .route(
            "/api/user/data",
            get(data).layer(read_data).merge(post(store).layer(write_data)),
        )
        .route("/api/test", get(test))
        .with_state(Documents::default())
        .merge(people::router(read, write))
        .layer(resource.layer())
        .layer(cors()))
}

/// Scripts of every origin may call: a bearer token is needed and no cookie counts.
fn cors() -> CorsLayer {
    let exposed = [WWW_AUTHENTICATE, HeaderName::from_static("dpop-nonce")];
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([AUTHORIZATION, CONTENT_TYPE, HeaderName::from_static("dpop")])
        .expose_headers(exposed)
}

/// Who the token acts for.
async fn user(UserToken(token): UserToken) -> Json<Value> {
    Json(json!({
        "id": token.subject(),
        "sub": token.subject(),
        "client_id": token.client_id(),
        "scope": token.scope(),
    }))
}

/// Any token.
async fn test(token: AccessToken) -> Json<Value> {
    Json(json!({
        "message": "The token is good.",
        "sub": token.subject(),
        "client_id": token.client_id(),
        "scope": token.scope(),
        "acts_for": if token.is_user() { "a user" } else { "the client itself" },
    }))
}

/// The document of the user, or of the client when it acts for itself.
async fn data(State(documents): State<Documents>, token: AccessToken) -> Json<Value> {
    let documents = documents.0.lock().unwrap_or_else(PoisonError::into_inner);
    Json(json!({ "data": documents.get(token.subject()).cloned().unwrap_or_else(|| json!({})) }))
}

/// Keeps a document.
async fn store(
    State(documents): State<Documents>,
    token: AccessToken,
    Json(document): Json<Value>,
) -> (StatusCode, Json<Value>) {
    if document.to_string().len() > MAX_DOCUMENT {
        return (
            StatusCode::PAYLOAD_TOO_LARGE,
            Json(json!({ "error": "the document is larger than 16 KiB" })),
        );
    }
    let mut documents = documents.0.lock().unwrap_or_else(PoisonError::into_inner);
    if documents.len() >= MAX_DOCUMENTS && !documents.contains_key(token.subject()) {
        return (
            StatusCode::INSUFFICIENT_STORAGE,
            Json(json!({ "error": "no more documents are kept" })),
        );
    }
    documents.insert(token.subject().to_owned(), document.clone());
    (
        StatusCode::OK,
        Json(json!({ "message": "kept", "data": document })),
    )
}
