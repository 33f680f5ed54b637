//! The layers without axum: any service of `http::Request`, any body that bytes become.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::convert::Infallible;

use bytes::Bytes;
use grantor_resource::{AccessToken, Cause, Rejection, Require, ResourceServer};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use tower::{Layer, Service, ServiceExt, service_fn};

fn resource() -> ResourceServer {
    ResourceServer::builder("https://as.example", "https://api.example")
        .build()
        .unwrap()
}

/// Says whether there is a token.
async fn inner(request: Request<()>) -> Result<Response<Full<Bytes>>, Infallible> {
    let known = request.extensions().get::<AccessToken>().is_some();
    Ok(Response::new(Full::from(known.to_string())))
}

async fn status_and_body(response: Response<Full<Bytes>>) -> (StatusCode, Bytes) {
    (
        response.status(),
        response.into_body().collect().await.unwrap().to_bytes(),
    )
}

#[tokio::test]
async fn a_refusal_has_the_body_of_the_service() {
    let service = resource().layer().layer(service_fn(inner));
    let response = service.oneshot(Request::new(())).await.unwrap();
    assert_eq!(
        response.extensions().get::<Rejection>().unwrap().cause(),
        &Cause::NoToken
    );
    let (status, body) = status_and_body(response).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let expected = r#"{"error":"invalid_token","error_description":"no access token was presented"}"#;
    assert_eq!(body, expected);
}

#[tokio::test]
async fn anonymous_requests_pass_one_layer_and_not_the_other() {
    let mut open = resource().layer().allow_anonymous().layer(service_fn(inner));
    let (status, body) = status_and_body(open.call(Request::new(())).await.unwrap()).await;
    assert_eq!((status, &body[..]), (StatusCode::OK, &b"false"[..]));

    let guarded = resource()
        .layer()
        .allow_anonymous()
        .layer(Require::user().layer(service_fn(inner)));
    let (status, _) = status_and_body(guarded.oneshot(Request::new(())).await.unwrap()).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_guard_without_the_layer_stays_closed() {
    let guarded = Require::user().layer(service_fn(inner));
    let (status, _) = status_and_body(guarded.oneshot(Request::new(())).await.unwrap()).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn headers_can_be_checked_without_tower() {
    let (parts, ()) = Request::get("https://api.example/?access_token=x")
        .body(())
        .unwrap()
        .into_parts();
    let refused = resource()
        .authenticate(&parts.method, &parts.uri, &parts.headers)
        .await
        .unwrap_err();
    assert_eq!(
        (refused.cause(), refused.status()),
        (&Cause::TokenInQuery, StatusCode::BAD_REQUEST)
    );
}
