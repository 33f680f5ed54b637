//! What is wrong with a request before anybody looks at what it says.

use grantor_protocol::Cause;
use http::Method;
use http::header::ALLOW;
use serde_json::json;

use super::{Api, is_problem};
use crate::harness::Call;

#[tokio::test]
async fn bodies_that_cannot_be_read() {
    let api = Api::start().await;
    let before = api.server.everything_stored();
    let post = |content_type: &str, body: &str| {
        Call::post("/admin/v1/scopes")
            .bearer(&api.token)
            .body(content_type, body)
    };
    let rows = [
        (post("text/plain", "{}"), 415, Cause::JsonExpected),
        (post("application/json", "{"), 400, Cause::AdminJsonMalformed),
        (post("application/json", ""), 400, Cause::AdminJsonMalformed),
        (post("application/json", "7"), 422, Cause::MemberInvalid),
        (
            post("application/json", &"x".repeat(70_000)),
            413,
            Cause::PayloadTooLarge,
        ),
        (
            Call::post("/admin/v1/scopes").bearer(&api.token),
            415,
            Cause::JsonExpected,
        ),
    ];
    for (call, status, cause) in rows {
        is_problem(&api.server.call(call).await, status, cause);
    }
    assert_eq!(api.server.everything_stored(), before);
}

#[tokio::test]
async fn addresses_and_methods_that_are_not_there() {
    let api = Api::start().await;
    for path in [
        "",
        "/",
        "/nothing",
        "/clients/",
        "/clients/web/more",
        "/users/x",
        "/sessions/x",
        "/grants/x",
        "/clients/%ff",
    ] {
        is_problem(&api.get(path).await, 404, Cause::NotFound);
    }
    for (method, path, allow) in [
        (Method::PATCH, "/clients/web", "GET,HEAD,PUT,DELETE"),
        (Method::DELETE, "/users/x", "GET,HEAD,PUT"),
        (Method::PUT, "/keys", "GET,HEAD"),
    ] {
        let answer = api.send(method, path, None, Some(json!({}))).await;
        is_problem(&answer, 405, Cause::MethodNotAllowed);
        assert_eq!(answer.header(ALLOW), Some(allow));
    }
}

#[tokio::test]
async fn a_replacement_says_what_it_replaces() {
    let api = Api::start().await;
    let before = api.server.everything_stored();
    let paths = [
        "/clients/web",
        "/scopes/read",
        "/resources/x",
        "/trusted-issuers/x",
        "/users/x",
    ];
    for path in paths {
        let answer = api.send(Method::PUT, path, None, Some(json!({}))).await;
        is_problem(&answer, 428, Cause::IfMatchMissing);
    }
    for etag in ["\"0.0\"", "W/\"1\"", "nonsense"] {
        let body = json!({ "grant_types": ["refresh_token"] });
        is_problem(
            &api.put("/clients/web", etag, body).await,
            412,
            Cause::ChangedMeanwhile,
        );
    }
    assert_eq!(api.server.everything_stored(), before);
}
