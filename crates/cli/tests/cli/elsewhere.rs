//! Signing in at a provider that is not ours: it knows devices and refresh tokens, and little else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use grantor_types::Parameters;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::harness::Home;

/// A provider whose issuer ends in a slash, as some do.
#[derive(Clone)]
struct Provider {
    issuer: String,
    /// Whether refreshes end in an error that tells nothing.
    is_broken: Arc<AtomicBool>,
}

impl Provider {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let provider = Self {
            issuer: format!("http://127.0.0.1:{}/", listener.local_addr().unwrap().port()),
            is_broken: Arc::default(),
        };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(metadata))
            .route("/device", post(device))
            .route("/token", post(token))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        provider
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.issuer)
    }
}

async fn metadata(State(provider): State<Provider>) -> Response {
    answer(&json!({
        "issuer": provider.issuer, "token_endpoint": provider.at("token"),
        "authorization_endpoint": provider.at("authorize"),
        "device_authorization_endpoint": provider.at("device"),
    }))
}

async fn device(State(provider): State<Provider>) -> Response {
    answer(&json!({
        "device_code": "the device", "user_code": "ABCD-EFGH", "verification_uri": provider.at("activate"),
        "expires_in": 600, "interval": 1,
    }))
}

async fn token(State(provider): State<Provider>, body: String) -> Response {
    let form = Parameters::parse(body.as_bytes()).unwrap();
    if form.value("grant_type") != Some("refresh_token") {
        return answer(&json!({
            "access_token": "first", "token_type": "bearer", "expires_in": 3600, "refresh_token": "the-refresh-token",
        }));
    }
    assert_eq!(form.value("refresh_token"), Some("the-refresh-token"));
    match provider.is_broken.load(Ordering::SeqCst) {
        true => StatusCode::BAD_GATEWAY.into_response(),
        false => answer(&json!({ "access_token": "second", "token_type": "bearer", "expires_in": 3600 })),
    }
}

fn answer(body: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// Nobody knows what became of a refresh: the login stands still, and says so, until somebody decides.
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_outcome_is_for_a_person_to_decide() {
    let (provider, home) = (Provider::start().await, Home::new());
    // The slash is for the provider to know.
    let address = provider.issuer.trim_end_matches('/');
    let done = home
        .run(&format!("login other --issuer {address} --client-id app"))
        .ok();
    assert!(done.stderr.contains("ABCD-EFGH"), "{done:?}");
    assert!(
        done.stdout
            .starts_with(&format!("Signed in at {}.\n", provider.issuer)),
        "{done:?}"
    );
    assert_eq!(home.token("other"), "first");

    provider.is_broken.store(true, Ordering::SeqCst);
    home.run("token other --renew")
        .refused(3, "`grantor token other --retry`");
    home.run("token other").refused(3, "nobody knows");
    assert!(home.run("vault list").ok().stdout.contains("outcome unknown"));
    let shown = home.run("vault show other --json").json();
    assert_eq!(shown["state"]["is"], "outcome_unknown");
    assert!(
        shown["state"]["reason"].as_str().unwrap().contains("502"),
        "{shown}"
    );

    provider.is_broken.store(false, Ordering::SeqCst);
    home.run("token other").refused(3, "nobody knows");
    assert_eq!(home.token("other --retry"), "second");
    assert_eq!(home.token("other"), "second");
}

/// What is said goes along, and consent is asked for where that is what brings a refresh token.
#[tokio::test(flavor = "multi_thread")]
async fn the_request_says_what_was_asked_for() {
    let (provider, home) = (Provider::start().await, Home::new());
    let asked = |arguments: &str| {
        let issuer = &provider.issuer;
        let line = format!("login --issuer {issuer} --client-id app --no-browser --timeout 0 {arguments}");
        let run = home.run(&line);
        assert_eq!(run.code, 1, "{run:?}");
        let url = run
            .stderr
            .lines()
            .find(|line| line.starts_with("    http"))
            .unwrap();
        let query = url.split_once('?').unwrap().1.to_owned();
        Parameters::parse(query.as_bytes()).unwrap()
    };
    let query = asked(
        "--scope 'openid offline_access' --audience 'some api' --resource https://a.example --parameter login_hint=me",
    );
    for (name, value) in [
        ("client_id", "app"),
        ("scope", "offline_access openid"),
        ("prompt", "consent"),
        ("audience", "some api"),
        ("resource", "https://a.example"),
        ("login_hint", "me"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(query.value(name), Some(value), "{query:?}");
    }
    assert!(
        query
            .value("redirect_uri")
            .unwrap()
            .starts_with("http://127.0.0.1:")
    );
    let query = asked("--scope openid --redirect-uri http://localhost/signed/in");
    assert_eq!((query.value("prompt"), query.value("audience")), (None, None));
    let redirect_uri = query.value("redirect_uri").unwrap();
    assert!(redirect_uri.starts_with("http://localhost:") && redirect_uri.ends_with("/signed/in"));
    let query = asked("--scope 'openid offline_access' --parameter prompt=login");
    assert_eq!(query.value("prompt"), Some("login"));
}

/// It revokes nothing: there is nothing to wait for, and the person is told that the tokens live on.
#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_revokes_nothing_keeps_nobody() {
    let (provider, home) = (Provider::start().await, Home::new());
    home.run(&format!(
        "login other --issuer {} --client-id app",
        provider.issuer
    ))
    .ok();
    let done = home.run("logout other").ok().stdout;
    assert!(
        done.contains("not revoked") && done.contains("the provider revokes no tokens"),
        "{done}"
    );
    home.run("token other").refused(3, "there is no login other");
}

/// It registers nobody: the person is told what to ask for.
#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_can_register_a_client_id_is_asked_for() {
    let (provider, home) = (Provider::start().await, Home::new());
    home.run(&format!("login other --issuer {} --no-browser", provider.issuer))
        .refused(2, "http://127.0.0.1/callback, and name it with --client-id");
}
