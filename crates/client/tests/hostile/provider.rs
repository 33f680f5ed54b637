//! A provider that answers as it is told.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use grantor_client::{Client, ClientBuilder, Limits, SigningAlgorithm, SigningKey, Timestamp};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// The time of the client.
pub(crate) const NOW: u64 = 1_000_000;

/// How one path answers.
#[derive(Clone)]
pub(crate) enum Answer {
    /// A status with more header lines, and a body.
    Whole(u16, &'static str, String),
    /// The head, and then bytes until the client goes.
    Endless,
    /// The head of a large body, and then nothing.
    Silent,
    /// The connection ends in the middle.
    Broken,
}

impl Answer {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::Whole(status, "Content-Type: application/json\r\n", body.to_string())
    }
}

/// Listens on this machine, with a key of its own.
#[derive(Clone)]
pub(crate) struct Provider {
    pub(crate) issuer: String,
    pub(crate) key: SigningKey,
    answers: Arc<Mutex<HashMap<String, Answer>>>,
    /// Path and body of each request.
    asked: Arc<Mutex<Vec<(String, String)>>>,
    /// The certificates that clients have shown, in DER.
    shown: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Provider {
    /// One that behaves, until [`answer`](Self::answer) says otherwise.
    pub(crate) async fn start() -> Self {
        Self::start_with(None).await
    }

    /// The same over TLS.
    pub(crate) async fn start_with(tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (key, _) = SigningKey::generate(SigningAlgorithm::Rs256).unwrap();
        let port = listener.local_addr().unwrap().port();
        let provider = Self {
            issuer: match tls {
                Some(_) => format!("https://localhost:{port}"),
                None => format!("http://127.0.0.1:{port}"),
            },
            key,
            answers: Arc::default(),
            asked: Arc::default(),
            shown: Arc::default(),
        };
        provider.answer(
            "/.well-known/openid-configuration",
            Answer::json(200, &provider.metadata()),
        );
        let keys = json!({ "keys": [provider.key.public_jwk()] });
        provider.answer("/jwks", Answer::json(200, &keys));
        let serving = provider.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (provider, tls) = (serving.clone(), tls.clone());
                tokio::spawn(async move {
                    let Some(tls) = tls else {
                        return provider.serve(stream).await;
                    };
                    let stream = tls.accept(stream).await.ok()?;
                    let shown = stream.get_ref().1.peer_certificates().unwrap_or_default();
                    let shown = shown.iter().take(1).map(|certificate| certificate.to_vec());
                    provider.shown.lock().unwrap().extend(shown);
                    provider.serve(stream).await
                });
            }
        });
        provider
    }

    pub(crate) fn metadata(&self) -> Value {
        let at = |path: &str| format!("{}{path}", self.issuer);
        json!({
            "issuer": self.issuer, "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"),
            "jwks_uri": at("/jwks"), "userinfo_endpoint": at("/userinfo"), "revocation_endpoint": at("/revoke"),
            "introspection_endpoint": at("/introspect"), "backchannel_authentication_endpoint": at("/backchannel"), "device_authorization_endpoint": at("/device"),
        })
    }

    pub(crate) fn answer(&self, path: &str, answer: Answer) {
        self.answers.lock().unwrap().insert(path.to_owned(), answer);
    }

    /// How often a path was asked for.
    pub(crate) fn asked(&self, path: &str) -> usize {
        self.sent(path).len()
    }

    /// What was sent to a path.
    pub(crate) fn sent(&self, path: &str) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        let there = asked.iter().filter(|(own, _)| own == path);
        there.map(|(_, body)| body.clone()).collect()
    }

    /// The certificates that clients have shown, in DER.
    pub(crate) fn shown(&self) -> Vec<Vec<u8>> {
        self.shown.lock().unwrap().clone()
    }

    /// A client that waits long enough for a busy machine.
    pub(crate) fn builder(&self) -> ClientBuilder {
        Client::builder(&self.issuer, "app")
            .redirect_uri("https://app.example/callback")
            .clock(|| Timestamp::from_seconds(NOW))
            .limits(limits(Duration::from_secs(20)))
    }

    pub(crate) async fn client(&self) -> Client {
        self.builder().discover().await.unwrap()
    }

    /// The same for an answer that never ends: it waits for a moment only.
    pub(crate) async fn impatient(&self) -> Client {
        let metadata = self.client().await.metadata().clone();
        let builder = self.builder().limits(limits(Duration::from_millis(100)));
        builder.build(metadata).unwrap()
    }

    async fn serve(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin) -> Option<()> {
        let (path, body) = read_request(&mut stream).await?;
        self.asked.lock().unwrap().push((path.clone(), body));
        let missing = Answer::Whole(404, "", String::new());
        let answer = self
            .answers
            .lock()
            .unwrap()
            .get(&path)
            .cloned()
            .unwrap_or(missing);
        let json = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
        match answer {
            Answer::Whole(status, headers, body) => {
                let length = body.len();
                let head = format!(
                    "HTTP/1.1 {status} X\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n"
                );
                stream.write_all((head + &body).as_bytes()).await.ok()?;
            }
            Answer::Endless => {
                stream
                    .write_all(format!("{json}\r\n{{\"a\":\"").as_bytes())
                    .await
                    .ok()?;
                while stream.write_all(&[b'a'; 4096]).await.is_ok() {}
            }
            Answer::Silent => {
                stream
                    .write_all(format!("{json}Content-Length: 9000\r\n\r\n{{").as_bytes())
                    .await
                    .ok()?;
                // Until the client has gone.
                stream.read_u8().await.ok()?;
            }
            Answer::Broken => {
                stream
                    .write_all(format!("{json}Content-Length: 9000\r\n\r\n{{").as_bytes())
                    .await
                    .ok()?;
            }
        }
        stream.shutdown().await.ok()
    }
}

pub(crate) fn limits(time: Duration) -> Limits {
    Limits {
        time,
        body: 64 * 1024,
    }
}

/// Reads the whole request, and gives path and body.
async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> Option<(String, String)> {
    let mut request = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let read = stream.read(&mut chunk).await.ok()?;
        request.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&request);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let lines = head.to_ascii_lowercase();
            let length = lines.split_once("content-length: ");
            let length = length.and_then(|(_, after)| after.lines().next()?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                let target = head.split(' ').nth(1)?;
                return Some((target.split('?').next()?.to_owned(), body.to_owned()));
            }
        }
        if read == 0 {
            return None;
        }
    }
}
