//! Opaque tokens.

use grantor_resource::ResourceServerBuilder;
use grantor_types::{ClientId, Seconds, Secret};
use serde_json::{Value, json};

use crate::api::{Api, NOW};
use crate::issuer::Issuer;

/// Describes an API that introspects and remembers for so many seconds.
fn introspecting(
    issuer: &Issuer,
    lifetime: u64,
) -> impl FnOnce(ResourceServerBuilder) -> ResourceServerBuilder + use<> {
    let endpoint = format!("{}/introspect", issuer.url());
    move |builder| {
        builder
            .introspection(
                &endpoint,
                ClientId::parse("notes api").unwrap(),
                Secret::new("p:w"),
            )
            .introspection_cache(Seconds(lifetime), 100)
    }
}

fn active(issuer: &Issuer) -> Value {
    let mut answer = issuer.claims();
    answer["active"] = json!(true);
    answer["token_type"] = json!("Bearer");
    answer
}

#[tokio::test]
async fn an_opaque_token_is_asked_about_and_remembered() {
    let issuer = Issuer::start().await;
    issuer.set_opaque("opaque", active(&issuer));
    let api = Api::start(&issuer, introspecting(&issuer, 5)).await;
    for _ in 0..3 {
        let answer = api.get("/read", &["Bearer opaque"]).await;
        assert_eq!((answer.status, &*answer.body), (200, "alice"));
    }
    let [(headers, form)] = &issuer.introspections()[..] else {
        panic!("asked once")
    };
    // "notes+api:p%3Aw", as RFC 6749 §2.3.1 has it.
    assert_eq!(headers["authorization"], "Basic bm90ZXMrYXBpOnAlM0F3");
    assert_eq!(form["token"], "opaque");
    assert_eq!(form["token_type_hint"], "access_token");

    // Revoked, it lives on until the answer has grown old.
    issuer.set_opaque("opaque", json!({"active": false}));
    api.advance(4);
    assert_eq!(api.status("opaque").await, 200);
    api.advance(1);
    assert_eq!(api.status("opaque").await, 401);
    assert_eq!(api.status("opaque").await, 401);
    assert_eq!(issuer.introspections().len(), 2);
    assert_eq!(issuer.key_requests(), 0);
}

#[tokio::test]
async fn without_a_cache_every_request_asks() {
    let issuer = Issuer::start().await;
    issuer.set_opaque("opaque", active(&issuer));
    let api = Api::start(&issuer, introspecting(&issuer, 0)).await;
    assert_eq!(api.status("opaque").await, 200);
    issuer.set_opaque("opaque", json!({"active": false}));
    assert_eq!(api.status("opaque").await, 401);
    assert_eq!(issuer.introspections().len(), 2);
}

#[tokio::test]
async fn a_remembered_token_still_expires() {
    let issuer = Issuer::start().await;
    let mut answer = active(&issuer);
    answer["exp"] = json!(NOW + 10);
    issuer.set_opaque("opaque", answer);
    let api = Api::start(&issuer, introspecting(&issuer, 600)).await;
    assert_eq!(api.status("opaque").await, 200);
    api.advance(14);
    assert_eq!(api.status("opaque").await, 200, "within the leeway");
    api.advance(1);
    assert_eq!(api.status("opaque").await, 401);
    assert_eq!(issuer.introspections().len(), 1);
}

#[tokio::test]
async fn what_is_no_access_token_for_us_is_refused() {
    let issuer = Issuer::start().await;
    let api = Api::start(&issuer, introspecting(&issuer, 5)).await;
    let cases = [
        (
            "another-audience",
            "aud",
            json!("https://other.example"),
            "not an access token for this",
        ),
        (
            "a-refresh-token",
            "token_type",
            json!(null),
            "not an access token for this",
        ),
        ("bound", "cnf", json!({"x5t#S256": "x"}), "bound to a key"),
        ("inactive", "active", json!(false), "not active"),
    ];
    for (token, name, value, part) in cases {
        let mut answer = active(&issuer);
        answer[name] = value;
        issuer.set_opaque(token, answer);
        let answer = api.get("/me", &[&format!("Bearer {token}")]).await;
        assert_eq!(answer.status, 401, "{token}");
        assert!(
            answer.header("www-authenticate").unwrap().contains(part),
            "{token}"
        );
    }
    assert_eq!(api.status("unheard-of").await, 401);
}

#[tokio::test]
async fn an_outage_is_not_the_callers_fault_and_not_remembered() {
    let issuer = Issuer::start().await;
    issuer.set_opaque("opaque", active(&issuer));
    let api = Api::start(&issuer, introspecting(&issuer, 5)).await;
    issuer.set_down(true);
    let answer = api.get("/me", &["Bearer opaque"]).await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("2")));
    issuer.set_down(false);
    assert_eq!(api.status("opaque").await, 200);
}

#[tokio::test]
async fn jwts_are_still_checked_on_the_spot() {
    let issuer = Issuer::start().await;
    let token = issuer.token(&issuer.add_key(), json!({}));
    let api = Api::start(&issuer, introspecting(&issuer, 5)).await;
    assert_eq!(api.status(&token).await, 200);
    assert_eq!(
        api.status(&issuer.token(&issuer.add_key(), json!({"aud": "x"})))
            .await,
        401
    );
    assert!(issuer.introspections().is_empty());
}
