//! From one step of an interaction to the next, until there is an answer.

use std::sync::Arc;

use axum::response::Response;
use grantor_protocol::authorize::{
    self, AuthorizationRequest, AuthorizeError, Next, Origin, ValidatedRedirect, Visit, error_response,
    issue, next,
};
use grantor_protocol::{Cause, Decision};
use grantor_store::CommitError;
use grantor_types::Parameters;

use super::sign_up;
use crate::app::{App, Failure};
use crate::browser::Browser;
use crate::interaction::{Interaction, Target};
use crate::registrations;
use crate::render::{self, RedirectStatus};
use crate::{drive, hint};

/// Whether the person has just allowed the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Consented {
    Yes,
    No,
}

/// Decides the next step and takes it: a page, or the answer to the client.
pub(crate) async fn proceed(
    app: &App,
    browser: &mut Browser,
    interaction: Interaction,
    consented: Consented,
    status: RedirectStatus,
) -> Result<Response, Failure> {
    let (parameters, origin) = match &interaction.target {
        Target::Account => {
            let path = app.path("/account");
            return Ok(render::see_other(app, browser, &path, status));
        }
        Target::Device { .. } => {
            let page = if browser.login.is_some() {
                "/device/confirm"
            } else {
                "/login"
            };
            let path = interaction.path_of(app, page)?;
            return Ok(render::see_other(app, browser, &path, status));
        }
        Target::Authorize { parameters, origin } => (parameters, *origin),
    };
    for _ in 0..drive::ATTEMPTS {
        let request = match authorization_request(app, parameters, origin).await? {
            Ok(request) => request,
            Err(AuthorizeError::Page(cause)) => return Err(cause.into()),
            Err(AuthorizeError::Redirect(redirect, cause)) => {
                return Ok(refuse(app, browser, *redirect, cause, status));
            }
        };
        browser.prefer(request.hints.ui_locales.as_deref());
        let page = match step(app, browser, &request, &interaction, consented).await? {
            Ok(Next::Login) => "/login",
            Ok(Next::SignUp) => sign_up::PATH,
            Ok(Next::SelectAccount) => "/select-account",
            Ok(Next::Consent) => "/consent",
            Ok(Next::Issue) => match answer(app, browser, request, consented, status).await? {
                Some(response) => return Ok(response),
                None => continue,
            },
            Err(cause) => return Ok(refuse(app, browser, request.redirect, cause, status)),
        };
        let path = interaction.path_of(app, page)?;
        return Ok(render::see_other(app, browser, &path, status));
    }
    Err(CommitError::Conflict.into())
}

/// Reads the authorization request of an interaction again. Whatever changed since it began counts.
pub(crate) async fn authorization_request(
    app: &App,
    encoded: &str,
    origin: Origin,
) -> Result<Result<AuthorizationRequest, AuthorizeError>, Failure> {
    let parameters = Parameters::parse(encoded.as_bytes()).map_err(|_| Cause::ParameterRepeated)?;
    let client_id = match authorize::client_id(&parameters) {
        Ok(client_id) => client_id,
        Err(cause) => return Ok(Err(AuthorizeError::Page(cause))),
    };
    let client = app.client(&client_id).await?;
    let policy = &app.settings.policy;
    Ok(authorize::validate(policy, &parameters, client, origin))
}

/// The request that a page is about; anything that is wrong with it by now ends on the error page.
pub(crate) async fn request_of(
    app: &App,
    interaction: &Interaction,
) -> Result<Option<AuthorizationRequest>, Failure> {
    let Target::Authorize { parameters, origin } = &interaction.target else {
        return Ok(None);
    };
    match authorization_request(app, parameters, *origin).await? {
        Ok(request) => Ok(Some(request)),
        Err(AuthorizeError::Page(cause) | AuthorizeError::Redirect(_, cause)) => Err(cause.into()),
    }
}

/// What a page on which somebody says who they are tells of the application that they come from; nothing when they come from
/// none.
#[derive(Default)]
pub(super) struct ForWhom {
    pub(super) client_name: Option<String>,
    pub(super) client_logo: Option<String>,
    pub(super) login_hint: Option<String>,
    /// Where the browser goes in the end.
    pub(super) leads_to: String,
}

