//! `/account/personal-access-tokens`: what scripts of the person use in place of their password.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use grantor_pages::{PersonalAccessTokens, TokenProblem, TokenRow, field};
use grantor_protocol::personal_access_token::{Maker, NewToken};
use grantor_protocol::record::PersonalAccessToken;
use grantor_protocol::{Cause, Change};
use grantor_types::{Parameters, PersonalAccessTokenId, Scope, Seconds, Timestamp};
use http::StatusCode;

use super::account::{seconds, to_login};
use super::{checked_form, consent};
use crate::app::{App, Failure};
use crate::browser::{Browser, Login};
use crate::render::RedirectStatus;
use crate::{drive, render};

/// The lives that are offered, in days; those that policy does not allow are left out.
const LIFETIMES: [u64; 5] = [30, 7, 1, 90, 366];

/// What is said about the last form.
#[derive(Default)]
struct Said {
    made: Option<String>,
    problem: Option<TokenProblem>,
    name: String,
}

/// Shows the page.
pub(crate) async fn get(app: Arc<App>, browser: Browser, _: Request) -> Result<Response, Failure> {
    match browser.login.clone() {
        Some(login) => show(&app, &browser, &login, Said::default()).await,
        None => to_login(&app, &browser, RedirectStatus::AfterGet),
    }
}

/// Makes a token, and shows it this once.
pub(crate) async fn create(app: Arc<App>, browser: Browser, request: Request) -> Result<Response, Failure> {
    let (app, browser) = (&*app, &browser);
    let form = checked_form(app, browser, request).await?;
    let Some(login) = browser.login.clone() else {
        return to_login(app, browser, RedirectStatus::AfterPost);
    };
    let name = form.value(field::TOKEN_NAME).unwrap_or_default().to_owned();
    let said = match make_one(app, &login, &form).await? {
        Ok(token) => Said {
            made: Some(token),
            ..Said::default()
        },
        Err(problem) => Said {
            problem: Some(problem),
            name,
            ..Said::default()
        },
    };
    show(app, browser, &login, said).await
}

/// Deletes one of the person's own.
pub(crate) async fn delete(app: Arc<App>, browser: Browser, request: Request) -> Result<Response, Failure> {
    let (app, browser) = (&*app, &browser);
    let form = checked_form(app, browser, request).await?;
    let Some(login) = browser.login.clone() else {
        return to_login(app, browser, RedirectStatus::AfterPost);
    };
    let token = form.value(field::TOKEN_ID).and_then(PersonalAccessTokenId::parse);
    let delete = |token| Change::DeletePersonalAccessToken {
        user: login.user.id,
        token,
    };
    let changes = token.map(delete).into_iter().collect();
    app.store.commit(changes, app.now()).await?;
    show(app, browser, &login, Said::default()).await
}

async fn make_one(
    app: &App,
    login: &Login,
    form: &Parameters,
) -> Result<Result<String, TokenProblem>, Failure> {
    let catalogue = app.store.catalogue();
    let ticked = |name: &str| {
        form.value(&format!("{}{name}", field::TOKEN_SCOPE_PREFIX))
            .is_some()
    };
    let scopes: Vec<&str> = catalogue
        .scopes
        .iter()
        .map(|scope| scope.name.as_str())
        .filter(|name| ticked(name))
        .collect();
    let lifetime = form.value(field::TOKEN_LIFETIME).map(str::parse).transpose();
    let (Ok(scope), Ok(lifetime)) = (Scope::parse(&scopes.join(" ")), lifetime) else {
        return Ok(Err(TokenProblem::Other));
    };
    let wanted = NewToken {
        name: form.value(field::TOKEN_NAME).unwrap_or_default().to_owned(),
        scope,
        lifetime: lifetime.map(Seconds),
    };
    let owner = Maker::Owner(login.user.id);
    match drive::personal_access_token(app, owner, login.user.id, &wanted, None).await {
        Ok(made) => Ok(Ok(made.token.expose().to_owned())),
        Err(failure) => problem(failure).map(Err),
    }
}

/// What the person can mend; anything else is no matter of the form.
fn problem(failure: Failure) -> Result<TokenProblem, Failure> {
    if failure.cause == Cause::PersonalTokenName {
        Ok(TokenProblem::Name)
    } else if failure.cause == Cause::PersonalTokenScope {
        Ok(TokenProblem::Scope)
    } else if failure.cause == Cause::PersonalTokenTooMany {
        Ok(TokenProblem::TooMany)
    } else if failure.cause == Cause::PersonalTokenLifetime {
        Ok(TokenProblem::Other)
    } else {
        Err(failure)
    }
}

async fn show(app: &App, browser: &Browser, login: &Login, said: Said) -> Result<Response, Failure> {
    let catalogue = app.store.catalogue();
    let all: Vec<&str> = catalogue.scopes.iter().map(|scope| scope.name.as_str()).collect();
    let offered = Scope::parse(&all.join(" ")).unwrap_or_default();
    let most = app.settings.policy.personal_access_token_lifetime;
    let mut tokens = Vec::new();
    for token in app.store.store().personal_access_tokens_of(login.user.id).await? {
        tokens.push(row(app, browser, token).await?);
    }
    let status = match said.problem {
        Some(_) => StatusCode::BAD_REQUEST,
        None => StatusCode::OK,
    };
    let page = PersonalAccessTokens {
        csrf_token: browser.form_token(app),
        create_action: app.path("/account/personal-access-tokens"),
        delete_action: app.path("/account/personal-access-tokens/delete"),
        account_path: app.path("/account"),
        tokens,
        scopes: consent::scopes(app, &offered),
        lifetimes: LIFETIMES
            .into_iter()
            .filter(|days| Seconds::days(*days) <= most)
            .collect(),
        made: said.made,
        problem: said.problem,
        name: said.name,
    };
    Ok(render::page(app, browser, status, &page, &[]))
}

async fn row(app: &App, browser: &Browser, token: PersonalAccessToken) -> Result<TokenRow, Failure> {
    let client_name = match &token.client {
        Some(client) => Some(super::account::client_name(app, browser, client).await?),
        None => None,
    };
    Ok(TokenRow {
        id: token.id.to_string(),
        name: token.name,
        client_name,
        scopes: consent::scopes(app, &token.scope),
        expires_at: seconds(token.expires_at),
        last_used_at: token.last_used_at.map(|at: Timestamp| seconds(at)),
    })
}
