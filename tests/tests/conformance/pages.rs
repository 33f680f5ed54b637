//! What a driver of the pages holds on to: paths, markers, ids, and the codes of errors.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use grantor_tests::Page;
use serde_json::json;

use super::answer::{Answer, Callback};
use super::party::{Ask, callback};
use super::provider::Provider;

/// The path and the ids of each page in the guide, by its marker.
static GUIDE: LazyLock<BTreeMap<String, (String, Vec<String>)>> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guides/pages.md");
    let text = std::fs::read_to_string(path).unwrap();
    let rows = text
        .lines()
        .filter(|line| line.starts_with("| ") && line.contains("-page` |"));
    let quoted = |cell: &str| {
        cell.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let row = |line: &str| {
        let cells: Vec<Vec<String>> = line.trim_matches('|').split(" | ").map(quoted).collect();
        (cells[2][0].clone(), (cells[1][0].clone(), cells[3].clone()))
    };
    rows.map(row).collect()
});

/// Checks a page against its line in the guide: the path, and the ids that are always there, separated by spaces.
#[track_caller]
fn is_as_documented(page: &Page, marker: &str, always: &str) {
    page.is(marker);
    let (path, ids) = GUIDE
        .get(marker)
        .unwrap_or_else(|| panic!("{marker} is not in the guide"));
    assert_eq!(page.url.path(), path, "{marker}");
    for id in always.split_whitespace() {
        assert!(
            ids.iter().any(|documented| documented == id),
            "{id} of {marker} is not in the guide"
        );
        assert!(page.html.contains(&format!("id=\"{id}\"")), "{id} on {marker}");
    }
}

#[tokio::test]
async fn every_kind_of_page_has_its_path_and_marker() {
    let provider = Provider::start().await;
    let party = provider.register(&json!({})).await;
    let person = provider.person("alice");
    let ask = party.ask("openid profile");
    let open = async |ask: Ask| person.open(&ask.url()).await.unwrap();

    let login = open(ask.clone()).await;
    let ids = "login-form username password login-submit login-cancel";
    is_as_documented(&login, "login-page", ids);
    let consent = person.log_in(&login).await.unwrap();
    let ids = "consent-form consent-approve consent-deny scope-0";
    is_as_documented(&consent, "consent-page", ids);
    person.press(&consent, "consent-approve", &[]).await.unwrap();
    let choice = open(ask.with("prompt", "select_account")).await;
    let ids = "account-form account-0 account-other account-cancel";
    is_as_documented(&choice, "account-page", ids);
    let posted = open(ask.with("response_mode", "form_post").with("prompt", "none")).await;
    is_as_documented(&posted, "form-post-page", "form-post form-post-continue");
    let error = open(ask.with("redirect_uri", "https://elsewhere.example")).await;
    let ids = "error-title error-description error-hint error-code cause-id request-id";
    is_as_documented(&error, "error-page", ids);
}

#[tokio::test]
async fn pages_without_an_application_have_theirs() {
    let provider = Provider::start().await;
    let person = provider.person("alice");
    let at = |path: &str| format!("{}{path}", provider.issuer());
    let open = async |path: &str| person.open(&at(path)).await.unwrap();
    let account = person.log_in(&open("/login").await).await.unwrap();
    is_as_documented(&account, "account-overview-page", "sign-out sign-out-everywhere");
    is_as_documented(&open("/").await, "home-page", "account-link");
    let tokens = open("/account/personal-access-tokens").await;
    is_as_documented(&tokens, "personal-access-tokens-page", "back-to-account");
    let device = open("/device").await;
    is_as_documented(&device, "device-code-page", "device-form user-code device-submit");
    let logout = open("/oauth/logout").await;
    is_as_documented(&logout, "logout-page", "logout-form logout-yes logout-no");
    let stays = person.press(&logout, "logout-no", &[]).await.unwrap();
    is_as_documented(&stays, "still-signed-in-page", "account-link");
    let left = person.press(&logout, "logout-yes", &[]).await.unwrap();
    assert_eq!(left.marker(), "signed-out-page");
    is_as_documented(&open("/signed-out").await, "signed-out-page", "sign-in-again");
}

/// Addresses that end on an error page, with the code and the id of the reason.
fn wrong(issuer: &str, ask: &Ask, registered: &str) -> Vec<(String, &'static str, &'static str)> {
    let at = |path: &str| format!("{issuer}{path}");
    let longer = ask.with("redirect_uri", &format!("{registered}/more"));
    let twice = format!("{}&state=again", ask.url());
    let nowhere = ask.without("redirect_uri");
    let object = nowhere.with("request", "x").url();
    let goodbye = at("/oauth/logout?post_logout_redirect_uri=https%3A%2F%2Fx.example");
    let (request, object_error) = ("invalid_request", "invalid_request_object");
    let nobody = ask.with("client_id", "nobody").url();
    #[rustfmt::skip]
    let rows = vec![
        (longer.url(), request, "redirect_uri_unregistered"),
        (nowhere.url(), request, "redirect_uri_missing"),
        (nobody, request, "client_unknown_at_authorize"),
        (ask.without("client_id").url(), request, "client_id_missing"),
        (object, object_error, "request_object_invalid"),
        (twice, request, "parameter_repeated"),
        (at("/login?interaction=x"), "access_denied", "interaction_expired"),
        (at("/oauth/logout?id_token_hint=x"), request, "id_token_hint_invalid"),
        (goodbye, request, "post_logout_redirect_uri_without_client"),
        (at("/nothing-here"), "not_found", "not_found"),
    ];
    rows
}

