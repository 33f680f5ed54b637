//! What an operator's folder changes, and what is refused when it is loaded.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "the functions that tests share are tests too, which the lint does not see"
)]

use std::fs;
use std::path::Path;

use grantor_pages::{FooterLink, Locale, Login, Page, Theme, ThemeError};
use tempfile::TempDir;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

fn refusal(name: &str, content: &str) -> String {
    let folder = folder(&[(name, content)]);
    let text = Theme::load(folder.path()).unwrap_err().to_string();
    assert!(
        text.contains(Path::new(name).file_name().unwrap().to_str().unwrap()),
        "names the file: {text}"
    );
    text
}

#[test]
fn an_empty_folder_changes_nothing() {
    let folder = folder(&[(".gitkeep", ""), ("README.md", "ours")]);
    let theme = Theme::load(folder.path()).unwrap();
    for name in [
        "grantor.css",
        "form-post.js",
        "copy.js",
        "logo.svg",
        "favicon.svg",
    ] {
        assert_eq!(theme.asset(name), Theme::default().asset(name));
        assert_eq!(theme.asset(name), grantor_pages::asset(name));
    }
}

#[test]
fn look_and_words_can_be_changed() {
    let folder = folder(&[
        ("brand.css", ":root { --accent: #123456; }"),
        ("logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
        (
            "locales/en.ftl",
            "brand = Initech ID\nlogin-lead = and go on to { $client }\n",
        ),
        ("locales/de.ftl", "brand = Initech-Konto\n"),
    ]);
    let theme = Theme::load(folder.path()).unwrap();
    let css = theme.asset("grantor.css").unwrap().bytes;
    assert!(css.ends_with(b":root { --accent: #123456; }") && css.starts_with(b"/* Grantor's pages."));
    assert_eq!(
        theme.asset("logo.svg").unwrap().bytes,
        b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"
    );
    let login = Login {
        client_name: Some("Acme".to_owned()),
        ..Login::default()
    };
    let english = login.render(&theme, Locale::English).unwrap();
    assert!(english.contains("Initech ID") && english.contains("and go on to <strong>Acme</strong>"));
    assert!(
        login
            .render(&theme, Locale::German)
            .unwrap()
            .contains("Geschützt durch Initech-Konto")
    );
    assert!(login.render(&theme, Locale::French).unwrap().contains("Grantor"));
}

#[test]
fn our_stylesheet_can_be_replaced() {
    let folder = folder(&[
        ("grantor.css", "body { color: red }"),
        ("brand.css", "p { margin: 0 }"),
    ]);
    let theme = Theme::load(folder.path()).unwrap();
    assert_eq!(
        theme.asset("grantor.css").unwrap().bytes,
        b"body { color: red }p { margin: 0 }"
    );
}

#[test]
fn a_changed_theme_has_changed_addresses() {
    let folder = folder(&[("brand.css", "p { margin: 0 }")]);
    let themed = Login::default()
        .render(&Theme::load(folder.path()).unwrap(), Locale::English)
        .unwrap();
    let plain = Login::default()
        .render(&Theme::default(), Locale::English)
        .unwrap();
    let address = |html: &str| html.split("grantor.css?v=").nth(1).unwrap()[..16].to_owned();
    assert_ne!(address(&themed), address(&plain));
}

#[test]
fn mistakes_are_refused_with_the_file_and_what_to_do() {
    assert!(refusal("logo.png", "x").contains("a theme may have: grantor.css"));
    assert!(refusal("login.html", "x").contains("is not a file of a theme"));
    assert!(refusal("locales/it.ftl", "brand = X").contains("is not a file of a theme"));
    assert!(refusal("logo.svg", "PNG").contains("is not an SVG picture"));
    assert!(refusal("logo.svg", "<svg><script>x</script></svg>").contains("contains a script"));
    assert!(refusal("brand.css", "@import url(x.css);").contains("loads from elsewhere"));
    assert!(
        refusal("brand.css", "p { background: url(https://x.example/y) }").contains("loads from elsewhere")
    );
    assert!(refusal("grantor.css", &" ".repeat(300_000)).contains("larger than"));
    assert!(refusal("locales/en.ftl", "brand = X\n\noops").contains("line 3"));
    assert!(refusal("locales/en.ftl", "barnd = X").contains("there is no message `barnd`"));
    assert!(refusal("locales/de.ftl", "consent-title = Eine App fragt").contains("[$client] and uses []"));
    assert!(refusal("locales/fr.ftl", "brand = { -marque }").contains("cannot be formatted"));
    assert!(refusal("locales/en.ftl", "footer = { footer }").contains("cannot be formatted"));
}

#[test]
fn a_missing_folder_is_an_error() {
    let gone = tempfile::tempdir().unwrap().path().join("theme");
    assert!(matches!(Theme::load(gone), Err(ThemeError::Read { .. })));
}

#[test]
fn the_foot_of_the_page_has_the_operators_safe_links() {
    let link = |label: &str, address: &str| FooterLink {
        label: label.to_owned(),
        address: address.to_owned(),
    };
    let links = vec![
        link("Imprint", "https://id.example/imprint"),
        link("Bad", "javascript:alert(1)"),
    ];
    let theme = Theme::default()
        .with_footer_links(links)
        .with_asset_path("/tenant/assets/");
    let html = Login::default().render(&theme, Locale::English).unwrap();
    assert!(html.contains("<a href=\"https://id.example/imprint\" rel=\"noreferrer\">Imprint</a>"));
    assert!(!html.contains("Bad"));
    assert!(html.contains("href=\"/tenant/assets/grantor.css?v="));
}
