//! A web application whose users sign in, and that calls an API for them. Start `grantor dev` beside it, open
//! http://localhost:8081 and sign in as `demo` with `demo-password`.

use std::env;
use std::error::Error;

use axum::extract::State;
use axum::response::Html;
use axum::{Extension, Router, routing::get};
use grantor_client::{AccessTokenMiddleware, CallError, Client, ClientAuthentication, Session, SignIn};
use grantor_vault::{CredentialManager, MasterKey, MemoryStorage};
use tokio::net::TcpListener;

/// The sample API of `grantor dev`.
#[derive(Clone)]
struct Api {
    origin: String,
    http: reqwest::Client,
}

impl Api {
    /// Asks as the user who is signed in: their token, renewed when it has to be.
    async fn ask(&self, sign_in: &SignIn, session: &Session) -> Result<String, Box<dyn Error>> {
        let token =
            AccessTokenMiddleware::new(sign_in.client(), sign_in.sessions(), session.id(), &self.origin)?;
        let http = reqwest_middleware::ClientBuilder::new(self.http.clone())
            .with(token)
            .build();
        let answer = http.get(format!("{}/api/test", self.origin)).send().await;
        match answer {
            Ok(answer) => Ok(answer.text().await?),
            // The login at the provider is over: the user signs in again.
            Err(error) if CallError::of(&error).is_some() => Ok("sign in again".to_owned()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Everybody may see this.
async fn home(session: Option<Session>) -> Html<&'static str> {
    Html(match session {
        Some(_) => {
            "<p><a href=\"/me\">Your page</a></p><form method=\"post\" action=\"/logout\"><button>Sign out</button></form>"
        }
        None => "<p><a href=\"/login\">Sign in</a></p>",
    })
}

/// Whoever opens this signs in first.
async fn me(session: Session, State(sign_in): State<SignIn>, Extension(api): Extension<Api>) -> String {
    let name = session.user().name().unwrap_or("you").to_owned();
    let said = api.ask(&sign_in, &session).await;
    let said = said.unwrap_or_else(|error| format!("nothing: {error}"));
    format!("Hello, {name}! The API says {said}")
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let issuer = env::var("GRANTOR_ISSUER").unwrap_or("http://localhost:8080".to_owned());
    let address = env::var("WEB_SERVER_ADDRESS").unwrap_or("127.0.0.1:8081".to_owned());
    let client = Client::builder(&issuer, "web")
        .authentication(ClientAuthentication::basic("web-secret"))
        .redirect_uri("http://localhost:8081/callback")
        .discover()
        .await?;
    // In memory: a restart signs everybody out. FileStorage or PostgreSQL keeps them, with a master key that is kept.
    let (master_key, _) = MasterKey::generate()?;
    let sessions = CredentialManager::builder(MemoryStorage::default(), master_key)
        .refresher(client.clone())
        .open()
        .await?;
    let sign_in = SignIn::builder(client, sessions)
        .scope("openid profile read offline_access")
        .post_logout_redirect_uri("http://localhost:8081/")
        .on_error(|error| {
            eprintln!("{error}");
            None
        })
        .build()?;
    let api = Api {
        origin: issuer,
        http: reqwest::Client::new(),
    };
    let app = Router::new()
        .route("/", get(home))
        .route("/me", get(me))
        .merge(sign_in.routes())
        .layer(Extension(api))
        .with_state(sign_in);
    let listener = TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}
