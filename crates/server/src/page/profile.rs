//! `/account/profile`: what is known of a person, for them to change.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use grantor_pages::{Addition, FieldProblem, Profile, ProfileOutcome, TypedField, field};
use grantor_protocol::record::User;
use grantor_protocol::validity::{ClaimProblem, InvalidClaim};
use grantor_protocol::{Change, Expect, profile};
use grantor_types::{ClaimField, LanguageTag, Parameters, StandardClaims, UserId};
use http::StatusCode;

use super::account::to_login;
use super::checked_form;
use crate::app::{App, Failure};
use crate::browser::Browser;
use crate::render::RedirectStatus;
use crate::{drive, render};

/// Where it is.
pub(crate) const PATH: &str = "/account/profile";

/// What was typed, and what came of it.
#[derive(Default)]
struct Typed {
    fields: BTreeMap<ClaimField, String>,
    addition: Addition,
    /// What is wrong, by the field.
    wrong: BTreeMap<ClaimField, FieldProblem>,
    outcome: Option<ProfileOutcome>,
}

/// Shows the page.
pub(crate) async fn get(app: Arc<App>, browser: Browser, _: Request) -> Result<Response, Failure> {
    match signed_in(&app, &browser).await? {
        Some(user) => Ok(show(&app, &browser, &user, Typed::default())),
        None => to_login(&app, &browser, RedirectStatus::AfterGet),
    }
}

/// Saves what was typed: all of it, or nothing when something is wrong or the person has not seen what is stored by now.
pub(crate) async fn post(app: Arc<App>, browser: Browser, request: Request) -> Result<Response, Failure> {
    let (app, browser) = (&*app, &browser);
    let form = checked_form(app, browser, request).await?;
    let Some(before) = signed_in(app, browser).await? else {
        return to_login(app, browser, RedirectStatus::AfterPost);
    };
    let (mut typed, added) = read(&form, &before.claims);
    if form.value(field::REVISION) != Some(before.revision.0.to_string().as_str()) {
        typed.outcome = Some(ProfileOutcome::Changed);
        return Ok(show(app, browser, &before, typed));
    }
    let fields = typed.fields.clone().into_iter().chain(added.clone());
    let claims = match profile::edited(&before.claims, fields, app.now()) {
        Ok(claims) if typed.outcome.is_none() => claims,
        Ok(_) => return Ok(show(app, browser, &before, typed)),
        Err(wrong) => {
            typed.note(&wrong, added.as_ref().map(|(field, _)| field));
            return Ok(show(app, browser, &before, typed));
        }
    };
    match save(app, &before, claims).await? {
        Some(after) => {
            let saved = Typed {
                outcome: Some(ProfileOutcome::Saved),
                ..Typed::default()
            };
            Ok(show(app, browser, &after, saved))
        }
        // Somebody else was first after all.
        None => {
            let stored = stored(app, before.id).await?.unwrap_or(before);
            typed.outcome = Some(ProfileOutcome::Changed);
            Ok(show(app, browser, &stored, typed))
        }
    }
}

/// The user as stored: what a cache holds may be older than what the form was made from.
async fn signed_in(app: &App, browser: &Browser) -> Result<Option<User>, Failure> {
    match &browser.login {
        Some(login) => stored(app, login.user.id).await,
        None => Ok(None),
    }
}

async fn stored(app: &App, user: UserId) -> Result<Option<User>, Failure> {
    Ok(app.store.store().user(user).await?)
}

/// `None` when somebody else has changed the user since `before` was read.
async fn save(app: &App, before: &User, claims: StandardClaims) -> Result<Option<User>, Failure> {
    if claims == before.claims {
        return Ok(Some(before.clone()));
    }
    let after = User {
        claims,
        updated_at: app.now(),
        revision: before.revision.next(),
        ..before.clone()
    };
    let put = Change::PutUser {
        user: Box::new(after.clone()),
        expect: Expect::Revision(before.revision),
    };
    if !drive::committed(app, vec![put]).await? {
        return Ok(None);
    }
    tracing::info!(target: "grantor::audit", user = %after.id, "the user changed their details");
    Ok(Some(after))
}

