//! `/account/password`: a new password for whoever knows the present one.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use grantor_pages::{FieldProblem, Password, PasswordOutcome, field};
use grantor_protocol::login::{Admitted, AttemptKeys, Blocked};
use grantor_protocol::record::User;
use grantor_protocol::validity::{self, MIN_PASSWORD_LENGTH};
use grantor_protocol::{Cause, Change, Expect, logout};
use grantor_store::CommitError;
use grantor_types::{Parameters, Secret, UserId};
use http::StatusCode;
use http::header::RETRY_AFTER;

use super::account::to_login;
use super::checked_form;
use crate::app::{App, Failure};
use crate::attempts::{Attempt, attempt};
use crate::browser::{Browser, Login};
use crate::password::{MAX_PASSWORD_LENGTH, PasswordError};
use crate::render::RedirectStatus;
use crate::{drive, ending, render};

/// Where it is.
pub(crate) const PATH: &str = "/account/password";

/// Shows the page.
pub(crate) async fn get(app: Arc<App>, browser: Browser, _: Request) -> Result<Response, Failure> {
    match &browser.login {
        Some(login) => Ok(show(&app, &browser, login, None)),
        None => to_login(&app, &browser, RedirectStatus::AfterGet),
    }
}

/// Changes the password, and ends every other session of the person.
pub(crate) async fn post(app: Arc<App>, browser: Browser, request: Request) -> Result<Response, Failure> {
    let form = checked_form(&app, &browser, request).await?;
    let Some(login) = &browser.login else {
        return to_login(&app, &browser, RedirectStatus::AfterPost);
    };
    let outcome = match check_new(
        form.value(field::NEW_PASSWORD),
        form.value(field::NEW_PASSWORD_AGAIN),
    ) {
        Ok(new) => change(&app, &browser, login, &form, new).await?,
        Err(New::Wrong(problem)) => PasswordOutcome::New(problem),
        Err(New::Differs) => PasswordOutcome::Again(FieldProblem::PasswordsDiffer),
    };
    Ok(show(&app, &browser, login, Some(outcome)))
}

/// Why a new password is not taken.
pub(super) enum New {
    /// It cannot be one.
    Wrong(FieldProblem),
    /// It was not repeated.
    Differs,
}

/// The rule of every new password, and that it was typed twice.
pub(super) fn check_new(password: Option<&str>, again: Option<&str>) -> Result<Secret, New> {
    let password = password.ok_or(New::Wrong(FieldProblem::Missing))?;
    if validity::password(password).is_err() {
        return Err(New::Wrong(FieldProblem::PasswordShort(least())));
    }
    if password.len() > MAX_PASSWORD_LENGTH {
        return Err(New::Wrong(FieldProblem::PasswordLong));
    }
    if again != Some(password) {
        return Err(New::Differs);
    }
    Ok(Secret::new(password))
}

/// Fewest characters of a password.
pub(super) fn least() -> u64 {
    u64::try_from(MIN_PASSWORD_LENGTH).unwrap_or(u64::MAX)
}

async fn change(
    app: &Arc<App>,
    browser: &Browser,
    login: &Login,
    form: &Parameters,
    new: Secret,
) -> Result<PasswordOutcome, Failure> {
    let Some(present) = form.value(field::PASSWORD) else {
        return Ok(PasswordOutcome::Present(FieldProblem::Missing));
    };
    // Counted together with the logins: whoever sits at an open session guesses no faster here than there.
    let keys = AttemptKeys::of(&login.user.username, browser.address);
    let check = check_present(Arc::clone(app), login.user.id, Secret::new(present));
    let (user, admitted) = match attempt(app, keys, check).await? {
        Attempt::Right(user, admitted) => (user, admitted),
        Attempt::Wrong(WrongPassword) => {
            return Ok(PasswordOutcome::Present(FieldProblem::PasswordWrong));
        }
        Attempt::Blocked(Blocked(wait)) => {
            return Ok(PasswordOutcome::TooManyAttempts {
                retry_after_seconds: wait.0.max(1),
            });
        }
    };
    let hash = hash(app, new).await?;
    match write(app, login, user, hash, admitted).await? {
        true => Ok(PasswordOutcome::Changed),
        false => Ok(PasswordOutcome::Present(FieldProblem::PasswordWrong)),
    }
}

