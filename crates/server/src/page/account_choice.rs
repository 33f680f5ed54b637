//! `/select-account`: go on as who is here, or as somebody else.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use grantor_pages::{AccountChoice, AccountOption, decision, field};
use grantor_protocol::Cause;
use http::StatusCode;

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
    let request = flow::request_of(app, &interaction)
        .await?
        .ok_or(Cause::InteractionExpired)?;
    browser.prefer(request.hints.ui_locales.as_deref());
    let Some(login) = &browser.login else {
        let path = interaction.path_of(app, "/login")?;
        return Ok(render::see_other(app, browser, &path, RedirectStatus::AfterGet));
    };
    let client = request.client.shown_in(browser.locale.tag());
    let page = AccountChoice {
        action: app.path("/select-account"),
        interaction: interaction.seal(app)?,
        csrf_token: browser.form_token(app),
        client_name: client.name.to_owned(),
        client_logo: client.logo_uri.map(|logo| logo.to_string()),
        accounts: vec![AccountOption {
            id: login.session.id.to_string(),
            name: super::account::display_name(&login.user),
            detail: login.user.username.clone(),
        }],
    };
    Ok(render::page(
        app,
        browser,
        StatusCode::OK,
        &page,
        &[request.redirect.uri().as_str()],
    ))
}

/// Takes the choice.
pub(crate) async fn post(app: Arc<App>, mut browser: Browser, request: Request) -> Result<Response, Failure> {
    let (app, browser) = (&*app, &mut browser);
    let form = checked_form(app, browser, request).await?;
    let mut interaction = Interaction::open(app, form.value(field::INTERACTION))?;
    let status = RedirectStatus::AfterPost;
    match form.value(field::DECISION) {
        Some(decision::CANCEL) => return flow::deny(app, browser, &interaction).await,
        Some(decision::OTHER) => {
            return Ok(render::see_other(
                app,
                browser,
                &interaction.path_of(app, "/login")?,
                status,
            ));
        }
        Some(_) | None => {}
    }
    let here = browser.session().map(|session| session.id);
    interaction.chosen = here.filter(|id| form.value(field::ACCOUNT) == Some(&id.to_string()));
    flow::proceed(app, browser, interaction, flow::Consented::No, status).await
}
