//! `/account`: where somebody is signed in, and which applications have access.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use grantor_pages::{Account, AppRow, ClaimRow, ClaimValue, SessionRow, field};
use grantor_protocol::Change;
use grantor_protocol::logout::login_address;
use grantor_protocol::record::{Client, Consent, RevocationReason, User};
use grantor_types::{ClientId, SCOPE_CLAIMS, SessionId, Timestamp};
use http::StatusCode;
use serde_json::Value;

use super::{checked_form, password, profile, sign_out, signed_out};
use crate::app::{App, Failure};
use crate::browser::{Browser, Login};
use crate::interaction::{Interaction, Target};
use crate::render::RedirectStatus;
use crate::{ending, render};

/// Shows the page.
pub(crate) async fn get(app: Arc<App>, browser: Browser, _: Request) -> Result<Response, Failure> {
    match browser.login.clone() {
        Some(login) => show(&app, &browser, &login, None).await,
        None => to_login(&app, &browser, RedirectStatus::AfterGet),
    }
}

/// Ends this session, or another one of the same user.
pub(crate) async fn sign_out(
    app: Arc<App>,
    mut browser: Browser,
    request: Request,
) -> Result<Response, Failure> {
    let (app, browser) = (&*app, &mut browser);
    let form = checked_form(app, browser, request).await?;
    let Some(login) = browser.login.clone() else {
        return to_login(app, browser, RedirectStatus::AfterPost);
    };
    let other = form.value(field::SESSION_ID).and_then(SessionId::parse);
    if let Some(other) = other.filter(|other| *other != login.session.id) {
        let own = app
            .store
            .store()
            .sessions_of(login.user.id)
            .await?
            .iter()
            .any(|session| session.id == other);
        if own {
            ending::end(app, other).await?;
        }
        return show(app, browser, &login, None).await;
    }
    sign_out::leave(app, browser, &login, None).await
}

/// Ends every session of the user.
pub(crate) async fn sign_out_everywhere(
    app: Arc<App>,
    mut browser: Browser,
    request: Request,
) -> Result<Response, Failure> {
    let (app, browser) = (&*app, &mut browser);
    checked_form(app, browser, request).await?;
    let Some(login) = browser.login.clone() else {
        return to_login(app, browser, RedirectStatus::AfterPost);
    };
    let session = login.session.id;
    let clients = ending::end_all(app, login.user.id, session).await?;
    browser.log_out();
    signed_out::show(app, browser, Some((session, clients.as_slice())), None)
}

/// Takes back everything that the user allowed an application.
pub(crate) async fn remove_access(
    app: Arc<App>,
    mut browser: Browser,
    request: Request,
) -> Result<Response, Failure> {
    let (app, browser) = (&*app, &mut browser);
    let form = checked_form(app, browser, request).await?;
    let Some(login) = browser.login.clone() else {
        return to_login(app, browser, RedirectStatus::AfterPost);
    };
    let removed = match form.value(field::GRANT_ID).map(ClientId::parse) {
        Some(Ok(client)) => Some(remove(app, browser, login.user.id, client).await?),
        Some(Err(_)) | None => None,
    };
    show(app, browser, &login, removed).await
}

async fn remove(
    app: &App,
    browser: &Browser,
    user: grantor_types::UserId,
    client: ClientId,
) -> Result<String, Failure> {
    let name = client_name(app, browser, &client).await?;
    let (at, reason) = (app.now(), RevocationReason::User);
    // What the application made for itself goes with it.
    let tokens = app.store.store().personal_access_tokens_of(user).await?;
    let made_by_it = tokens
        .iter()
        .filter(|token| token.client.as_ref() == Some(&client));
    let mut changes: Vec<Change> = made_by_it
        .map(|token| Change::DeletePersonalAccessToken {
            user,
            token: token.id,
        })
        .collect();
    changes.extend([
        Change::DeleteConsent {
            user,
            client: client.clone(),
        },
        Change::RevokeGrantsOf {
            user,
            client: Some(client),
            at,
            reason,
        },
    ]);
    app.store.commit(changes, at).await?;
    Ok(name)
}

/// What people call an application.
pub(super) async fn client_name(app: &App, browser: &Browser, id: &ClientId) -> Result<String, Failure> {
    let client = app.client(id).await?;
    let name = |client: Arc<Client>| client.shown_in(browser.locale.tag()).name.to_owned();
    Ok(client.map_or_else(|| id.to_string(), name))
}