/// Reads that, and has the page in a language that the request prefers.
pub(super) async fn for_whom(
    app: &App,
    browser: &mut Browser,
    interaction: &Interaction,
) -> Result<ForWhom, Failure> {
    let Some(request) = request_of(app, interaction).await? else {
        return Ok(ForWhom::default());
    };
    browser.prefer(request.hints.ui_locales.as_deref());
    let client = request.client.shown_in(browser.locale.tag());
    Ok(ForWhom {
        client_name: Some(client.name.to_owned()),
        client_logo: client.logo_uri.map(ToString::to_string),
        leads_to: request.redirect.uri().as_str().to_owned(),
        login_hint: request.hints.login_hint.clone(),
    })
}

/// Tells the client that the person left or denied.
pub(crate) async fn deny(
    app: &App,
    browser: &Browser,
    interaction: &Interaction,
) -> Result<Response, Failure> {
    let status = RedirectStatus::AfterPost;
    match request_of(app, interaction).await? {
        Some(request) => Ok(refuse(
            app,
            browser,
            request.redirect,
            Cause::ConsentDenied,
            status,
        )),
        None => Ok(render::see_other(app, browser, &app.path("/"), status)),
    }
}

async fn step(
    app: &App,
    browser: &Browser,
    request: &AuthorizationRequest,
    interaction: &Interaction,
    consented: Consented,
) -> Result<Result<Next, Cause>, Failure> {
    let catalogue = app.store.catalogue();
    let cx = app.cx(&catalogue);
    let hinted = match &request.hints.id_token_hint {
        Some(hint) => match hint::read(app, hint).await? {
            Some(hinted) => Some(hinted),
            None => return Ok(Err(Cause::IdTokenHintInvalid)),
        },
        None => None,
    };
    let session = browser.session();
    let consent = match session {
        Some(session) => {
            app.store
                .store()
                .consent(session.user, &request.client.id)
                .await?
        }
        None => None,
    };
    let visit = Visit {
        session,
        asked_at: interaction.started_at,
        login_at_start: interaction.login_at_start,
        account_chosen: interaction.chosen.is_some()
            && interaction.chosen == session.map(|session| session.id),
        hint_names_another: hinted
            .zip(session)
            .is_some_and(|(hinted, session)| !hinted.names(&cx, session.user)),
        consent: consent.as_ref(),
        consent_given: consented == Consented::Yes,
    };
    Ok(next(&cx, request, &visit))
}

/// Answers with a code. `None` when the person signed out in another window meanwhile: the browser has no session any
/// more, and the next step is another one.
async fn answer(
    app: &App,
    browser: &mut Browser,
    request: AuthorizationRequest,
    consented: Consented,
    status: RedirectStatus,
) -> Result<Option<Response>, Failure> {
    let catalogue = app.store.catalogue();
    let session = browser
        .session()
        .ok_or_else(|| Failure::internal("authorize", "no session at the end"))?;
    let id = session.id;
    let cx = app.cx(&catalogue);
    let pushed = request.pushed.is_some();
    let client = Arc::clone(&request.client);
    let Decision { changes, outcome } =
        issue(&cx, &app.random()?, request, session, consented == Consented::Yes);
    if drive::committed(app, changes).await? {
        registrations::note_use(app, &client).await;
        let response = render::authorization_response(app, browser, outcome?, status);
        return Ok(Some(response));
    }
    if app.store.store().session(id).await?.is_none() {
        browser.log_out();
        return Ok(None);
    }
    if pushed {
        // All else in an answer is new: it was answered in another window.
        return Err(Cause::RequestUriUsed.into());
    }
    Err(CommitError::Conflict.into())
}

pub(crate) fn refuse(
    app: &App,
    browser: &Browser,
    redirect: ValidatedRedirect,
    cause: Cause,
    status: RedirectStatus,
) -> Response {
    render::refused_by_redirect(app, cause);
    render::authorization_response(
        app,
        browser,
        error_response(&app.settings.issuer, redirect, cause),
        status,
    )
}
