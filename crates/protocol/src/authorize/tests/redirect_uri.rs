//! Where responses may go. "The authorization server MUST compare the two URIs using simple string comparison"
//! (OAuth 2.1 2.3.1); only the port of a loopback IP address is free (RFC 8252 7.3).

use std::sync::Arc;

use grantor_types::{RedirectUri, ResponseMode};

use super::super::{AuthorizationRequest, AuthorizeError};
use super::checked;
use super::validate::GOOD;
use crate::Cause;
use crate::fixture::{CALLBACK, Form, confidential, parameters_with};
use crate::record::Client;

fn registered(uris: &[&str]) -> Arc<Client> {
    Arc::new(Client {
        redirect_uris: uris.iter().map(|uri| RedirectUri::parse(uri).unwrap()).collect(),
        ..confidential()
    })
}

fn ask(uris: &[&str], changes: Form<'_>) -> Result<AuthorizationRequest, AuthorizeError> {
    checked(&parameters_with(GOOD, changes), Some(registered(uris)))
}

#[test]
fn only_the_same_text_matches() {
    let registered = [
        "https://app.example/cb",
        "https://app.example/cb?x=1",
        "com.example.app:/cb",
    ];
    for uri in registered {
        let request = ask(&registered, &[("redirect_uri", uri)]).unwrap();
        assert_eq!(request.redirect.uri().as_str(), uri);
    }
    for uri in [
        "https://app.example/cb/",
        "https://app.example/CB",
        "https://APP.example/cb",
        "HTTPS://app.example/cb",
        "https://app.example:443/cb",
        "https://app.example/cb?",
        "https://app.example/cb?x=2",
        "https://app.example/cb?x=1&y=2",
        "https://app.example/cb#",
        "https://app.example/cb#fragment",
        "https://app.example/cb/../cb",
        "https://app.example//cb",
        "https://app.example/%63b",
        "https://app.example\\cb",
        "https://user@app.example/cb",
        "https://app.example@evil.example/cb",
        "https://app.example.evil.example/cb",
        "https://evil.example/https://app.example/cb",
        "https://app.example/cb\r\nX: y",
        "https://app.example/cb\0",
        " https://app.example/cb",
        "https://app.example/cb ",
        "http://app.example/cb",
        "//app.example/cb",
        "/cb",
        "cb",
        "javascript:alert(1)",
        "data:text/html,x",
        "com.example.app:/cb2",
        "com.example.app://cb",
        "COM.EXAMPLE.APP:/cb",
        "https://*.example/cb",
        "https://äpp.example/cb",
    ] {
        let refused = ask(&registered, &[("redirect_uri", uri)]);
        assert!(
            matches!(refused, Err(AuthorizeError::Page(Cause::RedirectUriUnregistered))),
            "{uri:?} {refused:?}"
        );
    }
}

#[test]
fn the_port_of_a_loopback_address_is_free() {
    let registered = [
        "http://127.0.0.1/cb",
        "http://[::1]:4000/cb",
        "http://localhost:3000/cb",
    ];
    for uri in [
        "http://127.0.0.1/cb",
        "http://127.0.0.1:1/cb",
        "http://127.0.0.1:65535/cb",
        "http://[::1]/cb",
        "http://[::1]:9/cb",
        "http://localhost:3000/cb",
    ] {
        let request = ask(&registered, &[("redirect_uri", uri)]).unwrap();
        // The response goes to the port of this request.
        assert_eq!(request.redirect.uri().as_str(), uri);
    }
    for uri in [
        "http://localhost/cb",
        "http://localhost:3001/cb",
        "http://127.0.0.2:1/cb",
        "http://127.0.0.1:65536/cb",
        "http://127.0.0.1:-1/cb",
        "http://127.0.0.1:+1/cb",
        "http://127.0.0.1:1x/cb",
        "http://127.0.0.1:1/other",
        "http://127.0.0.1:1/cb?x",
        "http://127.0.0.1:1/cb#f",
        "http://127.0.0.1:1@evil.example/cb",
        "http://127.0.0.1@evil.example/cb",
        "http://127.0.0.1.evil.example/cb",
        "http://evil.example#@127.0.0.1/cb",
        "https://127.0.0.1:1/cb",
        "http://127.1/cb",
        "http://2130706433/cb",
        "http://0.0.0.0:1/cb",
        "http://[::1]x:1/cb",
        "http://[::2]:1/cb",
        "http://[0:0:0:0:0:0:0:1]:1/cb",
        "http://[::ffff:127.0.0.1]:1/cb",
    ] {
        let refused = ask(&registered, &[("redirect_uri", uri)]);
        assert!(
            matches!(refused, Err(AuthorizeError::Page(Cause::RedirectUriUnregistered))),
            "{uri:?} {refused:?}"
        );
    }
}

