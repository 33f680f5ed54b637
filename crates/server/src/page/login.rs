//! `/login`: user name and password.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use grantor_pages::{Login, LoginProblem, decision, field};
use grantor_protocol::login::{AttemptKeys, Blocked, NewSession, start_session};
use grantor_protocol::record::User;
use grantor_store::CommitError;
use grantor_types::{Parameters, Secret};
use http::StatusCode;
use http::header::RETRY_AFTER;

use super::password::{self, WrongPassword};
use super::{flow, sign_up};
use crate::app::{App, Failure};
use crate::attempts::{Attempt, attempt};
use crate::browser::Browser;
use crate::interaction::Interaction;
use crate::password::PasswordError;
use crate::render::RedirectStatus;
use crate::{drive, ending, extract, render};

/// Longest user name that is looked at, in bytes.
const MAX_USERNAME_LENGTH: usize = 255;

/// Shows the page.
pub(crate) async fn get(app: Arc<App>, mut browser: Browser, request: Request) -> Result<Response, Failure> {
    let (app, browser) = (&*app, &mut browser);
    let query = extract::query(request.uri())?;
    let interaction = Interaction::of_page(app, browser, &query)?;
    show(app, browser, &interaction, None, String::new()).await
}

/// Takes the form.
pub(crate) async fn post(app: Arc<App>, mut browser: Browser, request: Request) -> Result<Response, Failure> {
    let (app, browser) = (&app, &mut browser);
    let form = extract::form(app, request).await?;
    let interaction = Interaction::open(app, form.value(field::INTERACTION))?;
    let username = form.value(field::USERNAME).unwrap_or_default().trim().to_owned();
    if !browser.owns_form(app, form.value(field::CSRF_TOKEN)) {
        return show(
            app,
            browser,
            &interaction,
            Some(LoginProblem::FormExpired),
            username,
        )
        .await;
    }
    if form.value(field::DECISION) == Some(decision::CANCEL) {
        return flow::deny(app, browser, &interaction).await;
    }
    // What would be refused afterwards is refused before somebody is logged in for it.
    flow::request_of(app, &interaction).await?;
    match log_in(app, browser, &username, &form).await? {
        Ok(()) => {
            flow::proceed(
                app,
                browser,
                interaction,
                flow::Consented::No,
                RedirectStatus::AfterPost,
            )
            .await
        }
        Err(problem) => show(app, browser, &interaction, Some(problem), username).await,
    }
}

async fn show(
    app: &App,
    browser: &mut Browser,
    interaction: &Interaction,
    problem: Option<LoginProblem>,
    username: String,
) -> Result<Response, Failure> {
    let for_whom = flow::for_whom(app, browser, interaction).await?;
    let page = Login {
        action: app.path("/login"),
        interaction: interaction.seal(app)?,
        csrf_token: browser.form_token(app),
        client_name: for_whom.client_name,
        client_logo: for_whom.client_logo,
        sign_up_path: match app.settings.policy.self_registration {
            true => Some(interaction.path_of(app, sign_up::PATH)?),
            false => None,
        },
        username: if username.is_empty() {
            for_whom.login_hint.unwrap_or_default()
        } else {
            username
        },
        problem,
    };
    let status = match problem {
        None => StatusCode::OK,
        Some(LoginProblem::WrongCredentials) => StatusCode::UNAUTHORIZED,
        Some(LoginProblem::TooManyAttempts { .. }) => StatusCode::TOO_MANY_REQUESTS,
        Some(LoginProblem::SessionExpired | LoginProblem::FormExpired) => StatusCode::FORBIDDEN,
    };
    let mut response = render::page(app, browser, status, &page, &[&for_whom.leads_to]);
    if let Some(LoginProblem::TooManyAttempts { retry_after_seconds }) = problem {
        response
            .headers_mut()
            .insert(RETRY_AFTER, retry_after_seconds.into());
    }
    Ok(response)
}

/// Checks the password, then gives the browser a new session: one commit, whether the password is right or wrong.
async fn log_in(
    app: &Arc<App>,
    browser: &mut Browser,
    username: &str,
    form: &Parameters,
) -> Result<Result<(), LoginProblem>, Failure> {
    let password = form.value(field::PASSWORD).unwrap_or_default();
    if username.is_empty() || username.len() > MAX_USERNAME_LENGTH || password.is_empty() {
        return Ok(Err(LoginProblem::WrongCredentials));
    }
    let keys = AttemptKeys::of(username, browser.address);
    let check = check_password(Arc::clone(app), username.to_owned(), Secret::new(password));
    let (user, admitted) = match attempt(app, keys, check).await? {
        Attempt::Right(user, admitted) => (user, admitted),
        Attempt::Wrong(WrongPassword) => {
            app.metrics.login("wrong_password");
            return Ok(Err(LoginProblem::WrongCredentials));
        }
        Attempt::Blocked(Blocked(wait)) => {
            app.metrics.login("blocked");
            return Ok(Err(LoginProblem::TooManyAttempts {
                retry_after_seconds: wait.0.max(1),
            }));
        }
    };
    let catalogue = app.store.catalogue();
    let before = browser.session().map(|session| session.id);
    for _ in 0..drive::ATTEMPTS {
        let login = NewSession {
            user: user.id,
            authentication_methods: vec!["pwd".to_owned()],
            user_agent: &browser.user_agent,
            previous: ending::of(app, before).await?,
        };
        let random = app.random()?;
        let (session, mut changes) = start_session(&app.cx(&catalogue), &random, login);
        changes.extend(admitted.succeeded());
        if drive::committed(app, changes).await? {
            browser.log_in(session, &random.secret, Arc::new(user));
            app.metrics.login("success");
            return Ok(Ok(()));
        }
    }
    Err(CommitError::Conflict.into())
}

/// The same work and the same answer whether the account does not exist, is switched off, has no password, or the
/// password is wrong.
async fn check_password(
    app: Arc<App>,
    username: String,
    password: Secret,
) -> Result<Result<User, WrongPassword>, Failure> {
    let found = app.store.store().user_by_username(&username).await?;
    let verified = password::verified(&app, found, password).await;
    if verified == Err(PasswordError::Overloaded) {
        app.metrics.login("overloaded");
    }
    verified.map_err(password::refused)
}
