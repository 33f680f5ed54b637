//! Whatever an app calls itself, it stays text.

use grantor_pages::{Consent, FormPost, Locale, Login, Page, PageError, Theme};

use crate::html::tags;
use crate::sample::all;

const LINK: &str = "https://app.example/x";

/// The tags of a page with the names of their attributes: what content may never change.
fn skeleton(html: &str) -> Vec<String> {
    tags(html)
        .iter()
        // Which of a few tints a name gets depends on the name, and is in the value of `class` only.
        .map(|tag| {
            let attributes: Vec<_> = tag.attributes.iter().map(|(name, _)| name.as_str()).collect();
            format!("{} {}", tag.name, attributes.join(" "))
        })
        .collect()
}

#[test]
fn no_text_from_outside_changes_the_structure() {
    let hostile = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "\" autofocus onfocus=\"alert(1)",
        "</title></textarea></style><script>alert(1)</script>",
        "{{ page.csrf_token }} {$client} { -brand }",
        "javascript:alert(1)",
        "a\0b\r\nc",
    ];
    for locale in Locale::ALL {
        let harmless = all("Text", LINK, locale);
        for text in hostile {
            for (plain, attacked) in harmless.iter().zip(all(text, LINK, locale)) {
                assert_eq!(
                    skeleton(&plain.html),
                    skeleton(&attacked.html),
                    "{} with {text}",
                    plain.marker
                );
                assert!(!attacked.html.contains("<script>"), "{}", plain.marker);
            }
        }
    }
}

#[test]
fn dangerous_links_and_logos_are_not_written() {
    for link in [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        " java\tscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "http://app.example/logo.png",
        "//app.example/x",
        "https://user:secret@app.example/",
    ] {
        for sample in all("Text", link, Locale::English) {
            for tag in tags(&sample.html) {
                for attribute in ["href", "src", "action", "formaction"] {
                    let value = tag.get(attribute).unwrap_or("/");
                    let known = ["/", "#content", "Text", "https://app.example/callback"].contains(&value)
                        || value.starts_with("/assets/")
                        || value.starts_with("/oauth/");
                    assert!(known, "{attribute}={value} on {}", sample.marker);
                }
            }
        }
    }
}

#[test]
fn nothing_shown_turns_the_writing_direction_around() {
    let deciding = [
        "login-page",
        "consent-page",
        "account-page",
        "device-confirm-page",
        "logout-page",
    ];
    for sample in all("Good\u{202e}live", LINK, Locale::English) {
        if deciding.contains(&sample.marker) {
            for tag in tags(&sample.html) {
                assert!(!tag.text.contains('\u{202e}'), "{tag:?} on {}", sample.marker);
            }
        }
    }
}

#[test]
fn names_stay_within_bounds() {
    let consent = Consent {
        client_name: format!("Good\u{202e}livE{}", "x".repeat(5000)),
        redirect_host: "app.example".to_owned(),
        ..Consent::default()
    };
    let html = consent.render(&Theme::default(), Locale::English).unwrap();
    assert!(!html.contains('\u{202e}') && html.contains("GoodlivE"));
    assert!(!html.contains(&"x".repeat(200)));
}

#[test]
fn forms_are_never_posted_to_a_script() {
    for action in [
        "javascript:alert(1)",
        "data:text/html,x",
        "com.example.app:/cb",
        "",
        "/relative",
    ] {
        let page = FormPost {
            action: action.to_owned(),
            fields: Vec::new(),
        };
        let refused = page.render(&Theme::default(), Locale::English);
        assert!(matches!(refused, Err(PageError::UnsafeFormTarget)), "{action}");
    }
}

#[test]
fn a_secret_typed_before_is_never_shown_again() {
    let login = Login {
        username: "alice".to_owned(),
        ..Login::default()
    };
    let html = login.render(&Theme::default(), Locale::English).unwrap();
    let tags = tags(&html);
    let password = tags.iter().find(|tag| tag.get("id") == Some("password")).unwrap();
    assert_eq!(password.get("value"), None);
}
