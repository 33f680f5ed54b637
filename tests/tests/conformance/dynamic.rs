//! The plan "Dynamic": applications that register themselves, with keys, documents and requests at their own addresses.

use grantor_tests::unverified;
use std::time::Duration;

use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use super::answer::{Answer, Callback, now, text};
use super::key::{Key, verified};
use super::party::{Party, callback};
use super::provider::Provider;

/// How often something that takes its time is asked for, and how many times.
const ASK_AGAIN: (Duration, u32) = (Duration::from_millis(500), 60);

#[tokio::test]
async fn a_registration_from_its_begin_to_its_end() {
    let provider = Provider::start().await;
    let registered = provider
        .register(&json!({ "contacts": ["a@b.example"] }))
        .await
        .registered;
    assert_eq!(registered["client_secret_expires_at"], 0);
    assert!(text(&registered["client_id"]).len() >= 16 && text(&registered["client_secret"]).len() >= 43);
    let uri = text(&registered["registration_client_uri"]);
    assert!(
        uri.starts_with(&format!("{}/oauth/register/", provider.issuer())),
        "{uri}"
    );
    let token = text(&registered["registration_access_token"]);
    assert!(token.len() >= 43);
    let read = Answer::to(provider.http.get(uri).bearer_auth(token)).await.ok();
    for member in [
        "client_name",
        "redirect_uris",
        "contacts",
        "grant_types",
        "client_id",
    ] {
        assert_eq!(read[member], registered[member], "{member}");
    }
    let deleted = Answer::to(provider.http.delete(uri).bearer_auth(token)).await;
    assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
    assert_eq!(
        Answer::to(provider.http.get(uri).bearer_auth(token)).await.status,
        401
    );
}

#[tokio::test]
async fn documents_that_are_refused() {
    let provider = Provider::start().await;
    let callback = provider.application.url("/callback");
    for (changes, error) in [
        (
            json!({ "redirect_uris": [format!("{callback}#x")] }),
            "invalid_redirect_uri",
        ),
        (json!({ "redirect_uris": [] }), "invalid_redirect_uri"),
        (
            json!({ "initiate_login_uri": "http://a.example/" }),
            "invalid_client_metadata",
        ),
        (json!({ "response_types": ["token"] }), "invalid_client_metadata"),
        (
            json!({ "id_token_signed_response_alg": "none" }),
            "invalid_client_metadata",
        ),
    ] {
        provider.registration(&changes).await.refused(400, error);
    }
}

#[tokio::test]
async fn a_redirect_uri_with_a_query() {
    let provider = Provider::start().await;
    let plain = provider.application.url("/callback");
    let with_query = format!("{plain}?dummy1=lorem&dummy2=ipsum");
    let uris = json!({ "redirect_uris": [plain, with_query] });
    let party = provider.register(&uris).await;
    let person = provider.person("alice");
    let ask = party.ask("openid").with("redirect_uri", &with_query);
    let answer = callback(&person, &ask).await;
    assert_eq!(
        (answer.value("dummy1"), answer.value("dummy2")),
        (Some("lorem"), Some("ipsum"))
    );
    let redeem = [
        ("grant_type", "authorization_code"),
        ("code", answer.code()),
        ("redirect_uri", &with_query),
    ];
    party.token(&redeem).await.ok();
    for wrong in [
        format!("{plain}?dummy1=lorem&dummy2=other"),
        format!("{plain}?dummy1=lorem"),
        format!("{with_query}&more=1"),
        format!("{plain}?foo=bar"),
    ] {
        let page = person
            .open(&ask.with("redirect_uri", &wrong).url())
            .await
            .unwrap();
        page.is("error-page");
        assert_eq!(page.leaves_to, None, "{wrong}");
    }
}

/// An assertion of an application, good for a minute.
fn assertion(key: &Key, kid: Option<&str>, party: &Party<'_>, audience: &str, jti: &str) -> String {
    let now = now();
    let claims = json!({
        "iss": party.id(), "sub": party.id(), "aud": audience, "jti": jti, "iat": now, "exp": now + 60,
    });
    key.sign("JWT", kid, &claims)
}

async fn with_assertion(provider: &Provider, assertion: &str, form: &[(&str, &str)]) -> Answer {
    let by_jwt = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    let mut form = form.to_vec();
    form.extend([("client_assertion_type", by_jwt), ("client_assertion", assertion)]);
    provider.post("/oauth/token", &form).await
}

