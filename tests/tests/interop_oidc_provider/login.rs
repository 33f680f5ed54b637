//! Signing in, who it is, refreshing, signing out.

use grantor_client::{
    ClaimsRequest, Error, InvalidAnswer, PendingAuthorization, Prompt, ResponseMode, Seconds, TokenHint,
};
use grantor_tests::unverified;
use serde_json::json;

use super::{API, GOODBYE, Peer, assert_refused, assert_user_required, log_in, sign_in};

const EVERYTHING: &str = "openid offline_access profile email";

#[tokio::test]
async fn from_the_pushed_request_to_the_revocation() {
    let peer = Peer::get();
    let client = peer.registered(json!({})).await.discover().await.unwrap();
    let login = client.authorization().scope(EVERYTHING).prompt(Prompt::Consent);
    let login = login.max_age(Seconds(600)).start().await.unwrap();
    let names: Vec<_> = login
        .url
        .query_pairs()
        .map(|(name, _)| name.into_owned())
        .collect();
    assert_eq!(names, ["client_id", "request_uri"], "the rest was pushed");
    let person = peer.person("alice");
    let back = person.authorize(login.url.as_str(), "approve").await.unwrap();
    let callback = login.pending.validate(&back).unwrap();
    let tokens = client.exchange(callback).await.unwrap();
    assert_eq!(tokens.scope.to_string(), "email offline_access openid profile");
    let id_token = tokens.id_token.as_ref().unwrap();
    let claims = id_token.claims();
    assert_eq!(
        (claims.iss.as_str(), id_token.subject()),
        (peer.issuer(), "alice")
    );
    // What was checked was there to be checked.
    let sent = unverified(id_token.raw().expose()).1;
    assert!(claims.auth_time.is_some() && sent["nonce"].is_string());

    let user = client.userinfo(&tokens).await.unwrap();
    assert_eq!((user.subject(), user.name()), ("alice", Some("alice Example")));
    assert_eq!(user.verified_email(), Some("alice@example.com"));

    let newer = client.refresh(&tokens).unwrap().send().await.unwrap();
    let refresh_token = newer.refresh_token.clone().unwrap();
    assert_ne!(
        refresh_token.expose(),
        tokens.refresh_token.as_ref().unwrap().expose()
    );
    assert_eq!(newer.subject, tokens.subject);
    let fewer = client
        .refresh(&newer)
        .unwrap()
        .scope("openid")
        .send()
        .await
        .unwrap();
    assert_eq!(fewer.scope.to_string(), "openid");

    let active = client.introspect(&fewer.access_token).await.unwrap().unwrap();
    assert_eq!(
        (active.subject(), active.client_id()),
        (Some("alice"), Some(client.client_id()))
    );
    assert_eq!(active.scope().to_string(), "openid");

    // A refresh token that comes again was stolen: nothing of this login is good any more.
    let again = client.refresh(&newer).unwrap().send().await.unwrap_err();
    assert_user_required(&again, "invalid_grant");
    let ended = client.refresh(&fewer).unwrap().send().await.unwrap_err();
    assert_user_required(&ended, "invalid_grant");
}

#[tokio::test]
async fn what_is_revoked_is_over() {
    let peer = Peer::get();
    let client = peer.registered(json!({})).await.discover().await.unwrap();
    let request = client.authorization().scope(EVERYTHING).prompt(Prompt::Consent);
    let tokens = log_in(&client, &peer.person("bob"), request).await;
    let refresh_token = tokens.refresh_token.as_ref().unwrap();
    assert!(client.introspect(refresh_token).await.unwrap().is_some());
    for _ in 0..2 {
        client
            .revoke(refresh_token, TokenHint::RefreshToken)
            .await
            .unwrap();
    }
    assert!(client.introspect(refresh_token).await.unwrap().is_none());
    let ended = client.refresh(&tokens).unwrap().send().await.unwrap_err();
    assert_user_required(&ended, "invalid_grant");
    assert_refused(&client.userinfo(&tokens).await.unwrap_err(), "invalid_token");

    // An access token takes the refresh token with it here (RFC 7009 2.1 leaves that to the server).
    let request = client.authorization().scope(EVERYTHING).prompt(Prompt::Consent);
    let tokens = log_in(&client, &peer.person("bob"), request).await;
    let access_token = &tokens.access_token;
    client.revoke(access_token, TokenHint::AccessToken).await.unwrap();
    assert!(client.introspect(access_token).await.unwrap().is_none());
    let ended = client.refresh(&tokens).unwrap().send().await.unwrap_err();
    assert_user_required(&ended, "invalid_grant");
}

