//! A command line that signs a user in by the browser of the same machine. Start `grantor dev` beside it, and sign in as
//! `demo` with `demo-password`.

use std::env;
use std::error::Error;
use std::time::Duration;

use grantor_client::{Client, LoopbackReceiver, TokenHint};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let issuer = env::var("GRANTOR_ISSUER").unwrap_or("http://localhost:8080".to_owned());
    let receiver = LoopbackReceiver::bind("/callback").await?;
    let client = Client::builder(&issuer, "native")
        .redirect_uri(receiver.redirect_uri())
        .discover()
        .await?;

    let login = client
        .authorization()
        .scope("openid profile read")
        .start()
        .await?;
    println!("Open this address in a browser:\n{}", login.url);
    let callback = receiver.receive(login.pending, Duration::from_secs(300)).await?;

    let tokens = client.exchange(callback).await?;
    let user = client.userinfo(&tokens).await?;
    println!("{} is {}", user.subject(), user.name().unwrap_or("nameless"));

    // Keep the new refresh token before the new access token is used.
    let tokens = client.refresh(&tokens)?.send().await?;
    println!("refreshed, granted: {}", tokens.scope);

    if let Some(token) = &tokens.refresh_token {
        client.revoke(token, TokenHint::RefreshToken).await?;
        println!("signed out");
    }
    Ok(())
}
