//! Rules for every page: landmarks, headings, labels, forms, and nothing the Content-Security-Policy would block.

use std::collections::BTreeSet;

use grantor_pages::{Locale, field};

use crate::html::{Tag, tags};
use crate::sample::{ACTION, Sample, TOKEN, all};

fn every_page() -> Vec<(Sample, Vec<Tag>)> {
    Locale::ALL
        .into_iter()
        .flat_map(|locale| all("Acme Photos", "https://app.example/x", locale))
        .map(|sample| {
            let tags = tags(&sample.html);
            (sample, tags)
        })
        .collect()
}

fn named<'a>(tags: &'a [Tag], name: &'a str) -> impl Iterator<Item = &'a Tag> {
    tags.iter().filter(move |tag| tag.name == name)
}

#[test]
fn a_page_is_a_whole_document_with_landmarks() {
    for (sample, tags) in every_page() {
        assert!(sample.html.starts_with("<!doctype html>\n"));
        let html = &tags[0];
        assert!(
            html.get("lang")
                .is_some_and(|lang| ["en", "de", "fr"].contains(&lang))
        );
        assert_eq!(html.get("dir"), Some("ltr"));
        let body = named(&tags, "body").next().unwrap();
        assert_eq!(body.get("id"), Some(sample.marker));
        for landmark in ["title", "header", "main", "footer", "h1"] {
            assert_eq!(
                named(&tags, landmark).count(),
                1,
                "{landmark} on {}",
                sample.marker
            );
        }
        let skip = named(&tags, "a").next().unwrap();
        assert_eq!(skip.get("href"), Some("#content"));
        assert_eq!(named(&tags, "main").next().unwrap().get("id"), Some("content"));
        assert!(named(&tags, "title").next().unwrap().text.ends_with(" · Grantor"));
    }
}

#[test]
fn headings_go_down_one_level_at_a_time() {
    for (sample, tags) in every_page() {
        let mut last = 0;
        for tag in tags
            .iter()
            .filter(|tag| tag.name.len() == 2 && tag.name.starts_with('h'))
        {
            let Ok(level) = tag.name[1..].parse::<usize>() else {
                continue;
            };
            assert!(level <= last + 1, "h{level} after h{last} on {}", sample.marker);
            last = level;
        }
    }
}

#[test]
fn nothing_needs_a_weaker_policy() {
    for (sample, tags) in every_page() {
        for tag in &tags {
            let inline = tag
                .attributes
                .iter()
                .any(|(name, _)| name == "style" || name.starts_with("on"));
            assert!(!inline, "{tag:?} on {}", sample.marker);
            assert_ne!(tag.name, "style");
            // Frames tell the apps of a session that it has ended; no other page has any.
            let frame_of_an_app = sample.marker == "signed-out-page"
                && tag.get("src") == Some("https://app.example/x")
                && tag.get("title").is_some_and(|title| !title.is_empty());
            assert!(
                tag.name != "iframe" || frame_of_an_app,
                "{tag:?} on {}",
                sample.marker
            );
            assert_ne!(tag.name, "base");
        }
        for script in named(&tags, "script") {
            assert!(script.get("src").unwrap().starts_with("/assets/"));
            assert_eq!(script.text, "");
        }
        for link in named(&tags, "link") {
            assert!(link.get("href").unwrap().starts_with("/assets/"));
        }
        for image in named(&tags, "img") {
            let source = image.get("src").unwrap();
            assert!(source.starts_with("/assets/") || source == "https://app.example/x");
            assert_eq!(
                image.get("alt"),
                Some(""),
                "pictures only repeat what stands beside them"
            );
        }
    }
}

#[test]
fn forms_are_posted_and_carry_the_token() {
    for (sample, tags) in every_page() {
        let forms = named(&tags, "form").count();
        let tokens = named(&tags, "input")
            .filter(|input| input.get("name") == Some(field::CSRF_TOKEN) && input.get("value") == Some(TOKEN))
            .count();
        // The form of form_post goes to the app, which must not see our token.
        let expected = if sample.marker == "form-post-page" {
            0
        } else {
            forms
        };
        assert_eq!(tokens, expected, "{}", sample.marker);
        for form in named(&tags, "form") {
            assert_eq!(form.get("method"), Some("post"));
            let action = form.get("action").unwrap();
            assert!(action == ACTION || sample.marker == "form-post-page", "{action}");
        }
        for button in named(&tags, "button") {
            assert_eq!(button.get("type"), Some("submit"));
            assert!(button.get("id").is_some(), "{button:?} on {}", sample.marker);
        }
    }
}

#[test]
fn ids_are_unique_and_references_lead_somewhere() {
    for (sample, tags) in every_page() {
        let mut ids = BTreeSet::new();
        for id in tags.iter().filter_map(|tag| tag.get("id")) {
            assert!(ids.insert(id), "{id} twice on {}", sample.marker);
        }
        for tag in &tags {
            for reference in ["for", "aria-labelledby", "aria-describedby", "form"] {
                for id in tag.get(reference).into_iter().flat_map(str::split_whitespace) {
                    assert!(ids.contains(id), "{reference}={id} on {}", sample.marker);
                }
            }
        }
        let lines = named(&tags, "textarea").chain(named(&tags, "select"));
        for input in lines {
            let id = input.get("id").unwrap();
            assert!(
                named(&tags, "label").any(|label| label.get("for") == Some(id)),
                "{id} has no label"
            );
        }
        for input in named(&tags, "input").filter(|input| input.get("type") != Some("hidden")) {
            let id = input.get("id").unwrap();
            assert!(
                named(&tags, "label").any(|label| label.get("for") == Some(id)),
                "{id} has no label"
            );
            let typed = input.get("type") != Some("checkbox");
            assert!(!typed || input.get("autocomplete").is_some());
        }
    }
}

#[test]
fn links_that_leave_take_nothing_along() {
    for (sample, tags) in every_page() {
        for link in named(&tags, "a").filter(|link| link.get("target").is_some()) {
            assert_eq!(link.get("rel"), Some("noopener noreferrer"), "{}", sample.marker);
        }
    }
}

#[test]
fn the_error_page_has_no_way_back() {
    for (sample, tags) in every_page()
        .into_iter()
        .filter(|(sample, _)| sample.marker == "error-page")
    {
        let links: Vec<_> = named(&tags, "a").filter_map(|link| link.get("href")).collect();
        assert_eq!(links, ["#content"], "{}", sample.marker);
        assert_eq!(named(&tags, "form").count(), 0);
    }
}
