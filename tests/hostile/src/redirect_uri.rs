//! Redirect URIs: which requested one is the registered one, and where the answer goes.
//!
//! An input is a registered and a requested URI on two lines.

use grantor_protocol::authorize::Origin;
use grantor_types::{RedirectUri, with_query};
use url::{Host, Url};

use crate::world::{CALLBACK, client, request_with, validated};
use crate::{Target, lines};

pub(crate) const TARGET: Target = Target {
    name: "redirect_uri",
    run,
    seeds,
    forged,
};

fn run(input: &[u8]) -> bool {
    let Some((registered, requested)) = lines(input) else {
        return false;
    };
    let Ok(uri) = RedirectUri::parse(registered) else {
        return false;
    };
    check_registered(registered);
    let matches = uri.matches(requested);
    if matches && registered != requested {
        differs_in_the_loopback_port_alone(registered, requested);
    }
    let mut client = client();
    client.redirect_uris = vec![uri];
    let parameters = request_with("redirect_uri", requested);
    let validated = validated(&parameters, client, Origin::default());
    // An empty one is none, and a request for openid needs one.
    let Some(request) = validated else { return false };
    assert!(matches, "{registered:?} {requested:?}");
    let used = request.redirect.uri();
    assert_eq!(used.as_str(), requested);
    leads_there(registered, requested);
    true
}

/// What may be registered at all.
fn check_registered(registered: &str) {
    let url = Url::parse(registered).unwrap();
    assert_eq!(url.fragment(), None, "{registered:?}");
    assert!(!["javascript", "data", "vbscript", "file", "blob", "about"].contains(&url.scheme()));
    if url.scheme() == "http" {
        let host = url.host_str().unwrap();
        assert!(
            ["localhost", "127.0.0.1", "[::1]"].contains(&host) || host.starts_with("127."),
            "{registered:?}"
        );
    }
    if matches!(url.scheme(), "http" | "https") {
        assert!(
            url.username().is_empty() && url.password().is_none(),
            "{registered:?}"
        );
    }
    assert!(!registered.contains(char::is_control), "{registered:?}");
}

/// RFC 8252 7.3: any port, and nothing else.
fn differs_in_the_loopback_port_alone(registered: &str, requested: &str) {
    let parts = |text: &str| {
        let url = Url::parse(text).unwrap();
        let is_loopback = match url.host().unwrap() {
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
            Host::Domain(_) => false,
        };
        assert!(is_loopback && url.scheme() == "http", "{text:?}");
        let rest = text.strip_prefix("http://").unwrap();
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        (url.host_str().unwrap().to_owned(), rest[end..].to_owned())
    };
    assert_eq!(parts(registered), parts(requested));
}

/// A browser that is sent there with an answer arrives where the registration says.
fn leads_there(registered: &str, requested: &str) {
    let (registered, requested_url) = (Url::parse(registered).unwrap(), Url::parse(requested).unwrap());
    let answer = Url::parse(&with_query(requested, &[("code", "x&y=z#"), ("state", "\r\n")])).unwrap();
    for url in [&requested_url, &answer] {
        assert_eq!(
            (url.scheme(), url.host()),
            (registered.scheme(), registered.host())
        );
        assert_eq!(url.path(), registered.path());
    }
    let code = answer.query_pairs().filter(|(name, _)| name == "code").last();
    assert_eq!(
        code.map(|(_, value)| value.into_owned()).as_deref(),
        Some("x&y=z#")
    );
}

fn seeds() -> Vec<Vec<u8>> {
    [
        (CALLBACK, CALLBACK),
        ("https://app.example/cb?a=1&b=2", "https://app.example/cb?a=1&b=2"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb"),
        ("http://[::1]:4000/cb?x", "http://[::1]/cb?x"),
        ("com.example.app:/cb", "com.example.app:/cb"),
        ("http://localhost:3000/", "http://localhost:3000/"),
    ]
    .map(|(registered, requested)| format!("{registered}\n{requested}").into_bytes())
    .into()
}

/// What is not the registered one, however alike it looks.
fn forged() -> Vec<Vec<u8>> {
    let mut inputs: Vec<String> = [
        "",
        "https://evil.example/cb",
        "https://app.example/cb/",
        "https://app.example/cb?",
        "https://app.example/cb#",
        "https://app.example/cb?x=1",
        "https://app.example/x/../cb",
        "https://app.example/%63b",
        "https://app.example//cb",
        "https://APP.example/cb",
        "HTTPS://app.example/cb",
        "https://app.example:443/cb",
        "https://app.example./cb",
        "https://app.example@evil.example/cb",
        "https://app.example\\@evil.example/cb",
        "https://evil.example\\.app.example/cb",
        "https://app.example.evil.example/cb",
        "https://\u{430}pp.example/cb",
        "https:/app.example/cb",
        "https:app.example/cb",
        "//app.example/cb",
        "/cb",
        " https://app.example/cb",
        "https://app.example/cb ",
        "https://app.example/cb\0",
        "https://app.example/cb\r\nLocation: https://evil.example",
        "javascript://app.example/cb%0aalert(1)",
        "data:text/html,x",
    ]
    .map(|requested| format!("{CALLBACK}\n{requested}"))
    .into();
    for (registered, requested) in [
        ("http://127.0.0.1/cb", "http://127.0.0.1:1/other"),
        ("http://127.0.0.1/cb", "http://127.0.0.2/cb"),
        ("http://127.0.0.1/cb", "http://[::1]/cb"),
        ("http://127.0.0.1/cb", "https://127.0.0.1/cb"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:80@evil.example/cb"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:x/cb"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:99999/cb"),
        ("http://127.0.0.1/cb", "http://2130706433/cb"),
        ("http://localhost/cb", "http://localhost:1/cb"),
        // What cannot be registered in the first place.
        ("http://app.example/cb", "http://app.example/cb"),
        ("https://app.example/cb#x", "https://app.example/cb#x"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("https://user:pass@app.example/", "https://user:pass@app.example/"),
    ] {
        inputs.push(format!("{registered}\n{requested}"));
    }
    inputs.into_iter().map(String::into_bytes).collect()
}