/// Writes the new hash over the one that was checked. What else of the user changes at this moment stays. `false` when
/// somebody else was first with another new password: then the one that was typed is not the present one any more.
async fn write(
    app: &App,
    login: &Login,
    checked: User,
    hash: String,
    admitted: Admitted,
) -> Result<bool, Failure> {
    for _ in 0..drive::ATTEMPTS {
        let stored = app.store.store().user(checked.id).await?;
        let Some(before) = stored.filter(|stored| stored.password_hash == checked.password_hash) else {
            return Ok(false);
        };
        let user = User {
            password_hash: Some(hash.clone()),
            updated_at: app.now(),
            revision: before.revision.next(),
            ..before.clone()
        };
        let mut changes = vec![Change::PutUser {
            user: Box::new(user),
            expect: Expect::Revision(before.revision),
        }];
        let others = ending::of_user(app, before.id).await?;
        let others = others
            .iter()
            .filter(|ending| ending.session.id != login.session.id);
        changes.extend(others.flat_map(|other| logout::end(app.now(), &app.settings.policy, other)));
        changes.extend(admitted.succeeded());
        if drive::committed(app, changes).await? {
            tracing::info!(target: "grantor::audit", user = %before.id, "the user changed their password");
            return Ok(true);
        }
    }
    Err(CommitError::Conflict.into())
}

/// The user as stored, if this is their password.
async fn check_present(
    app: Arc<App>,
    user: UserId,
    password: Secret,
) -> Result<Result<User, WrongPassword>, Failure> {
    let found = app.store.store().user(user).await?;
    verified(&app, found, password).await.map_err(refused)
}

/// Nobody has this name and this password.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct WrongPassword;

/// Who was found, if they can log in and this is their password. The same work is done when they cannot.
pub(super) async fn verified(
    app: &App,
    found: Option<User>,
    password: Secret,
) -> Result<Result<User, WrongPassword>, PasswordError> {
    let user = found.filter(|user| !user.disabled);
    let hash = user.as_ref().and_then(|user| user.password_hash.clone());
    match app.passwords.verify(password, hash).await {
        Ok(true) => Ok(user.ok_or(WrongPassword)),
        Ok(false) | Err(PasswordError::TooLong) => Ok(Err(WrongPassword)),
        Err(error @ (PasswordError::Overloaded | PasswordError::BrokenHash)) => Err(error),
    }
}

/// The hash of a new password.
pub(super) async fn hash(app: &App, new: Secret) -> Result<String, Failure> {
    let mut salt = [0; 16];
    app.fill(&mut salt)?;
    app.passwords.hash(new, salt).await.map_err(refused)
}

pub(super) fn refused(error: PasswordError) -> Failure {
    match error {
        PasswordError::Overloaded => Cause::Overloaded.into(),
        PasswordError::TooLong | PasswordError::BrokenHash => Failure::internal("password hash", error),
    }
}

fn show(app: &App, browser: &Browser, login: &Login, outcome: Option<PasswordOutcome>) -> Response {
    let page = Password {
        csrf_token: browser.form_token(app),
        action: app.path(PATH),
        account_path: app.path("/account"),
        username: login.user.username.clone(),
        least: least(),
        outcome,
    };
    let status = match outcome {
        None | Some(PasswordOutcome::Changed) => StatusCode::OK,
        Some(PasswordOutcome::New(_) | PasswordOutcome::Again(_)) => StatusCode::BAD_REQUEST,
        Some(PasswordOutcome::Present(_)) => StatusCode::FORBIDDEN,
        Some(PasswordOutcome::TooManyAttempts { .. }) => StatusCode::TOO_MANY_REQUESTS,
    };
    let mut response = render::page(app, browser, status, &page, &[]);
    if let Some(PasswordOutcome::TooManyAttempts { retry_after_seconds }) = outcome {
        response
            .headers_mut()
            .insert(RETRY_AFTER, retry_after_seconds.into());
    }
    response
}
