//! The plans "RP-Initiated Logout" and "Front-Channel Logout".

use grantor_tests::{Page, Person, unverified};
use serde_json::{Value, json};
use url::Url;

use super::answer::{Answer, text};
use super::key::{Key, by_secret, unsigned};
use super::party::{Party, STATE};
use super::provider::Provider;

async fn leave(provider: &Provider, person: &Person, parameters: &[(&str, &str)]) -> Page {
    let mut url = Url::parse(&format!("{}/oauth/logout", provider.issuer())).unwrap();
    url.query_pairs_mut().extend_pairs(parameters);
    person.open(url.as_str()).await.unwrap()
}

async fn is_logged_in(party: &Party<'_>, person: &Person) -> bool {
    let silent = party.silently(person, &party.ask("openid")).await;
    silent.value("code").is_some() || {
        assert_eq!(silent.error(), "login_required");
        false
    }
}

async fn logged_in(party: &Party<'_>, person: &Person) -> Value {
    let tokens = party.tokens(person, &party.ask("openid")).await;
    assert!(is_logged_in(party, person).await);
    tokens
}

#[tokio::test]
async fn a_valid_hint_leads_back_with_the_state_alone() {
    let provider = Provider::start().await;
    let party = provider.register(&json!({})).await;
    let person = provider.person("alice");
    let goodbye = provider.application.url("/goodbye");
    for state in [Some(STATE), None] {
        let tokens = logged_in(&party, &person).await;
        let mut parameters = vec![
            ("id_token_hint", text(&tokens["id_token"])),
            ("post_logout_redirect_uri", &*goodbye),
        ];
        parameters.extend(state.map(|state| ("state", state)));
        let page = leave(&provider, &person, &parameters).await;
        let expected = state.map_or_else(|| goodbye.clone(), |state| format!("{goodbye}?state={state}"));
        assert_eq!(page.leaves_to, Some(expected));
        assert!(!is_logged_in(&party, &person).await);
    }
}

#[tokio::test]
async fn hints_that_are_not_ours() {
    let provider = Provider::start().await;
    let party = provider.register(&json!({})).await;
    let person = provider.person("alice");
    let tokens = logged_in(&party, &person).await;
    let (header, claims) = unverified(text(&tokens["id_token"]));
    let kid = Some(text(&header["kid"]));
    let mut none = header.clone();
    none["alg"] = json!("none");
    let jwks = provider.jwks().await.to_string();
    let goodbye = provider.application.url("/goodbye");
    for hint in [
        unsigned(&none, &claims),
        unsigned(&json!({ "alg": "none" }), &claims),
        Key::generate().sign("JWT", kid, &claims),
        Key::generate().sign("JWT", None, &claims),
        by_secret(party.secret().as_bytes(), kid, &claims),
        by_secret(jwks.as_bytes(), kid, &claims),
        "x".to_owned(),
    ] {
        for redirect in [None, Some(("post_logout_redirect_uri", &*goodbye))] {
            let mut parameters = vec![("id_token_hint", &*hint), ("state", STATE)];
            parameters.extend(redirect);
            let page = leave(&provider, &person, &parameters).await;
            page.is("error-page");
            assert_eq!(page.leaves_to, None, "{hint}");
        }
    }
    assert!(is_logged_in(&party, &person).await);
}

#[tokio::test]
async fn addresses_that_lead_nowhere() {
    let provider = Provider::start().await;
    let party = provider.register(&json!({})).await;
    let person = provider.person("alice");
    let tokens = logged_in(&party, &person).await;
    let hint = ("id_token_hint", text(&tokens["id_token"]));
    let goodbye = provider.application.url("/goodbye");
    for wrong in [
        provider.application.url("/elsewhere"),
        provider.application.url("/callback"),
        format!("{goodbye}?foo=bar"),
        format!("{goodbye}/"),
        "https://elsewhere.example/".to_owned(),
    ] {
        let redirect = ("post_logout_redirect_uri", &*wrong);
        let page = leave(&provider, &person, &[hint, redirect, ("state", STATE)]).await;
        page.is("error-page");
        assert_eq!(page.leaves_to, None, "{wrong}");
    }
    // The right one, of nobody knows whom.
    let page = leave(&provider, &person, &[("post_logout_redirect_uri", &goodbye)]).await;
    page.is("error-page");
    assert_eq!(page.leaves_to, None);
    assert!(is_logged_in(&party, &person).await);
}

#[tokio::test]
async fn the_person_is_asked_and_may_say_no() {
    let provider = Provider::start().await;
    let party = provider.register(&json!({})).await;
    let person = provider.person("alice");
    for parameters in [vec![], vec![("state", STATE)]] {
        logged_in(&party, &person).await;
        let page = leave(&provider, &person, &parameters).await;
        page.is("logout-page");
        let stays = person.press(&page, "logout-no", &[]).await.unwrap();
        stays.is("still-signed-in-page");
        assert!(is_logged_in(&party, &person).await);
        let page = leave(&provider, &person, &parameters).await;
        let left = person.press(&page, "logout-yes", &[]).await.unwrap();
        left.is("signed-out-page");
        assert_eq!((left.status, left.leaves_to.clone()), (200, None));
        assert!(!is_logged_in(&party, &person).await);
    }
}

#[tokio::test]
async fn a_hint_alone_ends_on_our_page() {
    let provider = Provider::start().await;
    let party = provider.register(&json!({})).await;
    let person = provider.person("alice");
    let tokens = logged_in(&party, &person).await;
    let page = leave(
        &provider,
        &person,
        &[("id_token_hint", text(&tokens["id_token"]))],
    )
    .await;
    page.is("signed-out-page");
    assert!(page.html.contains("id=\"sign-in-again\"") && !page.html.contains("http-equiv"));
    assert!(!is_logged_in(&party, &person).await);
}

#[tokio::test]
async fn frames_call_the_applications() {
    let provider = Provider::start().await;
    let application = &provider.application;
    let framed = json!({
        "frontchannel_logout_uri": application.url("/front?of=us"),
        "frontchannel_logout_session_required": true,
    });
    let party = provider.register(&framed).await;
    let person = provider.person("alice");
    let tokens = logged_in(&party, &person).await;
    let page = leave(
        &provider,
        &person,
        &[("id_token_hint", text(&tokens["id_token"]))],
    )
    .await;
    page.is("signed-out-page");
    // The browser loads the frame.
    let frame = page.attribute("logout-frame-0", "src").unwrap();
    Answer::to(application.http().build().unwrap().get(frame)).await;
    let called = application.received("/front").await;
    let sid = text(&party.id_token(&tokens).await["sid"]).to_owned();
    let expected = [("of", "us"), ("iss", &provider.issuer()), ("sid", &sid)];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(called.fields(), expected);
}
