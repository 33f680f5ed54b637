//! Google.

use super::*;

#[tokio::test]
async fn google_is_asked_for_refresh_tokens_in_its_own_way() {
    let (client, _) = client(&Preset::google(), vec![recorded!("google-metadata")]).await;
    let (_, sent) = login(&client, "openid offline_access email", "").await;
    for (name, value) in [
        ("scope", "openid email"),
        ("access_type", "offline"),
        ("prompt", "consent"),
    ] {
        assert_eq!(sent.value(name), Some(value), "{name}");
    }
    let (_, sent) = login(&client, "openid email", "").await;
    assert_eq!((sent.value("access_type"), sent.value("prompt")), (None, None));
    // What the program says counts.
    let request = client.authorization().scope("offline_access");
    let request = request
        .prompt(crate::Prompt::SelectAccount)
        .start()
        .await
        .unwrap();
    let sent = Parameters::parse(request.url.query().unwrap().as_bytes()).unwrap();
    assert_eq!(sent.values("prompt").collect::<Vec<_>>(), ["select_account"]);
    assert_eq!(sent.value("access_type"), Some("offline"));
}

#[tokio::test]
async fn google_has_two_names_and_need_not_say_them() {
    let (google, signer) = (Preset::google(), Signer::new());
    for (issuer, expected) in [
        ("https://accounts.google.com", None),
        ("accounts.google.com", None),
        ("https://accounts.google.com/", wrong_issuer()),
        ("accounts.google.example", wrong_issuer()),
    ] {
        let signed_in = signed_in(&google, recorded!("google-metadata"), &signer, issuer, &json!({})).await;
        assert_eq!(signed_in.err(), expected, "{issuer}");
    }
    let (client, _) = client(&google, vec![recorded!("google-metadata")]).await;
    for (back, expected) in [
        ("", None),
        ("&iss=https://accounts.google.com", None),
        ("&iss=accounts.google.com", Some(InvalidAnswer::ResponseIssuer)),
    ] {
        let (callback, _) = login(&client, "openid", back).await;
        assert_eq!(callback.err(), expected.map(Error::InvalidAnswer), "{back}");
    }
}

#[tokio::test]
async fn google_calls_the_page_of_devices_otherwise() {
    let answers = vec![
        recorded!("google-metadata"),
        recorded!("google-device"),
        recorded!("google-pending"),
        recorded!("google-denied"),
    ];
    let (client, _) = client(&Preset::google(), answers).await;
    let device = client.device_authorization().scope("email").send().await.unwrap();
    assert_eq!(device.verification_uri, "https://www.google.com/device");
    let mut polling = device.polling();
    let polled = polling.next(client.poll_device(&device).await, NOW).unwrap();
    assert!(matches!(polled, Polled::Wait(Seconds(5))), "{polled:?}");
    let refused = polling.next(client.poll_device(&device).await, NOW);
    assert!(matches!(refused, Err(Error::UserRequired(_))), "{refused:?}");
}
