//! Programs that keep their tokens in the vault: a web application on axum, and calls of an API by reqwest.

use axum::Router;
use axum::routing::get;
use grantor_client::{AccessTokenMiddleware, Client, Endpoint, Prompt, Session, SignIn, SigningAlgorithm};
use grantor_vault::{CredentialManager, MasterKey, MemoryStorage};
use http::header::{ACCEPT, LOCATION};
use serde_json::{Value, json};

use super::{Peer, key, log_in};

/// Where the application believes to be.
const APPLICATION: &str = "http://localhost:3000";
const GOODBYE: &str = "http://localhost:3000/goodbye";

/// A client whose tokens are bound to a key.
async fn bound() -> Client {
    let callback = format!("{APPLICATION}/callback");
    let wanted = json!({
        "dpop_bound_access_tokens": true, "post_logout_redirect_uris": [GOODBYE], "redirect_uris": [&callback],
    });
    let builder = Peer::get().registered(wanted).await.redirect_uri(&callback);
    builder
        .dpop(key(SigningAlgorithm::Es256))
        .discover()
        .await
        .unwrap()
}

async fn vault(client: &Client) -> CredentialManager {
    let (master_key, _) = MasterKey::generate().unwrap();
    let manager = CredentialManager::builder(MemoryStorage::default(), master_key);
    manager.refresher(client.clone()).open().await.unwrap()
}

/// An application that greets whoever is signed in. Returns where it is.
async fn application(client: Client) -> String {
    let sessions = vault(&client).await;
    let sign_in = SignIn::builder(client, sessions)
        .post_logout_redirect_uri(GOODBYE)
        .build()
        .unwrap();
    let greet = async |session: Session| session.user().name().unwrap_or("nobody").to_owned();
    let app = Router::new()
        .route("/", get(greet))
        .merge(sign_in.routes())
        .with_state(sign_in);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    origin
}

#[tokio::test]
async fn a_web_application_signs_in_and_out() {
    let origin = application(bound().await).await;
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let http = http.cookie_store(true).build().unwrap();
    let leads = async |request: reqwest::RequestBuilder| {
        let answer = request.header(ACCEPT, "text/html").send().await.unwrap();
        let location = answer
            .headers()
            .get(LOCATION)
            .map(|to| to.to_str().unwrap().to_owned());
        location.unwrap_or_else(|| panic!("{answer:?} leads nowhere"))
    };
    let login = leads(http.get(&origin)).await;
    let provider = leads(http.get(format!("{origin}{login}"))).await;
    let person = Peer::get().person("dora");
    let back = person.authorize(&provider, "approve").await.unwrap();
    let back = back.strip_prefix(APPLICATION).unwrap();
    assert_eq!(leads(http.get(format!("{origin}{back}"))).await, "/");
    let page = http.get(&origin).send().await.unwrap();
    assert_eq!(page.text().await.unwrap(), "dora Example");

    let out = leads(http.post(format!("{origin}/logout"))).await;
    let gone = person.sign_out(&out).await.unwrap();
    assert!(gone.starts_with(GOODBYE), "{gone}");
    assert_eq!(leads(http.get(&origin)).await, login, "nobody is signed in");
}

#[tokio::test]
async fn an_api_is_called_with_tokens_that_are_renewed() {
    let peer = Peer::get();
    let client = bound().await;
    let request = client
        .authorization()
        .scope("openid profile offline_access")
        .prompt(Prompt::Consent);
    let tokens = log_in(&client, &peer.person("erik"), request).await;
    let manager = vault(&client).await;
    manager
        .store("work", tokens.into_credential(&client).build().unwrap())
        .await
        .unwrap();

    let middleware = AccessTokenMiddleware::new(&client, &manager, "work", peer.issuer()).unwrap();
    let api = reqwest_middleware::ClientBuilder::new(peer.http().build().unwrap())
        .with(middleware)
        .build();
    let url = client.metadata().url(Endpoint::Userinfo).unwrap().clone();
    let name = async || {
        let answer = api
            .get(url.clone())
            .send()
            .await
            .unwrap()
            .error_for_status()
            .unwrap();
        let user: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        user["name"].as_str().map(str::to_owned)
    };
    assert_eq!(name().await.as_deref(), Some("erik Example"));
    let first = manager.valid_access_token("work").await.unwrap();
    peer.tell(&format!("over/{}", first.expose())).await;
    // The server ends the login of whoever refreshes twice with one token.
    let at_once = futures_util::future::join_all((0..10).map(|_| name())).await;
    assert!(at_once.iter().all(|name| name.as_deref() == Some("erik Example")));
    let second = manager.valid_access_token("work").await.unwrap();
    assert_ne!(first.expose(), second.expose());
    assert_eq!(manager.get("work").await.unwrap().summary.generation, 2);
}
