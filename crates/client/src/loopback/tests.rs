use super::*;
use crate::fixture;
use grantor_types::Secret;

fn pending(receiver: &LoopbackReceiver) -> PendingAuthorization {
    fixture::pending(receiver.redirect_uri(), false)
}

async fn browse(address: &str, request: &[u8]) -> String {
    let mut browser = TcpStream::connect(address).await.unwrap();
    browser.write_all(request).await.unwrap();
    browser.shutdown().await.unwrap();
    let mut page = String::new();
    browser.read_to_string(&mut page).await.unwrap();
    page
}

fn get(target: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").into_bytes()
}

async fn bound() -> (LoopbackReceiver, String) {
    let receiver = LoopbackReceiver::bind("/callback").await.unwrap();
    let address = receiver.redirect_uri().strip_prefix("http://").unwrap();
    let address = address.strip_suffix("/callback").unwrap().to_owned();
    (receiver, address)
}

#[tokio::test]
async fn the_right_answer_is_found_among_others() {
    let (receiver, address) = bound().await;
    let pending = pending(&receiver);
    let waiting = tokio::spawn(receiver.receive(pending, Duration::from_secs(30)));
    let long = format!("GET /{} HTTP/1.1\r\n", "a".repeat(MAX_HEAD));
    for (request, status) in [
        (get("/favicon.ico"), "404"),
        (get("/callback"), "400"),
        (get("/callback?code=c&state=other"), "400"),
        (get("/callback?a=1&a=1"), "400"),
        (get("/callback?a=%ff"), "400"),
        (b"POST /callback?code=c&state=s HTTP/1.1\r\n\r\n".to_vec(), "400"),
        (b"\x16\x03\x01".to_vec(), "400"),
        (b"\xff\xfe\r\n\r\n".to_vec(), "400"),
        (long.into_bytes(), "400"),
    ] {
        let page = browse(&address, &request).await;
        assert!(page.starts_with(&format!("HTTP/1.1 {status}")), "{page}");
        assert!(page.contains(NOT_OURS));
    }
    let page = browse(&address, &get("/callback?code=c&state=the+state")).await;
    assert!(page.starts_with("HTTP/1.1 200") && page.contains(DONE), "{page}");
    let validated = waiting.await.unwrap().unwrap();
    assert_eq!(validated.code.expose(), Secret::new("c").expose());
}

#[tokio::test]
async fn a_refusal_ends_the_wait() {
    let (receiver, address) = bound().await;
    let pending = pending(&receiver);
    let waiting = tokio::spawn(receiver.receive(pending, Duration::from_secs(30)));
    let page = browse(&address, &get("/callback?error=access_denied&state=the+state")).await;
    assert!(page.contains(REFUSED), "{page}");
    assert!(matches!(waiting.await.unwrap(), Err(Error::UserRequired(_))));
}

#[tokio::test(start_paused = true)]
async fn nobody_comes() {
    let (receiver, _) = bound().await;
    let pending = pending(&receiver);
    let ended = receiver.receive(pending, Duration::from_secs(300)).await;
    assert_eq!(ended.err(), Some(Error::TimedOut));
    for bad in ["", "callback", "/a?b", "/a#b", "/a b"] {
        assert!(LoopbackReceiver::bind(bad).await.is_err(), "{bad}");
    }
}

#[tokio::test]
async fn a_redirect_uri_can_be_given_with_its_port() {
    let (first, address) = bound().await;
    let taken = format!("http://{address}/cb");
    let refused = LoopbackReceiver::bind_at(&taken).await.err();
    assert!(
        matches!(refused, Some(Error::Misuse(Misuse::Listen(_)))),
        "{refused:?}"
    );
    drop(first);
    let port = address.rsplit_once(':').unwrap().1;
    let exact = format!("http://localhost:{port}");
    assert_eq!(
        LoopbackReceiver::bind_at(&exact).await.unwrap().redirect_uri(),
        exact
    );
    for bad in [
        "https://127.0.0.1/cb",
        "http://app.example/cb",
        "http://127.0.0.1/cb?a",
        "http://127.0.0.1/cb#a",
        "cb",
    ] {
        let refused = LoopbackReceiver::bind_at(bad).await.err();
        assert!(
            matches!(refused, Some(Error::Misuse(Misuse::Setting { .. }))),
            "{bad}"
        );
    }
}
