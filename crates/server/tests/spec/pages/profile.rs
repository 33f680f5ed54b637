//! The page on which people see and change what is known of them (OpenID Connect Core 5.1).

use grantor_protocol::Cause;
use grantor_protocol::record::User;
use grantor_store::Store;
use grantor_types::{ClaimField, Seconds, StandardClaims};
use serde_json::{Value, json};

use crate::harness::{ALICE, Answer, Ask, BOB, Browser, Call, Form, Server, Setup, text, user_id};

const PATH: &str = "/account/profile";

/// Opens the page, types, and saves.
async fn save(browser: &mut Browser<'_>, typed: &[(&str, &str)]) -> Answer {
    let page = browser.get(PATH).await;
    page.is_page("profile-page");
    browser.send(&filled(&page, typed)).await
}

fn filled(page: &Answer, typed: &[(&str, &str)]) -> Form {
    let form = Form::sent_by(page.text(), "profile-save");
    typed
        .iter()
        .fold(form, |form, (name, value)| form.fill(name, value))
}

async fn stored(server: &Server) -> User {
    server.store.user(user_id(ALICE)).await.unwrap().unwrap()
}

async fn userinfo(server: &Server) -> Value {
    let ask = Ask::web().with("scope", "openid profile email");
    let tokens = ask.tokens(server).await;
    server
        .call(Call::userinfo(text(&tokens["access_token"])))
        .await
        .ok()
}

/// Every text claim, with a value that it can have.
const EVERYTHING: [(&str, &str); 21] = [
    ("name", "Alice Liddell"),
    ("given_name", "Alice"),
    ("middle_name", "Pleasance"),
    ("family_name", "Liddell"),
    ("nickname", "Al"),
    ("preferred_username", "alice@wonder/land"),
    ("profile", "https://alice.example/me"),
    ("picture", "https://alice.example/me.png"),
    ("website", "http://alice.example/"),
    ("gender", "female"),
    ("birthdate", "0000-05-04"),
    ("zoneinfo", "Europe/London"),
    ("locale", "en-GB"),
    ("email", "alice@liddell.example"),
    ("phone_number", "+44 20 7946 0000;ext=12"),
    ("address.formatted", "The Deanery\nOxford"),
    ("address.street_address", "The Deanery\nChrist Church"),
    ("address.locality", "Oxford"),
    ("address.region", "Oxfordshire"),
    ("address.postal_code", "OX1 1DP"),
    ("address.country", "England"),
];

#[tokio::test]
async fn every_standard_claim_can_be_written_and_deleted() {
    let server = Server::start().await;
    let mut browser = Browser::logged_in(&server, ALICE).await;
    let names: Vec<String> = EVERYTHING
        .iter()
        .map(|(name, _)| format!("claim-{name}"))
        .collect();
    let typed: Vec<(&str, &str)> = names
        .iter()
        .zip(EVERYTHING)
        .map(|(name, (_, value))| (name.as_str(), value))
        .collect();
    server.advance(Seconds(5));
    let page = save(&mut browser, &typed).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.element("profile-saved").is_some());
    let after = stored(&server).await;
    for (name, value) in EVERYTHING {
        let field = ClaimField::parse(name).unwrap();
        assert_eq!(after.claims.text(&field), Some(value), "{name}");
        assert_eq!(
            filled(&page, &[]).value(&format!("claim-{name}")),
            Some(value),
            "{name}"
        );
    }
    assert_eq!(
        after.claims.texts().count(),
        EVERYTHING.len(),
        "there is no claim without a field"
    );
    assert_eq!(after.claims.updated_at, Some(server.now()));
    let userinfo = userinfo(&server).await;
    assert_eq!(userinfo["birthdate"], "0000-05-04");
    assert_eq!(userinfo["updated_at"], json!(server.now()));
    let empty: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), " ")).collect();
    save(&mut browser, &empty).await;
    let nothing = StandardClaims {
        updated_at: Some(server.now()),
        ..StandardClaims::default()
    };
    assert_eq!(stored(&server).await.claims, nothing);
}

