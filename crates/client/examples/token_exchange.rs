//! A service that has to call another one, and exchanges the token it has for one that is good there alone. Start
//! `grantor dev` beside it.

use std::env;
use std::error::Error;

use grantor_client::{Client, ClientAuthentication, TokenTypeUri};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let issuer = env::var("GRANTOR_ISSUER").unwrap_or("http://localhost:8080".to_owned());
    let client = Client::builder(&issuer, "backend")
        .authentication(ClientAuthentication::post("backend-secret"))
        .discover()
        .await?;

    // In a service this is the token that a caller came with.
    let own = client
        .client_credentials()
        .scope("api:read api:write")
        .send()
        .await?;

    let exchanged = client
        .token_exchange(&own.access_token, TokenTypeUri::AccessToken)
        .actor(&own.access_token, TokenTypeUri::AccessToken)
        .audience("downstream-service")
        .scope("api:read")
        .send()
        .await?;
    println!(
        "{}: {}",
        exchanged.issued_token_type.as_deref().unwrap_or("?"),
        exchanged.scope
    );

    match client.introspect(&exchanged.access_token).await? {
        Some(token) => println!(
            "good at downstream-service: {}",
            token.is_for("downstream-service")
        ),
        None => println!("not active"),
    }
    Ok(())
}
