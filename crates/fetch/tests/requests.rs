//! Requests to real listeners on this machine.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use grantor_fetch::{Fetch, FetchError, Guard, GuardedFetch, Limits, Request};
use grantor_types::SecretBytes;
use http::header::{AUTHORIZATION, HeaderValue, LOCATION};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_rustls::TlsAcceptor;
use url::Url;

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

/// What the server does once it has read a request.
#[derive(Clone, Copy)]
enum Answer {
    /// These bytes, and then the end of the connection.
    Whole(&'static str),
    /// These bytes, and then nothing for ever.
    Stall(&'static str),
    /// These bytes again and again, after the first.
    Endless(&'static str, &'static str),
}

/// Answers every connection in the same way and hands out the requests it has read.
async fn serve(answer: Answer) -> (u16, UnboundedReceiver<String>) {
    serve_on(TcpListener::bind("127.0.0.1:0").await.unwrap(), answer, None)
}

fn serve_on(
    listener: TcpListener,
    answer: Answer,
    tls: Option<TlsAcceptor>,
) -> (u16, UnboundedReceiver<String>) {
    let port = listener.local_addr().unwrap().port();
    let (sender, receiver) = unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (sender, tls) = (sender.clone(), tls.clone());
            tokio::spawn(async move {
                match tls {
                    None => exchange(stream, answer, sender).await,
                    Some(tls) => match tls.accept(stream).await {
                        Ok(stream) => exchange(stream, answer, sender).await,
                        Err(_) => drop(sender.send("handshake failed".to_owned())),
                    },
                }
            });
        }
    });
    (port, receiver)
}

async fn exchange(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    answer: Answer,
    sender: UnboundedSender<String>,
) {
    let (mut request, mut buffer) = (String::new(), [0; 1024]);
    while !is_complete(&request) {
        let read = stream.read(&mut buffer).await.unwrap();
        request.push_str(std::str::from_utf8(buffer.get(..read).unwrap()).unwrap());
    }
    sender.send(request).unwrap();
    match answer {
        Answer::Whole(bytes) => drop(stream.write_all(bytes.as_bytes()).await),
        Answer::Stall(bytes) => {
            stream.write_all(bytes.as_bytes()).await.unwrap();
            std::future::pending::<()>().await;
        }
        Answer::Endless(first, again) => {
            stream.write_all(first.as_bytes()).await.unwrap();
            while stream.write_all(again.as_bytes()).await.is_ok() {}
        }
    }
    drop(stream.shutdown().await);
}

/// Whether the head is there, and of the body as much as it announces.
fn is_complete(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| {
        line.to_ascii_lowercase()
            .strip_prefix("content-length: ")?
            .parse()
            .ok()
    });
    body.len() >= length.unwrap_or(0)
}

fn fetch() -> GuardedFetch {
    GuardedFetch::new(Guard::new().danger_allow_loopback()).unwrap()
}

fn url(port: u16) -> Url {
    format!("http://127.0.0.1:{port}/path").parse().unwrap()
}

fn limits(milliseconds: u64, body: usize) -> Limits {
    Limits {
        time: Duration::from_millis(milliseconds),
        body,
    }
}

