//! `/consent`: what an application asks for.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use grantor_pages::{Consent, ScopeItem, decision, field};
use grantor_protocol::Cause;
use grantor_protocol::authorize::AuthorizationRequest;
use http::StatusCode;
use url::Position;

use super::{checked_form, flow};
use crate::app::{App, Failure};
use crate::browser::Browser;
use crate::interaction::Interaction;
use crate::render::RedirectStatus;
use crate::{extract, render};

/// Shows the page.
pub(crate) async fn get(app: Arc<App>, mut browser: Browser, request: Request) -> Result<Response, Failure> {
    let (app, browser) = (&*app, &mut browser);
    let interaction = Interaction::open(app, extract::query(request.uri())?.value(field::INTERACTION))?;
    show(app, browser, &interaction).await
}

/// Takes the decision.
pub(crate) async fn post(app: Arc<App>, mut browser: Browser, request: Request) -> Result<Response, Failure> {
    let (app, browser) = (&*app, &mut browser);
    let form = checked_form(app, browser, request).await?;
    let interaction = Interaction::open(app, form.value(field::INTERACTION))?;
    let status = RedirectStatus::AfterPost;
    match form.value(field::DECISION) {
        Some(decision::APPROVE) => {
            flow::proceed(app, browser, interaction, flow::Consented::Yes, status).await
        }
        Some(decision::OTHER) => Ok(render::see_other(
            app,
            browser,
            &interaction.path_of(app, "/login")?,
            status,
        )),
        // Anything that is not a clear yes is a no.
        Some(_) | None => flow::deny(app, browser, &interaction).await,
    }
}

async fn show(app: &App, browser: &mut Browser, interaction: &Interaction) -> Result<Response, Failure> {
    let request = flow::request_of(app, interaction)
        .await?
        .ok_or(Cause::InteractionExpired)?;
    browser.prefer(request.hints.ui_locales.as_deref());
    // Whoever logged out meanwhile starts at the login page again.
    let Some(login) = &browser.login else {
        let path = interaction.path_of(app, "/login")?;
        return Ok(render::see_other(app, browser, &path, RedirectStatus::AfterGet));
    };
    let account_name = super::account::display_name(&login.user);
    let page = content(app, browser, &request, interaction.seal(app)?, account_name);
    Ok(render::page(
        app,
        browser,
        StatusCode::OK,
        &page,
        &[request.redirect.uri().as_str()],
    ))
}

fn content(
    app: &App,
    browser: &Browser,
    request: &AuthorizationRequest,
    interaction: String,
    account_name: String,
) -> Consent {
    let client = request.client.shown_in(browser.locale.tag());
    let text = |link: Option<&grantor_types::WebUri>| link.map(|link| link.to_string());
    let redirect = request.redirect.uri().to_url();
    let catalogue = app.store.catalogue();
    let resource_name = |resource: &grantor_types::Resource| {
        let declared = catalogue
            .resources
            .iter()
            .find(|server| server.id == *resource && !server.name.is_empty());
        declared.map_or_else(|| resource.to_string(), |server| server.name.clone())
    };
    Consent {
        action: app.path("/consent"),
        interaction,
        csrf_token: browser.form_token(app),
        client_name: client.name.to_owned(),
        client_logo_uri: text(client.logo_uri),
        client_uri: text(client.client_uri),
        policy_uri: text(client.policy_uri),
        tos_uri: text(client.tos_uri),
        account_name,
        scopes: scopes(app, &request.scope),
        resources: request.resources.iter().map(resource_name).collect(),
        redirect_host: redirect.map_or_else(String::new, |url| match (url.scheme(), url.host_str()) {
            ("http" | "https", Some(_)) => url[Position::BeforeHost..Position::AfterPort].to_owned(),
            (scheme, _) => format!("{scheme}:"),
        }),
    }
}

/// Scopes in the operator's words; those of OpenID Connect in the page's own.
pub(crate) fn scopes(app: &App, scope: &grantor_types::Scope) -> Vec<ScopeItem> {
    let catalogue = app.store.catalogue();
    let item = |token: &grantor_types::ScopeToken| {
        let declared = catalogue.scopes.iter().find(|declared| declared.name == *token);
        let description = declared
            .map(|declared| declared.description.clone())
            .filter(|text| !text.is_empty());
        ScopeItem {
            description,
            ..ScopeItem::new(token.as_str())
        }
    };
    scope.iter().map(item).collect()
}
