//! `/device/try` of a development server: stands in for a device without a browser.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use grantor_pages::DevDevice;
use grantor_protocol::Cause;
use grantor_protocol::client_auth::Credentials;
use grantor_protocol::record::Client;
use grantor_types::{GrantType, Parameters};
use http::StatusCode;

use super::device;
use crate::app::{App, Failure};
use crate::browser::Browser;
use crate::endpoint::device_authorization::codes;
use crate::paths::Endpoint;
use crate::{extract, render};

pub(crate) const PATH: &str = "/device/try";

/// Asks for the codes of a device that is a public client, and shows them.
pub(crate) async fn get(app: Arc<App>, browser: Browser, request: Request) -> Result<Response, Failure> {
    let query = extract::query(request.uri())?;
    let credentials = Credentials::read(None, &query)?.ok_or(Cause::ClientIdMissing)?;
    let client = extract::check_client(&app, Endpoint::DeviceAuthorization, &credentials).await?;
    let codes = codes(&app, &client, &Parameters::default(), &browser.user_agent).await?;
    let issuer = &app.settings.issuer;
    let user_code = codes.user_code.shown();
    let verification_uri = issuer.url(device::PATH);
    let page = DevDevice {
        client_name: client.client().shown_in(browser.locale.tag()).name.to_owned(),
        verification_uri_complete: device::complete(&verification_uri, &user_code),
        verification_uri,
        user_code,
        poll: format!(
            "curl -d grant_type={} -d client_id={} \\\n  -d device_code={} \\\n  {}",
            GrantType::DeviceCode,
            client.client().id,
            codes.device_code.encode(),
            issuer.url(app.settings.paths.canonical(Endpoint::Token)),
        ),
    };
    Ok(render::page(&app, &browser, StatusCode::OK, &page, &[]))
}

/// The address of this page for a client that can be tried so.
pub(crate) fn url(app: &App, client: &Client) -> Option<String> {
    let usable = client.may_use(GrantType::DeviceCode) && client.is_public();
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", client.id.as_str())
        .finish();
    usable.then(|| format!("{}?{query}", app.settings.issuer.url(PATH)))
}
