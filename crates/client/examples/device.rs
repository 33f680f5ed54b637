//! A television: the user signs in on another device. Start `grantor dev` beside it, and sign in as `demo` with
//! `demo-password`.

use std::env;
use std::error::Error;

use grantor_client::{Client, Error as ClientError};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let issuer = env::var("GRANTOR_ISSUER").unwrap_or("http://localhost:8080".to_owned());
    let client = Client::builder(&issuer, "tv").discover().await?;

    let device = client
        .device_authorization()
        .scope("openid profile video:read")
        .send()
        .await?;
    let complete = device.verification_uri_complete.as_ref();
    println!("Open {} and type {}", device.verification_uri, device.user_code);
    println!("or open {}", complete.unwrap_or(&device.verification_uri));

    match client.wait_for_device(&device).await {
        Ok(tokens) => println!("signed in as {}", tokens.subject.unwrap_or_default()),
        Err(ClientError::UserRequired(refusal)) => println!("not signed in: {}", refusal.code),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
