//! A service that calls an API for itself. Start `grantor dev` beside it.

use std::env;
use std::error::Error;

use grantor_client::{Client, ClientAuthentication, Request};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let issuer = env::var("GRANTOR_ISSUER").unwrap_or("http://localhost:8080".to_owned());
    let client = Client::builder(&issuer, "service")
        .authentication(ClientAuthentication::basic("service-secret"))
        .discover()
        .await?;

    let tokens = client.client_credentials().scope("read").send().await?;
    println!("granted: {}", tokens.scope);

    let request = Request::get(format!("{issuer}/api/test").parse()?);
    let response = client.call(&tokens, request).await?;
    println!("{} {}", response.status, String::from_utf8_lossy(&response.body));
    Ok(())
}
