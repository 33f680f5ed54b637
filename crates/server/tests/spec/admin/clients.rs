//! Clients.

use grantor_protocol::Cause;
use http::Method;
use http::header::ETAG;
use serde_json::{Value, json};

use super::{Api, is_problem, made};
use crate::harness::Call;

fn service() -> Value {
    json!({ "id": "new/one", "grant_types": ["client_credentials"], "scope": "read" })
}

#[tokio::test]
async fn a_client_from_its_registration_to_its_deletion() {
    let api = Api::start().await;
    let (path, etag, answer) = made(&api.post("/clients", service()).await);
    assert_eq!(path, "/clients/new%2Fone");
    let secret = answer["secret"].as_str().unwrap().to_owned();
    let get_token = async |secret: String| {
        let call = Call::token()
            .basic("new/one", &secret)
            .field("grant_type", "client_credentials");
        api.server.call(call).await.status
    };
    assert_eq!(get_token(secret.clone()).await, 200);

    let shown = api.get(&path).await;
    assert_eq!(shown.header(ETAG), Some(etag.as_str()));
    assert_eq!(shown.ok(), answer["client"]);
    assert!(!shown.text().contains(&secret));

    // What was read can be sent back as it is, but for what changes.
    let mut document = shown.ok();
    document["name"] = json!("New");
    let replaced = api.put(&path, &etag, document.clone()).await;
    assert_eq!(replaced.ok()["client"]["name"], "New");
    assert_eq!(replaced.ok()["client"]["revision"], 2);
    assert_eq!(get_token(secret.clone()).await, 200);
    is_problem(
        &api.put(&path, &etag, document).await,
        412,
        Cause::ChangedMeanwhile,
    );

    let rotated = api
        .post(&format!("{path}/secrets"), json!({ "overlap": 0 }))
        .await
        .ok();
    assert_eq!(get_token(secret).await, 401);
    assert_eq!(
        get_token(rotated["secret"].as_str().unwrap().to_owned()).await,
        200
    );

    let stale = api.send(Method::DELETE, &path, Some(&etag), None).await;
    is_problem(&stale, 412, Cause::ChangedMeanwhile);
    let current = api.etag(&path).await;
    let deleted = api.send(Method::DELETE, &path, Some(&current), None).await;
    assert_eq!((deleted.status, deleted.text()), (204, ""));
    is_problem(&api.get(&path).await, 404, Cause::NotFound);
    is_problem(&api.delete(&path).await, 404, Cause::NotFound);
}

#[tokio::test]
async fn a_replacement_leaves_nothing_of_before_but_secrets() {
    let api = Api::start().await;
    let path = "/clients/web";
    let etag = api.etag(path).await;
    let body = json!({ "grant_types": ["refresh_token"] });
    let replaced = api.put(path, &etag, body).await.ok()["client"].clone();
    assert_eq!(
        (&replaced["name"], &replaced["redirect_uris"]),
        (&json!(""), &json!([]))
    );
    assert_eq!(replaced["secrets"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn of_two_replacements_at_once_one_wins() {
    let api = Api::start().await;
    let etag = api.etag("/clients/web").await;
    let call = |name: &str| {
        let body = json!({ "name": name, "grant_types": ["refresh_token"] }).to_string();
        Call::new(Method::PUT, "/admin/v1/clients/web")
            .bearer(&api.token)
            .header(http::header::IF_MATCH, &etag)
            .body("application/json", body)
    };
    let answers = api.server.at_once([call("a"), call("b")]).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
}

/// A service with one member changed.
fn with(name: &str, value: Value) -> Value {
    let mut body = service();
    body[name] = value;
    body
}

/// What a client cannot be, where that is said, and in which words.
#[allow(clippy::too_many_lines, reason = "a table")]
fn impossible() -> Vec<(Value, &'static str, &'static str)> {
    vec![
        (with("id", json!("")), "/id", "printable ASCII"),
        (
            with("surprise", json!(1)),
            "/surprise",
            "unknown field `surprise`",
        ),
        (
            with("grant_types", json!(["password"])),
            "/grant_types/0",
            "unknown variant `password`",
        ),
        (
            with("grant_types", json!([])),
            "/grant_types",
            "has no grant_types",
        ),
        (
            with("grant_types", json!(["authorization_code"])),
            "/redirect_uris",
            "has no redirect_uris",
        ),
        (
            with("redirect_uris", json!(["http://x.example"])),
            "/redirect_uris/0",
            "plain http",
        ),
        (
            with("authentication_methods", json!(["none"])),
            "/grant_types",
            "confidential client",
        ),
        (
            with("lifetimes", json!({ "access_token": 90_000 })),
            "/lifetimes",
            "more than a day",
        ),
        (
            with("lifetimes", json!({ "shoes": 1 })),
            "/lifetimes/shoes",
            "unknown field",
        ),
        (
            with("secret", json!("short")),
            "/secret",
            "fewer than 32 characters",
        ),
        (with("secret", json!(7)), "/secret", "has to be a text"),
        (
            with("token_exchange", json!([{}])),
            "/token_exchange/0/audiences",
            "missing field",
        ),
        (json!([]), "", "has to be an object"),
        (
            with("lifetimes", json!([60])),
            "/lifetimes",
            "has to be an object",
        ),
        (
            with("token_exchange", json!([[]])),
            "/token_exchange/0",
            "has to be an object",
        ),
    ]
}

#[tokio::test]
async fn what_a_client_cannot_be() {
    let api = Api::start().await;
    let before = api.server.everything_stored();
    for (body, pointer, says) in impossible() {
        let problem = is_problem(&api.post("/clients", body).await, 422, Cause::MemberInvalid);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        assert!(
            problem["errors"][0]["detail"].as_str().unwrap().contains(says),
            "{problem}"
        );
    }
    let there = api.post("/clients", with("id", json!("web"))).await;
    let problem = is_problem(&there, 409, Cause::AlreadyThere);
    assert_eq!(problem["detail"], "there is a client web already");
    assert_eq!(api.server.everything_stored(), before);
}

#[tokio::test]
async fn what_a_client_cannot_become() {
    let api = Api::start().await;
    let etag = api.etag("/clients/service").await;
    for (body, pointer) in [
        (
            json!({ "grant_types": ["refresh_token"], "authentication_methods": ["none"] }),
            "/authentication_methods",
        ),
        (
            json!({ "id": "other", "grant_types": ["client_credentials"] }),
            "/id",
        ),
        (
            json!({ "grant_types": ["client_credentials"], "secret": "x" }),
            "/secret",
        ),
    ] {
        let problem = is_problem(
            &api.put("/clients/service", &etag, body).await,
            422,
            Cause::MemberInvalid,
        );
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    let public = api.post("/clients/spa/secrets", json!({})).await;
    assert_eq!(
        is_problem(&public, 422, Cause::MemberInvalid)["detail"],
        "client spa is public: it has no secret"
    );
}
