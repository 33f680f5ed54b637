//! Scopes, resource servers and trusted issuers.

use grantor_protocol::Cause;
use http::Method;
use serde_json::{Value, json};

use super::{Api, is_problem, made};

fn issuer(clients: Value) -> Value {
    json!({
        "issuer": "https://idp.example", "jwks_uri": "https://idp.example/keys", "subject": "username",
        "scope": "read", "clients": clients,
    })
}

#[tokio::test]
async fn each_is_made_replaced_and_deleted() {
    let api = Api::start().await;
    let rows = [
        (
            "/scopes",
            json!({ "name": "lamps", "description": "Lamps." }),
            json!({ "name": "lamps", "description": "" }),
            "/scopes/lamps",
        ),
        (
            "/resources",
            json!({ "id": "https://new.example/x", "name": "X", "introspectors": [] }),
            json!({ "id": "https://new.example/x", "name": "Y", "introspectors": ["nobody"] }),
            "/resources/https%3A%2F%2Fnew.example%2Fx",
        ),
        (
            "/trusted-issuers",
            issuer(json!(["web"])),
            issuer(json!(["web", "spa"])),
            "/trusted-issuers/https%3A%2F%2Fidp.example",
        ),
    ];
    for (collection, first, second, expected) in rows {
        let (path, etag, _) = made(&api.post(collection, first.clone()).await);
        assert_eq!(path, expected);
        is_problem(
            &api.post(collection, first.clone()).await,
            409,
            Cause::AlreadyThere,
        );
        assert_eq!(api.get(&path).await.ok(), first);
        assert_eq!(api.etag(&path).await, etag);
        let unconditional = api.send(Method::PUT, &path, None, Some(second.clone())).await;
        is_problem(&unconditional, 428, Cause::IfMatchMissing);
        api.put(&path, &etag, second.clone()).await.ok();
        assert_eq!(api.get(&path).await.ok(), second);
        is_problem(
            &api.put(&path, &etag, first.clone()).await,
            412,
            Cause::ChangedMeanwhile,
        );
        let stale = api.send(Method::DELETE, &path, Some(&etag), None).await;
        is_problem(&stale, 412, Cause::ChangedMeanwhile);
        let items = api.get(collection).await.ok()["items"].clone();
        assert!(items.as_array().unwrap().contains(&second));
        assert_eq!(api.delete(&path).await.status, 204);
        is_problem(&api.get(&path).await, 404, Cause::NotFound);
        is_problem(&api.put(&path, "*", first).await, 404, Cause::NotFound);
    }
}

#[tokio::test]
async fn what_cannot_be() {
    let api = Api::start().await;
    let before = api.server.everything_stored();
    let rows = [
        ("/scopes", json!({ "name": "two words" }), "/name"),
        ("/scopes", json!({ "name": "x", "more": 1 }), "/more"),
        (
            "/resources",
            json!({ "id": "x", "access_token_lifetime": 100_000 }),
            "/access_token_lifetime",
        ),
        ("/resources", json!({ "id": "not a uri" }), "/id"),
        ("/trusted-issuers", issuer(json!([])), "/clients"),
        (
            "/trusted-issuers",
            json!({ "issuer": "x", "subject": "username", "scope": "read", "clients": ["web"] }),
            "/jwks_uri",
        ),
    ];
    for (collection, body, pointer) in rows {
        let problem = is_problem(&api.post(collection, body).await, 422, Cause::MemberInvalid);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    let renamed = api.put("/scopes/read", "*", json!({ "name": "other" })).await;
    assert_eq!(
        is_problem(&renamed, 422, Cause::MemberInvalid)["errors"][0]["pointer"],
        "/name"
    );
    assert_eq!(api.server.everything_stored(), before);
}

#[tokio::test]
async fn a_new_scope_is_in_the_metadata_at_once_and_introspectors_are_warned_of() {
    let api = Api::start().await;
    api.post("/scopes", json!({ "name": "lamps" })).await;
    let metadata = api
        .server
        .call(crate::harness::Call::get("/.well-known/openid-configuration"))
        .await;
    assert!(metadata.text().contains("\"lamps\""));
    let body = json!({ "id": "lamps", "introspectors": ["nobody"] });
    let answer = api.post("/resources", body).await.json();
    assert!(
        answer["warnings"][0]
            .as_str()
            .unwrap()
            .contains("no client nobody")
    );
}
