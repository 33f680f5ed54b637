//! Which scripts may read what ([Fetch](https://fetch.spec.whatwg.org/#http-cors-protocol)): public documents all of
//! them, endpoints those of registered origins, authorization and pages none.

use http::Method;
use http::header::ORIGIN;

use crate::harness::{Answer, Ask, Call, Server, text};

const REGISTERED: &str = "https://spa.example";
const ENDPOINTS: [&str; 5] = [
    "/oauth/device/code",
    "/oauth/token",
    "/oauth/introspect",
    "/oauth/revoke",
    "/oauth/userinfo",
];

fn allowed(answer: &Answer) -> Option<&str> {
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    answer.header("access-control-allow-origin")
}

async fn preflight(server: &Server, path: &str, origin: &str) -> Answer {
    let call = Call::new(Method::OPTIONS, path)
        .header(ORIGIN, origin)
        .named_header("access-control-request-method", "POST")
        .named_header("access-control-request-headers", "authorization");
    server.call(call).await
}

#[tokio::test]
async fn a_registered_origin_reads_successes_and_errors() {
    let server = Server::start().await;
    let code = Ask::spa().code(&server).await;
    let answer = server
        .call(Ask::spa().redeem(&code).header(ORIGIN, REGISTERED))
        .await;
    let tokens = answer.ok();
    assert_eq!(allowed(&answer), Some(REGISTERED));
    assert_eq!(answer.header("vary"), Some("Origin"));
    let exposed = answer.header("access-control-expose-headers").unwrap();
    assert!(exposed.contains("WWW-Authenticate") && exposed.contains("X-Request-Id"));
    let refused = server.call(Call::userinfo("x").header(ORIGIN, REGISTERED)).await;
    assert_eq!((refused.status, allowed(&refused)), (401, Some(REGISTERED)));
    let refresh = Call::refresh("spa", text(&tokens["refresh_token"])).header(ORIGIN, REGISTERED);
    assert_eq!(allowed(&server.call(refresh).await), Some(REGISTERED));
}

#[tokio::test]
async fn preflights() {
    let server = Server::start().await;
    for path in ENDPOINTS {
        let answer = preflight(&server, path, REGISTERED).await;
        assert_eq!((answer.status, answer.text()), (204, ""));
        assert_eq!(allowed(&answer), Some(REGISTERED));
        assert_eq!(
            answer.header("access-control-allow-methods"),
            Some("GET, POST, DELETE")
        );
        assert_eq!(
            answer.header("access-control-allow-headers"),
            Some("Authorization, Content-Type, DPoP")
        );
        assert_eq!(answer.header("access-control-max-age"), Some("600"));
        assert_eq!(answer.header("vary"), Some("Origin"));
    }
}

#[tokio::test]
async fn other_origins_read_nothing() {
    let server = Server::start().await;
    for origin in [
        "https://evil.example",
        "http://spa.example",
        "https://spa.example:8443",
        "https://SPA.example",
        "https://spa.example.evil.example",
        "https://sub.spa.example",
        "https://spa.example/",
        "https://app.example",
        "null",
        "*",
        "",
        "file://",
    ] {
        for path in ENDPOINTS {
            let answer = preflight(&server, path, origin).await;
            assert_eq!((answer.status, allowed(&answer)), (204, None), "{origin}");
            assert_eq!(answer.header("access-control-allow-methods"), None);
            // Caches must know that the answer depends on who asks, whoever asked.
            assert_eq!(answer.header("vary"), Some("Origin"));
            let answer = server
                .call(Call::post(path).header(ORIGIN, origin).field("x", "y"))
                .await;
            assert_eq!((allowed(&answer), answer.header("vary")), (None, Some("Origin")));
        }
    }
    let two = Call::post("/oauth/token")
        .header(ORIGIN, "https://evil.example")
        .header(ORIGIN, REGISTERED);
    assert_eq!(allowed(&server.call(two).await), None);
}

#[tokio::test]
async fn public_documents_are_for_everybody() {
    let server = Server::start().await;
    for path in [
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/oauth/jwks.json",
    ] {
        let answer = server
            .call(Call::get(path).header(ORIGIN, "https://evil.example"))
            .await;
        assert_eq!((answer.status, allowed(&answer)), (200, Some("*")));
        assert_eq!(
            allowed(&preflight(&server, path, "https://evil.example").await),
            Some("*")
        );
    }
}

#[tokio::test]
async fn authorization_and_pages_are_for_no_script() {
    let server = Server::start().await;
    for path in [
        "/oauth/authorize",
        "/login",
        "/consent",
        "/account",
        "/",
        "/select-account",
    ] {
        let answer = server.call(Call::get(path).header(ORIGIN, REGISTERED)).await;
        assert_eq!(allowed(&answer), None);
        assert_eq!(preflight(&server, path, REGISTERED).await.status, 405);
    }
}

/// An origin counts as long as a client that is switched on has it.
#[tokio::test]
async fn a_client_takes_its_origins_with_it() {
    let server = Server::start().await;
    let asked = async || {
        let answer = preflight(&server, "/oauth/token", REGISTERED).await;
        allowed(&answer).is_some()
    };
    assert!(asked().await);
    server.edit_client("spa", |client| client.disabled = true).await;
    assert!(!asked().await);
    server.edit_client("spa", |client| client.disabled = false).await;
    assert!(asked().await);
    server.edit_client("spa", |client| client.origins.clear()).await;
    assert!(!asked().await);
}
