//! A web application: signing in, who it is, refreshing, signing out.

use grantor_client::{Endpoint, Error, InvalidAnswer, PendingAuthorization, Prompt, Seconds, TokenHint};
use grantor_tests::{Person, Server};

use super::{call, sign_in, web};

#[tokio::test]
async fn from_the_login_to_the_end() {
    let server = Server::start().await;
    let client = web(&server).await;
    let tokens = sign_in(&server, &client, "openid profile email offline_access read").await;
    assert_eq!(
        tokens.scope.to_string(),
        "email offline_access openid profile read"
    );
    assert!(tokens.expires_within(Seconds::days(1), client.now()));
    let id_token = tokens.id_token.as_ref().unwrap();
    assert_eq!(id_token.claims().iss, server.issuer());

    let user = client.userinfo(&tokens).await.unwrap();
    assert_eq!(user.subject(), id_token.subject());
    assert_eq!(user.name(), Some("Demo Maria User"));
    assert_eq!(user.verified_email(), Some("demo@example.com"));
    assert_eq!(call(&server, &client, &tokens).await.status, 200);

    let newer = client
        .refresh(&tokens)
        .unwrap()
        .scope("openid read")
        .send()
        .await
        .unwrap();
    assert_eq!(newer.scope.to_string(), "openid read");
    assert_eq!(newer.subject, tokens.subject);
    let active = client.introspect(&newer.access_token).await.unwrap().unwrap();
    assert_eq!(active.subject(), Some(id_token.subject()));
    assert_eq!(active.client_id(), Some("web"));

    let refresh_token = newer.refresh_token.as_ref().unwrap();
    client
        .revoke(refresh_token, TokenHint::RefreshToken)
        .await
        .unwrap();
    client
        .revoke(refresh_token, TokenHint::RefreshToken)
        .await
        .unwrap();
    assert!(client.introspect(&newer.access_token).await.unwrap().is_none());
    let ended = client.refresh(&newer).unwrap().send().await.unwrap_err();
    assert!(
        matches!(&ended, Error::UserRequired(refusal) if refusal.code == "invalid_grant"),
        "{ended}"
    );
    let ended = client.userinfo(&newer).await.unwrap_err();
    assert!(
        matches!(&ended, Error::Refused(refusal) if refusal.code == "invalid_token"),
        "{ended}"
    );
}

#[tokio::test]
async fn signing_out_comes_back() {
    let server = Server::start().await;
    let client = web(&server).await;
    let login = client.authorization().scope("openid").start().await.unwrap();
    let person = Person::new(server.issuer(), "demo");
    let back = person.authorize(login.url.as_str(), "approve").await.unwrap();
    let tokens = client
        .exchange(login.pending.validate(&back).unwrap())
        .await
        .unwrap();
    let hint = tokens.id_token.as_ref().map(|token| token.raw());
    let url = client
        .logout_url(hint, Some("http://localhost:3000/"), Some("s"))
        .unwrap();
    let gone = person.sign_out(url.as_str()).await.unwrap();
    assert_eq!(gone, "http://localhost:3000/?state=s");

    let again = client
        .authorization()
        .scope("openid")
        .prompt(Prompt::None)
        .start()
        .await
        .unwrap();
    let back = person.open(again.url.as_str()).await.unwrap().leaves_to.unwrap();
    let refused = again.pending.validate(&back).unwrap_err();
    assert!(
        matches!(&refused, Error::UserRequired(refusal) if refusal.code == "login_required"),
        "{refused}"
    );
}

#[tokio::test]
async fn callbacks_of_others_are_not_exchanged() {
    let server = Server::start().await;
    let client = web(&server).await;
    let mine = client
        .authorization()
        .scope("openid")
        .max_age(Seconds(600))
        .start()
        .await
        .unwrap();
    let theirs = client.authorization().scope("openid").start().await.unwrap();
    let person = Person::new(server.issuer(), "demo");
    let back = person.authorize(theirs.url.as_str(), "approve").await.unwrap();
    let kept = mine.pending.export();
    let refused = mine.pending.validate(&back).unwrap_err();
    assert_eq!(refused, Error::InvalidAnswer(InvalidAnswer::State));

    // The server promises iss, so an answer without it is none.
    let (without_iss, _) = back.split_once("&iss=").unwrap();
    let refused = PendingAuthorization::import(&theirs.pending.export())
        .unwrap()
        .validate(without_iss);
    assert_eq!(
        refused.unwrap_err(),
        Error::InvalidAnswer(InvalidAnswer::ResponseIssuer)
    );

    let back = person.authorize(mine.url.as_str(), "approve").await.unwrap();
    let pending = || PendingAuthorization::import(&kept).unwrap();
    let first = client.exchange(pending().validate(&back).unwrap()).await.unwrap();
    assert!(first.id_token.unwrap().claims().auth_time.is_some());
    let second = client
        .exchange(pending().validate(&back).unwrap())
        .await
        .unwrap_err();
    assert!(
        matches!(&second, Error::UserRequired(refusal) if refusal.code == "invalid_grant"),
        "{second}"
    );
}

#[tokio::test]
async fn the_user_says_no() {
    let server = Server::start().await;
    let client = web(&server).await;
    assert!(client.metadata().has(Endpoint::PushedAuthorizationRequest));
    let request = client.authorization().scope("openid read").through_the_browser();
    let login = request.start().await.unwrap();
    let person = Person::new(server.issuer(), "demo");
    let back = person.authorize(login.url.as_str(), "deny").await.unwrap();
    let refused = login.pending.validate(&back).unwrap_err();
    assert!(
        matches!(&refused, Error::UserRequired(refusal) if refusal.code == "access_denied"),
        "{refused}"
    );
}
