//! `/users`: a list that tokens with `read` see and tokens with `write` add to.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use grantor_resource::Require;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Most people on the list.
const MAX_PEOPLE: usize = 1_000;
/// Longest name or address, in bytes.
const MAX_TEXT: usize = 256;

#[derive(Clone, Debug, Serialize)]
struct Person {
    id: usize,
    name: String,
    email: String,
}

/// What somebody sends to add a person.
#[derive(Debug, Deserialize)]
struct NewPerson {
    name: String,
    email: String,
}

#[derive(Clone, Debug)]
struct People(Arc<Mutex<Vec<Person>>>);

/// The routes, behind what they demand.
pub(super) fn router(read: Require, write: Require) -> Router {
    let ada = Person {
        id: 1,
        name: "Ada Example".to_owned(),
        email: "ada@example.com".to_owned(),
    };
    Router::new()
        .route("/users", get(list).layer(read).merge(post(add).layer(write)))
        .with_state(People(Arc::new(Mutex::new(vec![ada]))))
}

async fn list(State(people): State<People>) -> Json<Vec<Person>> {
    let people = people.0.lock().unwrap_or_else(PoisonError::into_inner);
    Json(people.clone())
}

async fn add(State(people): State<People>, Json(new): Json<NewPerson>) -> (StatusCode, Json<Value>) {
    if new.name.len() > MAX_TEXT || new.email.len() > MAX_TEXT {
        let error = json!({ "error": "name or email is longer than 256 bytes" });
        return (StatusCode::UNPROCESSABLE_ENTITY, Json(error));
    }
    let mut people = people.0.lock().unwrap_or_else(PoisonError::into_inner);
    if people.len() >= MAX_PEOPLE {
        let error = json!({ "error": "no more people are kept" });
        return (StatusCode::INSUFFICIENT_STORAGE, Json(error));
    }
    let person = Person {
        id: people.len().saturating_add(1),
        name: new.name,
        email: new.email,
    };
    people.push(person.clone());
    (StatusCode::CREATED, Json(json!(person)))
}