/// What was typed into the fields that the claims have, and what is to be added in one more language. A field that was not
/// sent stays as it is.
fn read(form: &Parameters, claims: &StandardClaims) -> (Typed, Option<(ClaimField, String)>) {
    let sent = |field: ClaimField| {
        let text = form.typed(&format!("{}{field}", field::CLAIM_PREFIX))?;
        Some((field, text.to_owned()))
    };
    let mut typed = Typed {
        fields: claims.fields().filter_map(sent).collect(),
        ..Typed::default()
    };
    let text = |name| form.value(name).unwrap_or_default().trim().to_owned();
    let addition = &mut typed.addition;
    addition.claim = text(field::NEW_CLAIM);
    addition.language = text(field::NEW_LANGUAGE);
    addition.value = text(field::NEW_VALUE);
    if addition.language.is_empty() && addition.value.is_empty() {
        return (typed, None);
    }
    let language = LanguageTag::parse(&addition.language);
    addition.language_problem = language.is_err().then_some(FieldProblem::Language);
    addition.value_problem = addition.value.is_empty().then_some(FieldProblem::Missing);
    let field = translatable().find(|field| field.to_string() == addition.claim);
    match (field, language) {
        (Some(field), Ok(language)) if addition.value_problem.is_none() => {
            let field = ClaimField {
                language: Some(language),
                ..field
            };
            let added = (field, addition.value.clone());
            (typed, Some(added))
        }
        (_, _) => {
            typed.outcome = Some(ProfileOutcome::Wrong);
            (typed, None)
        }
    }
}

fn translatable() -> impl Iterator<Item = ClaimField> {
    ClaimField::without_language().filter(ClaimField::is_human_readable)
}

impl Typed {
    /// Notes what is wrong; `added` is the field of what is to be added.
    fn note(&mut self, wrong: &[InvalidClaim], added: Option<&ClaimField>) {
        self.outcome = Some(ProfileOutcome::Wrong);
        for invalid in wrong {
            let problem = problem(invalid.problem);
            if added == Some(&invalid.field) {
                self.addition.value_problem = Some(problem);
            } else {
                self.wrong.insert(invalid.field.clone(), problem);
            }
        }
    }
}

/// What is wrong, in the words of the pages.
pub(super) fn problem(problem: ClaimProblem) -> FieldProblem {
    match problem {
        ClaimProblem::Blank => FieldProblem::Missing,
        ClaimProblem::TooLong(most) => FieldProblem::TooLong(u64::try_from(most).unwrap_or(u64::MAX)),
        ClaimProblem::ControlCharacter => FieldProblem::ControlCharacter,
        ClaimProblem::WebAddress => FieldProblem::WebAddress,
        ClaimProblem::Birthdate => FieldProblem::Birthdate,
        ClaimProblem::TimeZone => FieldProblem::TimeZone,
        ClaimProblem::Language => FieldProblem::Language,
        ClaimProblem::EmailAddress => FieldProblem::EmailAddress,
        ClaimProblem::PhoneNumber => FieldProblem::PhoneNumber,
        ClaimProblem::TooMany => FieldProblem::TooMany,
    }
}

fn show(app: &App, browser: &Browser, user: &User, typed: Typed) -> Response {
    let claims = &user.claims;
    let changed = typed.outcome == Some(ProfileOutcome::Changed);
    let shown = |field: ClaimField| {
        let stored = claims.text(&field).unwrap_or_default();
        let value = typed.fields.get(&field).map_or(stored, String::as_str);
        let differs = changed && value.trim().replace("\r\n", "\n") != stored;
        TypedField {
            name: field.to_string(),
            value: value.to_owned(),
            problem: typed.wrong.get(&field).copied(),
            stored: differs.then(|| stored.to_owned()),
        }
    };
    let page = Profile {
        csrf_token: browser.form_token(app),
        action: app.path(PATH),
        account_path: app.path("/account"),
        revision: user.revision.0.to_string(),
        fields: claims.fields().map(shown).collect(),
        translatable: translatable().map(|field| field.to_string()).collect(),
        email_verified: claims
            .email
            .as_ref()
            .map(|_| claims.email_verified.unwrap_or(false)),
        phone_number_verified: claims
            .phone_number
            .as_ref()
            .map(|_| claims.phone_number_verified.unwrap_or(false)),
        updated_at: claims.updated_at.and_then(|at| i64::try_from(at).ok()),
        addition: typed.addition,
        outcome: typed.outcome,
    };
    let status = match page.outcome {
        None | Some(ProfileOutcome::Saved) => StatusCode::OK,
        Some(ProfileOutcome::Wrong) => StatusCode::BAD_REQUEST,
        Some(ProfileOutcome::Changed) => StatusCode::CONFLICT,
    };
    render::page(app, browser, status, &page, &[])
}