/// Fetched from the application over https; a new key is found without a word from anybody.
#[tokio::test]
async fn keys_at_an_address() {
    let provider = Provider::start().await;
    let (first, second) = (Key::generate(), Key::generate());
    // As the suite has it: the key has no name.
    provider
        .application
        .serve("/jwks", "application/json", &first.set(None).to_string());
    let party = provider
        .register(&json!({
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": "RS256",
            "jwks_uri": provider.application.url("/jwks"),
        }))
        .await;
    let person = provider.person("alice");
    let endpoint = format!("{}/oauth/token", provider.issuer());
    let mut tokens = Value::Null;
    for (jti, audience) in [endpoint.clone(), provider.issuer()].iter().enumerate() {
        let code = party.code(&person, &party.ask("openid offline_access")).await;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", party.redirect_uri()),
        ];
        let assertion = assertion(&first, None, &party, audience, &jti.to_string());
        tokens = with_assertion(&provider, &assertion, &form).await.ok();
    }
    party.id_token(&tokens).await;
    let fetched = provider.application.requests("/jwks").len();
    assert!(fetched >= 1);

    provider.application.serve(
        "/jwks",
        "application/json",
        &second.set(Some("second")).to_string(),
    );
    let refresh = [
        ("grant_type", "refresh_token"),
        ("refresh_token", text(&tokens["refresh_token"])),
    ];
    for attempt in 0..ASK_AGAIN.1 {
        let jti = format!("refresh {attempt}");
        let assertion = assertion(&second, Some("second"), &party, &endpoint, &jti);
        let answer = with_assertion(&provider, &assertion, &refresh).await;
        if answer.status == 200 {
            assert!(provider.application.requests("/jwks").len() > fetched);
            return;
        }
        answer.refused(401, "invalid_client");
        tokio::time::sleep(ASK_AGAIN.0).await;
    }
    panic!("the new key was never fetched");
}

#[tokio::test]
async fn a_request_by_reference() {
    let provider = Provider::start().await;
    let (key, application) = (Key::generate(), &provider.application);
    let reference = application.url("/request.jwt");
    let uris = [application.url("/callback"), application.url("/other")];
    let party = provider
        .register(&json!({
            "redirect_uris": uris,
            "request_object_signing_alg": "RS256",
            "jwks": key.set(None),
            "request_uris": [format!("{reference}#hash-of-it")],
        }))
        .await;
    let claims = json!({
        "iss": party.id(), "aud": provider.issuer(), "client_id": party.id(), "response_type": "code",
        "redirect_uri": uris[1], "scope": "openid email", "state": "of the object", "nonce": "of the object",
    });
    let person = provider.person("alice");
    let object = key.sign("oauth-authz-req+jwt", None, &claims);
    application.serve("/request.jwt", "application/oauth-authz-req+jwt", &object);
    let ask = party.ask("openid").without("redirect_uri");
    for ask in [ask.with("request_uri", &reference), ask.with("request", &object)] {
        let answer = callback(&person, &ask).await;
        assert_eq!(answer.uri, uris[1]);
        assert_eq!(answer.value("state"), Some("of the object"));
    }
    assert!(!application.requests("/request.jwt").is_empty());
    // Only what was registered is fetched, and only what the client signed is believed.
    let elsewhere = ask
        .with("redirect_uri", &uris[0])
        .with("request_uri", &application.url("/elsewhere"));
    let refused = Callback::of(&person.open(&elsewhere.url()).await.unwrap());
    assert_eq!(refused.error(), "invalid_request_uri");
    assert!(application.requests("/elsewhere").is_empty());
    let forged = Key::generate().sign("oauth-authz-req+jwt", None, &claims);
    let page = person.open(&ask.with("request", &forged).url()).await.unwrap();
    page.is("error-page");
    assert_eq!(
        page.element("error-code").as_deref(),
        Some("invalid_request_object")
    );
}

#[tokio::test]
async fn algorithms_of_a_client() {
    let provider = Provider::start().await;
    let algorithms = json!({
        "id_token_signed_response_alg": "ES256", "userinfo_signed_response_alg": "RS256",
    });
    let party = provider.register(&algorithms).await;
    let tokens = party
        .tokens(&provider.person("alice"), &party.ask("openid email"))
        .await;
    let (jwks, issuer) = (provider.jwks().await, provider.issuer());
    let id_token = verified(
        text(&tokens["id_token"]),
        &jwks,
        Algorithm::ES256,
        &issuer,
        party.id(),
    );
    let userinfo = provider.userinfo(&tokens).await;
    assert_eq!(
        (userinfo.status, userinfo.content_type.as_str()),
        (200, "application/jwt")
    );
    let claims = verified(&userinfo.text, &jwks, Algorithm::RS256, &issuer, party.id());
    assert_eq!(
        (&claims["sub"], &claims["email"]),
        (&id_token["sub"], &json!("alice@example.com"))
    );
    assert_eq!(claims.get("nonce"), None);
    assert_eq!(unverified(&userinfo.text).0["alg"], "RS256");
}

#[tokio::test]
async fn a_sector_document() {
    let provider = Provider::start().await;
    let application = &provider.application;
    let uri = application.url("/callback");
    let pairwise = json!({
        "subject_type": "pairwise", "sector_identifier_uri": application.url("/sector"), "redirect_uris": [uri],
    });
    let person = provider.person("alice");
    for bad in [json!(["https://elsewhere.example/"]), json!({}), json!("x")] {
        application.serve("/sector", "application/json", &bad.to_string());
        provider
            .registration(&pairwise)
            .await
            .refused(400, "invalid_client_metadata");
    }
    application.serve(
        "/sector",
        "application/json",
        &json!([uri, "https://more.example/"]).to_string(),
    );
    let party = provider.register(&pairwise).await;
    let public = provider.register(&json!({})).await;
    let mut subjects = Vec::new();
    for party in [&party, &party, &public] {
        let tokens = party.tokens(&person, &party.ask("openid")).await;
        subjects.push(party.id_token(&tokens).await["sub"].clone());
    }
    assert_eq!(subjects[0], subjects[1]);
    assert_ne!(subjects[0], subjects[2]);
}