/// "True if the End-User's e-mail address has been verified; otherwise false." Nobody can say so of themselves.
#[tokio::test]
async fn what_is_verified_is_shown_and_cannot_be_written() {
    let server = Setup::new()
        .user(ALICE, |user| {
            user.claims.phone_number = Some("+44 20 7946 0000".to_owned());
        })
        .start()
        .await;
    let mut browser = Browser::logged_in(&server, ALICE).await;
    let page = browser.get(PATH).await;
    assert_eq!(page.element("claim-email-note").as_deref(), Some("Verified"));
    assert_eq!(
        page.element("claim-phone-number-note").as_deref(),
        Some("Not verified")
    );
    let forged = [
        ("claim-phone_number_verified", "true"),
        ("phone_number_verified", "true"),
        ("claim-email_verified", "false"),
        ("claim-updated_at", "1"),
        ("claim-sub", "somebody"),
        ("claim-nickname", "Al"),
    ];
    assert_eq!(save(&mut browser, &forged).await.status, 200);
    let claims = stored(&server).await.claims;
    assert_eq!(
        (claims.email_verified, claims.phone_number_verified),
        (Some(true), None)
    );
    assert_eq!(claims.updated_at, Some(server.now()));
    let page = save(&mut browser, &[("claim-email", "new@example.com")]).await;
    assert_eq!(page.element("claim-email-note").as_deref(), Some("Not verified"));
    let userinfo = userinfo(&server).await;
    assert_eq!(
        (&userinfo["email"], &userinfo["email_verified"]),
        (&json!("new@example.com"), &json!(false))
    );
    save(&mut browser, &[("claim-email", "")]).await;
    assert_eq!(stored(&server).await.claims.email_verified, None);
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_its_field_and_nothing_is_saved() {
    let server = Server::start().await;
    let mut browser = Browser::logged_in(&server, ALICE).await;
    let before = stored(&server).await;
    let wrong = [
        ("birthdate", "4 May 1852", "1990-02-28"),
        ("website", "javascript:alert(1)", "https://"),
        ("zoneinfo", "GMT plus one", "Europe/Paris"),
        ("locale", "en_GB", "hyphen"),
        ("email", "<script>@example.com", "ada@example.com"),
        ("phone_number", "none", "+49 30 1234567"),
        ("name", "A\u{7}lice", "cannot be seen"),
    ];
    let long = "x".repeat(201);
    for (name, value, says) in wrong
        .into_iter()
        .chain([("nickname", long.as_str(), "200 characters")])
    {
        let field = format!("claim-{name}");
        let page = save(&mut browser, &[(&field, value), ("claim-given_name", "Alicia")]).await;
        assert_eq!(page.status, 400, "{name}");
        let said = page
            .element(&format!("{}-problem", field.replace('_', "-")))
            .unwrap();
        assert!(said.contains(says), "{name}: {said}");
        assert!(page.element("profile-problem").is_some());
        let form = filled(&page, &[]);
        assert_eq!(form.value(&field), Some(value), "{name} keeps what was typed");
        assert_eq!(form.value("claim-given_name"), Some("Alicia"));
        assert_eq!(page.text().matches(" aria-invalid=\"true\"").count(), 1, "{name}");
        assert!(!page.text().contains("<script>"));
        assert_eq!(stored(&server).await, before, "{name}");
    }
    browser.language = "de".to_owned();
    let page = save(&mut browser, &[("claim-email", "alice")]).await;
    assert!(
        page.element("claim-email-problem")
            .unwrap()
            .contains("E-Mail-Adresse")
    );
    browser.language = "fr".to_owned();
    let page = save(&mut browser, &[("claim-email", "alice")]).await;
    assert!(
        page.element("claim-email-problem")
            .unwrap()
            .contains("adresse e-mail")
    );
}

#[tokio::test]
async fn two_windows_do_not_overwrite_one_another() {
    let server = Server::start().await;
    let mut browser = Browser::logged_in(&server, ALICE).await;
    let (first, second) = (browser.get(PATH).await, browser.get(PATH).await);
    assert_eq!(
        browser
            .send(&filled(&first, &[("claim-nickname", "First")]))
            .await
            .status,
        200
    );
    let refused = browser
        .send(&filled(&second, &[("claim-given_name", "Second")]))
        .await;
    assert_eq!(refused.status, 409);
    assert!(refused.element("profile-changed").is_some());
    let claims = stored(&server).await.claims;
    assert_eq!(
        (claims.nickname.as_deref(), claims.given_name),
        (Some("First"), None)
    );
    // What was typed is there, with what is stored beside it; whoever has seen that may go on.
    assert!(refused.element("claim-nickname-note").unwrap().contains("First"));
    assert!(
        refused
            .element("claim-given-name-note")
            .unwrap()
            .contains("Deleted")
    );
    assert_eq!(refused.element("claim-family-name-note"), None);
    let again = filled(&refused, &[("claim-nickname", "First")]);
    assert_eq!(again.value("claim-given_name"), Some("Second"));
    assert_eq!(browser.send(&again).await.status, 200);
    let claims = stored(&server).await.claims;
    assert_eq!(
        (claims.nickname.as_deref(), claims.given_name.as_deref()),
        (Some("First"), Some("Second"))
    );
    // An administrator's change counts too, and so does a form without a revision.
    let page = browser.get(PATH).await;
    server
        .edit_user(ALICE, |user| user.claims.name = Some("A".to_owned()))
        .await;
    assert_eq!(browser.send(&filled(&page, &[])).await.status, 409);
    let page = browser.get(PATH).await;
    assert_eq!(
        browser.send(&filled(&page, &[("revision", "")])).await.status,
        409
    );
}

#[tokio::test]
async fn saving_what_there_is_changes_nothing() {
    let server = Server::start().await;
    let mut browser = Browser::logged_in(&server, ALICE).await;
    let before = stored(&server).await;
    server.advance(Seconds(5));
    assert!(save(&mut browser, &[]).await.element("profile-saved").is_some());
    assert_eq!(stored(&server).await, before);
}

/// "family_name#ja-Kana-JP expresses the Family Name in Katakana in Japanese" (OpenID Connect Core 5.2).
#[tokio::test]
async fn a_claim_is_added_changed_and_deleted_in_another_language() {
    let server = Server::start().await;
    let mut browser = Browser::logged_in(&server, ALICE).await;
    let add = |claim, language, value| {
        [
            ("new-claim", claim),
            ("new-language", language),
            ("new-value", value),
        ]
    };
    let page = save(&mut browser, &add("name", "FR-ca", "Alice au pays")).await;
    assert_eq!(
        filled(&page, &[]).value("claim-name#fr-CA"),
        Some("Alice au pays")
    );
    save(&mut browser, &add("address.locality", "de", "Wunderland")).await;
    let tagged = serde_json::to_value(stored(&server).await.claims).unwrap();
    assert_eq!(tagged["name#fr-CA"], "Alice au pays");
    assert_eq!(tagged["address#de"], json!({ "locality": "Wunderland" }));
    for (added, field) in [
        (add("name", "French!", "Alice"), "new-language"),
        (add("name", "", "Alice"), "new-language"),
        (add("name", "de", ""), "new-value"),
        (add("website", "de", "alice.example"), "new-value"),
    ] {
        let page = save(&mut browser, &added).await;
        assert_eq!(page.status, 400, "{added:?}");
        assert!(page.element(&format!("{field}-problem")).is_some(), "{added:?}");
        assert_eq!(filled(&page, &[]).value("new-value"), Some(added[2].1));
    }
    assert_eq!(
        save(&mut browser, &add("email", "de", "a@b.example"))
            .await
            .status,
        400
    );
    assert_eq!(
        serde_json::to_value(stored(&server).await.claims).unwrap(),
        tagged
    );
    save(
        &mut browser,
        &[("claim-name#fr-CA", "Alice"), ("claim-address#de.locality", "")],
    )
    .await;
    let tagged = serde_json::to_value(stored(&server).await.claims).unwrap();
    assert_eq!(
        (&tagged["name#fr-CA"], tagged.get("address#de")),
        (&json!("Alice"), None)
    );
}

#[tokio::test]
async fn a_form_of_somebody_else_changes_nothing() {
    let server = Server::start().await;
    let before = stored(&server).await;
    let mut browser = Browser::logged_in(&server, ALICE).await;
    let page = browser.get(PATH).await;
    let form = filled(&page, &[("claim-name", "Mallory")]);
    let refused = browser.send(&form.clone().fill("csrf_token", "")).await;
    refused.refused_on_page(403, "access_denied", Cause::FormTokenInvalid);
    // Nor one from before somebody else logged in.
    browser.log_in_alone(BOB).await;
    browser
        .send(&form)
        .await
        .refused_on_page(403, "access_denied", Cause::FormTokenInvalid);
    let mut nobody = Browser::new(&server);
    let answer = nobody.get(PATH).await;
    nobody.follow(answer).await.is_page("login-page");
    assert_eq!(stored(&server).await, before);
}
