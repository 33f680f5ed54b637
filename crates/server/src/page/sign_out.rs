//! `/sign-out`: whether the session shall end, and its end.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use grantor_pages::{SignOut, StillSignedIn, decision, field};
use grantor_protocol::Cause;
use grantor_protocol::logout::{self, LogoutHint, LogoutRequest};
use grantor_types::{Parameters, Timestamp};
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{account, checked_form, signed_out};
use crate::app::{App, Failure};
use crate::browser::{Browser, Login};
use crate::render::RedirectStatus;
use crate::{ending, extract, interaction, render};

/// Where people are asked.
pub(crate) const PATH: &str = "/sign-out";

const PURPOSE: &str = "logout";

/// A request that was checked, on its way through the browser.
#[derive(Serialize, Deserialize)]
struct Asked {
    /// The parameters but for the hint.
    parameters: String,
    /// What the hint said.
    hint: Option<LogoutHint>,
    /// When it began.
    started_at: Timestamp,
}

/// Acts on a request: nobody is asked when nobody is signed in, or when the hint proves that it is about the session of
/// this browser. No other site can know such a hint, so it is no forgery either.
pub(crate) async fn begin(
    app: &App,
    browser: &mut Browser,
    request: &LogoutRequest,
) -> Result<Response, Failure> {
    let catalogue = app.store.catalogue();
    match browser.login.clone() {
        None => signed_out::show(app, browser, None, Some(request)),
        Some(login) if request.is_about(&app.cx(&catalogue), &login.session) => {
            leave(app, browser, &login, Some(request)).await
        }
        Some(_) => send_there(app, browser, request),
    }
}

/// Sends the browser to the page that asks.
pub(crate) fn send_there(app: &App, browser: &Browser, request: &LogoutRequest) -> Result<Response, Failure> {
    let asked = Asked {
        parameters: request.parameters().encode(),
        hint: request.hint.clone(),
        started_at: app.now(),
    };
    let path = format!(
        "{}?interaction={}",
        app.path(PATH),
        interaction::seal(app, PURPOSE, &asked)?
    );
    Ok(render::see_other(app, browser, &path, RedirectStatus::AfterPost))
}

/// Ends the session of this browser and says so.
pub(super) async fn leave(
    app: &App,
    browser: &mut Browser,
    login: &Login,
    request: Option<&LogoutRequest>,
) -> Result<Response, Failure> {
    let session = login.session.id;
    let clients = ending::end(app, session).await?;
    browser.log_out();
    signed_out::show(app, browser, Some((session, clients.as_slice())), request)
}

/// Asks, unless there is nothing to ask.
pub(crate) async fn get(app: Arc<App>, mut browser: Browser, request: Request) -> Result<Response, Failure> {
    let (app, browser) = (&*app, &mut browser);
    let query = extract::query(request.uri())?;
    let sealed = query.value(field::INTERACTION);
    let request = open(app, browser, sealed).await?;
    let catalogue = app.store.catalogue();
    match browser.login.clone() {
        Some(login) if !request.is_about(&app.cx(&catalogue), &login.session) => {
            let client = request.client.as_ref();
            let page = SignOut {
                action: app.path(PATH),
                interaction: sealed.unwrap_or_default().to_owned(),
                csrf_token: browser.form_token(app),
                account_name: account::display_name(&login.user),
                client_name: client.map(|client| client.shown_in(browser.locale.tag()).name.to_owned()),
            };
            let target = request.redirect.as_ref();
            let target = target.map_or("", |redirect| redirect.uri().as_str());
            Ok(render::page(app, browser, StatusCode::OK, &page, &[target]))
        }
        Some(_) | None => begin(app, browser, &request).await,
    }
}

/// Takes the answer.
pub(crate) async fn post(app: Arc<App>, mut browser: Browser, request: Request) -> Result<Response, Failure> {
    let (app, browser) = (&*app, &mut browser);
    let form = checked_form(app, browser, request).await?;
    let request = open(app, browser, form.value(field::INTERACTION)).await?;
    let Some(login) = browser.login.clone() else {
        return signed_out::show(app, browser, None, Some(&request));
    };
    // Anything that is not a clear yes is a no.
    if form.value(field::DECISION) == Some(decision::APPROVE) {
        return leave(app, browser, &login, Some(&request)).await;
    }
    let page = StillSignedIn {
        account_name: account::display_name(&login.user),
        account_path: app.path("/account"),
    };
    Ok(render::page(app, browser, StatusCode::OK, &page, &[]))
}

/// Reads the request again. Whatever changed since it began counts. Without one somebody came here by themselves.
async fn open(app: &App, browser: &mut Browser, sealed: Option<&str>) -> Result<LogoutRequest, Failure> {
    if sealed.is_none() {
        return Ok(logout::validate(&Parameters::default(), None, None)?);
    }
    let asked = interaction::open::<Asked>(app, PURPOSE, sealed)
        .filter(|asked| interaction::is_live(app, asked.started_at))
        .ok_or(Cause::InteractionExpired)?;
    reopen(app, browser, &asked.parameters, asked.hint).await
}

/// Checks kept parameters again.
pub(super) async fn reopen(
    app: &App,
    browser: &mut Browser,
    encoded: &str,
    hint: Option<LogoutHint>,
) -> Result<LogoutRequest, Failure> {
    let parameters = Parameters::parse(encoded.as_bytes()).map_err(|_| Cause::InteractionExpired)?;
    browser.prefer(parameters.value("ui_locales"));
    let client = match logout::client_id(&parameters, None)? {
        Some(id) => app.client(&id).await?,
        None => None,
    };
    Ok(logout::validate(&parameters, hint, client)?)
}