pub(super) fn to_login(app: &App, browser: &Browser, status: RedirectStatus) -> Result<Response, Failure> {
    let interaction = Interaction::new(app, Target::Account, None);
    Ok(render::see_other(
        app,
        browser,
        &interaction.path_of(app, "/login")?,
        status,
    ))
}

async fn show(
    app: &App,
    browser: &Browser,
    login: &Login,
    removed: Option<String>,
) -> Result<Response, Failure> {
    let store = app.store.store();
    let mut apps = Vec::new();
    for consent in store.consents_of(login.user.id).await? {
        apps.push(app_row(app, browser, consent).await?);
    }
    let sessions = store.sessions_of(login.user.id).await?;
    let page = Account {
        csrf_token: browser.form_token(app),
        sign_out_action: app.path("/account/sign-out"),
        sign_out_everywhere_action: app.path("/account/sign-out-everywhere"),
        revoke_action: app.path("/account/remove-access"),
        tokens_path: app.path("/account/personal-access-tokens"),
        profile_path: app.path(profile::PATH),
        password_path: app.path(password::PATH),
        name: display_name(&login.user),
        username: login.user.username.clone(),
        claims: claim_rows(&login.user),
        sessions: sessions
            .into_iter()
            .map(|session| SessionRow {
                current: session.id == login.session.id,
                id: session.id.to_string(),
                device: device(&session.user_agent),
                origin: String::new(),
                since: seconds(session.auth_time),
            })
            .collect(),
        apps,
        removed,
    };
    Ok(render::page(app, browser, StatusCode::OK, &page, &[]))
}

async fn app_row(app: &App, browser: &Browser, consent: Consent) -> Result<AppRow, Failure> {
    let client = app.client(&consent.client).await?;
    let client = client.as_deref();
    let shown = client.map(|client| client.shown_in(browser.locale.tag()));
    Ok(AppRow {
        grant_id: consent.client.to_string(),
        client_name: shown
            .map_or(consent.client.as_str(), |shown| shown.name)
            .to_owned(),
        open_link: client.and_then(|client| login_address(&app.settings.issuer, client)),
        client_logo: shown.and_then(|shown| Some(shown.logo_uri?.to_string())),
        scopes: super::consent::scopes(app, &consent.scope),
        since: seconds(consent.granted_at),
    })
}

/// What to call a user.
pub(crate) fn display_name(user: &User) -> String {
    user.claims.name.clone().unwrap_or_else(|| user.username.clone())
}

/// What is known of a user, in the order in which scopes release it; what is in a language comes last.
fn claim_rows(user: &User) -> Vec<ClaimRow> {
    let Ok(Value::Object(mut claims)) = serde_json::to_value(&user.claims) else {
        return Vec::new();
    };
    let row = |name: &str, value| ClaimRow {
        name: name.to_owned(),
        value: claim_value(name, value),
    };
    let in_order = SCOPE_CLAIMS.iter().flat_map(|(_, names)| names.iter());
    let mut rows: Vec<ClaimRow> = in_order
        .filter_map(|name| Some(row(name, claims.remove(*name)?)))
        .collect();
    rows.extend(claims.into_iter().map(|(name, value)| row(&name, value)));
    rows
}

fn claim_value(name: &str, value: Value) -> ClaimValue {
    match value {
        Value::Bool(truth) => ClaimValue::Truth(truth),
        Value::Number(number) if name == "updated_at" => {
            ClaimValue::Moment(number.as_i64().unwrap_or(i64::MAX))
        }
        Value::String(text) => ClaimValue::Text(text),
        Value::Object(members) => {
            let formatted = members.get("formatted").and_then(Value::as_str);
            let parts: Vec<&str> = match formatted {
                Some(formatted) => formatted.lines().collect(),
                None => members.values().filter_map(Value::as_str).collect(),
            };
            ClaimValue::Text(parts.join(", "))
        }
        Value::Null | Value::Number(_) | Value::Array(_) => ClaimValue::Text(value.to_string()),
    }
}

pub(crate) fn seconds(at: Timestamp) -> i64 {
    i64::try_from(at.as_seconds()).unwrap_or(i64::MAX)
}

/// The browser and the system in a few words. Names are looked for in the order in which they shadow one another.
pub(crate) fn device(user_agent: &str) -> String {
    let find = |names: &[(&str, &'static str)]| {
        names
            .iter()
            .find(|(mark, _)| user_agent.contains(mark))
            .map(|(_, name)| *name)
    };
    let browser = find(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Chromium/", "Chromium"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = find(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => String::new(),
    }
}