#[test]
fn it_may_be_left_out_when_there_is_only_one_and_openid_is_not_asked_for() {
    let two = ["https://app.example/cb", "https://app.example/cb2"];
    let one = [CALLBACK];
    let rows: &[(&[&str], &str, bool)] = &[
        (&one, "read", true),
        (&one, "", true),
        (&one, "openid read", false),
        (&one, "read openid", false),
        (&one, "openid2", true),
        (&two, "read", false),
        (&[], "read", false),
    ];
    for (uris, scope, allowed) in rows {
        let found = ask(uris, &[("redirect_uri", ""), ("scope", scope)]);
        match (allowed, found) {
            (true, Ok(request)) => {
                assert_eq!(request.redirect.uri().as_str(), CALLBACK);
                assert_eq!(request.redirect_uri, None);
            }
            // What openid2 is, is not asked here: the scope is refused by redirect, so the URI was found.
            (true, Err(AuthorizeError::Redirect(..))) => assert_eq!(*scope, "openid2"),
            (false, Err(AuthorizeError::Page(Cause::RedirectUriMissing))) => {}
            (_, other) => panic!("{uris:?} {scope:?} {other:?}"),
        }
    }
}

#[test]
fn the_mode_is_the_requests_and_query_is_the_default() {
    for (mode, expected) in [
        ("", ResponseMode::Query),
        ("query", ResponseMode::Query),
        ("fragment", ResponseMode::Fragment),
        ("form_post", ResponseMode::FormPost),
    ] {
        let request = ask(&[CALLBACK], &[("response_mode", mode)]).unwrap();
        assert_eq!(request.redirect.mode(), expected);
    }
    // A mode that is unknown is told by the default one.
    let Err(AuthorizeError::Redirect(redirect, Cause::ResponseModeUnsupported)) =
        ask(&[CALLBACK], &[("response_mode", "pigeon")])
    else {
        panic!("not refused")
    };
    assert_eq!(redirect.mode(), ResponseMode::Query);
}

/// A form can be posted to a web address only, so an app's own scheme cannot be answered by one.
#[test]
fn a_form_is_never_posted_to_an_apps_own_scheme() {
    let uri = "com.example.app:/cb";
    let refused = ask(&[uri], &[("redirect_uri", uri), ("response_mode", "form_post")]);
    let Err(AuthorizeError::Redirect(redirect, Cause::ResponseModeUnsupported)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(
        (redirect.uri().as_str(), redirect.mode()),
        (uri, ResponseMode::Query)
    );
    for mode in ["query", "fragment"] {
        assert!(ask(&[uri], &[("redirect_uri", uri), ("response_mode", mode)]).is_ok());
    }
    let loopback = "http://127.0.0.1:1/cb";
    assert!(
        ask(
            &[loopback],
            &[("redirect_uri", loopback), ("response_mode", "form_post")]
        )
        .is_ok()
    );
}

#[test]
fn state_is_kept_byte_for_byte() {
    for state in ["st4te", "a b+c%20&d=e", "\u{1f600} \"<>", "\u{fffd}"] {
        let request = ask(&[CALLBACK], &[("state", state)]).unwrap();
        assert_eq!(request.redirect.state(), Some(state));
    }
    assert_eq!(ask(&[CALLBACK], &[("state", "")]).unwrap().redirect.state(), None);
}
