//! [RFC 7591 §2.2](https://www.rfc-editor.org/rfc/rfc7591#section-2.2): names and links in several languages.

use grantor_protocol::Cause;
use http::Method;
use serde_json::{Value, json};

use crate::harness::registration::{ask, document, manage, open, refused_for, register, registered, replace};
use crate::harness::{ALICE, Browser};

fn translated() -> Value {
    json!({
        "client_name": "The app", "client_name#de": "Die App", "client_name#FR-ca": "L’appli",
        "logo_uri": "https://strange.example/logo.png", "logo_uri#de": "https://bilder.example/logo.png",
        "policy_uri": "https://strange.example/policy", "policy_uri#de": "https://strange.example/datenschutz",
        "tos_uri#fr": "https://strange.example/conditions", "client_uri#ja": null, "client_name#ja": "",
    })
}

#[tokio::test]
async fn they_are_registered_returned_and_replaced() {
    let server = open().start().await;
    let client = registered(&server, &translated()).await;
    let read = server.call(manage(Method::GET, &client)).await.ok();
    for answer in [&client, &read] {
        for (member, value) in [
            ("client_name", "The app"),
            ("client_name#de", "Die App"),
            ("client_name#fr-CA", "L’appli"),
            ("logo_uri#de", "https://bilder.example/logo.png"),
            ("policy_uri#de", "https://strange.example/datenschutz"),
            ("tos_uri#fr", "https://strange.example/conditions"),
        ] {
            assert_eq!(answer[member], value, "{member}");
        }
        for absent in ["client_uri#ja", "client_name#ja", "tos_uri", "translations"] {
            assert_eq!(answer.get(absent), None, "{absent}");
        }
    }
    let replaced = server
        .call(replace(&client, &json!({ "client_name#es": "La app" })))
        .await
        .ok();
    assert_eq!(replaced["client_name#es"], "La app");
    assert_eq!(
        replaced.get("client_name#de"),
        None,
        "what is left out is deleted"
    );
}

#[tokio::test]
async fn people_see_what_is_in_the_language_of_the_page() {
    let server = open().start().await;
    let client = registered(&server, &translated()).await;
    for (language, name, logo, policy, terms) in [
        ("de", "Die App", "bilder.example", "datenschutz", false),
        ("fr", "L’appli", "strange.example", "/policy", true),
        ("en", "The app", "strange.example", "/policy", false),
    ] {
        let mut browser = Browser::new(&server);
        browser.language = language.to_owned();
        let login = browser.ask(&ask(&client).with("prompt", "consent")).await;
        assert!(login.text().contains(name), "{language}");
        let consent = browser.log_in(&login, ALICE).await;
        consent.is_page("consent-page");
        for expected in [name, logo, policy] {
            assert!(consent.text().contains(expected), "{language}: {expected}");
        }
        assert_eq!(consent.text().contains("id=\"tos-uri\""), terms, "{language}");
        // Its picture is the one that the page may load.
        let rules = consent.header("content-security-policy").unwrap();
        assert!(
            rules.contains(&format!("img-src 'self' data: https://{logo}")),
            "{rules}"
        );
        browser.press(&consent, "consent-approve").await;
        let account = browser.get("/account").await;
        assert!(account.text().contains(name), "{language}");
    }
    // What the application asks for goes before the browser.
    let mut browser = Browser::new(&server);
    let login = browser.ask(&ask(&client).with("ui_locales", "de-AT")).await;
    assert!(login.text().contains("Die App"));
}

#[tokio::test]
async fn what_is_wrong_is_refused_by_its_member() {
    let server = open().start().await;
    let many: serde_json::Map<String, Value> = (10..31)
        .map(|n| (format!("client_name#x-{n}"), json!("A")))
        .collect();
    for (members, member, cause) in [
        (
            json!({ "client_name#": "A" }),
            "client_name",
            Cause::RegistrationLanguageMalformed,
        ),
        (
            json!({ "client_name#no tag": "A" }),
            "client_name",
            Cause::RegistrationLanguageMalformed,
        ),
        (
            json!({ "logo_uri#de_DE": "https://a.example/" }),
            "logo_uri",
            Cause::RegistrationLanguageMalformed,
        ),
        (
            json!({ "client_name#de": "A", "client_name#DE": "B" }),
            "client_name",
            Cause::RegistrationLanguageMalformed,
        ),
        (
            json!({ "client_name#de": 1 }),
            "client_name",
            Cause::RegistrationMemberNotText,
        ),
        (
            json!({ "client_name#de": "A\nB" }),
            "client_name",
            Cause::RegistrationMemberNotText,
        ),
        (
            json!({ "client_name#de": "A".repeat(201) }),
            "client_name",
            Cause::RegistrationMemberTooLong,
        ),
        (
            json!({ "logo_uri#de": "http://a.example/" }),
            "logo_uri",
            Cause::RegistrationUriInsecure,
        ),
        (
            json!({ "tos_uri#de": "javascript:alert(1)" }),
            "tos_uri",
            Cause::RegistrationUriInsecure,
        ),
        (
            Value::Object(many),
            "client_uri",
            Cause::RegistrationMemberTooMany,
        ),
    ] {
        let answer = server.call(register(&document(&members))).await;
        refused_for(&answer, member, cause);
    }
}
