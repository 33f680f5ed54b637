//! [OpenID Connect Dynamic Client Registration 1.0](https://openid.net/specs/openid-connect-registration-1_0.html), line by
//! line as providers are certified for it.

use grantor_fetch::Guard;
use grantor_protocol::Cause;
use http::Method;
use serde_json::{Value, json};

use crate::harness::registration::{ask, document, manage, open, refused_for, register, registered};
use crate::harness::{ALICE, Browser, Published, Server, text};

#[tokio::test]
async fn registration_is_answered_with_201_and_what_goes_together() {
    let server = open().start().await;
    let client = registered(&server, &json!({})).await;
    assert!(client["client_id"].is_string() && client["client_secret"].is_string());
    assert_eq!(client["client_secret_expires_at"], 0);
    assert!(text(&client["registration_client_uri"]).starts_with("https://"));
    for secret in ["client_secret", "registration_access_token"] {
        // At least 32 random bytes in base64url.
        assert!(text(&client[secret]).len() >= 43, "{secret}");
    }
}

#[tokio::test]
async fn delete_is_answered_with_204() {
    let server = open().start().await;
    let client = registered(&server, &json!({})).await;
    assert_eq!(server.call(manage(Method::DELETE, &client)).await.status, 204);
}

/// Everything that the suite sends, in one document.
fn whole() -> Value {
    json!({
        "client_name": "Suite",
        "grant_types": ["authorization_code"],
        "response_types": ["code"],
        "redirect_uris": ["https://strange.example/cb", "https://strange.example/cb?x=1"],
        "contacts": ["certification@oidf.org"],
        "jwks_uri": "https://strange.example/jwks",
        "token_endpoint_auth_method": "client_secret_basic",
        "logo_uri": "https://strange.example/logo.png",
        "policy_uri": "https://strange.example/policy",
        "tos_uri": "https://strange.example/tos",
        "client_uri": "https://strange.example/home",
        "subject_type": "public",
        "id_token_signed_response_alg": "RS256",
        "id_token_encrypted_response_alg": "RSA-OAEP-256",
        "id_token_encrypted_response_enc": "A256GCM",
        "userinfo_signed_response_alg": "RS256",
        "request_object_signing_alg": "RS256",
        "request_uris": ["https://strange.example/request.jwt#h4sh"],
        "require_auth_time": true,
        "default_max_age": 3600,
        "default_acr_values": ["urn:mace:incommon:iap:silver"],
        "initiate_login_uri": "https://strange.example/login",
        "post_logout_redirect_uris": ["https://strange.example/bye"],
        "backchannel_logout_uri": "https://strange.example/back",
        "backchannel_logout_session_required": true,
        "frontchannel_logout_uri": "https://strange.example/front",
        "frontchannel_logout_session_required": true,
        "scope": "openid profile",
        "application_type": "web",
        "software_id": "suite",
        "software_version": "5.2.4",
        "dpop_bound_access_tokens": false,
        "require_pushed_authorization_requests": false,
    })
}

#[tokio::test]
async fn get_echoes_every_member_that_was_sent() {
    let server = open().start().await;
    let answer = server.call(register(&whole())).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let client = answer.json();
    let read = server.call(manage(Method::GET, &client)).await.ok();
    for (member, value) in whole().as_object().unwrap() {
        assert_eq!(&client[member], value, "{member}");
        assert_eq!(&read[member], value, "{member}");
    }
}

#[tokio::test]
async fn the_public_keys_of_a_client_are_taken_in_place() {
    let server = open().start().await;
    let (key, _) = grantor_jose::SigningKey::generate(grantor_types::SigningAlgorithm::Es256).unwrap();
    let jwks = json!({ "keys": [key.public_jwk()] });
    let client = registered(&server, &json!({ "jwks": jwks })).await;
    assert_eq!(client["jwks"], jwks);
    let both = json!({ "jwks": jwks, "jwks_uri": "https://strange.example/jwks" });
    let answer = server.call(register(&document(&both))).await;
    refused_for(&answer, "jwks", Cause::RegistrationKeysTwice);
}

#[tokio::test]
async fn a_redirect_uri_with_a_fragment_is_refused() {
    let server = open().start().await;
    let changes = json!({ "redirect_uris": ["https://strange.example/cb#fragment"] });
    let answer = server.call(register(&document(&changes))).await;
    assert_eq!(answer.json()["error"], "invalid_redirect_uri");
    refused_for(&answer, "redirect_uris", Cause::RegistrationRedirectUriFragment);
}

