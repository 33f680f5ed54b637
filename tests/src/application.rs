//! An application that the server asks and tells things: https, with a certificate that it signed itself.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Extension, Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::{Router, routing::any};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use reqwest::{Certificate, ClientBuilder};
use rustls::pki_types::PrivateKeyDer;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

/// Longest wait for something that has to come.
const PATIENCE: Duration = Duration::from_secs(20);
/// Largest body that it reads.
const MOST_BYTES: usize = 1 << 20;

/// A certificate that signed itself, and its key, both in PEM.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) certificate: String,
    pub(crate) private_key: String,
}

impl Identity {
    pub(crate) fn of(host: &str) -> Self {
        let made =
            rcgen::generate_simple_self_signed(vec![host.to_owned()]).expect("a certificate can be made");
        Self {
            certificate: made.cert.pem(),
            private_key: made.signing_key.serialize_pem(),
        }
    }

    pub(crate) fn trusted_by(&self, builder: ClientBuilder) -> ClientBuilder {
        let certificate = Certificate::from_pem(self.certificate.as_bytes()).expect("PEM that was just made");
        builder.tls_certs_only([certificate]).no_proxy()
    }

    fn acceptor(&self) -> TlsAcceptor {
        use rustls::pki_types::CertificateDer;
        use rustls::pki_types::pem::PemObject as _;
        let certificate = CertificateDer::from_pem_slice(self.certificate.as_bytes());
        let key = PrivateKeyDer::from_pem_slice(self.private_key.as_bytes());
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider knows the usual versions")
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.expect("PEM that was just made")],
                key.expect("PEM that was just made"),
            )
            .expect("the key is that of the certificate");
        TlsAcceptor::from(Arc::new(config))
    }
}

/// An application on a port of this machine, which remembers every request.
#[derive(Debug)]
pub struct Application {
    origin: String,
    identity: Identity,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    /// Content type and text by path. Everything else is answered with 200 and nothing.
    served: Mutex<BTreeMap<String, (String, String)>>,
    received: Mutex<Vec<Received>>,
    news: Notify,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// GET, POST.
    pub method: String,
    /// Without the query.
    pub path: String,
    /// As it came.
    pub query: String,
    /// As it came; empty when there was none.
    pub content_type: String,
    /// As text.
    pub body: String,
    /// Such as `TLSv1_3`.
    pub tls: String,
}

impl Received {
    /// The fields of its form, or of its query when there is no form.
    pub fn fields(&self) -> Vec<(String, String)> {
        let text = if self.body.is_empty() {
            &self.query
        } else {
            &self.body
        };
        form_urlencoded::parse(text.as_bytes()).into_owned().collect()
    }
}

impl Application {
    /// Listens on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let port = listener.local_addr().expect("a listener has an address").port();
        let identity = Identity::of("localhost");
        let shared = Arc::<Shared>::default();
        let router = Router::new()
            .fallback(any(answer))
            .with_state(Arc::clone(&shared));
        tokio::spawn(listen(listener, identity.acceptor(), router));
        Self {
            origin: format!("https://localhost:{port}"),
            identity,
            shared,
        }
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Its certificate in PEM.
    pub fn certificate(&self) -> &str {
        &self.identity.certificate
    }

    /// An HTTP client that trusts its certificate.
    pub fn http(&self) -> ClientBuilder {
        self.identity.trusted_by(reqwest::Client::builder())
    }

    /// Serves a text at a path from now on.
    pub fn serve(&self, path: &str, content_type: &str, text: &str) {
        let text = (content_type.to_owned(), text.to_owned());
        self.shared
            .served
            .lock()
            .expect("nothing panics here")
            .insert(path.to_owned(), text);
    }

    /// Every request to a path so far.
    pub fn requests(&self, path: &str) -> Vec<Received> {
        let received = self.shared.received.lock().expect("nothing panics here");
        received
            .iter()
            .filter(|request| request.path == path)
            .cloned()
            .collect()
    }

    /// The first request to a path, once it is there.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn received(&self, path: &str) -> Received {
        let waiting = async {
            loop {
                let news = self.shared.news.notified();
                if let Some(found) = self.requests(path).into_iter().next() {
                    return found;
                }
                news.await;
            }
        };
        let received = timeout(PATIENCE, waiting).await;
        received.unwrap_or_else(|_| panic!("nothing came to {path}"))
    }
}

async fn listen(listener: TcpListener, acceptor: TlsAcceptor, router: Router) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(stream, acceptor.clone(), router.clone()));
    }
}

/// Who does not trust the certificate goes away in the handshake; that is theirs to tell.
async fn serve(stream: TcpStream, acceptor: TlsAcceptor, router: Router) {
    let Ok(stream) = acceptor.accept(stream).await else {
        return;
    };
    let version = stream.get_ref().1.protocol_version();
    let version = version.map(|version| format!("{version:?}")).unwrap_or_default();
    let service = TowerToHyperService::new(router.layer(Extension(version)));
    let served = Builder::new(TokioExecutor::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
    drop(served);
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    Extension(tls): Extension<String>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, MOST_BYTES).await;
    let content_type = head.headers.get(CONTENT_TYPE);
    let content_type = content_type
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let path = head.uri.path().to_owned();
    let served = shared
        .served
        .lock()
        .expect("nothing panics here")
        .get(&path)
        .cloned();
    shared
        .received
        .lock()
        .expect("nothing panics here")
        .push(Received {
            method: head.method.to_string(),
            path,
            query: head.uri.query().unwrap_or_default().to_owned(),
            content_type: content_type.to_owned(),
            body: String::from_utf8_lossy(&body.unwrap_or_else(|_| Bytes::new())).into_owned(),
            tls,
        });
    shared.news.notify_waiters();
    match served {
        Some((content_type, text)) => ([(CONTENT_TYPE, content_type)], text).into_response(),
        None => StatusCode::OK.into_response(),
    }
}
