//! A notes API behind the resource-server layer.
//!
//! `cargo run -p grantor-resource --example protected_api`, with a `grantor dev` beside it. `ISSUER` says who issues the
//! tokens, `AUDIENCE` who they have to be for, `PORT` where to listen.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use grantor_resource::{AccessToken, Dpop, Require, ResourceServer};
use serde_json::{Value, json};

type Notes = Arc<Mutex<Vec<Value>>>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let setting = |name, otherwise: &str| std::env::var(name).unwrap_or_else(|_| otherwise.to_owned());
    let issuer = setting("ISSUER", "http://localhost:8080");
    let audience = setting("AUDIENCE", &issuer);
    let port = setting("PORT", "5001");

    // The issuer's keys are found by its metadata, kept, and fetched anew when a token names one that is not known.
    let resource = ResourceServer::builder(&issuer, &audience)
        .dpop(Dpop::at(&format!("http://localhost:{port}")))
        .build()?;
    let app = Router::new()
        .route(
            "/notes",
            get(list)
                .layer(Require::all_of("read")?)
                .merge(post(add).layer(Require::all_of("write")?)),
        )
        .route("/whoami", get(who_am_i))
        .layer(resource.layer())
        .with_state(Notes::default());

    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    axum::serve(listener, app).await?;
    Ok(())
}

async fn list(State(notes): State<Notes>) -> Json<Value> {
    let notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
    Json(json!({ "notes": *notes }))
}

async fn add(State(notes): State<Notes>, Json(note): Json<Value>) -> (StatusCode, Json<Value>) {
    let mut notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
    notes.push(note.clone());
    (StatusCode::CREATED, Json(note))
}

/// The token as handlers see it.
async fn who_am_i(token: AccessToken) -> Json<Value> {
    Json(json!({
        "sub": token.subject(),
        "client_id": token.client_id(),
        "scope": token.scope(),
        "user": token.is_user(),
    }))
}
