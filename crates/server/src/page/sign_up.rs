//! `/sign-up`: an account for whoever wants one, where the operator lets people make them
//! ([Initiating User Registration via OpenID Connect 1.0](https://openid.net/specs/openid-connect-prompt-create-1_0.html)).

use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use grantor_pages::{FieldProblem, SignUp, SignUpProblem, TypedField, decision, field};
use grantor_protocol::login::{Admitted, AttemptKeys, Blocked, NewSession, start_session};
use grantor_protocol::record::{Revision, User};
use grantor_protocol::{Change, Expect, profile, validity};
use grantor_store::CommitError;
use grantor_types::{ClaimField, Parameters, Secret, StandardClaims, TextClaim, UserId};
use http::StatusCode;
use http::header::RETRY_AFTER;

use super::password::{self, New};
use super::{flow, profile as details};
use crate::app::{App, Failure};
use crate::attempts::{Attempt, attempt};
use crate::browser::Browser;
use crate::interaction::Interaction;
use crate::render::RedirectStatus;
use crate::{drive, ending, extract, render};

/// Where it is.
pub(crate) const PATH: &str = "/sign-up";

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    username: TypedField,
    password_problem: Option<FieldProblem>,
    again_problem: Option<FieldProblem>,
    name: TypedField,
    email: TypedField,
    problem: Option<SignUpProblem>,
}

/// An account that may be made, if nobody has its name.
struct Wanted {
    username: String,
    password: Secret,
    claims: StandardClaims,
}

/// Shows the page.
pub(crate) async fn get(app: Arc<App>, mut browser: Browser, request: Request) -> Result<Response, Failure> {
    let (app, browser) = (&*app, &mut browser);
    let query = extract::query(request.uri())?;
    let interaction = Interaction::of_page(app, browser, &query)?;
    show(app, browser, &interaction, Typed::default()).await
}

/// Takes the form: makes the account and logs its owner in.
pub(crate) async fn post(app: Arc<App>, mut browser: Browser, request: Request) -> Result<Response, Failure> {
    let (app, browser) = (&app, &mut browser);
    let form = extract::form(app, request).await?;
    let interaction = Interaction::open(app, form.value(field::INTERACTION))?;
    let (mut typed, wanted) = read(app, &form);
    if !browser.owns_form(app, form.value(field::CSRF_TOKEN)) {
        typed.problem = Some(SignUpProblem::FormExpired);
        return show(app, browser, &interaction, typed).await;
    }
    if form.value(field::DECISION) == Some(decision::CANCEL) {
        return flow::deny(app, browser, &interaction).await;
    }
    let Some(wanted) = wanted else {
        return show(app, browser, &interaction, typed).await;
    };
    // What would be refused afterwards is refused before there is an account for it.
    flow::request_of(app, &interaction).await?;
    match make(app, browser, wanted).await? {
        Ok(()) => {
            let status = RedirectStatus::AfterPost;
            flow::proceed(app, browser, interaction, flow::Consented::No, status).await
        }
        Err(NotMade::Taken) => {
            typed.username.problem = Some(FieldProblem::UsernameTaken);
            show(app, browser, &interaction, typed).await
        }
        Err(NotMade::Blocked(Blocked(wait))) => {
            typed.problem = Some(SignUpProblem::TooManyAttempts {
                retry_after_seconds: wait.0.max(1),
            });
            show(app, browser, &interaction, typed).await
        }
    }
}

/// Reads the form; an account comes of it when nothing in it is wrong.
fn read(app: &App, form: &Parameters) -> (Typed, Option<Wanted>) {
    let field = |name: &str| TypedField {
        name: name.to_owned(),
        value: form.value(name).unwrap_or_default().trim().to_owned(),
        ..TypedField::default()
    };
    let mut typed = Typed {
        username: field(field::USERNAME),
        name: field(field::NAME),
        email: field(field::EMAIL),
        ..Typed::default()
    };
    if typed.username.value.is_empty() {
        typed.username.problem = Some(FieldProblem::Missing);
    } else if validity::username(&typed.username.value).is_err() {
        typed.username.problem = Some(FieldProblem::Username);
    }
    let password = password::check_new(form.value(field::PASSWORD), form.value(field::PASSWORD_AGAIN));
    match &password {
        Ok(_) => {}
        Err(New::Wrong(problem)) => typed.password_problem = Some(*problem),
        Err(New::Differs) => typed.again_problem = Some(FieldProblem::PasswordsDiffer),
    }
    let (name, email) = (TextClaim::Name, TextClaim::Email);
    let said = [
        (ClaimField::claim(name), typed.name.value.clone()),
        (ClaimField::claim(email), typed.email.value.clone()),
    ];
    let claims = profile::edited(&StandardClaims::default(), said, app.now());
    for invalid in claims.as_ref().err().into_iter().flatten() {
        let problem = Some(details::problem(invalid.problem));
        if invalid.field == ClaimField::claim(email) {
            typed.email.problem = problem;
        } else {
            typed.name.problem = problem;
        }
    }
    let username = typed.username.value.clone();
    let wanted = match (typed.username.problem, password, claims) {
        (None, Ok(password), Ok(claims)) => Some(Wanted {
            username,
            password,
            claims,
        }),
        (_, _, _) => None,
    };
    (typed, wanted)
}