#[tokio::test]
async fn a_get_is_answered() {
    let (port, mut requests) = serve(Answer::Whole(OK)).await;
    let response = fetch().get(&url(port), Limits::default()).await.unwrap();
    assert_eq!((response.status.as_u16(), &response.body[..]), (200, &b"{}"[..]));
    assert_eq!(response.media_type().as_deref(), Some("application/json"));
    let request = requests.recv().await.unwrap();
    assert!(request.starts_with("GET /path HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("user-agent: grantor/"), "{request}");
    assert!(!request.contains("accept-encoding"), "{request}");
}

#[tokio::test]
async fn a_name_of_this_machine_is_resolved_to_it() {
    let (port, _requests) = serve(Answer::Whole(OK)).await;
    let url = format!("http://localhost:{port}/").parse().unwrap();
    assert!(fetch().get(&url, Limits::default()).await.is_ok());
}

#[tokio::test]
async fn a_form_is_posted_with_its_headers() {
    let (port, mut requests) = serve(Answer::Whole("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n")).await;
    let request = Request::post_form(url(port), &[("token", "a b")])
        .header(AUTHORIZATION, HeaderValue::from_static("Basic eDp5"));
    assert_eq!(fetch().send(request).await.unwrap().status, 401);
    let request = requests.recv().await.unwrap();
    assert!(request.starts_with("POST /path HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("authorization: Basic eDp5\r\n"), "{request}");
    assert!(
        request.contains("content-type: application/x-www-form-urlencoded\r\n"),
        "{request}"
    );
    assert!(request.ends_with("\r\n\r\ntoken=a+b"), "{request}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let moved = "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n";
    let (port, mut requests) = serve(Answer::Whole(moved)).await;
    let response = fetch().get(&url(port), Limits::default()).await.unwrap();
    assert_eq!(
        (response.status.as_u16(), response.header(LOCATION)),
        (302, Some("/elsewhere"))
    );
    requests.recv().await.unwrap();
    assert!(requests.try_recv().is_err(), "one request only");
}

#[tokio::test]
async fn bodies_are_limited() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let cases = [
        (Answer::Whole(OK), 2, Ok(2)),
        (Answer::Whole(OK), 1, Err(FetchError::TooLarge)),
        (
            Answer::Whole("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"),
            10,
            Err(FetchError::TooLarge),
        ),
        (
            Answer::Endless(chunked, "5\r\nabcde\r\n"),
            1000,
            Err(FetchError::TooLarge),
        ),
        (
            Answer::Endless("HTTP/1.1 200 OK\r\n\r\n", "no length at all"),
            1000,
            Err(FetchError::TooLarge),
        ),
        (Answer::Whole("HTTP/1.1 200 OK\r\n\r\nabc"), 3, Ok(3)),
        (Answer::Whole("HTTP/1.1 204 No Content\r\n\r\n"), 0, Ok(0)),
    ];
    for (index, (answer, limit, expected)) in cases.into_iter().enumerate() {
        let (port, _requests) = serve(answer).await;
        let response = fetch().get(&url(port), limits(5_000, limit)).await;
        assert_eq!(
            response.map(|response| response.body.len()),
            expected,
            "case {index}"
        );
    }
}

#[tokio::test]
async fn time_is_limited_to_the_last_byte() {
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n{}";
    for answer in [
        Answer::Stall(""),
        Answer::Stall("HTTP/1.1 2"),
        Answer::Stall(half),
    ] {
        let (port, _requests) = serve(answer).await;
        let refused = fetch().get(&url(port), limits(50, 100)).await.unwrap_err();
        assert_eq!(refused, FetchError::TooSlow);
    }
}

#[tokio::test]
async fn a_broken_answer_is_an_error_without_the_url() {
    for answer in [
        "",
        "nonsense\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}",
    ] {
        let (port, _requests) = serve(Answer::Whole(answer)).await;
        let refused = fetch().get(&url(port), Limits::default()).await.unwrap_err();
        let FetchError::Transport(text) = &refused else {
            unreachable!("{refused}")
        };
        assert!(!text.contains("path") && !text.is_empty(), "{text}");
    }
}

#[tokio::test]
async fn nobody_who_listens_is_told_from_an_answer_that_breaks() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = url(listener.local_addr().unwrap().port());
    drop(listener);
    let refused = fetch().get(&closed, Limits::default()).await.unwrap_err();
    assert!(matches!(refused, FetchError::NotConnected(_)), "{refused}");
}

#[tokio::test]
async fn without_leave_nothing_reaches_this_machine() {
    let (port, mut requests) = serve(Answer::Whole(OK)).await;
    let fetch = GuardedFetch::new(Guard::new()).unwrap();
    let cases = [
        (format!("http://127.0.0.1:{port}/"), FetchError::NotHttps),
        (format!("https://127.0.0.1:{port}/"), FetchError::AddressRefused),
        (format!("https://0x7f000001:{port}/"), FetchError::AddressRefused),
        (
            format!("https://[::ffff:127.0.0.1]:{port}/"),
            FetchError::AddressRefused,
        ),
        // This is a name, so it is the resolver that refuses.
        (format!("https://localhost:{port}/"), FetchError::AddressRefused),
    ];
    for (url, expected) in cases {
        let refused = fetch
            .get(&url.parse().unwrap(), Limits::default())
            .await
            .unwrap_err();
        assert_eq!(refused, expected, "{url}");
    }
    assert!(requests.try_recv().is_err());
}

#[tokio::test]
async fn an_exception_for_one_port_opens_no_other() {
    let (allowed, _allowed) = serve(Answer::Whole(OK)).await;
    let (other, mut requests) = serve(Answer::Whole(OK)).await;
    let origin = format!("http://localhost:{allowed}").parse().unwrap();
    let fetch = GuardedFetch::new(Guard::new().allow_origin(&origin)).unwrap();
    assert!(fetch.get(&origin, Limits::default()).await.is_ok());
    let refused = fetch
        .get(
            &format!("https://localhost:{other}").parse().unwrap(),
            Limits::default(),
        )
        .await;
    assert_eq!(refused.unwrap_err(), FetchError::AddressRefused);
    assert!(requests.try_recv().is_err());
}

#[tokio::test]
async fn tls_trusts_the_anchors_it_is_given() {
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let private = rustls::pki_types::PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], private)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, mut requests) = serve_on(
        listener,
        Answer::Whole(OK),
        Some(TlsAcceptor::from(Arc::new(config))),
    );
    let url: Url = format!("https://localhost:{port}/").parse().unwrap();

    let guard = Guard::new().allow_origin(&url);
    let trusting = GuardedFetch::new(guard.clone().trust_anchors(cert.pem().as_bytes())).unwrap();
    assert!(trusting.get(&url, Limits::default()).await.is_ok());
    assert!(requests.recv().await.unwrap().starts_with("GET / "));

    let refused = GuardedFetch::new(guard)
        .unwrap()
        .get(&url, Limits::default())
        .await
        .unwrap_err();
    let FetchError::NotConnected(text) = refused else {
        unreachable!("{refused}")
    };
    assert!(text.contains("certificate"), "{text}");
    assert_eq!(requests.recv().await.unwrap(), "handshake failed");
}

#[tokio::test]
async fn a_client_certificate_that_is_none_is_noticed_at_once() {
    let made = rcgen::generate_simple_self_signed(vec!["app".to_owned()]).unwrap();
    let (certificate, key) = (made.cert.pem(), made.signing_key.serialize_pem());
    let set_up = |certificate: &str, key: &str| {
        let key = SecretBytes::new(key);
        let guard = Guard::new().client_certificate(certificate.as_bytes(), &key);
        assert!(
            !format!("{guard:?}").contains("client_certificate: Some(["),
            "{guard:?}"
        );
        GuardedFetch::new(guard).err()
    };
    assert_eq!(set_up(&certificate, &key), None);
    for (certificate, key) in [
        (&*certificate, ""),
        ("", &key),
        (&certificate, &certificate),
        (&key, &key),
    ] {
        let refused = set_up(certificate, key);
        assert!(matches!(refused, Some(FetchError::Setup(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn an_anchor_that_is_none_is_noticed_at_once() {
    let broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let refused = GuardedFetch::new(Guard::new().trust_anchors(broken)).unwrap_err();
    assert!(matches!(refused, FetchError::Setup(_)), "{refused}");
}
