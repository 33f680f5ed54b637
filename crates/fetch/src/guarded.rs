//! The HTTP client behind the guard.

use std::error::Error;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use reqwest::{Certificate, Client, Identity, redirect, retry};

use crate::guard::{Guard, Reach};
use crate::resolver::Resolver;
use crate::{Fetch, FetchError, Request, Response};

/// Makes requests that a [`Guard`] lets through. Cheap to clone; connections are kept and shared.
#[derive(Clone, Debug)]
pub struct GuardedFetch {
    guard: Arc<Guard>,
    /// A client for each reach, so that an exception for one origin opens nothing for another: a resolver is told
    /// the name only, not for which origin it is asked.
    clients: Arc<[(Reach, Client)]>,
}

impl GuardedFetch {
    /// Sets up the clients.
    ///
    /// # Errors
    /// [`FetchError::Setup`] when a trust anchor cannot be read or TLS cannot be set up.
    pub fn new(guard: Guard) -> Result<Self, FetchError> {
        let clients = guard
            .reaches()
            .map(|reach| Ok((reach, client(&guard, reach)?)))
            .collect::<Result<_, FetchError>>()?;
        Ok(Self {
            guard: Arc::new(guard),
            clients,
        })
    }

    fn client_for(&self, request: &Request) -> Result<&Client, FetchError> {
        let reach = self.guard.check(&request.url)?;
        let client = self.clients.iter().find(|(own, _)| *own == reach);
        client.map(|(_, client)| client).ok_or(FetchError::AddressRefused)
    }
}

#[async_trait]
impl Fetch for GuardedFetch {
    async fn send(&self, request: Request) -> Result<Response, FetchError> {
        let client = self.client_for(&request)?;
        let limits = request.limits;
        tokio::time::timeout(limits.time, exchange(client, request))
            .await
            .map_err(|_| FetchError::TooSlow)?
    }
}

async fn exchange(client: &Client, request: Request) -> Result<Response, FetchError> {
    let sent = client
        .request(request.method, request.url)
        .headers(request.headers)
        .body(request.body);
    let mut answer = sent.send().await.map_err(reason)?;
    let (status, headers) = (answer.status(), std::mem::take(answer.headers_mut()));
    let body = read(&mut answer, request.limits.body).await?;
    Ok(Response {
        status,
        headers,
        body,
    })
}

/// Reads chunk by chunk and stops at the limit. The announced length only helps to stop sooner.
async fn read(answer: &mut reqwest::Response, limit: usize) -> Result<Bytes, FetchError> {
    if answer
        .content_length()
        .is_some_and(|length| length > limit as u64)
    {
        return Err(FetchError::TooLarge);
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = answer.chunk().await.map_err(reason)? {
        if chunk.len() > limit.saturating_sub(body.len()) {
            return Err(FetchError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

fn client(guard: &Guard, reach: Reach) -> Result<Client, FetchError> {
    let setup = |error: reqwest::Error| FetchError::Setup(error.to_string());
    let anchors = Certificate::from_pem_bundle(guard.trust_anchors_pem()).map_err(setup)?;
    let identity = guard.client_certificate_pem();
    let identity = identity.map(|pem| Identity::from_pem(pem.expose()).map_err(setup));
    let builder = Client::builder()
        .user_agent(concat!("grantor/", env!("CARGO_PKG_VERSION")))
        .no_proxy()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .dns_resolver(Resolver { reach })
        .tls_certs_merge(anchors);
    match identity.transpose()? {
        Some(identity) => builder.identity(identity),
        None => builder,
    }
    .build()
    .map_err(setup)
}

/// Our own refusal, which the client has wrapped, or else what the client says, without the URL.
fn reason(error: reqwest::Error) -> FetchError {
    let is_connect = error.is_connect();
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    let mut deepest = String::new();
    while let Some(current) = cause {
        if let Some(refusal) = current.downcast_ref::<FetchError>() {
            return refusal.clone();
        }
        cause = current.source();
        if cause.is_none() {
            deepest = current.to_string();
        }
    }
    // The innermost cause is the telling one; the outer ones repeat "error sending request for url".
    if is_connect {
        FetchError::NotConnected(deepest)
    } else {
        FetchError::Transport(deepest)
    }
}
