//! GitHub.

use super::*;

#[tokio::test]
async fn github_has_commas_no_end_and_numbers_for_users() {
    let answers = vec![recorded!("github-token"), recorded!("github-user")];
    let (client, script) = client(&Preset::github(), answers).await;
    let (callback, sent) = login(&client, "gist read:user offline_access", "").await;
    assert_eq!(sent.value("scope"), Some("gist read:user"));
    let tokens = client.exchange(callback.unwrap()).await.unwrap();
    assert_eq!(tokens.scope.to_string(), "gist read:user");
    assert_eq!((tokens.expires_at, tokens.refresh_token.is_some()), (None, false));

    let user = client.danger_userinfo_of_whomever(&tokens).await.unwrap();
    assert_eq!((user.subject(), user.name()), ("4711", Some("Maria Example")));
    assert_eq!(user.claims()["login"], "example-user");
    assert!(matches!(client.userinfo(&tokens).await, Err(Error::Misuse(_))));

    let requests = script.requests();
    // Otherwise the answer would be a form.
    assert_eq!(requests[0].headers()["accept"], "application/json");
    assert_eq!(form(&requests[0]).value("client_secret"), Some("the secret"));
    assert!(!requests[0].headers().contains_key("authorization"));
    assert_eq!(requests[1].url().as_str(), "https://api.github.com/user");
}

#[tokio::test]
async fn github_apps_have_tokens_that_end() {
    let (client, _) = client(&Preset::github(), vec![recorded!("github-app-token")]).await;
    let (callback, _) = login(&client, "", "").await;
    let tokens = client.exchange(callback.unwrap()).await.unwrap();
    assert_eq!(tokens.expires_at, Some(NOW.plus(Seconds(28_800))));
    assert_eq!(tokens.refresh_token.unwrap().expose(), "ghr_example");
}

#[tokio::test]
async fn github_refuses_with_a_status_of_success() {
    let answers = vec![recorded!("github-code-over"), recorded!("github-wrong-secret")];
    let (client, _) = client(&Preset::github(), answers).await;
    let mut refused = Vec::new();
    for _ in 0..2 {
        let (callback, _) = login(&client, "gist", "").await;
        refused.push(client.exchange(callback.unwrap()).await.unwrap_err());
    }
    let [Error::UserRequired(over), Error::Refused(secret)] = &refused[..] else {
        panic!("{refused:?}")
    };
    assert_eq!((over.status, over.code.as_str()), (400, "invalid_grant"));
    let expected = "bad_verification_code: This code cannot be used any more.";
    assert_eq!(over.description.as_deref(), Some(expected));
    assert_eq!(secret.code, "invalid_client");
}

#[tokio::test]
async fn github_lets_devices_wait_with_a_status_of_success() {
    let answers = vec![
        recorded!("github-device"),
        recorded!("github-pending"),
        recorded!("github-slow-down"),
        recorded!("github-token"),
    ];
    let (client, script) = client(&Preset::github(), answers).await;
    let device = client
        .device_authorization()
        .scope("gist offline_access")
        .send()
        .await
        .unwrap();
    assert_eq!(form(&script.requests()[0]).value("scope"), Some("gist"));
    let mut polling = device.polling();
    for expected in [5, 10] {
        let polled = polling.next(client.poll_device(&device).await, NOW).unwrap();
        assert!(
            matches!(polled, Polled::Wait(Seconds(wait)) if wait == expected),
            "{polled:?}"
        );
    }
    let polled = polling.next(client.poll_device(&device).await, NOW).unwrap();
    assert!(matches!(polled, Polled::Tokens(_)), "{polled:?}");
}

#[tokio::test]
async fn github_may_say_who_answers() {
    for (preset, back, expected) in [
        (Preset::github(), "", None),
        (Preset::github(), "&iss=https://github.com/login/oauth", None),
        (
            Preset::github(),
            "&iss=https://github.com",
            Some(InvalidAnswer::ResponseIssuer),
        ),
        (
            Preset::github_enterprise("git.example"),
            "&iss=https://git.example/login/oauth",
            None,
        ),
        (
            Preset::github_enterprise("git.example"),
            "&iss=https://github.com/login/oauth",
            Some(InvalidAnswer::ResponseIssuer),
        ),
    ] {
        let (client, script) = client(&preset, Vec::new()).await;
        let (callback, _) = login(&client, "gist", back).await;
        assert_eq!(callback.err(), expected.map(Error::InvalidAnswer), "{back}");
        // There was nothing to discover.
        assert!(script.requests().is_empty());
    }
}
