//! GitLab, Okta, and what holds for all.

use super::*;

#[tokio::test]
async fn gitlab_gives_refresh_tokens_unasked() {
    let answers = vec![
        recorded!("gitlab-metadata"),
        recorded!("gitlab-token"),
        recorded!("gitlab-token"),
    ];
    let (client, script) = client(&Preset::gitlab("git.example"), answers).await;
    let (callback, sent) = login(&client, "read_user offline_access", "").await;
    assert_eq!(sent.value("scope"), Some("read_user"));
    let tokens = client.exchange(callback.unwrap()).await.unwrap();
    assert_eq!(tokens.expires_at, Some(NOW.plus(Seconds(7_200))));
    let request = client.refresh(&tokens).unwrap();
    request.scope("read_user offline_access").send().await.unwrap();
    let requests = script.requests();
    assert!(requests[1].headers().contains_key("authorization"));
    assert_eq!(
        form(&requests[2]).value("refresh_token"),
        Some("8257e65c97202ed1")
    );
    assert_eq!(form(&requests[2]).value("scope"), Some("read_user"));
}

#[tokio::test]
async fn okta_is_one_of_those_that_keep_to_it() {
    let preset = Preset::okta("acme.okta.example", Some("default"));
    let (client, script) = client(&preset, vec![recorded!("okta-metadata")]).await;
    let expected = "https://acme.okta.example/oauth2/default/.well-known/openid-configuration";
    assert_eq!(script.requests()[0].url().as_str(), expected);
    let (_, sent) = login(&client, "openid offline_access", "").await;
    assert_eq!(sent.value("scope"), Some("openid offline_access"));
}

#[tokio::test]
async fn what_one_may_another_may_not() {
    let answers = vec![
        recorded!("gitlab-metadata"),
        recorded!("github-code-over"),
        recorded!("github-user"),
    ];
    let (client, _) = client(&Preset::gitlab("git.example"), answers).await;
    let (callback, _) = login(&client, "email", "").await;
    let lost = client.exchange(callback.unwrap()).await.unwrap_err();
    assert!(matches!(lost, Error::OutcomeUnknown(_)), "{lost:?}");
    let tokens = Tokens::restored(Secret::new("at"), TokenType::Bearer, Scope::default());
    let missing = client.danger_userinfo_of_whomever(&tokens).await.err();
    assert_eq!(missing, Some(Error::InvalidAnswer(InvalidAnswer::Member("sub"))));
}
