//! `/health` (alive), `/ready` (can serve) and `/metrics`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use grantor_protocol::Cause;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};

use crate::app::{App, Failure};
use crate::{extract, render};

/// The process is alive.
pub(crate) async fn health(_: Arc<App>, _: Request) -> Response {
    render::no_store(render::raw_json(StatusCode::OK, r#"{"status":"ok"}"#.into()))
}

/// The store answers and the keys are there.
pub(crate) async fn ready(app: Arc<App>, _: Request) -> Response {
    match app.store.store().event_position().await {
        Ok(_) => render::no_store(render::raw_json(StatusCode::OK, r#"{"status":"ready"}"#.into())),
        Err(error) => {
            let failure = Failure {
                detail: Some(error.to_string()),
                ..Cause::ServerNotReady.into()
            };
            render::json_error(&app, failure, false)
        }
    }
}

/// The metrics in the text format of Prometheus.
pub(crate) async fn metrics(app: Arc<App>, request: Request) -> Response {
    let address = extract::address(&app, &request);
    if !app
        .settings
        .metrics_from
        .iter()
        .any(|network| network.contains(address))
    {
        return render::json_error(&app, Cause::NotFound.into(), false);
    }
    let mut response = Response::new(Body::from(app.metrics.render()));
    let format = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, format);
    render::no_store(response)
}
