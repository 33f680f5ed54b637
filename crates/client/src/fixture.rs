//! What tests answer with.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use grantor_fetch::{Fetch, FetchError, Request, Response};
use grantor_jose::dpop::{PROOF_ALGORITHMS, Proof, ProofExpectation, verify_proof};
use grantor_types::{Scope, Secret, Timestamp};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, StatusCode};

use crate::PendingAuthorization;
use crate::pending::Pending;

/// An answer; without a media type when that is empty.
pub(crate) fn response(status: u16, media_type: &str, body: &str) -> Response {
    let mut headers = HeaderMap::new();
    if !media_type.is_empty() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_str(media_type).unwrap());
    }
    Response {
        status: StatusCode::from_u16(status).unwrap(),
        headers,
        body: Bytes::copy_from_slice(body.as_bytes()),
    }
}

/// The proof that a request carries, checked.
pub(crate) fn proof(request: &Request, token: Option<&Secret>, now: Timestamp) -> Proof {
    let expectation = ProofExpectation {
        method: request.method().as_str(),
        uri: request.url().as_str(),
        access_token: token,
        algorithms: &PROOF_ALGORITHMS,
        now: now.as_seconds(),
    };
    verify_proof(request.headers()["dpop"].to_str().unwrap(), &expectation).unwrap()
}

/// A login that is under way; its state is `the state`.
pub(crate) fn pending(redirect_uri: &str, iss_required: bool) -> PendingAuthorization {
    PendingAuthorization(Pending {
        issuer: "https://as.example".into(),
        client_id: "app".into(),
        redirect_uri: redirect_uri.into(),
        state: "the state".into(),
        nonce: Some("the nonce".into()),
        verifier: Some("the verifier".into()),
        scope: Scope::parse("openid").unwrap(),
        max_age: None,
        iss_required,
    })
}

/// Gives its answers one after the other and keeps what it was asked.
#[derive(Clone, Default)]
pub(crate) struct Script {
    answers: Arc<Mutex<VecDeque<Response>>>,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Script {
    pub(crate) fn of(answers: Vec<Response>) -> Self {
        Self {
            answers: Arc::new(Mutex::new(answers.into())),
            requests: Arc::default(),
        }
    }

    /// One more answer, after the others.
    pub(crate) fn push(&self, answer: Response) {
        self.answers.lock().unwrap().push_back(answer);
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

#[async_trait]
impl Fetch for Script {
    async fn send(&self, request: Request) -> Result<Response, FetchError> {
        self.requests.lock().unwrap().push(request);
        let next = self.answers.lock().unwrap().pop_front();
        next.ok_or(FetchError::NotConnected("the script is over".to_owned()))
    }
}
