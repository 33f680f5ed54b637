//! The ids and names that tests, conformance suites and password managers hold on to. Renaming one is a breaking change.

use crate::html::tags;
use crate::sample::{all, one};
use grantor_pages::Locale;

fn has(marker: &str, ids: &[&str]) {
    let tags = tags(&one(marker));
    for id in ids {
        assert!(
            tags.iter().any(|tag| tag.get("id") == Some(id)),
            "{id} on {marker}"
        );
    }
}

/// `id name value` of each control of a page that is sent.
fn controls(marker: &str) -> Vec<String> {
    tags(&one(marker))
        .iter()
        .filter(|tag| tag.get("name").is_some() && tag.name != "meta")
        .map(|tag| {
            [tag.get("id"), tag.get("name"), tag.get("value")]
                .map(|value| value.unwrap_or("-"))
                .join(" ")
        })
        .collect()
}

#[test]
fn login() {
    has(
        "login-page",
        &[
            "login-form",
            "username",
            "password",
            "login-submit",
            "login-cancel",
            "login-problem",
        ],
    );
    assert_eq!(
        controls("login-page"),
        [
            "- interaction Text",
            "- csrf_token csrf-0123",
            "username username Text",
            "password password -",
            "login-cancel decision cancel"
        ]
    );
    let html = one("login-page");
    assert!(html.contains("autocomplete=\"username\"") && html.contains("autocomplete=\"current-password\""));
    let submit = html.find("login-submit").unwrap();
    assert!(
        submit < html.find("login-cancel").unwrap(),
        "the return key presses the first button"
    );
}

#[test]
fn a_new_account() {
    assert_eq!(
        controls("sign-up-page"),
        [
            "- interaction Text",
            "- csrf_token csrf-0123",
            "username username Text",
            "password password -",
            "password-again password_again -",
            "name name Text",
            "email email Text",
            "sign-up-cancel decision cancel"
        ]
    );
    has("sign-up-page", &["sign-up-submit", "login-link"]);
    has("login-page", &["sign-up-link"]);
}

#[test]
fn a_new_password() {
    assert_eq!(
        controls("password-page"),
        [
            "- csrf_token csrf-0123",
            "- username Text",
            "password password -",
            "new-password new_password -",
            "new-password-again new_password_again -",
        ]
    );
    has(
        "password-page",
        &["password-change", "password-problem", "back-to-account"],
    );
}

#[test]
fn details() {
    has(
        "profile-page",
        &[
            "profile-save",
            "profile-changed",
            "claim-name-note",
            "back-to-account",
        ],
    );
    let controls = controls("profile-page");
    for expected in [
        "- csrf_token csrf-0123",
        "- revision 7",
        "claim-given-name claim-given_name Text",
        "claim-address-locality claim-address.locality Text",
        "claim-address-street-address claim-address.street_address -",
        "claim-name-fr claim-name#fr Text",
        "claim-address-de-locality claim-address#de.locality Text",
        "new-claim new-claim -",
        "new-language new-language Text",
        "new-value new-value Text",
    ] {
        assert!(
            controls.iter().any(|control| control == expected),
            "{expected}: {controls:?}"
        );
    }
}

#[test]
fn consent() {
    has(
        "consent-page",
        &[
            "consent-form",
            "redirect-host",
            "scope-0",
            "scope-2",
            "client-logo",
            "client-uri",
            "policy-uri",
            "tos-uri",
        ],
    );
    assert_eq!(
        controls("consent-page"),
        [
            "- interaction Text",
            "- csrf_token csrf-0123",
            "consent-other decision other",
            "consent-deny decision deny",
            "consent-approve decision approve"
        ]
    );
}

#[test]
fn account_choice() {
    assert_eq!(
        controls("account-page"),
        [
            "- interaction Text",
            "- csrf_token csrf-0123",
            "account-0 account Text",
            "account-1 account Text",
            "account-other decision other",
            "account-cancel decision cancel"
        ]
    );
}

#[test]
fn error() {
    has(
        "error-page",
        &[
            "error-title",
            "error-description",
            "error-hint",
            "error-code",
            "request-id",
            "cause-id",
        ],
    );
}

