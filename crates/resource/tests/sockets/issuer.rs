//! An issuer: metadata, keys, introspection, and a look at what was asked of it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use grantor_jose::{Jwk, SigningKey, Type};
use grantor_types::SigningAlgorithm;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::api::{AUDIENCE, NOW};

#[derive(Clone)]
pub(crate) struct Issuer(Arc<Inner>);

struct Inner {
    url: String,
    /// What metadata say the issuer is.
    claimed: Mutex<String>,
    keys: Mutex<Vec<Jwk>>,
    opaque: Mutex<HashMap<String, Value>>,
    down: AtomicBool,
    key_requests: AtomicUsize,
    introspections: Mutex<Vec<(HeaderMap, HashMap<String, String>)>>,
    /// Each request for the keys takes a permit, so that a test can hold it up.
    gate: Semaphore,
    arrived: Semaphore,
}

impl Issuer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let issuer = Self(Arc::new(Inner {
            claimed: Mutex::new(url.clone()),
            url,
            keys: Mutex::default(),
            opaque: Mutex::default(),
            down: AtomicBool::new(false),
            key_requests: AtomicUsize::new(0),
            introspections: Mutex::default(),
            gate: Semaphore::new(Semaphore::MAX_PERMITS),
            arrived: Semaphore::new(0),
        }));
        let app = Router::new()
            .route("/.well-known/oauth-authorization-server", get(metadata))
            .route("/keys", get(keys))
            .route("/introspect", post(introspect))
            .with_state(issuer.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        issuer
    }

    pub(crate) fn url(&self) -> &str {
        &self.0.url
    }

    /// Makes a key and publishes it beside the others.
    pub(crate) fn add_key(&self) -> SigningKey {
        let key = new_key();
        self.publish(&key);
        key
    }

    pub(crate) fn publish(&self, key: &SigningKey) {
        self.0.keys.lock().unwrap().push(key.public_jwk());
    }

    pub(crate) fn withdraw_all_keys(&self) {
        self.0.keys.lock().unwrap().clear();
    }

    pub(crate) fn claim_to_be(&self, other: &str) {
        *self.0.claimed.lock().unwrap() = other.to_owned();
    }

    /// Answers everything with 500 from now on, or no longer.
    pub(crate) fn set_down(&self, down: bool) {
        self.0.down.store(down, Ordering::SeqCst);
    }

    pub(crate) fn key_requests(&self) -> usize {
        self.0.key_requests.load(Ordering::SeqCst)
    }

    pub(crate) fn close_gate(&self) {
        self.0.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    pub(crate) fn open_gate(&self) {
        self.0.gate.add_permits(1000);
    }

    /// Waits until a request for the keys has come in.
    pub(crate) async fn key_request_arrived(&self) {
        let arrived = tokio::time::timeout(Duration::from_secs(10), self.0.arrived.acquire());
        arrived.await.unwrap().unwrap().forget();
    }

    /// Lets introspection say this of the token.
    pub(crate) fn set_opaque(&self, token: &str, answer: Value) {
        self.0.opaque.lock().unwrap().insert(token.to_owned(), answer);
    }

    pub(crate) fn introspections(&self) -> Vec<(HeaderMap, HashMap<String, String>)> {
        self.0.introspections.lock().unwrap().clone()
    }

    /// The claims of a good token.
    pub(crate) fn claims(&self) -> Value {
        json!({
            "iss": self.url(), "aud": AUDIENCE, "exp": NOW + 3600, "iat": NOW, "jti": "1",
            "sub": "alice", "client_id": "app", "scope": "notes:read",
        })
    }

    /// A token with some claims changed; null takes one away.
    pub(crate) fn token(&self, key: &SigningKey, changes: Value) -> String {
        let mut claims = self.claims();
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
            if value.is_null() {
                claims.as_object_mut().unwrap().remove(name);
            }
        }
        key.sign(Type::AccessToken, &claims).unwrap()
    }
}

pub(crate) fn new_key() -> SigningKey {
    SigningKey::generate(SigningAlgorithm::Es256).unwrap().0
}

async fn metadata(State(issuer): State<Issuer>) -> impl IntoResponse {
    let claimed = issuer.0.claimed.lock().unwrap().clone();
    answer(
        &issuer,
        json!({"issuer": claimed, "jwks_uri": format!("{}/keys", issuer.url())}),
    )
}

async fn keys(State(issuer): State<Issuer>) -> impl IntoResponse {
    issuer.0.key_requests.fetch_add(1, Ordering::SeqCst);
    issuer.0.arrived.add_permits(1);
    issuer.0.gate.acquire().await.unwrap().forget();
    let keys = issuer.0.keys.lock().unwrap().clone();
    answer(&issuer, json!({"keys": keys}))
}

async fn introspect(State(issuer): State<Issuer>, headers: HeaderMap, body: String) -> impl IntoResponse {
    let form: HashMap<_, _> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let known = issuer.0.opaque.lock().unwrap().get(&form["token"]).cloned();
    issuer.0.introspections.lock().unwrap().push((headers, form));
    answer(&issuer, known.unwrap_or(json!({"active": false})))
}

fn answer(issuer: &Issuer, body: Value) -> impl IntoResponse + use<> {
    match issuer.0.down.load(Ordering::SeqCst) {
        true => Err(StatusCode::INTERNAL_SERVER_ERROR),
        false => Ok(([(CONTENT_TYPE, "application/json")], body.to_string())),
    }
}
