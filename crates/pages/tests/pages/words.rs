//! Every word is in the message files, and every message is used.

use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs};

use grantor_pages::{Account, ErrorPage, Locale, Login, LoginProblem, Page, Theme};

/// Messages found by a name put together at run time.
const BY_NAME: [&str; 4] = ["scope-", "claim-", "error-", "callback-"];

fn read(folder: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut all = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            all.push_str(&fs::read_to_string(path).unwrap());
        }
    }
    all
}

fn message_ids() -> BTreeSet<String> {
    let file = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("locales/en.ftl")).unwrap();
    file.lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter_map(|line| line.split_once(" = "))
        .map(|(id, _)| id.to_owned())
        .collect()
}

#[test]
fn pages_and_message_files_agree() {
    let source = read("templates") + &read("src") + &read("src/page");
    let defined = message_ids();
    for call in [".t(\"", ".t1(\"", ".count(\"", ".around(\""] {
        for piece in source.split(call).skip(1) {
            let id = piece.split('"').next().unwrap();
            assert!(defined.contains(id), "`{id}` is used and not defined");
        }
    }
    for id in &defined {
        let by_name = BY_NAME.iter().any(|prefix| id.starts_with(prefix));
        assert!(
            by_name || source.contains(&format!("\"{id}\"")) || id == "brand",
            "`{id}` is never used"
        );
    }
}

#[test]
fn errors_read_differently() {
    let theme = Theme::default();
    for locale in Locale::ALL {
        let mut seen = BTreeSet::new();
        for id in message_ids() {
            let Some(code) = id.strip_prefix("error-").and_then(|id| id.strip_suffix("-title")) else {
                continue;
            };
            let page = ErrorPage {
                status: 400,
                code: code.replace('-', "_"),
                ..ErrorPage::default()
            };
            let html = page.render(&theme, locale).unwrap();
            let title = html
                .split("id=\"error-title\">")
                .nth(1)
                .unwrap()
                .split('<')
                .next()
                .unwrap()
                .to_owned();
            assert!(seen.insert(title.clone()), "`{title}` twice in {}", locale.tag());
        }
        assert!(seen.len() > 20, "{}", seen.len());
    }
}

#[test]
fn an_unknown_error_is_ours_or_the_apps_by_its_status() {
    let theme = Theme::default();
    let title = |status| {
        let page = ErrorPage {
            status,
            code: "brand_new".to_owned(),
            ..ErrorPage::default()
        };
        page.render(&theme, Locale::English).unwrap()
    };
    assert!(title(400).contains("That did not work"));
    assert!(title(503).contains("Something went wrong on our side"));
}

#[test]
fn an_english_sentence_says_that_it_is_english() {
    let page = ErrorPage {
        description: Some("The client is unknown.".to_owned()),
        ..ErrorPage::default()
    };
    let theme = Theme::default();
    assert!(
        page.render(&theme, Locale::German)
            .unwrap()
            .contains("id=\"error-description\" lang=\"en\"")
    );
    assert!(
        !page
            .render(&theme, Locale::English)
            .unwrap()
            .contains("id=\"error-description\" lang")
    );
}

#[test]
fn waiting_times_are_rounded_up_to_what_people_say() {
    let theme = Theme::default();
    let text = |seconds, locale| {
        let problem = Some(LoginProblem::TooManyAttempts {
            retry_after_seconds: seconds,
        });
        Login {
            problem,
            ..Login::default()
        }
        .render(&theme, locale)
        .unwrap()
    };
    assert!(text(0, Locale::English).contains("one second"));
    assert!(text(59, Locale::German).contains("59 Sekunden"));
    assert!(text(60, Locale::English).contains("one minute"));
    assert!(text(61, Locale::French).contains("2 minutes"));
}

#[test]
fn dates_are_written_as_people_of_the_language_write_them() {
    let theme = Theme::default();
    let mut account = Account::default();
    account.sessions.push(grantor_pages::SessionRow {
        since: 1_772_366_700,
        ..Default::default()
    });
    let text = |locale| account.render(&theme, locale).unwrap();
    assert!(text(Locale::English).contains("datetime=\"2026-03-01T12:05:00Z\">1 March 2026, 12:05 UTC<"));
    assert!(text(Locale::German).contains(">1. März 2026, 12:05 UTC<"));
    assert!(text(Locale::French).contains(">1er mars 2026, 12:05 UTC<"));
}
