//! `/device`: the code that a device shows, and whether it may have what it asks for
//! ([RFC 8628 §3.3](https://www.rfc-editor.org/rfc/rfc8628#section-3.3)).

use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use grantor_pages::{DeviceCode, DeviceCodeProblem, DeviceConfirm, DeviceDone, decision, field};
use grantor_protocol::Cause;
use grantor_protocol::device::{Unanswerable, UserCode, approve, deny, waiting};
use grantor_protocol::login::{AttemptKeys, Blocked};
use grantor_protocol::record::{Client, DeviceAuthorization};
use grantor_types::DeviceAuthorizationId;
use http::StatusCode;
use http::header::RETRY_AFTER;

use super::{account, checked_form, consent, flow};
use crate::app::{App, Failure};
use crate::attempts::{Attempt, attempt};
use crate::browser::{Browser, Login};
use crate::interaction::{Interaction, Target};
use crate::render::RedirectStatus;
use crate::{drive, extract, render};

/// Where people go with a code: short, since they type it too.
pub(crate) const PATH: &str = "/device";

/// The address with the code in it.
pub(crate) fn complete(verification_uri: &str, user_code: &str) -> String {
    format!("{verification_uri}?user_code={user_code}")
}

const CONFIRM_PATH: &str = "/device/confirm";

/// Longest text that is shown again in the field, in characters.
const MAX_SHOWN: usize = 32;

/// Asks for the code. One in the address is filled in and no more: whoever follows a link that somebody sent is still
/// asked whether a device of theirs shows that code (RFC 8628 3.3.1 and 5.4).
pub(crate) async fn get(app: Arc<App>, browser: Browser, request: Request) -> Result<Response, Failure> {
    let query = extract::query(request.uri())?;
    let typed = query.value(field::USER_CODE).unwrap_or_default();
    Ok(ask(&app, &browser, typed, None))
}

/// Takes the code.
pub(crate) async fn post(app: Arc<App>, mut browser: Browser, request: Request) -> Result<Response, Failure> {
    let (app, browser) = (&app, &mut browser);
    let form = checked_form(app, browser, request).await?;
    let typed = form.value(field::USER_CODE).unwrap_or_default();
    // What cannot be a code is no guess, and costs neither an attempt nor a query.
    let Some(code) = UserCode::parse(typed) else {
        return Ok(ask(app, browser, typed, Some(DeviceCodeProblem::Unknown)));
    };
    let keys = AttemptKeys::of_user_code(&browser.identity(), browser.address);
    match attempt(app, keys, find(Arc::clone(app), code)).await? {
        Attempt::Blocked(Blocked(wait)) => {
            let retry_after_seconds = wait.0.max(1);
            let problem = DeviceCodeProblem::TooManyAttempts { retry_after_seconds };
            Ok(ask(app, browser, typed, Some(problem)))
        }
        // The failures before it stay: whoever has a code of their own must not wipe out their guesses with it.
        Attempt::Right(device, _) => {
            let target = Target::Device {
                device: device.id,
                user_code: code.shown(),
            };
            let interaction = Interaction::new(app, target, browser.session());
            let status = RedirectStatus::AfterPost;
            flow::proceed(app, browser, interaction, flow::Consented::No, status).await
        }
        Attempt::Wrong(problem) => Ok(ask(app, browser, typed, Some(problem_of(problem)))),
    }
}

/// Shows who asks for what.
pub(crate) async fn confirm(app: Arc<App>, browser: Browser, request: Request) -> Result<Response, Failure> {
    let (app, browser) = (&*app, &browser);
    let interaction = Interaction::open(app, extract::query(request.uri())?.value(field::INTERACTION))?;
    let asked = Asked::of(&interaction)?;
    let Some(login) = &browser.login else {
        let path = interaction.path_of(app, "/login")?;
        return Ok(render::see_other(app, browser, &path, RedirectStatus::AfterGet));
    };
    let (device, client) = match load(app, asked.device).await? {
        Ok(found) => found,
        Err(problem) => return Ok(ask(app, browser, &asked.user_code, Some(problem_of(problem)))),
    };
    let shown = client.shown_in(browser.locale.tag());
    let page = DeviceConfirm {
        action: app.path(CONFIRM_PATH),
        interaction: interaction.seal(app)?,
        csrf_token: browser.form_token(app),
        user_code: asked.user_code,
        client_name: shown.name.to_owned(),
        client_logo: shown.logo_uri.map(|logo| logo.to_string()),
        account_name: account::display_name(&login.user),
        scopes: consent::scopes(app, &device.scope),
        device: shown_device(&device.device),
        asked_at: account::seconds(device.created_at),
    };
    Ok(render::page(app, browser, StatusCode::OK, &page, &[]))
}

