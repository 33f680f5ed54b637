//! The plans "Basic" and "Form Post": what authorization requests ask for.

use std::time::Duration;

use grantor_tests::Person;
use serde_json::json;

use super::answer::{Answer, Callback, text};
use super::party::{Ask, Party, STATE, callback};
use super::provider::Provider;

/// How often, and how many times, a login is asked whether it is too old.
const ASK_AGAIN: (Duration, u32) = (Duration::from_millis(100), 200);

/// Waits until the login is older than the request allows.
async fn is_too_old(party: &Party<'_>, person: &Person, ask: &Ask) {
    for _ in 0..ASK_AGAIN.1 {
        let silent = party.silently(person, ask).await;
        if silent.value("code").is_none() {
            assert_eq!(silent.error(), "login_required");
            return;
        }
        tokio::time::sleep(ASK_AGAIN.0).await;
    }
    panic!("the login is never too old");
}

async fn auth_time(party: &Party<'_>, callback: &Callback) -> u64 {
    let tokens = party.redeem(callback.code(), &[]).await.ok();
    party.id_token(&tokens).await["auth_time"].as_u64().unwrap()
}

#[tokio::test]
async fn what_is_not_sent_does_not_come_back() {
    let provider = Provider::start().await;
    let party = provider.register(&json!({})).await;
    let ask = party.ask("openid").without("state").without("nonce");
    let answer = callback(&provider.person("alice"), &ask).await;
    assert_eq!(answer.names(), ["code", "iss"]);
    let tokens = party.redeem(answer.code(), &[]).await.ok();
    assert_eq!(party.id_token(&tokens).await.get("nonce"), None);
}

#[tokio::test]
async fn a_request_that_is_posted() {
    let provider = Provider::start().await;
    let party = provider.register(&json!({})).await;
    let person = provider.person("alice");
    let ask = party.ask("openid");
    let parameters = ask.parameters.iter();
    let form: Vec<(&str, &str)> = parameters.map(|(name, value)| (&**name, &**value)).collect();
    let endpoint = format!("{}/oauth/authorize", provider.issuer());
    let login = person.post(&endpoint, &form).await.unwrap();
    login.is("login-page");
    let consent = person.log_in(&login).await.unwrap();
    let answer = Callback::of(&person.press(&consent, "consent-approve", &[]).await.unwrap());
    party.redeem(answer.code(), &[]).await.ok();
}

/// Errors that the client hears of, with what it sent and who answers.
#[tokio::test]
async fn the_client_is_told_what_is_wrong() {
    let provider = Provider::start().await;
    let party = provider.register(&json!({})).await;
    let person = provider.person("alice");
    let good = party.ask("openid");
    for (ask, error) in [
        (good.without("response_type"), "invalid_request"),
        (good.with("response_type", "token"), "unsupported_response_type"),
        (
            good.with("response_type", "id_token token"),
            "unsupported_response_type",
        ),
        (good.with("scope", "openid unheard-of"), "invalid_scope"),
        (good.with("prompt", "none login"), "invalid_request"),
        (good.with("prompt", "none"), "login_required"),
        (good.with("max_age", "soon"), "invalid_request"),
        (good.with("claims", "{"), "invalid_request"),
        (good.with("id_token_hint", "x"), "invalid_request"),
        (good.with("request", "x"), "invalid_request_object"),
        (
            good.with("request_uri", "https://elsewhere.example/r"),
            "invalid_request_uri",
        ),
        (good.with("registration", "{}"), "registration_not_supported"),
    ] {
        let answer = Callback::of(&person.open(&ask.url()).await.unwrap());
        assert_eq!(answer.error(), error, "{ask:?}");
        assert_eq!(answer.names(), ["error", "error_description", "iss", "state"]);
        assert_eq!(answer.value("state"), Some(STATE));
        assert_eq!(answer.value("iss"), Some(provider.issuer().as_str()));
    }
    let login = person.open(&good.url()).await.unwrap();
    let cancelled = person.press(&login, "login-cancel", &[]).await.unwrap();
    assert_eq!(Callback::of(&cancelled).error(), "access_denied");
}

#[tokio::test]
async fn parameters_that_do_no_harm() {
    let provider = Provider::start().await;
    let party = provider.register(&json!({})).await;
    let person = provider.person("alice");
    let hinted = person
        .open(&party.ask("openid").with("login_hint", "alice").url())
        .await
        .unwrap();
    assert_eq!(hinted.attribute("username", "value").as_deref(), Some("alice"));
    let german = person
        .open(&party.ask("openid").with("ui_locales", "de").url())
        .await
        .unwrap();
    assert!(german.html.contains("<html lang=\"de\""));
    for (name, value) in [
        ("display", "page"),
        ("display", "popup"),
        ("login_hint", "somebody@else.example"),
        ("ui_locales", "se"),
        ("claims_locales", "se"),
        ("acr_values", "1 2"),
        ("extra", "foobar"),
    ] {
        let ask = party.ask("openid").with(name, value);
        let answer = callback(&person, &ask).await;
        let tokens = party.redeem(answer.code(), &[]).await.ok();
        let acr = party.id_token(&tokens).await.get("acr").cloned();
        assert_eq!(acr, (name == "acr_values").then(|| json!("1")), "{name}");
    }
}

