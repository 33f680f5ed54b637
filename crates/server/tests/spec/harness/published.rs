//! What a client or an issuer serves at an address of this machine: one text, which can be exchanged, and how often it was
//! fetched.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use grantor_jose::{Jwks, SigningKey};

/// A text behind an address.
pub(crate) struct Published {
    text: Arc<Mutex<String>>,
    fetched: Arc<AtomicUsize>,
    pub(crate) uri: String,
}

impl Published {
    pub(crate) async fn text(text: String) -> Self {
        let text = Arc::new(Mutex::new(text));
        let fetched = Arc::new(AtomicUsize::new(0));
        let (served, count) = (Arc::clone(&text), Arc::clone(&fetched));
        let answer = move || {
            count.fetch_add(1, Ordering::SeqCst);
            let body = served.lock().unwrap().clone();
            async move { body }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let uri = format!(
            "http://127.0.0.1:{}/published",
            listener.local_addr().unwrap().port()
        );
        let router = Router::new().route("/published", get(answer));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { text, fetched, uri }
    }

    /// The public halves of keys, as a JWK set.
    pub(crate) async fn keys(keys: &[&SigningKey]) -> Self {
        Self::text(jwks(keys)).await
    }

    pub(crate) fn set(&self, text: &str) {
        text.clone_into(&mut self.text.lock().unwrap());
    }

    pub(crate) fn set_keys(&self, keys: &[&SigningKey]) {
        self.set(&jwks(keys));
    }

    pub(crate) fn fetched(&self) -> usize {
        self.fetched.load(Ordering::SeqCst)
    }
}

fn jwks(keys: &[&SigningKey]) -> String {
    let keys = keys.iter().map(|key| key.public_jwk()).collect();
    serde_json::to_string(&Jwks { keys }).unwrap()
}