#[tokio::test]
async fn initiate_login_uri_has_to_be_https() {
    let server = open().start().await;
    let changes = json!({ "initiate_login_uri": "http://strange.example/login" });
    let answer = server.call(register(&document(&changes))).await;
    assert_eq!(answer.json()["error"], "invalid_client_metadata");
    refused_for(&answer, "initiate_login_uri", Cause::RegistrationUriInsecure);
}

#[tokio::test]
async fn logo_policy_and_terms_are_on_the_pages() {
    let server = open().start().await;
    let client = registered(
        &server,
        &json!({
            "logo_uri": "https://cdn.strange.example/logo.png", "policy_uri": "https://strange.example/policy",
            "tos_uri": "https://strange.example/tos", "client_uri": "https://strange.example/home",
        }),
    )
    .await;
    let mut browser = Browser::new(&server);
    let login = browser.ask(&ask(&client)).await;
    login.is_page("login-page");
    let consent = browser.log_in(&login, ALICE).await;
    consent.is_page("consent-page");
    for page in [&login, &consent] {
        assert!(
            page.text()
                .contains("id=\"client-logo\" src=\"https://cdn.strange.example/logo.png\"")
        );
        // The browser fetches it from there, and nothing from anywhere else.
        let policy = page.header("content-security-policy").unwrap();
        assert!(
            policy.contains("img-src 'self' data: https://cdn.strange.example;"),
            "{policy}"
        );
    }
    for (id, link) in [
        ("client-uri", "https://strange.example/home"),
        ("policy-uri", "https://strange.example/policy"),
        ("tos-uri", "https://strange.example/tos"),
    ] {
        assert!(
            consent.text().contains(&format!("id=\"{id}\" href=\"{link}\"")),
            "{id}"
        );
    }
    assert!(consent.text().contains("The strange client"));
}

/// A server in development, where loopback http is in order.
async fn development(guard: Guard) -> Server {
    let mut setup = open();
    setup.settings.issuer = grantor_types::Issuer::parse("http://localhost:8080").unwrap();
    setup.settings.outgoing = guard;
    setup.start().await
}

#[tokio::test]
async fn the_sector_document_has_to_list_every_redirect_uri() {
    let sector = Published::text("[]".to_owned()).await;
    let server = development(Guard::new().danger_allow_loopback()).await;
    let uris = ["https://strange.example/cb", "https://other.example/cb"];
    let changes = json!({
        "redirect_uris": uris, "subject_type": "pairwise", "sector_identifier_uri": sector.uri,
    });
    for (body, cause) in [
        ("[]", Cause::RegistrationSectorMismatch),
        (
            "[\"https://strange.example/cb\"]",
            Cause::RegistrationSectorMismatch,
        ),
        ("{}", Cause::RegistrationSectorUnavailable),
        ("[1]", Cause::RegistrationSectorUnavailable),
        ("no JSON", Cause::RegistrationSectorUnavailable),
    ] {
        sector.set(body);
        let answer = server.call(register(&document(&changes))).await;
        assert_eq!(answer.json()["error"], "invalid_client_metadata");
        refused_for(&answer, "sector_identifier_uri", cause);
    }
    sector.set(&json!([uris[0], uris[1], "https://third.example/"]).to_string());
    let client = registered(&server, &changes).await;
    assert_eq!(client["sector_identifier_uri"], sector.uri);
    assert_eq!(client["subject_type"], "pairwise");
}

#[tokio::test]
async fn the_sector_document_is_not_fetched_from_inside() {
    let sector = Published::text("[]".to_owned()).await;
    sector.set("[\"https://strange.example/cb\"]");
    let server = development(Guard::new()).await;
    let changes = json!({ "sector_identifier_uri": sector.uri });
    let answer = server.call(register(&document(&changes))).await;
    refused_for(
        &answer,
        "sector_identifier_uri",
        Cause::RegistrationSectorUnavailable,
    );
}

#[tokio::test]
async fn pairwise_clients_on_two_hosts_need_a_sector() {
    let server = open().start().await;
    let changes = json!({
        "subject_type": "pairwise", "redirect_uris": ["https://a.example/cb", "https://b.example/cb"],
    });
    let answer = server.call(register(&document(&changes))).await;
    refused_for(&answer, "sector_identifier_uri", Cause::RegistrationSectorHosts);
}