/// Takes the decision.
pub(crate) async fn decide(app: Arc<App>, browser: Browser, request: Request) -> Result<Response, Failure> {
    let (app, browser) = (&*app, &browser);
    let form = checked_form(app, browser, request).await?;
    let interaction = Interaction::open(app, form.value(field::INTERACTION))?;
    let asked = Asked::of(&interaction)?;
    let status = RedirectStatus::AfterPost;
    let decision = form.value(field::DECISION);
    let login = match &browser.login {
        Some(login) if decision != Some(decision::OTHER) => login,
        Some(_) | None => {
            let path = interaction.path_of(app, "/login")?;
            return Ok(render::see_other(app, browser, &path, status));
        }
    };
    // Anything that is not a clear yes is a no.
    let approved = decision == Some(decision::APPROVE);
    match answer(app, asked.device, login, approved).await? {
        Ok(()) => {
            let page = DeviceDone { approved };
            Ok(render::page(app, browser, StatusCode::OK, &page, &[]))
        }
        Err(problem) => Ok(ask(app, browser, &asked.user_code, Some(problem_of(problem)))),
    }
}

/// Stores the answer. Whoever answered at the same moment and was first has answered.
async fn answer(
    app: &App,
    device: DeviceAuthorizationId,
    login: &Login,
    approved: bool,
) -> Result<Result<(), Unanswerable>, Failure> {
    let (device, client) = match load(app, device).await? {
        Ok(found) => found,
        Err(problem) => return Ok(Err(problem)),
    };
    let catalogue = app.store.catalogue();
    let changes = match approved {
        true => approve(&app.cx(&catalogue), &client, &device, &login.session),
        false => deny(&device),
    };
    let committed = drive::committed(app, changes).await?;
    Ok(committed.then_some(()).ok_or(Unanswerable::Answered))
}

/// What the interaction is about.
struct Asked {
    device: DeviceAuthorizationId,
    user_code: String,
}

impl Asked {
    fn of(interaction: &Interaction) -> Result<Self, Cause> {
        match &interaction.target {
            Target::Device { device, user_code } => Ok(Self {
                device: *device,
                user_code: user_code.clone(),
            }),
            Target::Authorize { .. } | Target::Account => Err(Cause::InteractionExpired),
        }
    }
}

/// The device that waits under a code: stored under the key that was in use when the device asked.
async fn find(app: Arc<App>, code: UserCode) -> Result<Result<DeviceAuthorization, Unanswerable>, Failure> {
    let keys = app.keys.load_full();
    let mut found = None;
    for key in keys.user_codes() {
        let store = app.store.store();
        found = store.device_authorization_by_user_code(&code.key(key)).await?;
        if found.is_some() {
            break;
        }
    }
    let catalogue = app.store.catalogue();
    Ok(waiting(&app.cx(&catalogue), found))
}

/// The device of an interaction as it is by now, and its client.
async fn load(
    app: &App,
    device: DeviceAuthorizationId,
) -> Result<Result<(DeviceAuthorization, Arc<Client>), Unanswerable>, Failure> {
    let found = app.store.store().device_authorization(device).await?;
    let catalogue = app.store.catalogue();
    let device = match waiting(&app.cx(&catalogue), found) {
        Ok(device) => device,
        Err(problem) => return Ok(Err(problem)),
    };
    let client = app.client(&device.client).await?;
    let client = client.filter(|client| !client.disabled);
    Ok(client.map(|client| (device, client)).ok_or(Unanswerable::Unknown))
}

fn problem_of(problem: Unanswerable) -> DeviceCodeProblem {
    match problem {
        Unanswerable::Unknown => DeviceCodeProblem::Unknown,
        Unanswerable::Expired => DeviceCodeProblem::Expired,
        Unanswerable::Answered => DeviceCodeProblem::Used,
    }
}

fn ask(app: &App, browser: &Browser, typed: &str, problem: Option<DeviceCodeProblem>) -> Response {
    let user_code = UserCode::parse(typed).map(|code| code.shown());
    let page = DeviceCode {
        action: app.path(PATH),
        csrf_token: browser.form_token(app),
        user_code: user_code.unwrap_or_else(|| typed.chars().take(MAX_SHOWN).collect()),
        problem,
    };
    let status = match problem {
        None => StatusCode::OK,
        Some(DeviceCodeProblem::Unknown | DeviceCodeProblem::Expired | DeviceCodeProblem::Used) => {
            StatusCode::BAD_REQUEST
        }
        Some(DeviceCodeProblem::TooManyAttempts { .. }) => StatusCode::TOO_MANY_REQUESTS,
    };
    let mut response = render::page(app, browser, status, &page, &[]);
    if let Some(DeviceCodeProblem::TooManyAttempts { retry_after_seconds }) = problem {
        response
            .headers_mut()
            .insert(RETRY_AFTER, retry_after_seconds.into());
    }
    response
}

/// A device that names no browser or system that we know is shown by its own words.
fn shown_device(agent: &str) -> String {
    match account::device(agent) {
        known if known.is_empty() => agent.to_owned(),
        known => known,
    }
}
