//! A server's administration API. The URL is the operator's own word: where it leads is not guarded, but a token does not
//! travel in the clear.

use std::path::Path;
use std::time::Duration;

use grantor_fetch::{Fetch as _, Guard, GuardedFetch, Limits, Request as Outgoing, Response};
use grantor_server::admin::{Problem, Request};
use grantor_types::{Secret, is_secure};
use http::header::{AUTHORIZATION, CONTENT_TYPE, ETAG, IF_MATCH};
use http::{HeaderName, HeaderValue};
use serde_json::Value;
use url::Url;

use super::Done;
use crate::output::CommandError;

/// The environment variable with the access token.
const TOKEN_VARIABLE: &str = "GRANTOR_ADMIN_TOKEN";
/// A page of long registrations is large.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(60),
    body: 32 * 1024 * 1024,
};

/// A server that is spoken to.
pub(crate) struct Remote {
    base: String,
    token: Secret,
    fetch: GuardedFetch,
}

impl Remote {
    /// Gets ready to speak to the server at this URL.
    ///
    /// # Errors
    /// When there is no token, or the URL would send it in the clear.
    pub(super) fn new(url: &Url, token_file: Option<&Path>) -> Result<Self, CommandError> {
        if !is_secure(url) {
            return Err(CommandError::usage(format!(
                "{url} has to be https, or http to this machine: the access token would cross the network in the clear"
            )));
        }
        let fetch = GuardedFetch::new(Guard::new().allow_origin(url))
            .map_err(|error| CommandError::caused_by("the HTTP client", &error))?;
        Ok(Self {
            base: url.as_str().trim_end_matches('/').to_owned(),
            token: token(token_file)?,
            fetch,
        })
    }

    pub(super) async fn ask(&self, request: Request) -> Result<Result<Done, Problem>, CommandError> {
        let outgoing = self.outgoing(request)?;
        let answer = self.fetch.send(outgoing).await;
        let answer = answer.map_err(|error| CommandError::caused_by("asking the server", &error))?;
        let status = answer.status.as_u16();
        if answer.status.is_success() {
            let etag = answer.header(ETAG).map(str::to_owned);
            let body = match answer.body.is_empty() {
                true => Value::Null,
                false => read(&answer)?,
            };
            return Ok(Ok(Done { body, etag }));
        }
        if answer.media_type().as_deref() != Some("application/problem+json") {
            return Err(CommandError::new(format!(
                "{} answers with {status} and is no administration API; --server is the issuer of the server",
                self.base
            )));
        }
        let problem: Problem = read(&answer)?;
        match status {
            401 | 403 => Err(CommandError::new(format!(
                "the server refuses the access token: {}",
                problem.title
            ))),
            404 if problem.detail.is_none() => Err(CommandError::new(format!(
                "there is no administration API at {}",
                self.base
            ))),
            _ => Ok(Err(problem)),
        }
    }

    fn outgoing(&self, request: Request) -> Result<Outgoing, CommandError> {
        let (method, path) = request.target();
        let url = Url::parse(&format!("{}{path}", self.base))
            .map_err(|error| CommandError::caused_by("the URL of the server", &error))?;
        let mut outgoing = match request.body {
            None => Outgoing::new(method, url, Vec::new()),
            Some(body) => {
                let text =
                    serde_json::to_vec(&body).map_err(|error| CommandError::caused_by("JSON", &error))?;
                let json = HeaderValue::from_static("application/json");
                Outgoing::new(method, url, text).header(CONTENT_TYPE, json)
            }
        };
        outgoing = outgoing.limits(LIMITS);
        if let Some(etag) = request.if_match {
            outgoing = with(outgoing, IF_MATCH, &etag)?;
        }
        with(
            outgoing,
            AUTHORIZATION,
            &format!("Bearer {}", self.token.expose()),
        )
    }
}

fn with(outgoing: Outgoing, name: HeaderName, value: &str) -> Result<Outgoing, CommandError> {
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| CommandError::usage(format!("the value of the header {name} cannot be sent")))?;
    value.set_sensitive(name == AUTHORIZATION);
    Ok(outgoing.header(name, value))
}

fn read<T: serde::de::DeserializeOwned>(answer: &Response) -> Result<T, CommandError> {
    serde_json::from_slice(&answer.body)
        .map_err(|error| CommandError::caused_by("the answer of the server cannot be read", &error))
}

fn token(file: Option<&Path>) -> Result<Secret, CommandError> {
    let text = match file {
        Some(path) => {
            let context = format!("{} cannot be read", path.display());
            std::fs::read_to_string(path).map_err(|error| CommandError::caused_by(&context, &error))?
        }
        None => std::env::var(TOKEN_VARIABLE).map_err(|_| {
            CommandError::usage(format!(
                "there is no access token: set {TOKEN_VARIABLE}, or name a file with --token-file; `grantor admin token` \
                 makes one"
            ))
        })?,
    };
    Ok(Secret::new(text.trim()))
}
