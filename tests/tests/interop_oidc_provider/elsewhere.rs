//! Users who are elsewhere: at a device without a browser, and on a device of their own (OpenID Connect CIBA).

use grantor_client::{Client, ClientAuthentication, DeviceAuthorization, Secret, SigningAlgorithm, UserHint};
use grantor_tests::{Page, Person};
use serde_json::{Value, json};

use super::{Peer, assert_refused, assert_user_required, key, sign_in};

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const CIBA: &str = "urn:openid:params:grant-type:ciba";

async fn device() -> Client {
    let wanted = json!({
        "grant_types": [DEVICE, "refresh_token"], "redirect_uris": [], "response_types": [],
        "token_endpoint_auth_method": "none", "dpop_bound_access_tokens": true,
    });
    let builder = Peer::get().registered(wanted).await;
    builder
        .dpop(key(SigningAlgorithm::Es256))
        .discover()
        .await
        .unwrap()
}

/// Types the code of a device in, and gives the page that asks about it.
async fn type_code(person: &Person, device: &DeviceAuthorization) -> Page {
    let page = person.open(&device.verification_uri).await.unwrap();
    page.is("device-code-page");
    let typed = [("user_code", device.user_code.as_str())];
    let page = person.press(&page, "device-submit", &typed).await.unwrap();
    page.is("device-confirm-page");
    page
}

#[tokio::test]
async fn a_device_is_allowed() {
    let client = device().await;
    let device = client
        .device_authorization()
        .scope("openid profile")
        .send()
        .await
        .unwrap();
    assert!(
        device
            .verification_uri_complete
            .as_ref()
            .unwrap()
            .contains(&device.user_code)
    );
    let pending = client.poll_device(&device).await.unwrap_err();
    assert_refused(&pending, "authorization_pending");

    let person = Peer::get().person("alice");
    let page = type_code(&person, &device).await;
    let page = person.press(&page, "device-approve", &[]).await.unwrap();
    let page = person.log_in(&page).await.unwrap();
    let page = person.press(&page, "consent-approve", &[]).await.unwrap();
    page.is("device-result-page");

    let tokens = client.wait_for_device(&device).await.unwrap();
    assert_eq!(tokens.scope.to_string(), "openid profile");
    let user = client.userinfo(&tokens).await.unwrap();
    assert_eq!((user.subject(), user.name()), ("alice", Some("alice Example")));
}

#[tokio::test]
async fn a_device_is_denied() {
    let client = device().await;
    let device = client
        .device_authorization()
        .scope("openid")
        .send()
        .await
        .unwrap();
    let person = Peer::get().person("alice");
    let page = type_code(&person, &device).await;
    person.press(&page, "device-deny", &[]).await.unwrap();
    let denied = client.wait_for_device(&device).await.unwrap_err();
    assert_user_required(&denied, "access_denied");
}

fn till(more: Value) -> Value {
    let mut wanted = json!({
        "grant_types": [CIBA, "refresh_token", "authorization_code"], "backchannel_token_delivery_mode": "poll",
    });
    for (name, value) in more.as_object().unwrap() {
        wanted[name] = value.clone();
    }
    wanted
}

#[tokio::test]
async fn a_user_agrees_on_a_device_of_theirs() {
    let client = Peer::get()
        .registered(till(json!({})))
        .await
        .discover()
        .await
        .unwrap();
    let asked = client
        .backchannel_authentication(UserHint::Login("at-the-till"))
        .scope("openid profile")
        .binding_message("W4SCT")
        .send()
        .await
        .unwrap();
    let pending = client.poll_backchannel(&asked).await.unwrap_err();
    assert_refused(&pending, "authorization_pending");
    Peer::get().tell("asked/at-the-till/approve").await;
    let tokens = client.wait_for_backchannel(&asked).await.unwrap();
    assert_eq!(tokens.scope.to_string(), "openid profile");
    assert_eq!(tokens.id_token.as_ref().unwrap().subject(), "at-the-till");
    let user = client.userinfo(&tokens).await.unwrap();
    assert_eq!(user.name(), Some("at-the-till Example"));
}

#[tokio::test]
async fn a_user_says_no_on_a_device_of_theirs() {
    let client = Peer::get()
        .registered(till(json!({})))
        .await
        .discover()
        .await
        .unwrap();
    let hint = UserHint::Login("in-a-hurry");
    let asked = client.backchannel_authentication(hint).send().await.unwrap();
    Peer::get().tell("asked/in-a-hurry/deny").await;
    let denied = client.poll_backchannel(&asked).await.unwrap_err();
    assert_user_required(&denied, "access_denied");

    let unknown = client.backchannel_authentication(UserHint::Login("nobody"));
    let refused = unknown.send().await.unwrap_err();
    assert_eq!(refused.refusal().unwrap().code, "unknown_user_id");
    let wrong = client
        .backchannel_authentication(hint)
        .user_code(&Secret::new("wrong"));
    let refused = wrong.send().await.unwrap_err();
    assert_eq!(refused.refusal().unwrap().code, "invalid_user_code");
}

#[tokio::test]
async fn whoever_logged_in_before_is_asked_by_a_signed_request() {
    let peer = Peer::get();
    let own = key(SigningAlgorithm::Es256);
    let wanted = till(json!({
        "token_endpoint_auth_method": "private_key_jwt", "jwks": { "keys": [own.public_jwk()] },
        "backchannel_authentication_request_signing_alg": "ES256",
    }));
    let builder = peer
        .with(ClientAuthentication::PrivateKeyJwt(own.clone()), wanted)
        .await;
    let unsigned = builder.clone().discover().await.unwrap();
    let refused = unsigned.backchannel_authentication(UserHint::Login("regular"));
    assert!(refused.send().await.unwrap_err().refusal().is_some());

    let client = builder.request_object_key(own).dpop(key(SigningAlgorithm::Es256));
    let client = client.discover().await.unwrap();
    let before = sign_in(&client, &peer.person("regular"), "openid").await;
    let hint = before.id_token.as_ref().unwrap().raw();
    let asked = client
        .backchannel_authentication(UserHint::IdToken(hint))
        .subject("regular")
        .requested_expiry(grantor_client::Seconds(120))
        .send()
        .await
        .unwrap();
    Peer::get().tell("asked/regular/approve").await;
    let tokens = client.poll_backchannel(&asked).await.unwrap();
    assert_eq!(tokens.subject.as_deref(), Some("regular"));
    assert_eq!(client.userinfo(&tokens).await.unwrap().subject(), "regular");
}