/// Different errors read differently, and each has its code in an element of the same id.
#[tokio::test]
async fn error_pages_name_their_error() {
    let provider = Provider::start().await;
    let uris = ["/callback", "/two"].map(|path| provider.application.url(path));
    let party = provider.register(&json!({ "redirect_uris": uris })).await;
    let person = provider.person("alice");
    let rows = wrong(&provider.issuer(), &party.ask("openid"), &uris[0]);
    let (all, mut read) = (rows.len(), BTreeSet::new());
    for (url, error, cause) in rows {
        let page = person.open(&url).await.unwrap();
        page.is("error-page");
        assert!(
            (400..500).contains(&page.status) && page.leaves_to.is_none(),
            "{url}"
        );
        let texts = ["error-code", "cause-id"].map(|id| page.element(id).unwrap());
        assert_eq!(texts, [error, cause], "{url}");
        read.insert(page.element("error-description").unwrap());
    }
    assert_eq!(read.len(), all, "{read:#?}");
}

#[tokio::test]
async fn consent_shows_logo_policy_and_terms() {
    let provider = Provider::start().await;
    let application = &provider.application;
    let links = [
        ("logo_uri", "/logo.png"),
        ("policy_uri", "/policy"),
        ("tos_uri", "/terms"),
        ("client_uri", "/about"),
    ];
    let members = links.map(|(member, path)| (member.to_owned(), json!(application.url(path))));
    let party = provider
        .register(&serde_json::Value::Object(members.into_iter().collect()))
        .await;
    let person = provider.person("alice");
    let login = person.open(&party.ask("openid").url()).await.unwrap();
    let consent = person.log_in(&login).await.unwrap();
    consent.is("consent-page");
    for page in [&login, &consent] {
        assert_eq!(
            page.attribute("client-logo", "src"),
            Some(application.url("/logo.png"))
        );
    }
    for (id, path) in [
        ("policy-uri", "/policy"),
        ("tos-uri", "/terms"),
        ("client-uri", "/about"),
    ] {
        assert_eq!(consent.attribute(id, "href"), Some(application.url(path)));
    }
    assert!(consent.html.contains("The application"));
}

#[tokio::test]
async fn an_account_is_chosen() {
    let provider = Provider::start().await;
    let party = provider.register(&json!({})).await;
    let person = provider.person("alice");
    let ask = party.ask("openid");
    let subject = async |callback: Callback| {
        let tokens = party.redeem(callback.code(), &[]).await.ok();
        party.id_token(&tokens).await["sub"].clone()
    };
    let alice = subject(callback(&person, &ask).await).await;
    let choice = ask.with("prompt", "select_account");
    let page = person.open(&choice.url()).await.unwrap();
    page.is("account-page");
    let chosen = Callback::of(&person.press(&page, "account-0", &[]).await.unwrap());
    assert_eq!(subject(chosen).await, alice);
    let page = person.open(&choice.url()).await.unwrap();
    let login = person.press(&page, "account-other", &[]).await.unwrap();
    login.is("login-page");
    let typed = [("username", "bob"), ("password", "bob goes to the lighthouse")];
    let consent = person.press(&login, "login-submit", &typed).await.unwrap();
    consent.is("consent-page");
    let other = Callback::of(&person.press(&consent, "consent-approve", &[]).await.unwrap());
    assert_ne!(subject(other).await, alice);
    let page = person.open(&choice.url()).await.unwrap();
    let cancelled = person.press(&page, "account-cancel", &[]).await.unwrap();
    assert_eq!(Callback::of(&cancelled).error(), "access_denied");
}

/// The plan "3rd-Party Initiated Login": it begins here, and the application is called with who we are.
#[tokio::test]
async fn an_application_is_opened_from_the_account_page() {
    let provider = Provider::start().await;
    let application = &provider.application;
    let begins = json!({ "initiate_login_uri": application.url("/begin?at=home") });
    let party = provider.register(&begins).await;
    assert_eq!(
        party.registered["initiate_login_uri"],
        begins["initiate_login_uri"]
    );
    let person = provider.person("alice");
    party.tokens(&person, &party.ask("openid offline_access")).await;
    let account = person
        .open(&format!("{}/account", provider.issuer()))
        .await
        .unwrap();
    let link = account.attribute("app-open-0", "href").unwrap();
    Answer::to(application.http().build().unwrap().get(link)).await;
    let called = application.received("/begin").await.fields();
    assert!(called.contains(&("at".to_owned(), "home".to_owned())));
    assert!(
        called.contains(&("iss".to_owned(), provider.issuer())),
        "{called:?}"
    );
    // The application asks as it always does, and nobody has to log in again.
    Callback::of(
        &person
            .open(&party.ask("openid offline_access").url())
            .await
            .unwrap(),
    )
    .code();
}
