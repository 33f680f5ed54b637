use super::{Issuer, Origin, RedirectUri, Resource, UriError, WebUri, is_secure, well_known};

#[test]
fn redirect_uris_at_registration() {
    let rows = [
        ("https://app.example/cb", None),
        ("https://app.example/cb?tenant=1", None),
        ("http://localhost:3000/cb", None),
        ("http://localhost/callback", None),
        ("http://127.0.0.1/callback", None),
        ("http://[::1]:9/cb", None),
        ("yourapp://oauth/callback", None),
        ("com.example.app:/cb", None),
        ("mobile://callback", None),
        ("http://app.example/cb", Some(UriError::InsecureScheme)),
        ("http://localhost.evil.example/cb", Some(UriError::InsecureScheme)),
        ("https://app.example/cb#f", Some(UriError::Fragment)),
        ("https://user@app.example/cb", Some(UriError::UserInformation)),
        ("https://u:p@app.example/cb", Some(UriError::UserInformation)),
        ("javascript:alert(1)", Some(UriError::ForbiddenScheme)),
        ("JavaScript:alert(1)", Some(UriError::ForbiddenScheme)),
        ("data:text/html,x", Some(UriError::ForbiddenScheme)),
        ("vbscript:x", Some(UriError::ForbiddenScheme)),
        ("file:///etc/passwd", Some(UriError::ForbiddenScheme)),
        ("/relative", Some(UriError::NotAbsolute)),
        ("", Some(UriError::NotAbsolute)),
        ("https://app.example/c b", Some(UriError::Character)),
        ("https://app.example\\@evil", Some(UriError::Character)),
        ("https://app.example/\r\nSet-Cookie:x", Some(UriError::Character)),
    ];
    for (text, error) in rows {
        assert_eq!(RedirectUri::parse(text).err(), error, "{text:?}");
    }
    let long = format!("https://app.example/{}", "a".repeat(3000));
    assert_eq!(RedirectUri::parse(&long).err(), Some(UriError::TooLong));
}

#[test]
fn redirect_uris_are_matched_exactly_but_for_a_loopback_port() {
    let rows = [
        ("https://app.example/cb", "https://app.example/cb", true),
        ("https://app.example/cb", "https://app.example/cb/", false),
        ("https://app.example/cb", "https://app.example/CB", false),
        ("https://app.example/cb", "https://APP.example/cb", false),
        ("https://app.example/cb", "https://app.example/cb?x=1", false),
        ("https://app.example/cb", "https://app.example:443/cb", false),
        ("https://app.example/cb", "https://app.example/a/../cb", false),
        ("http://localhost:3000/cb", "http://localhost:3001/cb", false),
        (
            "http://127.0.0.1/callback",
            "http://127.0.0.1:51004/callback",
            true,
        ),
        (
            "http://127.0.0.1:1/callback",
            "http://127.0.0.1:51004/callback",
            true,
        ),
        ("http://[::1]/callback", "http://[::1]:51004/callback", true),
        (
            "http://127.0.0.1/callback",
            "http://127.0.0.1:99999/callback",
            false,
        ),
        ("http://127.0.0.1/callback", "http://127.0.0.1:5/other", false),
        (
            "http://127.0.0.1/callback",
            "http://127.0.0.1:5@evil.example/callback",
            false,
        ),
        ("http://127.0.0.1/callback", "http://127.0.0.2:5/callback", false),
        ("http://127.0.0.1/callback", "https://127.0.0.1:5/callback", false),
        ("http://127.0.0.1/callback", "http://localhost:5/callback", false),
        (
            "http://127.0.0.1/callback",
            "http://127.0.0.1.evil.example/callback",
            false,
        ),
        ("yourapp://oauth/callback", "yourapp://oauth/callback", true),
        ("yourapp://oauth/callback", "yourapp://OAUTH/callback", false),
    ];
    for (registered, requested, expected) in rows {
        let registered = RedirectUri::parse(registered).unwrap();
        assert_eq!(
            registered.matches(requested),
            expected,
            "{registered} against {requested}"
        );
    }
}

#[test]
fn issuers() {
    let issuer = Issuer::parse("https://id.example/tenant/a/").unwrap();
    assert_eq!(
        (issuer.as_str(), issuer.path()),
        ("https://id.example/tenant/a", "/tenant/a")
    );
    assert_eq!(
        (issuer.origin(), issuer.url("/x").as_str()),
        ("https://id.example", "https://id.example/tenant/a/x")
    );
    assert_eq!(Issuer::parse("http://localhost:8080").unwrap().path(), "");
    for (text, error) in [
        ("http://id.example", UriError::InsecureScheme),
        ("https://id.example?x", UriError::Query),
        ("https://id.example#x", UriError::Fragment),
        ("https://u@id.example", UriError::UserInformation),
        ("ftp://id.example", UriError::ForbiddenScheme),
        ("id.example", UriError::NotAbsolute),
    ] {
        assert_eq!(Issuer::parse(text).err(), Some(error), "{text}");
    }
}

#[test]
fn origins_resources_and_links() {
    assert!(Origin::parse("http://localhost:3000").is_ok());
    for bad in [
        "http://localhost:3000/",
        "https://a.example:443",
        "null",
        "*",
        "ftp://a.example",
    ] {
        assert!(Origin::parse(bad).is_err(), "{bad}");
    }
    for good in ["downstream-service", "https://api.example/v1", "urn:example:api"] {
        assert!(Resource::parse(good).is_ok(), "{good}");
    }
    for bad in ["", "https://api.example/#f", "a b", "/relative"] {
        assert!(Resource::parse(bad).is_err(), "{bad}");
    }
    assert!(WebUri::parse("javascript:alert(1)").is_err());
    assert!(WebUri::parse("https://app.example/logo.svg").is_ok());
}

#[test]
fn where_the_documents_of_an_issuer_are() {
    let cases = [
        (
            "https://as.example",
            "https://as.example/.well-known/oauth-authorization-server",
        ),
        (
            "https://as.example/",
            "https://as.example/.well-known/oauth-authorization-server",
        ),
        (
            "https://as.example:1/a/b",
            "https://as.example:1/.well-known/oauth-authorization-server/a/b",
        ),
        (
            "https://as.example/a/",
            "https://as.example/.well-known/oauth-authorization-server/a",
        ),
    ];
    for (issuer, expected) in cases {
        let url = well_known(&issuer.parse().unwrap(), "oauth-authorization-server");
        assert_eq!(url.as_str(), expected);
    }
}

#[test]
fn nobody_reads_along_on_tls_and_on_this_machine() {
    for (url, secure) in [
        ("https://as.example", true),
        ("http://localhost:8080", true),
        ("http://127.0.0.1", true),
        ("http://[::1]", true),
        ("http://as.example", false),
        ("http://localhost.as.example", false),
        ("ftp://localhost", false),
        ("file:///etc", false),
    ] {
        assert_eq!(is_secure(&url.parse().unwrap()), secure, "{url}");
    }
}