#[tokio::test]
async fn callbacks_of_others_are_not_exchanged() {
    let peer = Peer::get();
    let client = peer.registered(json!({})).await.discover().await.unwrap();
    let mine = client.authorization().scope("openid").through_the_browser();
    let mine = mine.start().await.unwrap();
    let theirs = client.authorization().scope("openid").start().await.unwrap();
    let person = peer.person("alice");
    let back = person.authorize(theirs.url.as_str(), "approve").await.unwrap();
    let kept = mine.pending.export();
    let refused = mine.pending.validate(&back).unwrap_err();
    assert_eq!(refused, Error::InvalidAnswer(InvalidAnswer::State));

    // The server promises iss (RFC 9207), so an answer without it, or with another, is none.
    assert!(back.contains("&iss="), "{back}");
    let (without_iss, _) = back.split_once("&iss=").unwrap();
    for changed in [
        without_iss.to_owned(),
        format!("{without_iss}&iss=https%3A%2F%2Fid.example"),
    ] {
        let pending = PendingAuthorization::import(&theirs.pending.export()).unwrap();
        let refused = pending.validate(&changed).unwrap_err();
        assert_eq!(
            refused,
            Error::InvalidAnswer(InvalidAnswer::ResponseIssuer),
            "{changed}"
        );
    }

    let back = person.authorize(mine.url.as_str(), "approve").await.unwrap();
    let pending = || PendingAuthorization::import(&kept).unwrap();
    client.exchange(pending().validate(&back).unwrap()).await.unwrap();
    let second = client
        .exchange(pending().validate(&back).unwrap())
        .await
        .unwrap_err();
    assert_user_required(&second, "invalid_grant");
}

#[tokio::test]
async fn the_user_says_no() {
    let peer = Peer::get();
    let client = peer.registered(json!({})).await.discover().await.unwrap();
    let login = client
        .authorization()
        .scope("openid profile")
        .start()
        .await
        .unwrap();
    let back = peer
        .person("alice")
        .authorize(login.url.as_str(), "deny")
        .await
        .unwrap();
    assert_user_required(&login.pending.validate(&back).unwrap_err(), "access_denied");
}

#[tokio::test]
async fn the_answer_comes_in_a_form() {
    let peer = Peer::get();
    let client = peer.registered(json!({})).await.discover().await.unwrap();
    let login = client
        .authorization()
        .scope("openid")
        .response_mode(ResponseMode::FormPost);
    let login = login.start().await.unwrap();
    let page = peer
        .person("alice")
        .answered(login.url.as_str(), "approve")
        .await
        .unwrap();
    let value = |name: &str| {
        let (_, after) = page
            .html
            .split_once(&format!("name=\"{name}\" value=\""))
            .unwrap();
        after.split('"').next().unwrap()
    };
    let fields = ["code", "state", "iss"].map(|name| (name, value(name)));
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let tokens = client
        .exchange(login.pending.validate(&body).unwrap())
        .await
        .unwrap();
    assert_eq!(tokens.subject.as_deref(), Some("alice"));
}

#[tokio::test]
async fn signing_out_comes_back() {
    let peer = Peer::get();
    let wanted = json!({ "post_logout_redirect_uris": [GOODBYE] });
    let client = peer.registered(wanted).await.discover().await.unwrap();
    let person = peer.person("alice");
    let tokens = sign_in(&client, &person, "openid").await;
    let id_token = tokens.id_token.as_ref().map(|token| token.raw());
    let url = client.logout_url(id_token, Some(GOODBYE), Some("s")).unwrap();
    assert_eq!(
        person.sign_out(url.as_str()).await.unwrap(),
        format!("{GOODBYE}?state=s")
    );

    let again = client.authorization().scope("openid").prompt(Prompt::None);
    let again = again.start().await.unwrap();
    let back = person.open(again.url.as_str()).await.unwrap().leaves_to.unwrap();
    assert_user_required(&again.pending.validate(&back).unwrap_err(), "login_required");
}

#[tokio::test]
async fn claims_one_by_one_details_and_tokens_for_an_api() {
    let peer = Peer::get();
    let wanted = json!({ "authorization_details_types": ["payment"] });
    let client = peer.registered(wanted).await.discover().await.unwrap();
    let claims = json!({ "id_token": { "email": { "essential": true } }, "userinfo": { "name": null } });
    let claims: ClaimsRequest = serde_json::from_value(claims).unwrap();
    let person = peer.person("carol");
    let request = client.authorization().scope("openid").claims(&claims);
    let tokens = log_in(&client, &person, request).await;
    let id_token = tokens.id_token.as_ref().unwrap();
    assert_eq!(id_token.claims().extra["email"], "carol@example.com");
    assert_eq!(
        client.userinfo(&tokens).await.unwrap().name(),
        Some("carol Example")
    );

    // Without openid the token is for the API, and its form is the API's.
    let details = json!([{ "type": "payment", "amount": "12.50" }]);
    let request = client.authorization().scope("read").resource(API);
    let request = request.parameter("authorization_details", &details.to_string());
    let tokens = log_in(&client, &person, request).await;
    assert_eq!(tokens.scope.to_string(), "read");
    assert_eq!(tokens.extra["authorization_details"], details);
    assert_eq!(unverified(tokens.access_token.expose()).1["aud"], API);
    let refused = client.introspect(&tokens.access_token).await.unwrap_err();
    assert_refused(&refused, "unsupported_token_type");
}
