//! Programs on the user's own machine, and devices without a browser.

use std::time::Duration;

use grantor_client::{Client, Error, LoopbackReceiver};
use grantor_tests::{Person, Server};

#[tokio::test]
async fn a_command_line_signs_in_by_loopback() {
    let server = Server::start().await;
    let receiver = LoopbackReceiver::bind("/callback").await.unwrap();
    let client = Client::builder(server.issuer(), "native")
        .redirect_uri(receiver.redirect_uri())
        .discover()
        .await
        .unwrap();
    let login = client
        .authorization()
        .scope("openid profile")
        .start()
        .await
        .unwrap();
    let person = Person::new(server.issuer(), "demo");
    let browser = async {
        let back = person.authorize(login.url.as_str(), "approve").await.unwrap();
        reqwest::get(back).await.unwrap()
    };
    let (callback, page) = tokio::join!(receiver.receive(login.pending, Duration::from_secs(60)), browser);
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().contains("You are signed in"));
    let tokens = client.exchange(callback.unwrap()).await.unwrap();
    let user = client.userinfo(&tokens).await.unwrap();
    assert_eq!(user.name(), Some("Demo Maria User"));
}

async fn device(decision: &str) -> Result<String, Error> {
    let server = Server::start().await;
    let client = Client::builder(server.issuer(), "tv").discover().await.unwrap();
    let device = client
        .device_authorization()
        .scope("openid profile video:read")
        .send()
        .await
        .unwrap();
    let pending = client.poll_device(&device).await.unwrap_err();
    assert!(
        matches!(&pending, Error::Refused(refusal) if refusal.code == "authorization_pending"),
        "{pending}"
    );
    let person = Person::new(server.issuer(), "demo");
    let url = device.verification_uri_complete.as_deref().unwrap();
    person.answer_device(url, decision).await.unwrap();
    let tokens = client.wait_for_device(&device).await?;
    let user = client.userinfo(&tokens).await.unwrap();
    assert_eq!(Some(user.subject()), tokens.subject.as_deref());
    Ok(tokens.scope.to_string())
}

#[tokio::test]
async fn a_device_is_allowed() {
    assert_eq!(
        device("approve").await,
        Ok("openid profile video:read".to_owned())
    );
}

#[tokio::test]
async fn a_device_is_denied() {
    let denied = device("deny").await.unwrap_err();
    assert!(
        matches!(&denied, Error::UserRequired(refusal) if refusal.code == "access_denied"),
        "{denied}"
    );
}