#[test]
fn form_post() {
    has("form-post-page", &["form-post", "form-post-continue"]);
    assert_eq!(controls("form-post-page"), ["- Text Text", "- state Text"]);
    assert!(one("form-post-page").contains("<noscript>"));
    assert!(one("form-post-page").contains("form-post.js?v="));
}

#[test]
fn account() {
    has(
        "account-overview-page",
        &[
            "sign-out",
            "sign-out-everywhere",
            "app-open-0",
            "app-remove-0",
            "session-end-1",
            "account-notice",
        ],
    );
    let controls = controls("account-overview-page");
    assert!(controls.contains(&"- grant_id Text".to_owned()));
    assert!(controls.contains(&"- session_id Text".to_owned()));
}

#[test]
fn home() {
    has(
        "home-page",
        &[
            "issuer",
            "account-link",
            "dev-banner",
            "dev-users",
            "dev-clients",
            "try-0",
            "example-0",
        ],
    );
}

#[test]
fn dev_callback() {
    has(
        "dev-callback-page",
        &[
            "callback-code",
            "callback-error",
            "callback-error-description",
            "callback-exchange",
            "callback-again",
        ],
    );
}

#[test]
fn signed_out() {
    let plain = all("Text", "https://app.example/x", Locale::English);
    let plain = plain.iter().find(|sample| sample.marker == "signed-out-page");
    assert!(plain.is_some_and(|sample| sample.html.contains("id=\"sign-in-again\"")));
    has(
        "signed-out-page",
        &["logout-continue", "logout-frame-0", "logout-frame-1"],
    );
    assert!(one("signed-out-page").contains("logout.js?v="));
    has("still-signed-in-page", &["account-link"]);
}

#[test]
fn device_code() {
    has(
        "device-code-page",
        &["device-form", "device-submit", "device-problem"],
    );
    assert_eq!(
        controls("device-code-page"),
        ["- csrf_token csrf-0123", "user-code user_code Text"]
    );
}

#[test]
fn device_confirm() {
    has(
        "device-confirm-page",
        &["device-user-code", "device-asked", "device-name", "scope-0"],
    );
    assert_eq!(
        controls("device-confirm-page"),
        [
            "- interaction Text",
            "- csrf_token csrf-0123",
            "device-other decision other",
            "device-deny decision deny",
            "device-approve decision approve"
        ]
    );
}

#[test]
fn dev_device() {
    has(
        "dev-device-page",
        &["device-user-code", "device-qr", "device-open", "device-poll"],
    );
}

#[test]
fn sign_out() {
    assert_eq!(
        controls("logout-page"),
        [
            "- interaction Text",
            "- csrf_token csrf-0123",
            "logout-yes decision approve",
            "logout-no decision deny"
        ]
    );
}

#[test]
fn personal_access_tokens() {
    has(
        "personal-access-tokens-page",
        &[
            "token-new",
            "token-form",
            "token-create",
            "token-delete-0",
            "token-problem",
        ],
    );
    assert_eq!(
        controls("personal-access-tokens-page"),
        [
            "- csrf_token csrf-0123",
            "- token_id Text",
            "- csrf_token csrf-0123",
            "token-name name Text",
            "token-scope-0 scope-openid on",
            "token-scope-1 scope-Text on",
            "token-scope-2 scope-Text on",
            "token-lifetime lifetime -"
        ]
    );
}

/// What the browser may load pictures from: where the app's own is, and nowhere else.
#[test]
fn pictures_of_pages() {
    let consent = grantor_pages::Consent {
        client_logo_uri: Some("https://cdn.example/logo.png".to_owned()),
        ..grantor_pages::Consent::default()
    };
    let images = grantor_pages::Page::images(&consent);
    let policy = grantor_pages::content_security_policy(&[], &images);
    assert!(
        policy.contains("img-src 'self' data: https://cdn.example;"),
        "{policy}"
    );
    assert!(grantor_pages::Page::images(&grantor_pages::SignedOut::default()).is_empty());
}
