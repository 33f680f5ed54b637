//! Requests of reqwest that carry a token from the vault, to an API that is never content at once.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use grantor_client::{
    AccessTokenMiddleware, CallError, Client, ClientAuthentication, Error, OnStepUp, SigningAlgorithm,
    SigningKey, StepUp,
};
use grantor_tests::{Person, Server, unverified};
use grantor_vault::{Credential, CredentialManager, MasterKey, MemoryStorage, VaultError};
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, Method, StatusCode};
use reqwest_middleware::ClientWithMiddleware;

use super::{REDIRECT_URI, sign_in, web};

const NONCE: &str = "the-nonce-of-the-api";

/// What the API has seen, and which tokens it no longer takes.
#[derive(Clone, Default)]
struct Api(Arc<Seen>);

#[derive(Default)]
struct Seen {
    requests: AtomicUsize,
    revoked: Mutex<BTreeSet<String>>,
    bodies: Mutex<Vec<String>>,
}

impl Api {
    async fn start(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let routes = Router::new()
            .route("/orders", get(orders).post(orders))
            .route("/nonce", get(nonce))
            .route("/recent", get(recent))
            .route("/write", get(write))
            .route("/echo", post(orders))
            .with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        origin
    }

    fn requests(&self) -> usize {
        self.0.requests.swap(0, Ordering::SeqCst)
    }

    fn revoke(&self, token: &str) {
        self.0.revoked.lock().unwrap().insert(token.to_owned());
    }
}

fn refuse(status: u16, challenge: &str) -> Response {
    let status = StatusCode::from_u16(status).unwrap();
    (status, [(WWW_AUTHENTICATE, challenge.to_owned())]).into_response()
}

fn token(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(AUTHORIZATION)?.to_str().unwrap();
    let (_, token) = value.split_once(' ').unwrap();
    Some(token.to_owned())
}

