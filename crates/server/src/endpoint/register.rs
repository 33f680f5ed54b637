//! `POST register` ([RFC 7591 §3](https://www.rfc-editor.org/rfc/rfc7591#section-3)), and `GET`, `PUT` and `DELETE` of what
//! is registered there ([RFC 7592 §2](https://www.rfc-editor.org/rfc/rfc7592#section-2)).

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use grantor_jose::digest;
use grantor_protocol::record::Client;
use grantor_protocol::register::{
    self, Context, Document, Fresh, Presented, Refusal, Registered, Wanted, admit, parse_initial,
};
use grantor_protocol::{Cause, Change};
use grantor_types::{AccessTokenScheme, ClientId, Secret, WebUri};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};

use crate::app::{App, Failure};
use crate::paths::Endpoint;
use crate::{client_secret, drive, extract, load, render};

/// Registers a client.
pub(crate) async fn post(app: Arc<App>, request: Request) -> Response {
    let address = extract::address(&app, &request);
    let (head, body) = request.into_parts();
    let answer = create(&app, &head, body, address).await;
    finish(&app, answer)
}

/// Reads, replaces or deletes a registration.
pub(crate) async fn manage(app: Arc<App>, request: Request) -> Response {
    let address = extract::address(&app, &request);
    let (head, body) = request.into_parts();
    let answer = match head.method {
        Method::PUT => replace(&app, &head, body, address).await,
        Method::DELETE => delete(&app, &head).await,
        _ => read(&app, &head).await,
    };
    finish(&app, answer)
}

fn finish(app: &App, answer: Result<Response, Failure>) -> Response {
    let response = answer.unwrap_or_else(|failure| render::bearer_challenge(app, failure));
    render::no_store(response)
}

async fn create(app: &App, head: &Parts, body: Body, address: IpAddr) -> Result<Response, Failure> {
    let catalogue = app.store.catalogue();
    let token = bearer(&head.headers)?;
    admit(&app.cx(&catalogue), presented(app, token.as_ref()).await?)?;
    check_rate(app, address)?;
    let document = document(app, &head.headers, body).await?;
    let wanted = wanted(app, &document, None).await?;
    // What the token allows is read again: fetching took its time.
    for _ in 0..drive::ATTEMPTS {
        let cx = app.cx(&catalogue);
        let initial = admit(&cx, presented(app, token.as_ref()).await?)?;
        let decision = register::create(&cx, &fresh(app)?, initial.as_ref(), wanted.clone());
        let registered = decision.outcome?;
        if drive::committed(app, sealed(app, &registered, decision.changes)?).await? {
            note(&registered.client, "a client has registered itself");
            return answer(app, StatusCode::CREATED, &registered);
        }
    }
    // The id is new, and a token that is used up has been refused by now.
    Err(Cause::RegistrationQuota.into())
}

/// Seals a new secret for a client that signs with it.
fn sealed(app: &App, registered: &Registered, mut changes: Vec<Change>) -> Result<Vec<Change>, Failure> {
    let Some(secret) = &registered.client_secret else {
        return Ok(changes);
    };
    for change in &mut changes {
        if let Change::PutClient { client, .. } = change {
            let made = client_secret::stored(
                Some(&app.master_key),
                &client.id,
                &client.authentication_methods,
                secret,
            )
            .map_err(|error| Failure::internal("client secret", error))?;
            client.secrets = vec![made];
        }
    }
    Ok(changes)
}

async fn read(app: &App, head: &Parts) -> Result<Response, Failure> {
    let (client, access_token) = own(app, head).await?;
    let registered = Registered {
        client,
        client_secret: None,
        access_token,
    };
    answer(app, StatusCode::OK, &registered)
}

async fn replace(app: &App, head: &Parts, body: Body, address: IpAddr) -> Result<Response, Failure> {
    let (client, _) = own(app, head).await?;
    check_rate(app, address)?;
    let document = document(app, &head.headers, body).await?;
    document.check_update(&client)?;
    let wanted = wanted(app, &document, Some(&client)).await?;
    let catalogue = app.store.catalogue();
    for _ in 0..drive::ATTEMPTS {
        let (client, access_token) = own(app, head).await?;
        let cx = app.cx(&catalogue);
        let decision = register::replace(&cx, &fresh(app)?, &client, access_token, wanted.clone());
        let registered = decision.outcome?;
        if drive::committed(app, sealed(app, &registered, decision.changes)?).await? {
            note(&registered.client, "a client has replaced its registration");
            return answer(app, StatusCode::OK, &registered);
        }
    }
    Err(grantor_store::CommitError::Conflict.into())
}

