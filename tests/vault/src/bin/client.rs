//! A process of the tests that logs in by the client library and lets go of what it got. After each step it says so and waits
//! for a line, so that the test can look into its memory. With the first step it tells the code verifier, in a disguise.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;

use async_trait::async_trait;
use grantor_client::{
    Client, ClientAuthentication, Endpoint, Fetch, FetchError, ProviderMetadata, Request, Response, Secret,
    TokenHint, Tokens,
};
use grantor_vault_processes::secret;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, StatusCode};
use zeroize::Zeroizing;

type Failure = Box<dyn Error + Send + Sync>;

const ISSUER: &str = "https://as.example";

#[tokio::main]
async fn main() -> Result<(), Failure> {
    step("begun", "")?;
    let metadata = [
        (Endpoint::Token, "token"),
        (Endpoint::Authorization, "authorize"),
        (Endpoint::Revocation, "revoke"),
    ];
    let metadata = metadata
        .into_iter()
        .try_fold(ProviderMetadata::new(ISSUER)?, |metadata, (endpoint, path)| {
            metadata.endpoint(endpoint, &format!("{ISSUER}/{path}"))
        })?;
    let known = Secret::new(secret("client-secret"));
    for authentication in [
        ClientAuthentication::SecretPost(known.clone()),
        ClientAuthentication::SecretBasic(known.clone()),
    ] {
        let client = Client::builder(ISSUER, "app")
            .authentication(authentication)
            .redirect_uri("https://app.example/callback")
            .fetch(Arc::new(Provider))
            .build(metadata.clone())?;
        log_in(&client).await?;
    }
    drop(known);
    step("dropped", "")
}

async fn log_in(client: &Client) -> Result<(), Failure> {
    let login = client.authorization().start().await?;
    let verifier = disguised(&login.pending.export())?;
    let state = login.url.query_pairs().find(|(name, _)| name == "state");
    let (_, state) = state.ok_or("there is no state")?;
    let code = Secret::new(secret("code"));
    let mut back = Zeroizing::new(String::with_capacity(500));
    write!(back, "code={}&state={state}", code.expose())?;
    let callback = login.pending.validate(&back)?;
    drop((back, code));
    let tokens = client.exchange(callback).await?;
    step("held", &verifier)?;
    let renewed: Tokens = client.refresh(&tokens)?.send().await?;
    drop(tokens);
    let request = Request::get(format!("{ISSUER}/api").parse()?);
    client.call(&renewed, request).await?;
    client
        .revoke(&renewed.access_token, TokenHint::AccessToken)
        .await?;
    drop(renewed);
    step("let-go", "")
}

/// Says what was done, and waits until the test has looked.
fn step(name: &str, more: &str) -> Result<(), Failure> {
    println!("{name} {more}");
    std::io::stdout().flush()?;
    std::io::stdin().read_line(&mut String::new())?;
    Ok(())
}

/// The code verifier, so that it can be told without being in memory.
fn disguised(exported: &Secret) -> Result<String, Failure> {
    let (_, after) = exported
        .expose()
        .split_once("\"verifier\":\"")
        .ok_or("there is no verifier")?;
    let (verifier, _) = after.split_once('"').ok_or("the verifier does not end")?;
    Ok(verifier.bytes().map(|byte| format!("{:02x}", !byte)).collect())
}

/// Answers with the tokens that come next. Its own copies are wiped.
struct Provider;

#[async_trait]
impl Fetch for Provider {
    async fn send(&self, request: Request) -> Result<Response, FetchError> {
        let number = match request.body().starts_with(b"grant_type=refresh_token") {
            true => 2,
            false => 1,
        };
        let access = Secret::new(secret(&format!("access-token-{number}")));
        let refresh = Secret::new(secret(&format!("refresh-token-{number}")));
        let mut body = Zeroizing::new(Vec::with_capacity(500));
        write!(
            body,
            r#"{{"access_token":"{}","refresh_token":"{}","token_type":"Bearer","expires_in":60}}"#,
            access.expose(),
            refresh.expose()
        )
        .map_err(|error| FetchError::Transport(error.to_string()))?;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(Response {
            status: StatusCode::OK,
            headers,
            body: bytes::Bytes::from_owner(body),
        })
    }
}
