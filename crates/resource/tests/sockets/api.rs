//! The API that is protected, and a client of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::routing::get;
use grantor_resource::{AccessToken, ClientToken, Require, ResourceServer, ResourceServerBuilder, UserToken};
use grantor_types::Timestamp;
use reqwest::header::{AUTHORIZATION, HeaderMap};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::issuer::Issuer;

pub(crate) const AUDIENCE: &str = "https://notes.example";
/// When the tests begin, in seconds since 1970.
pub(crate) const NOW: u64 = 1_800_000_000;

pub(crate) struct Api {
    url: String,
    clock: Arc<AtomicU64>,
    client: reqwest::Client,
}

/// What the API answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

impl Api {
    /// An API that finds the issuer's keys by discovery and is otherwise described by the caller.
    pub(crate) async fn start(
        issuer: &Issuer,
        describe: impl FnOnce(ResourceServerBuilder) -> ResourceServerBuilder,
    ) -> Self {
        let clock = Arc::new(AtomicU64::new(NOW));
        let hand = Arc::clone(&clock);
        let builder = ResourceServer::builder(issuer.url(), AUDIENCE)
            .clock(move || Timestamp::from_seconds(hand.load(Ordering::SeqCst)));
        let app = routes(&describe(builder).build().unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { url, clock, client }
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) async fn get(&self, path: &str, authorizations: &[&str]) -> Answer {
        let headers: Vec<_> = authorizations
            .iter()
            .map(|value| (AUTHORIZATION.as_str(), *value))
            .collect();
        self.get_with(path, &headers).await
    }

    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.client.get(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer {
            status,
            headers,
            body: response.text().await.unwrap(),
        }
    }

    /// Asks with a bound token and these proofs.
    pub(crate) async fn prove(&self, path: &str, token: &str, proofs: &[&str]) -> Answer {
        let authorization = format!("DPoP {token}");
        let mut headers = vec![("authorization", authorization.as_str())];
        headers.extend(proofs.iter().map(|proof| ("dpop", *proof)));
        self.get_with(path, &headers).await
    }

    /// The status of the plain route with this token.
    pub(crate) async fn status(&self, token: &str) -> u16 {
        self.get("/me", &[&format!("Bearer {token}")]).await.status
    }
}

fn routes(resource: &ResourceServer) -> Router {
    let who = |token: AccessToken| async move { token.subject().to_owned() };
    let user = |UserToken(token): UserToken| async move { token.subject().to_owned() };
    let client = |token: ClientToken| async move { token.subject().to_owned() };
    let anybody = |token: Option<AccessToken>| async move {
        token.map_or("nobody".to_owned(), |token| token.subject().to_owned())
    };
    let read = Require::all_of("notes:read").unwrap();
    let write = Require::all_of("notes:read notes:write").unwrap();
    let any = Require::any_of("notes:write notes:admin").unwrap();
    let open = Router::new()
        .route("/open", get(anybody))
        .route("/open/me", get(who))
        .route("/open/read", get(anybody).layer(read.clone()))
        .layer(resource.layer().allow_anonymous());
    Router::new()
        .route("/me", get(who))
        .route("/read", get(who).layer(read))
        .route("/write", get(who).layer(write.and(Require::user())))
        .route("/any", get(who).layer(any))
        .route("/user", get(user))
        .route("/client", get(client))
        .route("/client/layer", get(who).layer(Require::client()))
        .layer(resource.layer())
        .merge(open)
        .route("/unprotected", get(who))
        .route("/unprotected/optional", get(anybody))
        .route("/unprotected/layer", get(anybody).layer(Require::client()))
}
