//! The API over HTTP: who asks, what, and how it is answered.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request as HttpRequest;
use axum::response::Response;
use bytes::Bytes;
use grantor_protocol::Cause;
use grantor_protocol::administration::authorize;
use grantor_protocol::record::Client;
use http::header::{ETAG, IF_MATCH, LINK, LOCATION};
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::action::{Action, Answer};
use super::administration::{Administration, KeyAdministration, Output, Writer};
use super::openapi;
use super::refusal::Refusal;
use super::request::Request;
use crate::app::{App, Failure};
use crate::paths::Endpoint;
use crate::presented::{Presented, Token};
use crate::{extract, possession, render};

/// The path of the API, below that of the issuer.
pub const BASE: &str = "/admin/v1";

/// What stays as it is in a segment of a path (RFC 3986 2.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Answers a request.
pub(crate) async fn serve(app: Arc<App>, request: HttpRequest) -> Response {
    let (head, body) = request.into_parts();
    let answer = answer(&app, &head, body).await;
    let response = answer.unwrap_or_else(|refusal| render::problem(&app, &refusal));
    possession::with_nonce(&app, render::no_store(response))
}

/// The OpenAPI document of the API. It holds nothing that is not in the documentation.
pub(crate) async fn document(app: Arc<App>, _: HttpRequest) -> Response {
    let (issuer, paths) = (&app.settings.issuer, &app.settings.paths);
    let document = openapi::document(issuer.as_str(), &issuer.url(paths.canonical(Endpoint::Token)));
    match serde_json::to_vec(&document) {
        Ok(document) => render::raw_json(StatusCode::OK, document.into()),
        Err(error) => render::problem(&app, &Failure::internal("JSON", error).into()),
    }
}

async fn answer(app: &App, head: &Parts, body: Body) -> Result<Response, Refusal> {
    let path = head.uri.path().strip_prefix(&app.path(BASE)).unwrap_or_default();
    let (action, names) = Action::find(&head.method, path).ok_or(Cause::NotFound)?;
    let presented = Presented::in_header(app, head).await?;
    let caller = caller(app, &presented, action)?;
    presented.settle(app).await?;
    let request = Request {
        action,
        names,
        query: query(head),
        if_match: if_match(head),
        body: read(app, action, head, body).await?,
    };
    let named = request.names.join(" ");
    let output = administration(app).perform(request).await?;
    if head.method != Method::GET && head.method != Method::HEAD {
        audit(&caller, action, &named, &output);
    }
    if action == Action::RotateKeys {
        // Whoever asks for the key set next should see the new ones.
        let reloaded = app.reload_keys().await;
        reloaded.map_err(|error| Failure::internal("the new keys cannot be used yet", error))?;
    }
    render(app, head, action, output)
}

/// The client that asks, if it may.
fn caller(app: &App, presented: &Presented, action: Action) -> Result<Arc<Client>, Refusal> {
    let facts = match &presented.token {
        Token::Access(facts) => facts,
        Token::Personal(_) => return Err(Cause::AdminForeignToken.into()),
    };
    let catalogue = app.store.catalogue();
    let cx = app.cx(&catalogue);
    authorize(&cx, facts, presented.presentation, action.access())?;
    facts.client.clone().ok_or_else(|| Cause::TokenRevoked.into())
}

fn administration(app: &App) -> Administration<'_> {
    Administration {
        store: &**app.store.store(),
        writer: Writer::Cached(&app.store),
        passwords: &app.passwords,
        policy: &app.settings.policy,
        keys: Some(KeyAdministration {
            master: &app.master_key,
            settings: &app.settings.keys,
        }),
        entropy: app.entropy(),
        now: app.now(),
        catalogue: &app.catalogue_edits,
    }
}

fn query(head: &Parts) -> Vec<(String, String)> {
    let query = head.uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// Several lines of the header are one list (RFC 9110 5.3). What is no text matches nothing.
fn if_match(head: &Parts) -> Option<String> {
    let values = head.headers.get_all(IF_MATCH).iter();
    let values: Vec<&str> = values.map(|value| value.to_str().unwrap_or_default()).collect();
    (!values.is_empty()).then(|| values.join(","))
}

async fn read(app: &App, action: Action, head: &Parts, body: Body) -> Result<Option<Value>, Refusal> {
    if action.operation().body.is_none() {
        return Ok(None);
    }
    let body: Bytes = extract::json_body(app, &head.headers, body).await?;
    serde_json::from_slice(&body)
        .map(Some)
        .map_err(|error| Refusal::of(Cause::AdminJsonMalformed, error.to_string()))
}

/// What was done by whom to what; never what it says.
fn audit(caller: &Client, action: Action, named: &str, output: &Output) {
    let made = output.made.as_deref();
    tracing::info!(
        target: "grantor::audit",
        client_id = caller.id.as_str(),
        action = action.operation().name,
        named,
        made,
        "administered"
    );
}

fn render(app: &App, head: &Parts, action: Action, output: Output) -> Result<Response, Refusal> {
    let next = output.body.as_ref().and_then(|body| body.get("next")?.as_str());
    let link = next.map(|next| link(app, head, next));
    let location = output.made.as_deref().map(|name| location(app, action, name));
    let status = match action.operation().answer {
        Answer::Made(_) => StatusCode::CREATED,
        Answer::One(_) | Answer::Page(_) | Answer::Written(_) | Answer::Report(_) => StatusCode::OK,
        Answer::Nothing => StatusCode::NO_CONTENT,
    };
    let mut response = match &output.body {
        Some(body) => {
            let text = serde_json::to_vec(body).map_err(|error| Failure::internal("JSON", error))?;
            render::raw_json(status, text.into())
        }
        None => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = status;
            response
        }
    };
    for (name, value) in [(ETAG, output.etag), (LOCATION, location), (LINK, link)] {
        insert(&mut response, name, value);
    }
    Ok(response)
}

fn insert(response: &mut Response, name: HeaderName, value: Option<String>) {
    if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
        response.headers_mut().insert(name, value);
    }
}

/// Where the next page is (RFC 8288 3).
fn link(app: &App, head: &Parts, next: &str) -> String {
    let kept = query(head).into_iter().filter(|(name, _)| name != "after");
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(kept)
        .append_pair("after", next)
        .finish();
    let (origin, path) = (app.settings.issuer.origin(), head.uri.path());
    format!("<{origin}{path}?{query}>; rel=\"next\"")
}

fn location(app: &App, action: Action, name: &str) -> String {
    let collection = action.operation().path;
    app.settings
        .issuer
        .url(&format!("{BASE}{collection}/{}", segment(name)))
}

/// A name as a segment of a path.
fn segment(name: &str) -> String {
    utf8_percent_encode(name, SEGMENT).to_string()
}

impl Request {
    /// Method and path of the request over HTTP, below that of the issuer, with its query.
    pub fn target(&self) -> (Method, String) {
        let operation = self.action.operation();
        let mut names = self.names.iter();
        let mut path = BASE.to_owned();
        for part in operation.path.split('/').skip(1) {
            path.push('/');
            if part.starts_with('{') {
                path.push_str(&segment(names.next().map_or("", String::as_str)));
            } else {
                path.push_str(part);
            }
        }
        if !self.query.is_empty() {
            let query = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(&self.query)
                .finish();
            path.push('?');
            path.push_str(&query);
        }
        (operation.method, path)
    }
}