async fn orders(State(api): State<Api>, headers: HeaderMap, body: String) -> Response {
    api.0.requests.fetch_add(1, Ordering::SeqCst);
    let Some(token) = token(&headers) else {
        return refuse(401, "Bearer");
    };
    if api.0.revoked.lock().unwrap().contains(&token) {
        return refuse(401, r#"Bearer error="invalid_token""#);
    }
    api.0.bodies.lock().unwrap().push(body);
    StatusCode::OK.into_response()
}

async fn nonce(State(api): State<Api>, headers: HeaderMap) -> Response {
    api.0.requests.fetch_add(1, Ordering::SeqCst);
    let proof = headers
        .get("dpop")
        .map(|proof| unverified(proof.to_str().unwrap()).1);
    match proof {
        Some(proof) if proof["nonce"] == NONCE => StatusCode::OK.into_response(),
        Some(_) | None => {
            let nonce = [(HeaderName::from_static("dpop-nonce"), NONCE)];
            (nonce, refuse(401, r#"DPoP error="use_dpop_nonce""#)).into_response()
        }
    }
}

/// Wants a login of that very second or later.
async fn recent(State(api): State<Api>, headers: HeaderMap) -> Response {
    api.0.requests.fetch_add(1, Ordering::SeqCst);
    let token = token(&headers).unwrap();
    if api.0.revoked.lock().unwrap().contains(&token) {
        let wants = r#"Bearer error="insufficient_user_authentication", max_age="0""#;
        return refuse(401, wants);
    }
    StatusCode::OK.into_response()
}

async fn write(State(api): State<Api>, headers: HeaderMap) -> Response {
    api.0.requests.fetch_add(1, Ordering::SeqCst);
    let claims = unverified(&token(&headers).unwrap()).1;
    let mut scopes = claims["scope"].as_str().unwrap().split(' ');
    match scopes.any(|scope| scope == "write") {
        true => StatusCode::OK.into_response(),
        false => refuse(403, r#"Bearer error="insufficient_scope", scope="write""#),
    }
}

/// Goes through the authorization as this person.
struct Again {
    client: Client,
    person: Person,
    asked: Arc<Mutex<Vec<StepUp>>>,
}

#[async_trait]
impl OnStepUp for Again {
    async fn step_up(&self, wanted: &StepUp) -> Result<Credential, Error> {
        self.asked.lock().unwrap().push(wanted.clone());
        let login = self.client.authorization().scope("openid read").step_up(wanted);
        let login = login.start().await?;
        let back = self
            .person
            .authorize(login.url.as_str(), "approve")
            .await
            .unwrap();
        let tokens = self.client.exchange(login.pending.validate(&back)?).await?;
        Ok(tokens.into_credential(&self.client).build()?)
    }
}

/// A vault with a login of `demo` in it, under `work`.
async fn vault(server: &Server, client: &Client, scope: &str) -> CredentialManager {
    let (master_key, _) = MasterKey::generate().unwrap();
    let manager = CredentialManager::builder(MemoryStorage::default(), master_key)
        .refresher(client.clone())
        .open()
        .await
        .unwrap();
    let tokens = sign_in(server, client, scope).await;
    let credential = tokens.into_credential(client).build().unwrap();
    manager.store("work", credential).await.unwrap();
    manager
}

fn with(middleware: AccessTokenMiddleware) -> ClientWithMiddleware {
    let http = reqwest::Client::new();
    reqwest_middleware::ClientBuilder::new(http)
        .with(middleware)
        .build()
}

async fn status(api: &ClientWithMiddleware, url: String) -> u16 {
    api.get(url).send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_token_that_is_refused_is_renewed_once_for_all() {
    let server = Server::start().await;
    let client = web(&server).await;
    let manager = vault(&server, &client, "openid read offline_access").await;
    let seen = Api::default();
    let origin = seen.start().await;
    let api = with(AccessTokenMiddleware::new(&client, &manager, "work", &origin).unwrap());
    assert_eq!(status(&api, format!("{origin}/orders")).await, 200);
    assert_eq!(seen.requests(), 1);

    let old = manager.valid_access_token("work").await.unwrap();
    seen.revoke(old.expose());
    let requests = (0..20).map(|number| {
        let request = api.post(format!("{origin}/echo")).body(format!("body {number}"));
        async move { request.send().await.unwrap().status() }
    });
    let answers = futures_util::future::join_all(requests).await;
    assert!(
        answers.iter().all(|status| *status == StatusCode::OK),
        "{answers:?}"
    );
    assert!((21..=40).contains(&seen.requests()));
    let bodies: BTreeSet<_> = seen.0.bodies.lock().unwrap().drain(..).collect();
    assert_eq!(bodies.len(), 21, "each body was sent again as it was: {bodies:?}");
    assert_eq!(manager.get("work").await.unwrap().summary.generation, 2);

    // One that is refused again is not stale.
    let new = manager.valid_access_token("work").await.unwrap();
    seen.revoke(new.expose());
    let stored = manager.get("work").await.unwrap().credential;
    let without = Credential::builder(stored.access_token().clone())
        .build()
        .unwrap();
    manager.store("work", without).await.unwrap();
    let error = api.get(format!("{origin}/orders")).send().await.unwrap_err();
    let error = CallError::of(&error).unwrap();
    assert!(matches!(error, CallError::Vault(VaultError::Expired)), "{error}");
}

#[tokio::test]
async fn the_token_goes_to_its_origins_only() {
    let server = Server::start().await;
    let client = web(&server).await;
    let manager = vault(&server, &client, "openid read").await;
    let (ours, theirs) = (Api::default(), Api::default());
    let (origin, elsewhere) = (ours.start().await, theirs.start().await);
    let middleware = AccessTokenMiddleware::new(&client, &manager, "work", &origin).unwrap();
    assert!(!format!("{middleware:?}").contains("secret"));
    let api = with(middleware.clone());
    assert_eq!(status(&api, format!("{elsewhere}/orders")).await, 401);
    let own = api
        .get(format!("{origin}/orders"))
        .bearer_auth("my own")
        .send()
        .await;
    assert_eq!(own.unwrap().status(), 200);
    let both = with(middleware.clone().and_origin(&elsewhere).unwrap());
    assert_eq!(status(&both, format!("{elsewhere}/orders")).await, 200);
    for wrong in ["http://api.example", "api.example", "", "file:///etc/passwd"] {
        assert!(middleware.clone().and_origin(wrong).is_err(), "{wrong}");
    }
    let nobody = with(AccessTokenMiddleware::new(&client, &manager, "nobody", &origin).unwrap());
    let error = nobody.get(format!("{origin}/orders")).send().await.unwrap_err();
    assert!(matches!(
        CallError::of(&error),
        Some(CallError::Vault(VaultError::NotFound))
    ));
}

#[tokio::test]
async fn proofs_carry_the_nonce_that_the_api_wants() {
    let server = Server::start().await;
    let (key, _) = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
    let client = Client::builder(server.issuer(), "web")
        .authentication(ClientAuthentication::basic("web-secret"))
        .redirect_uri(REDIRECT_URI)
        .dpop(key)
        .discover()
        .await
        .unwrap();
    let manager = vault(&server, &client, "openid read").await;
    let seen = Api::default();
    let origin = seen.start().await;
    let api = with(AccessTokenMiddleware::new(&client, &manager, "work", &origin).unwrap());
    assert_eq!(status(&api, format!("{origin}/nonce?page=1")).await, 200);
    assert_eq!(seen.requests(), 2, "once without and once with the nonce");
    assert_eq!(status(&api, format!("{origin}/nonce")).await, 200);
    assert_eq!(seen.requests(), 1, "it is remembered");
    let elsewhere = Api::default().start().await;
    let api = with(AccessTokenMiddleware::new(&client, &manager, "work", &elsewhere).unwrap());
    let at_once = (0..5).map(|_| status(&api, format!("{elsewhere}/nonce")));
    let answers = futures_util::future::join_all(at_once).await;
    assert_eq!(answers, [200; 5], "each of those who come first is told");
    let sample = with(AccessTokenMiddleware::new(&client, &manager, "work", server.issuer()).unwrap());
    assert_eq!(
        status(&sample, format!("{}/api/test", server.issuer())).await,
        200
    );
}

#[tokio::test]
async fn a_better_token_is_asked_for_once_and_only_of_the_same_user() {
    let server = Server::start().await;
    let client = web(&server).await;
    let manager = vault(&server, &client, "openid read").await;
    let seen = Api::default();
    let origin = seen.start().await;
    let plain = AccessTokenMiddleware::new(&client, &manager, "work", &origin).unwrap();
    // Nobody is there to ask: the program sees what the API wants.
    let answer = with(plain.clone())
        .get(format!("{origin}/write"))
        .send()
        .await
        .unwrap();
    let wanted = StepUp::wanted(answer.status(), answer.headers()).unwrap();
    assert_eq!(
        (answer.status().as_u16(), wanted.scope.to_string()),
        (403, "write".to_owned())
    );

    let asked = Arc::new(Mutex::new(Vec::new()));
    let again = |username: &str| Again {
        client: client.clone(),
        person: Person::new(server.issuer(), username),
        asked: asked.clone(),
    };
    let api = with(plain.clone().on_step_up(again("demo")));
    let requests = (0..5).map(|_| status(&api, format!("{origin}/write")));
    assert_eq!(futures_util::future::join_all(requests).await, [200; 5]);
    let demands: Vec<_> = asked.lock().unwrap().drain(..).collect();
    assert_eq!(demands.len(), 1, "{demands:?}");

    let token = manager.valid_access_token("work").await.unwrap();
    seen.revoke(token.expose());
    assert_eq!(status(&api, format!("{origin}/recent")).await, 200);
    let demands: Vec<_> = asked.lock().unwrap().drain(..).collect();
    assert_eq!(
        demands
            .iter()
            .map(|demand| demand.max_age.unwrap().0)
            .collect::<Vec<_>>(),
        [0]
    );

    let before = manager.valid_access_token("work").await.unwrap();
    seen.revoke(before.expose());
    let api = with(plain.on_step_up(again("other")));
    let error = api.get(format!("{origin}/recent")).send().await.unwrap_err();
    assert!(
        matches!(
            CallError::of(&error),
            Some(CallError::Client(Error::InvalidAnswer(_)))
        ),
        "{error}"
    );
    let after = manager.valid_access_token("work").await.unwrap();
    assert_eq!(
        after.expose(),
        before.expose(),
        "somebody else's token takes no place"
    );
}

/// A body that is gone once it was sent.
#[tokio::test]
async fn for_a_request_that_cannot_be_repeated_nothing_is_renewed_and_nobody_asked() {
    let server = Server::start().await;
    let client = web(&server).await;
    let manager = vault(&server, &client, "openid read offline_access").await;
    let seen = Api::default();
    let origin = seen.start().await;
    let asked = Arc::new(Mutex::new(Vec::new()));
    let plain = AccessTokenMiddleware::new(&client, &manager, "work", &origin).unwrap();
    let api = with(plain.on_step_up(Again {
        client: client.clone(),
        person: Person::new(server.issuer(), "demo"),
        asked: asked.clone(),
    }));
    let old = manager.valid_access_token("work").await.unwrap();
    seen.revoke(old.expose());
    for path in ["/echo", "/recent"] {
        let method = if path == "/echo" {
            Method::POST
        } else {
            Method::GET
        };
        let body = reqwest::Body::wrap("once".to_owned());
        let answer = api
            .request(method, format!("{origin}{path}"))
            .body(body)
            .send()
            .await
            .unwrap();
        assert_eq!((answer.status().as_u16(), seen.requests()), (401, 1), "{path}");
    }
    assert_eq!(asked.lock().unwrap().len(), 0);
    assert_eq!(manager.get("work").await.unwrap().summary.generation, 1);
    // The next one that can be is.
    assert_eq!(status(&api, format!("{origin}/orders")).await, 200);
}
