//! [OpenID Connect Core 5.2](https://openid.net/specs/openid-connect-core-1_0.html#ClaimsLanguagesAndScripts): claims in
//! languages, and `claims_locales`.

use serde_json::{Value, json};

use crate::harness::{ALICE, Ask, Call, Server, Setup, jwt, text};
use crate::rfc8414_metadata;

/// Alice, as people of several languages write her.
async fn server() -> Server {
    Setup::new()
        .user(ALICE, |user| {
            user.claims = serde_json::from_value(json!({
                "name": "Alice", "name#fr": "Alix", "name#de-CH": "Lisi", "name#ja-Kana-JP": "アリス",
                "name#ja-Hani-JP": "有栖", "website": "https://alice.example/",
                "website#de": "https://alice.example/de", "email": "alice@example.com",
            }))
            .unwrap();
        })
        .start()
        .await
}

fn ask(locales: &str) -> Ask {
    let ask = Ask::web().with("scope", "openid profile");
    match locales {
        "" => ask,
        locales => ask.with("claims_locales", locales),
    }
}

async fn answers(server: &Server, ask: Ask) -> (Value, Value) {
    let tokens = ask.tokens(server).await;
    let userinfo = server
        .call(Call::userinfo(text(&tokens["access_token"])))
        .await
        .ok();
    let own = |mut claims: Value| {
        let members = claims.as_object_mut().unwrap();
        members.retain(|name, _| {
            ["name", "website", "email"]
                .iter()
                .any(|claim| name.starts_with(claim))
        });
        claims
    };
    (own(jwt::claims(text(&tokens["id_token"]))), own(userinfo))
}

#[tokio::test]
async fn one_language_comes_without_a_tag() {
    let server = server().await;
    let website = "https://alice.example/";
    for (locales, expected) in [
        ("", json!({ "name": "Alice", "website": website })),
        ("fr", json!({ "name": "Alix", "website": website })),
        ("fr-CA", json!({ "name": "Alix", "website": website })),
        (
            "DE",
            json!({ "name": "Lisi", "website": "https://alice.example/de" }),
        ),
        (
            "de-CH-1996",
            json!({ "name": "Lisi", "website": "https://alice.example/de" }),
        ),
        ("ja-Kana", json!({ "name": "アリス", "website": website })),
        ("es", json!({ "name": "Alice", "website": website })),
        ("%%% nonsense!", json!({ "name": "Alice", "website": website })),
    ] {
        let (_, userinfo) = answers(&server, ask(locales)).await;
        assert_eq!(userinfo, expected, "{locales}");
    }
}

#[tokio::test]
async fn several_languages_come_with_their_tags_besides() {
    let server = server().await;
    let (_, userinfo) = answers(&server, ask("ja-Kana-JP ja-Hani-JP de")).await;
    let expected = json!({
        "name": "アリス", "name#ja-Kana-JP": "アリス", "name#ja-Hani-JP": "有栖", "name#de-CH": "Lisi",
        "website": "https://alice.example/de", "website#de": "https://alice.example/de",
    });
    assert_eq!(userinfo, expected);
}

/// "Claims MAY be requested [...] with language tags" by their tagged names; they come under those.
#[tokio::test]
async fn a_claim_is_asked_for_in_a_language_by_its_name() {
    let server = server().await;
    let claims = json!({
        "id_token": { "name#fr-CA": null, "website#de": { "essential": true }, "name#es": null, "email#de": null },
        "userinfo": { "name#ja-Hani-JP": null, "name#de": null, "email": null },
    });
    let ask = ask("")
        .with("scope", "openid")
        .with("claims", &claims.to_string());
    let (id_token, userinfo) = answers(&server, ask).await;
    assert_eq!(
        id_token,
        json!({ "name#fr-CA": "Alix", "website#de": "https://alice.example/de" })
    );
    assert_eq!(
        userinfo,
        json!({ "name#ja-Hani-JP": "有栖", "name#de": "Lisi", "email": "alice@example.com" })
    );
}

#[tokio::test]
async fn the_languages_count_for_the_id_token_after_a_refresh_and_for_opaque_tokens() {
    let server = server().await;
    let claims = json!({ "id_token": { "name": null } });
    let tokens = ask("fr")
        .with("claims", &claims.to_string())
        .with("resource", "https://sealed.example")
        .tokens(&server)
        .await;
    assert_eq!(jwt::claims(text(&tokens["id_token"]))["name"], "Alix");
    let refreshed = server
        .call(Call::refresh("web", text(&tokens["refresh_token"])))
        .await
        .ok();
    assert_eq!(jwt::claims(text(&refreshed["id_token"]))["name"], "Alix");
    let userinfo = server
        .call(Call::userinfo(text(&refreshed["access_token"])))
        .await
        .ok();
    assert_eq!(userinfo["name"], "Alix");
}

/// What the claims are is known; in which languages people have them is not, and is not made up.
#[tokio::test]
async fn the_metadata_promises_no_language() {
    let server = server().await;
    let metadata = rfc8414_metadata::document(&server, "/.well-known/openid-configuration").await;
    assert_eq!(metadata.get("claims_locales_supported"), None);
}