async fn delete(app: &App, head: &Parts) -> Result<Response, Failure> {
    let (client, _) = own(app, head).await?;
    // Nothing in it can be lost to another request.
    app.store
        .commit(register::delete(&client).changes, app.now())
        .await?;
    note(&client, "a client has deleted itself");
    // "If a client has been successfully deprovisioned, the authorization server MUST respond with an HTTP 204 No Content
    // message." (RFC 7592 2.3)
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

fn note(client: &Client, what: &str) {
    tracing::info!(target: "grantor::audit", client = %client.id, "{what}");
}

fn answer(app: &App, status: StatusCode, registered: &Registered) -> Result<Response, Failure> {
    let path = app.settings.paths.canonical(Endpoint::Register);
    let uri = app
        .settings
        .issuer
        .url(&format!("{path}/{}", registered.client.id));
    let catalogue = app.store.catalogue();
    let body = register::response(&app.cx(&catalogue), registered, &uri);
    let body = serde_json::to_vec(&body).map_err(|error| Failure::internal("JSON", error))?;
    Ok(render::raw_json(status, body.into()))
}

/// The token in the `Authorization` header, as a bearer token (RFC 7591 3, RFC 7592 2).
fn bearer(headers: &HeaderMap) -> Result<Option<Secret>, Cause> {
    match extract::access_token(headers) {
        Ok(Some((AccessTokenScheme::Bearer, token))) => Ok(Some(token)),
        Ok(Some((AccessTokenScheme::Dpop, _))) | Err(Cause::TokenMissing) => {
            Err(Cause::RegistrationTokenMissing)
        }
        Ok(None) => Ok(None),
        Err(cause) => Err(cause),
    }
}

async fn presented(app: &App, token: Option<&Secret>) -> Result<Presented, Failure> {
    let Some(token) = token else {
        return Ok(Presented::Nothing);
    };
    let found = match parse_initial(token.expose()) {
        Some(hash) => app.store.store().initial_access_token(&hash).await?,
        None => None,
    };
    Ok(Presented::Token(found))
}

/// The client of the address, if the token is that of its registration. "If the client does not exist on this server, the
/// server MUST respond with HTTP 401 Unauthorized" (RFC 7592 2.1), as it does for every token that does not fit, so that
/// nobody learns which clients there are.
async fn own(app: &App, head: &Parts) -> Result<(Client, Secret), Failure> {
    let token = bearer(&head.headers)?.ok_or(Cause::RegistrationTokenMissing)?;
    let hash = digest::secret_hash(token.expose());
    let id = head.uri.path().rsplit('/').next().unwrap_or_default();
    let found = match ClientId::parse(id) {
        Ok(id) => app.store.store().client(&id).await?,
        Err(_) => None,
    };
    let fits = |client: &Client| {
        let registration = client.registration.as_ref();
        registration.is_some_and(|registration| registration.access_token == hash)
    };
    let client = found.filter(fits).ok_or(Cause::RegistrationTokenInvalid)?;
    if client.disabled {
        return Err(Cause::RegistrationClientDisabled.into());
    }
    Ok((client, token))
}

fn check_rate(app: &App, address: IpAddr) -> Result<(), Cause> {
    let rate = app.settings.policy.registration.address_rate;
    match app.registrations.count(address, rate, app.now()) {
        true => Ok(()),
        false => Err(Cause::RegistrationTooFast),
    }
}

/// The document, as its software statement makes it.
async fn document(app: &App, headers: &HeaderMap, body: Body) -> Result<Document, Failure> {
    let document = Document::parse(&extract::json_body(app, headers, body).await?)?;
    match document.software_statement()?.map(str::to_owned) {
        None => Ok(document),
        Some(statement) => {
            let claims = load::software_statement(app, &statement).await?;
            Ok(document.with_statement(claims)?)
        }
    }
}

/// What is wanted, checked, with the document of its sector where there is one.
async fn wanted(app: &App, document: &Document, current: Option<&Client>) -> Result<Wanted, Failure> {
    let catalogue = app.store.catalogue();
    let context = Context {
        cx: &app.cx(&catalogue),
        algorithms: &app.keys.load().algorithms(),
        current,
    };
    let wanted = register::check(&context, document)?;
    if let Some(uri) = wanted.sector_identifier_uri() {
        let listed = sector(app, uri).await?;
        let checked: Result<(), Refusal> = wanted.check_sector(listed.as_deref());
        checked?;
    }
    Ok(wanted)
}

/// The document of a sector; `None` when there is none to be had.
async fn sector(app: &App, uri: &WebUri) -> Result<Option<Vec<String>>, Failure> {
    let fetch = app.outgoing.fetch()?;
    let Ok(url) = uri.as_str().parse() else {
        return Ok(None);
    };
    match grantor_fetch::get_json(&fetch, &url).await {
        Ok(listed) => Ok(Some(listed)),
        Err(error) => {
            tracing::info!(%error, "the document of a sector was not fetched");
            Ok(None)
        }
    }
}

fn fresh(app: &App) -> Result<Fresh, Failure> {
    let mut bytes = [0; Fresh::LENGTH];
    app.fill(&mut bytes)?;
    Ok(Fresh::from_bytes(&bytes))
}
