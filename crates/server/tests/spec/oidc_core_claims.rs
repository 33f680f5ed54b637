//! [OpenID Connect Core 5.5](https://openid.net/specs/openid-connect-core-1_0.html#ClaimsParameter), 8 and 2: claims asked
//! for one by one, authentication contexts, and who a user is to whom.

use grantor_jose::digest::oidc_hash;
use grantor_protocol::Cause;
use grantor_types::{RedirectUri, SigningAlgorithm, SubjectType};
use serde_json::{Value, json};

use crate::harness::{ALICE, Ask, BOB, Browser, CALLBACK, Call, Callback, Server, Setup, jwt, text, user_id};

fn ask(claims: &Value) -> Ask {
    Ask::web()
        .with("scope", "openid")
        .with("claims", &claims.to_string())
}

/// The ID token and the userinfo answer.
async fn answers(server: &Server, ask: Ask) -> (Value, Value) {
    let tokens = ask.tokens(server).await;
    let userinfo = server.call(Call::userinfo(text(&tokens["access_token"]))).await;
    (jwt::claims(text(&tokens["id_token"])), userinfo.ok())
}

#[tokio::test]
async fn claims_go_where_they_were_asked_for() {
    let server = Server::start().await;
    let wanted = json!({
        "userinfo": { "name": { "essential": true }, "nobody_has_this": null },
        "id_token": { "email": null, "auth_time": { "essential": true } },
    });
    let (id_token, userinfo) = answers(&server, ask(&wanted)).await;
    assert_eq!(userinfo["name"], "ALICE Example");
    assert_eq!(userinfo.get("email"), None);
    assert_eq!(userinfo.get("nobody_has_this"), None);
    assert_eq!(id_token["email"], "alice@example.com");
    assert_eq!(id_token.get("name"), None);
    assert!(id_token["auth_time"].is_u64());
}

/// The claims that bind a token to its client, its code and its `state`: nobody needs them from the token endpoint, and
/// whoever asks gets them.
#[tokio::test]
async fn the_hashes_of_the_code_and_the_state_are_there_when_they_are_asked_for() {
    let server = Server::start().await;
    let wanted = json!({ "id_token": { "azp": null, "c_hash": { "essential": true }, "s_hash": null } });
    let ask = ask(&wanted).with("state", "the state");
    let code = Browser::new(&server).callback(&ask, ALICE).await.code();
    let tokens = server.call(ask.redeem(&code)).await.ok();
    let claims = jwt::claims(text(&tokens["id_token"]));
    let hash = |value: &str| oidc_hash(SigningAlgorithm::Rs256, value);
    assert_eq!(claims["azp"], "web");
    assert_eq!(claims["c_hash"], hash(&code));
    assert_eq!(claims["s_hash"], hash("the state"));
    // There is no code in a refresh.
    let refresh = Call::refresh("web", text(&tokens["refresh_token"]));
    let claims = jwt::claims(text(&server.call(refresh).await.ok()["id_token"]));
    assert_eq!(claims["azp"], "web");
    assert_eq!((claims.get("c_hash"), claims.get("s_hash")), (None, None));

    let (unasked, _) = answers(&server, Ask::web().with("scope", "openid")).await;
    for claim in ["azp", "c_hash", "s_hash"] {
        assert_eq!(unasked.get(claim), None);
    }
}

#[tokio::test]
async fn claims_stay_with_the_grant_after_a_refresh_and_with_opaque_tokens() {
    let server = Server::start().await;
    let wanted = json!({ "userinfo": { "name": null }, "id_token": { "email": null } });
    let tokens = ask(&wanted)
        .with("resource", "https://sealed.example")
        .tokens(&server)
        .await;
    let refreshed = server
        .call(Call::refresh("web", text(&tokens["refresh_token"])))
        .await
        .ok();
    assert_eq!(
        jwt::claims(text(&refreshed["id_token"]))["email"],
        "alice@example.com"
    );
    let userinfo = server
        .call(Call::userinfo(text(&refreshed["access_token"])))
        .await
        .ok();
    assert_eq!(userinfo["name"], "ALICE Example");
}

#[tokio::test]
async fn what_is_no_claims_request_is_refused() {
    let server = Server::start().await;
    let many: serde_json::Map<String, Value> = (0..65).map(|n| (format!("c{n}"), Value::Null)).collect();
    for claims in [
        "{".to_owned(),
        "[]".to_owned(),
        json!({ "userinfo": [] }).to_string(),
        json!({ "userinfo": { "name": [] } }).to_string(),
        json!({ "userinfo": { "name": 1 } }).to_string(),
        json!({ "id_token": { "acr": { "essential": "yes" } } }).to_string(),
        json!({ "userinfo": many }).to_string(),
    ] {
        let answer = Browser::new(&server)
            .ask(&Ask::web().with("claims", &claims))
            .await;
        let callback = Callback::of(&answer);
        assert_eq!(callback.value("error"), Some("invalid_request"), "{claims}");
        assert_eq!(
            callback.value("error_description"),
            Some(Cause::ClaimsMalformed.description())
        );
    }
}