/// Why no account was made although nothing is wrong with it.
enum NotMade {
    /// Somebody has the name.
    Taken,
    /// There were too many before it.
    Blocked(Blocked),
}

/// Makes the account and a session of its owner in one commit. Of two who want one name at the same moment, one has it.
async fn make(app: &Arc<App>, browser: &mut Browser, wanted: Wanted) -> Result<Result<(), NotMade>, Failure> {
    let keys = AttemptKeys::of_sign_up(&browser.identity(), browser.address);
    let check = hash_unless_taken(Arc::clone(app), wanted.username.clone(), wanted.password);
    let (hash, admitted) = match attempt(app, keys, check).await? {
        Attempt::Right(hash, admitted) => (hash, admitted),
        Attempt::Wrong(Taken) => return Ok(Err(NotMade::Taken)),
        Attempt::Blocked(blocked) => return Ok(Err(NotMade::Blocked(blocked))),
    };
    let before = browser.session().map(|session| session.id);
    for _ in 0..drive::ATTEMPTS {
        let random = app.random()?;
        let mut id = [0; 10];
        app.fill(&mut id)?;
        let user = User {
            id: UserId::new(app.now(), id),
            username: wanted.username.clone(),
            password_hash: Some(hash.clone()),
            claims: wanted.claims.clone(),
            disabled: false,
            created_at: app.now(),
            updated_at: app.now(),
            revision: Revision(1),
        };
        let login = NewSession {
            user: user.id,
            authentication_methods: vec!["pwd".to_owned()],
            user_agent: &browser.user_agent,
            previous: ending::of(app, before).await?,
        };
        let catalogue = app.store.catalogue();
        let cx = app.cx(&catalogue);
        let (session, started) = start_session(&cx, &random, login);
        let put = Change::PutUser {
            user: Box::new(user.clone()),
            expect: Expect::Absent,
        };
        let changes = std::iter::once(put).chain(started).chain(admitted.failed(&cx));
        if drive::committed(app, changes.collect()).await? {
            tracing::info!(target: "grantor::audit", user = %user.id, "the user made an account");
            browser.log_in(session, &random.secret, Arc::new(user));
            return Ok(Ok(()));
        }
        if is_taken(app, &wanted.username).await? {
            count(app, admitted).await?;
            return Ok(Err(NotMade::Taken));
        }
    }
    Err(CommitError::Conflict.into())
}

/// An attempt that found the name taken counts, however late it found out.
async fn count(app: &App, admitted: Admitted) -> Result<(), Failure> {
    let catalogue = app.store.catalogue();
    let cx = app.cx(&catalogue);
    Ok(app.store.commit(admitted.failed(&cx), cx.now).await?)
}

struct Taken;

async fn hash_unless_taken(
    app: Arc<App>,
    username: String,
    password: Secret,
) -> Result<Result<String, Taken>, Failure> {
    if is_taken(&app, &username).await? {
        return Ok(Err(Taken));
    }
    password::hash(&app, password).await.map(Ok)
}

async fn is_taken(app: &App, username: &str) -> Result<bool, Failure> {
    Ok(app.store.store().user_by_username(username).await?.is_some())
}

async fn show(
    app: &App,
    browser: &mut Browser,
    interaction: &Interaction,
    mut typed: Typed,
) -> Result<Response, Failure> {
    let for_whom = flow::for_whom(app, browser, interaction).await?;
    if typed.username.problem.is_none() && typed.username.value.is_empty() {
        typed.username.value = for_whom.login_hint.unwrap_or_default();
    }
    let page = SignUp {
        action: app.path(PATH),
        interaction: interaction.seal(app)?,
        csrf_token: browser.form_token(app),
        login_path: interaction.path_of(app, "/login")?,
        client_name: for_whom.client_name,
        client_logo: for_whom.client_logo,
        least: password::least(),
        username: typed.username,
        password_problem: typed.password_problem,
        again_problem: typed.again_problem,
        name: typed.name,
        email: typed.email,
        problem: typed.problem,
    };
    let mut response = render::page(app, browser, status_of(&page), &page, &[&for_whom.leads_to]);
    if let Some(SignUpProblem::TooManyAttempts { retry_after_seconds }) = page.problem {
        response
            .headers_mut()
            .insert(RETRY_AFTER, retry_after_seconds.into());
    }
    Ok(response)
}

fn status_of(page: &SignUp) -> StatusCode {
    let wrong = [
        page.username.problem,
        page.password_problem,
        page.again_problem,
        page.name.problem,
        page.email.problem,
    ];
    match page.problem {
        Some(SignUpProblem::TooManyAttempts { .. }) => StatusCode::TOO_MANY_REQUESTS,
        Some(SignUpProblem::FormExpired) => StatusCode::FORBIDDEN,
        None if page.username.problem == Some(FieldProblem::UsernameTaken) => StatusCode::CONFLICT,
        None if wrong.iter().any(Option::is_some) => StatusCode::BAD_REQUEST,
        None => StatusCode::OK,
    }
}
