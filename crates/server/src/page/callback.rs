//! `/callback` of a development server: stands in for an application, and shows the answer it would have got.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use grantor_pages::{CallbackError, DevCallback};
use grantor_types::GrantType;
use http::StatusCode;

use super::home::{DEV_CODE_VERIFIER, try_url};
use crate::app::{App, Failure};
use crate::browser::Browser;
use crate::paths::Endpoint;
use crate::render;

/// Shows the page.
pub(crate) async fn get(app: Arc<App>, browser: Browser, request: Request) -> Result<Response, Failure> {
    let (app, browser) = (&*app, &browser);
    let query = request.uri().query().unwrap_or_default().as_bytes();
    let params: Vec<(String, String)> = form_urlencoded::parse(query)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let value = |name: &str| {
        params
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.clone())
    };
    let callback = app.settings.issuer.url("/callback");
    let clients = app.store.store().clients(None, 100).await?.items;
    let client = clients.iter().find(|client| {
        client.is_public()
            && client.may_use(GrantType::AuthorizationCode)
            && client.redirect_uris.iter().any(|uri| uri.as_str() == callback)
    });
    let token_url = app
        .settings
        .issuer
        .url(app.settings.paths.canonical(Endpoint::Token));
    let exchange = value("code").zip(client).map(|(code, client)| {
        format!(
            "curl -d grant_type=authorization_code -d client_id={} \\\n  -d redirect_uri={callback} \\\n  \
             -d code_verifier={DEV_CODE_VERIFIER} \\\n  -d code={} \\\n  {token_url}",
            client.id,
            shell_word(&code),
        )
    });
    let page = DevCallback {
        code: value("code"),
        error: value("error").map(|code| CallbackError {
            code,
            description: value("error_description"),
        }),
        exchange,
        try_again: client.and_then(|client| try_url(app, client)),
        params: params.clone(),
    };
    Ok(render::page(app, browser, StatusCode::OK, &page, &[]))
}

/// What came by the address may be anything; a command to copy holds only what a shell takes literally.
fn shell_word(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~'))
        .collect()
}
