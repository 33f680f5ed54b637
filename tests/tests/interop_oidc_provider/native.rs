//! Programs on the user's own machine.

use std::time::Duration;

use grantor_client::LoopbackReceiver;
use serde_json::json;

use super::Peer;

#[tokio::test]
async fn a_command_line_signs_in_by_loopback() {
    let peer = Peer::get();
    let wanted = json!({
        "application_type": "native", "token_endpoint_auth_method": "none",
        "redirect_uris": ["http://127.0.0.1/callback"],
    });
    let registered = peer.registered(wanted).await;
    let receiver = LoopbackReceiver::bind("/callback").await.unwrap();
    let client = registered
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
    let person = peer.person("alice");
    let browser = async {
        let back = person.authorize(login.url.as_str(), "approve").await.unwrap();
        reqwest::get(back).await.unwrap()
    };
    let (callback, page) = tokio::join!(receiver.receive(login.pending, Duration::from_secs(60)), browser);
    assert_eq!(page.status(), 200);
    let tokens = client.exchange(callback.unwrap()).await.unwrap();
    let user = client.userinfo(&tokens).await.unwrap();
    assert_eq!(user.name(), Some("alice Example"));
}