#[tokio::test]
async fn prompt_none() {
    let provider = Provider::start().await;
    let party = provider.register(&json!({})).await;
    let (alice, bob) = (provider.person("alice"), provider.person("bob"));
    let ask = party.ask("openid profile");
    assert_eq!(party.silently(&alice, &ask).await.error(), "login_required");
    let first = party.tokens(&alice, &ask).await;
    let hint = text(&first["id_token"]);
    let silent = party.silently(&alice, &ask.with("id_token_hint", hint)).await;
    let second = party.redeem(silent.code(), &[]).await.ok();
    let (first, second) = (party.id_token(&first).await, party.id_token(&second).await);
    for name in ["sub", "auth_time"] {
        assert_eq!(first[name], second[name], "{name}");
    }
    party.tokens(&bob, &ask).await;
    let of_alice = party.silently(&bob, &ask.with("id_token_hint", hint)).await;
    assert_eq!(of_alice.error(), "login_required");
    // What nobody allowed yet is not allowed in silence.
    let more = party.silently(&alice, &party.ask("openid email")).await;
    assert_eq!(more.error(), "consent_required");
}

#[tokio::test]
async fn prompt_login_and_max_age() {
    let provider = Provider::start().await;
    let party = provider.register(&json!({})).await;
    let person = provider.person("alice");
    let ask = party.ask("openid");
    let mut last = auth_time(&party, &callback(&person, &ask).await).await;
    let aged = ask.with("max_age", "1");
    for again in [&aged, &ask.with("prompt", "login")] {
        is_too_old(&party, &person, &aged).await;
        // Not for whoever allows more.
        let silent = party.silently(&person, &ask.with("max_age", "10000")).await;
        assert_eq!(auth_time(&party, &silent).await, last);
        let page = person.open(&again.url()).await.unwrap();
        page.is("login-page");
        let answer = Callback::of(&person.log_in(&page).await.unwrap());
        let now = auth_time(&party, &answer).await;
        assert!(now > last, "{now} is not later than {last}");
        last = now;
    }
    let page = person.open(&ask.with("max_age", "0").url()).await.unwrap();
    page.is("login-page");
}

#[tokio::test]
async fn consent_each_time() {
    let provider = Provider::start().await;
    let party = provider.register(&json!({})).await;
    let person = provider.person("alice");
    let ask = party.ask("openid offline_access");
    callback(&person, &ask).await;
    // It is remembered,
    Callback::of(&person.open(&ask.url()).await.unwrap()).code();
    for _ in 0..2 {
        // and asked for again by whoever wants that.
        let page = person.open(&ask.with("prompt", "consent").url()).await.unwrap();
        page.is("consent-page");
        let answer = Callback::of(&person.press(&page, "consent-approve", &[]).await.unwrap());
        let tokens = party.redeem(answer.code(), &[]).await.ok();
        party.refresh(text(&tokens["refresh_token"]), &[]).await.ok();
    }
    let page = person.open(&ask.with("prompt", "consent").url()).await.unwrap();
    let denied = person.press(&page, "consent-deny", &[]).await.unwrap();
    assert_eq!(Callback::of(&denied).error(), "access_denied");
}

/// Without scripts: the page has a button that sends the same form.
#[tokio::test]
async fn answers_by_form_post() {
    let provider = Provider::start().await;
    let party = provider.register(&json!({})).await;
    let person = provider.person("alice");
    let form_post = |ask: &Ask| ask.with("response_mode", "form_post");
    let asked = form_post(&party.ask("openid")).url();
    let page = person.answered(&asked, "approve").await.unwrap();
    page.is("form-post-page");
    assert!(page.leaves_to.is_none() && !page.url.as_str().contains("code="));
    assert!(page.html.contains("<noscript>") && page.html.contains("form-post.js"));
    assert!(!page.html.contains("http-equiv"));
    let answer = Callback::of(&page);
    assert_eq!(answer.uri, party.redirect_uri());
    assert_eq!(answer.names(), ["code", "iss", "state"]);
    party.redeem(answer.code(), &[]).await.ok();
    // It arrives at the application, over https.
    let form = page.form("form-post-continue");
    let application = provider.application.http().build().unwrap();
    Answer::to(application.post(&form.action).form(&form.fields)).await;
    let received = provider.application.received("/callback").await;
    assert!(
        received
            .fields()
            .contains(&("state".to_owned(), STATE.to_owned()))
    );
    let refused = person
        .open(&form_post(&party.ask("openid unheard-of")).url())
        .await
        .unwrap();
    refused.is("form-post-page");
    assert_eq!(Callback::of(&refused).error(), "invalid_scope");
}

#[tokio::test]
async fn a_claim_that_is_asked_for() {
    let provider = Provider::start().await;
    let party = provider.register(&json!({})).await;
    let claims = json!({ "userinfo": { "name": { "essential": true } } });
    let ask = party.ask("openid").with("claims", &claims.to_string());
    let tokens = party.tokens(&provider.person("alice"), &ask).await;
    assert_eq!(party.id_token(&tokens).await.get("name"), None);
    let userinfo = provider.userinfo(&tokens).await.ok();
    assert_eq!(userinfo["name"], "Alice Liddell");
}
