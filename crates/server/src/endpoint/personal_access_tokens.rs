//! `personal-access-tokens`: a client makes, lists and deletes them for the user that its access token acts for.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use grantor_protocol::Cause;
use grantor_protocol::personal_access_token::{Maker, NewToken, make, owner};
use grantor_protocol::record::PersonalAccessToken;
use grantor_protocol::token::AccessTokenFacts;
use grantor_types::{PersonalAccessTokenId, Scope, Seconds, Timestamp};
use http::request::Parts;
use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

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
    respond(&app, answer)
}

/// `DELETE` deletes one.
pub(crate) async fn delete(app: Arc<App>, request: Request) -> Response {
    let (head, _) = request.into_parts();
    let answer = remove(&app, &head).await;
    respond(&app, answer)
}

fn respond(app: &App, answer: Result<(StatusCode, Value), Failure>) -> Response {
    let response = match answer {
        Ok((status, Value::Null)) => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = status;
            render::no_store(response)
        }
        Ok((status, body)) => render::no_store(render::raw_json(status, body.to_string().into())),
        Err(failure) => render::challenge(app, failure),
    };
    possession::with_nonce(app, response)
}

/// The body of a request for a token. Two names for the life are in use.
#[derive(Deserialize)]
struct TokenRequest {
    name: String,
    scopes: Vec<String>,
    #[serde(default, alias = "expires_in_seconds")]
    expires_in: Option<u64>,
}

async fn create(app: &App, head: &Parts, body: Body) -> Result<(StatusCode, Value), Failure> {
    let (presented, facts) = users_token(app, head).await?;
    let wanted = wanted(&extract::json_body(app, &head.headers, body).await?)?;
    let catalogue = app.store.catalogue();
    let cx = app.cx(&catalogue);
    let (user, _) = owner(&cx, &facts)?;
    for _ in 0..drive::ATTEMPTS {
        let held = app.store.store().personal_access_tokens_of(user).await?.len();
        let decision = make(&cx, &app.random()?, Maker::Client(&facts), wanted.clone(), held);
        let made = decision.outcome?;
        if drive::committed(app, decision.changes).await? {
            presented.settle(app).await?;
            let mut body = shown(&made.record);
            body["access_token"] = json!(made.token.expose());
            body["token_type"] = json!("Bearer");
            body["expires_in"] = json!(made.record.expires_at.since(cx.now).0);
            return Ok((StatusCode::CREATED, body));
        }
    }
    Err(Cause::PersonalTokenTooMany.into())
}

fn wanted(body: &[u8]) -> Result<NewToken, Cause> {
    let body: TokenRequest = serde_json::from_slice(body).map_err(|_| Cause::PersonalTokenJson)?;
    Ok(NewToken {
        name: body.name,
        scope: Scope::parse(&body.scopes.join(" ")).map_err(|_| Cause::ScopeMalformed)?,
        lifetime: body.expires_in.map(Seconds),
    })
}

async fn list(app: &App, head: &Parts) -> Result<(StatusCode, Value), Failure> {
    let (presented, facts) = users_token(app, head).await?;
    let catalogue = app.store.catalogue();
    let (user, client) = owner(&app.cx(&catalogue), &facts)?;
    let tokens = app.store.store().personal_access_tokens_of(user).await?;
    presented.settle(app).await?;
    // What the person made by other ways is none of this client's business.
    let own = tokens
        .iter()
        .filter(|token| token.client.as_ref() == Some(&client.id));
    let shown: Vec<Value> = own.map(shown).collect();
    Ok((StatusCode::OK, json!({ "personal_access_tokens": shown })))
}

async fn remove(app: &App, head: &Parts) -> Result<(StatusCode, Value), Failure> {
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
    let change = grantor_protocol::Change::DeletePersonalAccessToken { user, token };
    app.store.commit(vec![change], app.now()).await?;
    presented.settle(app).await?;
    Ok((StatusCode::NO_CONTENT, Value::Null))
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

fn shown(token: &PersonalAccessToken) -> Value {
    let scopes: Vec<String> = token
        .scope
        .iter()
        .map(|scope| scope.as_str().to_owned())
        .collect();
    let mut shown = json!({
        "id": token.id.to_string(),
        "name": token.name,
        "scopes": scopes,
        "created_at": token.created_at.as_seconds(),
        "expires_at": token.expires_at.as_seconds(),
    });
    if let Some(at) = token.last_used_at.map(Timestamp::as_seconds) {
        shown["last_used_at"] = json!(at);
    }
    shown
}
