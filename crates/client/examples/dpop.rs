//! Tokens that are bound to a key: whoever copies one cannot use it (RFC 9449). Start `grantor dev` beside it.

use std::env;
use std::error::Error;

use grantor_client::{
    Client, ClientAuthentication, Request, SigningAlgorithm, SigningKey, TokenType, Tokens,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let issuer = env::var("GRANTOR_ISSUER").unwrap_or("http://localhost:8080".to_owned());
    // A program that keeps its tokens keeps the second half too, and reads it with SigningKey::from_pkcs8.
    let (key, _pkcs8) = SigningKey::generate(SigningAlgorithm::Es256)?;
    let service =
        || Client::builder(&issuer, "service").authentication(ClientAuthentication::basic("service-secret"));
    let client = service().dpop(key).discover().await?;

    let tokens = client.client_credentials().scope("read").send().await?;
    println!("token type: {}", tokens.token_type);
    let request = || Ok::<_, Box<dyn Error>>(Request::get(format!("{issuer}/api/test").parse()?));
    println!("with the key: {}", client.call(&tokens, request()?).await?.status);

    // A thief has the token and not the key.
    let stolen = Tokens::restored(tokens.access_token.clone(), TokenType::Bearer, tokens.scope);
    let thief = service().discover().await?;
    println!("without: {}", thief.call(&stolen, request()?).await?.status);
    Ok(())
}
