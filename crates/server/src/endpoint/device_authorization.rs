//! `POST device/code` ([RFC 8628 §3.1](https://www.rfc-editor.org/rfc/rfc8628#section-3.1)).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use grantor_protocol::client_auth::Authenticated;
use grantor_protocol::device::{DeviceCodes, NewDevice, UserCode, request};
use grantor_store::CommitError;
use grantor_types::Parameters;
use http::HeaderMap;
use http::header::USER_AGENT;
use serde_json::{Value, json};

use crate::app::{App, Failure};
use crate::paths::Endpoint;
use crate::{client_assertion, drive, extract, page, render};

/// Answers a device that has no browser of its own.
pub(crate) async fn post(app: Arc<App>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    match answer(&app, &head.headers, body).await {
        Ok(codes) => render::json(&app, &response(&app, &codes)),
        Err(failure) => render::json_error(&app, failure, extract::used_authorization_header(&head.headers)),
    }
}

async fn answer(app: &App, headers: &HeaderMap, body: Body) -> Result<DeviceCodes, Failure> {
    let form = extract::form_or_json(app, headers, body).await?;
    // "confidential clients [...] authenticate in the same manner as when making requests to the token endpoint, and
    // public clients provide the "client_id" parameter to identify themselves." (RFC 8628 3.1)
    let client = extract::client(app, Endpoint::DeviceAuthorization, headers, &form).await?;
    let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
    codes(app, &client, &form, agent.unwrap_or_default()).await
}

/// Asks for the codes of a device of this client.
pub(crate) async fn codes(
    app: &App,
    client: &Authenticated,
    form: &Parameters,
    device: &str,
) -> Result<DeviceCodes, Failure> {
    let catalogue = app.store.catalogue();
    for _ in 0..drive::ATTEMPTS {
        let keys = app.keys.load();
        let mut random = [0; 16];
        app.fill(&mut random)?;
        let new = NewDevice {
            form,
            device,
            user_code: UserCode::draw(random),
            key: keys.user_codes().first().ok_or_else(no_key)?,
        };
        let mut decision = request(&app.cx(&catalogue), &app.random()?, client, &new);
        drop(keys);
        if decision.outcome.is_ok() {
            decision.changes.extend(client_assertion::change(client));
        }
        if drive::committed(app, decision.changes).await? {
            return Ok(decision.outcome?);
        }
        client_assertion::check_unused(app, client).await?;
    }
    Err(CommitError::Conflict.into())
}

fn no_key() -> Failure {
    Failure::internal("user code", "no derivation key")
}

/// The members of RFC 8628 3.2, all of them: there are clients that need each.
fn response(app: &App, codes: &DeviceCodes) -> Value {
    let user_code = codes.user_code.shown();
    let verification_uri = app.settings.issuer.url(page::device::PATH);
    json!({
        "device_code": codes.device_code.encode(),
        "user_code": user_code,
        "verification_uri": verification_uri,
        "verification_uri_complete": page::device::complete(&verification_uri, &user_code),
        "expires_in": codes.expires_in.0,
        "interval": codes.interval.0,
    })
}
