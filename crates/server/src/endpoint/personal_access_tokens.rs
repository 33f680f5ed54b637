//! `personal-access-tokens`: a client makes, lists and deletes them for the user that its access token acts for.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use grantor_protocol::dpop::FreshProof;
use grantor_protocol::personal_access_token::{Maker, NewToken, owner};
use grantor_protocol::record::PersonalAccessToken;
use grantor_protocol::token::AccessTokenFacts;
use grantor_protocol::{Cause, Change};
use grantor_types::{PersonalAccessTokenId, Scope, ScopeToken, Seconds, Timestamp, TokenType};
use http::request::Parts;
use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::app::{App, Failure};
use crate::presented::{Presented, Token};
use crate::{drive, extract, possession, render};

/// `POST` makes one, `GET` lists them.
pub(crate) async fn get_or_post(app: Arc<App>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let answer = match head.method {
        Method::POST => create(&app, &head, body).await,
        _ => list(&app, &head).await,
    };
    finish(&app, answer)
}

/// `DELETE` deletes one.
pub(crate) async fn delete(app: Arc<App>, request: Request) -> Response {
    let (head, _) = request.into_parts();
    let answer = remove(&app, &head).await;
    finish(&app, answer)
}

fn finish(app: &App, answer: Result<Response, Failure>) -> Response {
    let response = answer.unwrap_or_else(|failure| render::challenge(app, failure));
    possession::with_nonce(app, render::no_store(response))
}

fn json(status: StatusCode, body: &impl Serialize) -> Result<Response, Failure> {
    let body = serde_json::to_vec(body).map_err(|error| Failure::internal("JSON", error))?;
    Ok(render::raw_json(status, body.into()))
}

/// A token as its owner's client sees it.
#[derive(Serialize)]
struct Shown<'a> {
    id: PersonalAccessTokenId,
    name: &'a str,
    scopes: Vec<&'a str>,
    /// Seconds since the epoch, as all times here.
    created_at: u64,
    expires_at: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<u64>,
}

/// A token that was just made: the only answer that has its text.
#[derive(Serialize)]
struct Made<'a> {
    access_token: &'a str,
    token_type: TokenType,
    expires_in: u64,
    #[serde(flatten)]
    shown: Shown<'a>,
}

/// The body of a request for a token. Two names for the life are in use.
#[derive(Deserialize)]
struct TokenRequest {
    name: String,
    scopes: Vec<String>,
    #[serde(default, alias = "expires_in_seconds")]
    expires_in: Option<u64>,
}

async fn create(app: &App, head: &Parts, body: Body) -> Result<Response, Failure> {
    let (presented, facts) = users_token(app, head).await?;
    let wanted = wanted(&extract::json_body(app, &head.headers, body).await?)?;
    let catalogue = app.store.catalogue();
    let cx = app.cx(&catalogue);
    let (user, _) = owner(&cx, &facts)?;
    let maker = Maker::Client(&facts);
    let made = drive::personal_access_token(app, maker, user, &wanted, presented.proof()).await?;
    let body = Made {
        access_token: made.token.expose(),
        token_type: TokenType::Bearer,
        expires_in: made.record.expires_at.since(made.record.created_at).0,
        shown: shown(&made.record),
    };
    json(StatusCode::CREATED, &body)
}

fn wanted(body: &[u8]) -> Result<NewToken, Cause> {
    let body: TokenRequest = serde_json::from_slice(body).map_err(|_| Cause::PersonalTokenJson)?;
    Ok(NewToken {
        name: body.name,
        scope: Scope::parse(&body.scopes.join(" ")).map_err(|_| Cause::ScopeMalformed)?,
        lifetime: body.expires_in.map(Seconds),
    })
}

async fn list(app: &App, head: &Parts) -> Result<Response, Failure> {
    let (presented, facts) = users_token(app, head).await?;
    let catalogue = app.store.catalogue();
    let (user, client) = owner(&app.cx(&catalogue), &facts)?;
    let tokens = app.store.store().personal_access_tokens_of(user).await?;
    presented.settle(app).await?;
    // What the person made by other ways is none of this client's business.
    let own = tokens
        .iter()
        .filter(|token| token.client.as_ref() == Some(&client.id));
    let shown: Vec<Shown<'_>> = own.map(shown).collect();
    json(StatusCode::OK, &json!({ "personal_access_tokens": shown }))
}

async fn remove(app: &App, head: &Parts) -> Result<Response, Failure> {
    let (presented, facts) = users_token(app, head).await?;
    let catalogue = app.store.catalogue();
    let (user, client) = owner(&app.cx(&catalogue), &facts)?;
    let id = head
        .uri
        .path()
        .rsplit('/')
        .next()
        .and_then(PersonalAccessTokenId::parse);
    let tokens = app.store.store().personal_access_tokens_of(user).await?;
    let own =
        |token: &&PersonalAccessToken| Some(token.id) == id && token.client.as_ref() == Some(&client.id);
    let token = tokens.iter().find(own).ok_or(Cause::NotFound)?.id;
    let change = Change::DeletePersonalAccessToken { user, token };
    let changes = std::iter::once(change).chain(presented.proof().map(FreshProof::use_up));
    if !drive::committed(app, changes.collect()).await? {
        // Nothing else in it has a guard.
        return Err(Cause::DpopProofReplayed.into());
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

/// The access token of a request, presented as it has to be. A personal access token is not enough, or one that leaked
/// could never be got rid of.
async fn users_token(app: &App, head: &Parts) -> Result<(Presented, Box<AccessTokenFacts>), Failure> {
    let presented = Presented::in_header(app, head).await?;
    let facts = match &presented.token {
        Token::Access(facts) => facts.clone(),
        Token::Personal(_) => return Err(Cause::PersonalTokenPresented.into()),
    };
    presented
        .presentation
        .check(facts.claims.cnf.map(|cnf| cnf.jkt))?;
    Ok((presented, facts))
}

fn shown(token: &PersonalAccessToken) -> Shown<'_> {
    Shown {
        id: token.id,
        name: &token.name,
        scopes: token.scope.iter().map(ScopeToken::as_str).collect(),
        created_at: token.created_at.as_seconds(),
        expires_at: token.expires_at.as_seconds(),
        last_used_at: token.last_used_at.map(Timestamp::as_seconds),
    }
}