/// "If an acr Claim was not requested" there is none; what was asked for is answered with what the login was.
#[tokio::test]
async fn acr_is_what_was_asked_for_and_met() {
    let server = Server::start().await;
    let acr = async |ask: Ask| answers(&server, ask).await.0.get("acr").cloned();
    let plain = || Ask::web().with("scope", "openid");
    assert_eq!(acr(plain()).await, None);
    assert_eq!(acr(plain().with("acr_values", "1 2")).await, Some(json!("1")));
    assert_eq!(acr(plain().with("acr_values", "2")).await, Some(json!("1")));
    let essential = json!({ "id_token": { "acr": { "essential": true, "values": ["2", "1"] } } });
    assert_eq!(acr(ask(&essential)).await, Some(json!("1")));
    let tokens = plain().with("acr_values", "1").tokens(&server).await;
    assert_eq!(jwt::claims(text(&tokens["access_token"]))["acr"], "1");
}

#[tokio::test]
async fn an_essential_acr_that_cannot_be_met_is_a_failed_authentication() {
    let server = Server::start().await;
    let impossible = json!({ "id_token": { "acr": { "essential": true, "value": "9" } } });
    let mut browser = Browser::new(&server);
    let login = browser.ask(&ask(&impossible)).await;
    let callback = Callback::of(&browser.log_in(&login, ALICE).await);
    assert_eq!(callback.value("error"), Some("unmet_authentication_requirements"));
}

#[tokio::test]
async fn a_certain_user_can_be_asked_for() {
    let server = Server::start().await;
    let of = |user: &str| json!({ "id_token": { "sub": { "value": user_id(user).to_string() } } });
    let mut browser = Browser::new(&server);
    browser.log_in_alone(ALICE).await;
    let silent = |claims: &Value| ask(claims).with("prompt", "none").with("scope", "openid");
    let answer = Callback::of(&browser.ask(&silent(&of(BOB))).await);
    assert_eq!(answer.value("error"), Some("login_required"));
    let answer = Callback::of(&browser.ask(&silent(&of(ALICE))).await);
    assert_eq!(answer.value("error"), Some("consent_required"));
}

fn pairwise(id: &str, redirect_uri: &str) -> impl FnOnce(&mut grantor_protocol::record::Client) {
    let redirect_uri = RedirectUri::parse(redirect_uri).unwrap();
    let id = id.to_owned();
    move |client| {
        assert_eq!(client.id.as_str(), id);
        client.redirect_uris = vec![redirect_uri];
        client.metadata.subject_type = SubjectType::Pairwise;
    }
}

/// The same user is somebody else in another sector, everywhere: ID token, userinfo, access token, introspection; and the
/// hint that a client sends back is understood.
#[tokio::test]
async fn pairwise_identifiers() {
    let server = Setup::new()
        .client("web", pairwise("web", CALLBACK))
        .client("portal", pairwise("portal", "https://app.example/portal"))
        .client("other", pairwise("other", "https://other.example/cb"))
        .start()
        .await;
    let (mut found, mut refresh_token) = (Vec::new(), String::new());
    for (client, uri) in [
        ("web", CALLBACK),
        ("portal", "https://app.example/portal"),
        ("other", "https://other.example/cb"),
    ] {
        let ask = Ask::of(client, uri).with("scope", "openid read");
        let tokens = ask.tokens(&server).await;
        let access_token = text(&tokens["access_token"]);
        let sub = jwt::claims(text(&tokens["id_token"]))["sub"].clone();
        assert_ne!(sub, json!(user_id(ALICE).to_string()));
        assert_eq!(jwt::claims(access_token)["sub"], sub);
        assert_eq!(server.call(Call::userinfo(access_token)).await.ok()["sub"], sub);
        for token in [access_token, text(&tokens["refresh_token"])] {
            let introspected = server.call(Call::introspect(token).client("auditor")).await.ok();
            assert_eq!(
                (&introspected["active"], &introspected["sub"]),
                (&json!(true), &sub)
            );
        }
        let refreshed = server
            .call(Call::refresh(client, text(&tokens["refresh_token"])))
            .await
            .ok();
        assert_eq!(jwt::claims(text(&refreshed["id_token"]))["sub"], sub);
        // The hint names Alice, and nobody else.
        let hint = ask
            .with("prompt", "none")
            .with("id_token_hint", text(&tokens["id_token"]));
        for (user, expected) in [(ALICE, None), (BOB, Some("login_required"))] {
            let mut browser = Browser::new(&server);
            browser.log_in_alone(user).await;
            let answer = Callback::of(&browser.ask(&hint).await);
            assert_eq!(answer.value("error"), expected, "{user}");
        }
        if client == "web" {
            refresh_token = text(&refreshed["refresh_token"]).to_owned();
        }
        found.push(sub);
    }
    assert_eq!(found[0], found[1], "one sector");
    assert_ne!(found[0], found[2], "another sector");
    let restarted = server.restart().await;
    let refreshed = restarted.call(Call::refresh("web", &refresh_token)).await.ok();
    assert_eq!(
        jwt::claims(text(&refreshed["id_token"]))["sub"],
        found[0],
        "the same for ever"
    );
}
