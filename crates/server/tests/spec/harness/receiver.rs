//! Stands in for the network: keeps what the server sends, and answers with a status.

use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use grantor_fetch::{Fetch, FetchError, Request, Response};
use grantor_server::job;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

use super::Server;

/// What every client of the server receives.
#[derive(Clone, Default)]
pub(crate) struct Receiver(Arc<Inner>);

#[derive(Default)]
struct Inner {
    received: Mutex<Vec<Received>>,
    /// 0 is no answer.
    status: AtomicU16,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) content_type: String,
    pub(crate) fields: Vec<(String, String)>,
}

impl Received {
    /// The logout token, which is all there is.
    #[track_caller]
    pub(crate) fn logout_token(&self) -> &str {
        let [(name, token)] = self.fields.as_slice() else {
            panic!("{:?}", self.fields)
        };
        assert_eq!(name, "logout_token");
        token
    }
}

impl Receiver {
    /// Answers with this status; 0 is no answer at all.
    pub(crate) fn answering(status: u16) -> Self {
        let receiver = Self::default();
        receiver.answer(status);
        receiver
    }

    pub(crate) fn answer(&self, status: u16) {
        self.0.status.store(status, Ordering::SeqCst);
    }

    /// Has the server do what is due now, and says what came.
    pub(crate) async fn receive(&self, server: &Server) -> Vec<Received> {
        job::run_due(&server.app, Arc::new(self.clone())).await.unwrap();
        let mut received = std::mem::take(&mut *self.0.received.lock().unwrap());
        received.sort_by(|a, b| a.url.cmp(&b.url));
        received
    }
}

#[async_trait]
impl Fetch for Receiver {
    async fn send(&self, request: Request) -> Result<Response, FetchError> {
        let content_type = request.headers().get(CONTENT_TYPE);
        self.0.received.lock().unwrap().push(Received {
            method: request.method().to_string(),
            url: request.url().to_string(),
            content_type: content_type.unwrap().to_str().unwrap().to_owned(),
            fields: form_urlencoded::parse(request.body()).into_owned().collect(),
        });
        match StatusCode::from_u16(self.0.status.load(Ordering::SeqCst)) {
            Ok(status) => Ok(Response {
                status,
                headers: HeaderMap::new(),
                body: Bytes::new(),
            }),
            Err(_) => Err(FetchError::TooSlow),
        }
    }
}
