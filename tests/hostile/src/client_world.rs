//! A client whose provider answers what an input says.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::FutureExt as _;
use grantor_client::{
    Client, ClientAuthentication, Endpoint, Error, Fetch, FetchError, ProviderMetadata, Request, Response,
};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::Target;
use crate::world::{CALLBACK, CLIENT, ISSUER, NOW};

/// Longest text of a provider in an error, in characters.
const MOST_OF_A_TEXT: usize = 500;

/// Answers every request with the same.
pub(crate) struct Always(pub(crate) Option<Response>);

#[async_trait]
impl Fetch for Always {
    async fn send(&self, _request: Request) -> Result<Response, FetchError> {
        self.0.clone().ok_or(FetchError::TooLarge)
    }
}

/// The answer that an input is.
pub(crate) fn answer(input: &[u8]) -> Option<Response> {
    let end = input.iter().position(|byte| *byte == b'\n')?;
    let (head, body) = (std::str::from_utf8(&input[..end]).ok()?, &input[end + 1..]);
    let (status, media_type) = head.split_once(' ').unwrap_or((head, ""));
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_str(media_type).ok()?);
    let status = StatusCode::from_u16(status.parse().ok()?).ok()?;
    let body = body.to_vec().into();
    Some(Response {
        status,
        headers,
        body,
    })
}

pub(crate) fn metadata() -> ProviderMetadata {
    let endpoints = [
        Endpoint::Authorization,
        Endpoint::BackchannelAuthentication,
        Endpoint::Token,
        Endpoint::DeviceAuthorization,
        Endpoint::Introspection,
        Endpoint::PushedAuthorizationRequest,
        Endpoint::Registration,
        Endpoint::Userinfo,
    ];
    let new = ProviderMetadata::new(ISSUER).unwrap();
    endpoints.into_iter().fold(new, |metadata, endpoint| {
        metadata
            .endpoint(endpoint, &format!("{ISSUER}/{}", endpoint.member()))
            .unwrap()
    })
}

/// Has a client ask, with this input for the answer, and checks what holds of every error.
pub(crate) fn ask<T>(
    input: &[u8],
    asking: impl AsyncFnOnce(Client) -> Result<T, Error>,
) -> Option<(Response, T)> {
    let answer = answer(input)?;
    let fetch = Arc::new(Always(Some(answer.clone())));
    let client = Client::builder(ISSUER, CLIENT)
        .authentication(ClientAuthentication::basic("secret"))
        .redirect_uri(CALLBACK)
        .fetch(fetch)
        .clock(|| NOW)
        .build(metadata())
        .unwrap();
    let asked = asking(client).now_or_never().expect("nothing is waited for");
    match asked {
        Ok(found) => Some((answer, found)),
        Err(error) => {
            check_error(&error);
            None
        }
    }
}

/// What the provider wrote is bounded, and fit for a log.
pub(crate) fn check_error(error: &Error) {
    if let Some(refusal) = error.refusal() {
        let texts = [
            Some(&refusal.code),
            refusal.description.as_ref(),
            refusal.uri.as_ref(),
        ];
        for text in texts.into_iter().flatten() {
            assert!(text.chars().count() <= MOST_OF_A_TEXT, "{text}");
            assert!(!text.chars().any(char::is_control), "{text:?}");
        }
    }
    assert!(error.to_string().len() < 8 * MOST_OF_A_TEXT);
}

pub(crate) fn is_good_json(answer: &Response) {
    assert!(answer.status.is_success(), "{}", answer.status);
    assert!(serde_json::from_slice::<Value>(&answer.body).unwrap().is_object());
}

pub(crate) fn input(head: &str, body: &Value) -> Vec<u8> {
    format!("{head}\n{body}").into_bytes()
}

pub(crate) const GOOD: &str = "200 application/json";

/// This answer, each time with one member changed or left out, and under heads that no good answer has.
pub(crate) fn forged(good: &Value, changes: &[(&str, Value)]) -> Vec<Vec<u8>> {
    let mut inputs = Vec::new();
    for (name, value) in changes {
        let mut body = good.clone();
        body[name] = value.clone();
        inputs.push(input(GOOD, &body));
        if value.is_null() {
            body.as_object_mut().unwrap().remove(*name);
            inputs.push(input(GOOD, &body));
        }
    }
    for head in [
        "302 application/json",
        "400 application/json",
        "500 application/json",
        "200 text/html",
        "200",
        "204 ",
    ] {
        inputs.push(input(head, good));
    }
    for body in [
        "",
        "[]",
        "null",
        "{",
        "\"x\"",
        "{}",
        "<!doctype html>",
        "{\"a\":1}{\"a\":1}",
        "\u{feff}{}",
    ] {
        inputs.push(format!("{GOOD}\n{body}").into_bytes());
    }
    inputs
}

pub(crate) const fn target(
    name: &'static str,
    run: fn(&[u8]) -> bool,
    seeds: fn() -> Vec<Vec<u8>>,
    forged: fn() -> Vec<Vec<u8>>,
) -> Target {
    Target {
        name,
        run,
        seeds,
        forged,
    }
}
