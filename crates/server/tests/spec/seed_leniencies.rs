//! What published clients do that a strict server refuses, and this one takes: C1 to C14 of the study of them.

use grantor_protocol::Cause;
use http::header::{CONTENT_TYPE, ORIGIN};
use http::{HeaderName, Method};
use serde_json::json;

use crate::harness::{
    ALICE, Answer, Ask, Browser, Call, Callback, Server, Setup, VERIFIER, challenge_of, text,
};

const FORM: &str = "application/x-www-form-urlencoded";

/// Tokens of `web`, a confidential client, and of `spa`, a public one.
async fn tokens(server: &Server) -> [serde_json::Value; 2] {
    [Ask::web().tokens(server).await, Ask::spa().tokens(server).await]
}

/// C1: whoever holds the whole token may ask about it and revoke it, where the operator lets that be enough.
#[tokio::test]
async fn c1_possession_is_enough_where_the_operator_says_so() {
    let open = Setup::new().policy(|policy| {
        policy.danger_anonymous_introspection = true;
        policy.danger_anonymous_revocation = true;
    });
    let server = open.start().await;
    for (owner, tokens) in ["web", "spa"].into_iter().zip(tokens(&server).await) {
        for name in ["refresh_token", "access_token"] {
            let token = text(&tokens[name]);
            let anonymous = server.call(Call::introspect(token)).await.ok();
            let known = server.call(Call::introspect(token).client("auditor")).await.ok();
            assert_eq!(anonymous, known);
            assert_eq!(
                (&anonymous["active"], &anonymous["client_id"]),
                (&json!(true), &json!(owner))
            );
            // A public client's name changes nothing.
            let named = server.call(Call::introspect(token).client("spa")).await.ok();
            assert_eq!(named, known);
        }
        for name in ["access_token", "refresh_token"] {
            let token = text(&tokens[name]);
            assert_eq!(server.call(Call::revoke(token)).await.status, 200);
            let found = server.call(Call::introspect(token)).await;
            assert_eq!(found.ok(), json!({ "active": false }));
        }
    }
    // Nothing but the very token counts, and whoever names a client with a secret has to prove it.
    for unknown in ["invalid-token", "..", "gpat_x"] {
        let found = server.call(Call::introspect(unknown)).await;
        assert_eq!(found.ok(), json!({ "active": false }));
        assert_eq!(server.call(Call::revoke(unknown)).await.status, 200);
    }
    for call in [Call::introspect("x"), Call::revoke("x")] {
        let answer = server.call(call.clone().field("client_id", "web")).await;
        answer.refused(401, "invalid_client", Cause::ClientAuthenticationMissing);
        let answer = server.call(call.basic("web", "wrong")).await;
        answer.refused(401, "invalid_client", Cause::ClientSecretWrong);
    }
}

/// C1 elsewhere: introspection wants a client, revocation too but for a public client's token.
#[tokio::test]
async fn c1_is_off_unless_it_is_switched_on() {
    let server = Server::start().await;
    let [web, spa] = tokens(&server).await;
    let before = server.everything_stored();
    for token in [&web["access_token"], &spa["access_token"], &web["refresh_token"]] {
        let answer = server.call(Call::introspect(text(token))).await;
        answer.refused(401, "invalid_client", Cause::CallerUnauthenticated);
        assert_eq!(answer.header("www-authenticate"), Some("Basic realm=\"grantor\""));
    }
    for name in ["access_token", "refresh_token"] {
        let answer = server.call(Call::revoke(text(&web[name]))).await;
        answer.refused(401, "invalid_client", Cause::ClientAuthenticationMissing);
    }
    assert_eq!(server.everything_stored(), before);
    assert_eq!(
        server.call(Call::revoke(text(&spa["access_token"]))).await.status,
        200
    );
    let found = Call::introspect(text(&spa["access_token"])).client("auditor");
    assert_eq!(server.call(found).await.ok(), json!({ "active": false }));
}

/// C2: the verifier is hashed with the padding that it came with; a padded challenge is the same digest.
#[tokio::test]
async fn c2_padding_in_pkce_values() {
    let server = Server::start().await;
    let verifier = format!("{}=", "v".repeat(43));
    let ask = Ask::spa()
        .with("code_challenge", &format!("{}=", challenge_of(&verifier)))
        .with("state", "c3RhdGUtb2YtMTYtYnl0ZQ==");
    let callback = Browser::new(&server).callback(&ask, ALICE).await;
    assert_eq!(callback.value("state"), Some("c3RhdGUtb2YtMTYtYnl0ZQ=="));
    let with = |verifier: &str| {
        let call = ask.redeem(&callback.code()).without("code_verifier");
        call.field("code_verifier", verifier)
    };
    let stripped = server.call(with(verifier.trim_end_matches('='))).await;
    stripped.refused(400, "invalid_grant", Cause::CodeVerifierWrong);
    server.call(with(&verifier)).await.ok();
}

/// C3: four members and no other, `scope` also when it is what was asked for.
#[tokio::test]
async fn c3_client_credentials_answer_with_four_members() {
    let server = Server::start().await;
    let call = Call::token()
        .client("service")
        .field("grant_type", "client_credentials")
        .field("scope", "read write");
    let answer = server.call(call).await;
    answer.ok();
    assert_eq!(
        answer.members(),
        ["access_token", "expires_in", "scope", "token_type"]
    );
}

/// C4: the client is told before anybody logs in, by 302, in the words and the encoding that it looks for.
#[tokio::test]
async fn c4_a_missing_challenge() {
    let server = local_server(&["http://localhost/callback"]).await;
    let path = "/oauth/authorize?response_type=code&client_id=native&redirect_uri=http://localhost/callback";
    let answer = server.call(Call::get(path)).await;
    assert_eq!(answer.status, 302);
    let location = answer.location();
    assert!(
        location.starts_with("http://localhost/callback?error=invalid_request&"),
        "{location}"
    );
    assert!(location.contains("PKCE+code_challenge+is+required"), "{location}");
}

/// `native` with redirect URIs of the test's own.
async fn local_server(redirect_uris: &[&str]) -> Server {
    let uris = redirect_uris
        .iter()
        .map(|uri| grantor_types::RedirectUri::parse(uri).unwrap());
    let uris: Vec<_> = uris.collect();
    let setup = Setup::new().client("native", |client| client.redirect_uris = uris);
    setup.start().await
}

/// C6: schemes of an app's own, with a dot and without, and plain http to `localhost`, as exact texts. C14: our policy
/// lets the browser follow the redirect after the decision.
#[tokio::test]
async fn c6_and_c14_redirects_to_apps_and_to_localhost() {
    let uris = [
        "yourapp://oauth/callback",
        "com.example.app:/cb",
        "http://localhost/callback",
    ];
    let server = local_server(&uris).await;
    for (uri, target) in uris
        .into_iter()
        .zip(["yourapp:", "com.example.app:", "http://localhost"])
    {
        let ask = Ask::of("native", uri).with("scope", "read");
        let mut browser = Browser::new(&server);
        let login = browser.ask(&ask).await;
        let consent = browser.log_in(&login, ALICE).await;
        let consent = match consent.marker().as_deref() {
            Some("consent-page") => {
                let policy = consent.header("content-security-policy").unwrap();
                assert!(
                    policy.ends_with(&format!("form-action 'self' {target}")),
                    "{policy}"
                );
                browser.press(&consent, "consent-approve").await
            }
            _ => consent,
        };
        assert!(
            consent.location().starts_with(&format!("{uri}?code=")),
            "{}",
            consent.location()
        );
        server.call(ask.redeem(&Callback::of(&consent).code())).await.ok();
    }
    for other in [
        "yourapp://OAuth/callback",
        "YourApp://oauth/callback",
        "yourapp://oauth/callback/",
        "yourapp://oauth//callback",
        "yourapp:/oauth/callback",
        "http://localhost:80/callback",
        "http://localhost/Callback",
        "http://127.0.0.1/callback",
    ] {
        let answer = server.call(Call::get(&Ask::of("native", other).path())).await;
        answer.refused_on_page(400, "invalid_request", Cause::RedirectUriUnregistered);
    }
}

#[test]
fn c6_schemes_that_browsers_run_cannot_be_registered() {
    for uri in [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:https://app.example/x",
        "yourapp://oauth/callback#",
        "yourapp://oauth/callback#x",
        "http://localhost/callback#x",
        "http://localhost.evil.example/callback",
    ] {
        assert!(grantor_types::RedirectUri::parse(uri).is_err(), "{uri}");
    }
}

/// C7: a script can read every refusal, whatever refuses.
#[tokio::test]
async fn c7_scripts_read_errors_of_every_kind() {
    let server = Server::start().await;
    let token = |body: &str| Call::token().body(FORM, body);
    let rows = [
        (400, token("grant_type=x")),
        (401, token("grant_type=refresh_token&client_id=nobody")),
        (404, Call::get("/oauth/nothing")),
        (404, Call::post("/token")),
        (405, Call::get("/oauth/token")),
        (405, Call::new(Method::DELETE, "/oauth/userinfo")),
        (413, token(&"x".repeat(65 * 1024))),
        (415, Call::token().body("text/plain", "x")),
    ];
    for (status, call) in rows {
        let answer = server.call(call.header(ORIGIN, "https://spa.example")).await;
        assert_eq!(answer.status, status);
        assert_eq!(allowed(&answer), Some("https://spa.example"), "{status}");
        let exposed = answer.header("access-control-expose-headers").unwrap();
        assert!(exposed.contains("WWW-Authenticate") && exposed.contains("DPoP-Nonce"));
        assert!(answer.json()["error_description"].is_string());
    }
    for path in ["/oauth/nothing", "/oauth/token", "/account"] {
        let call = Call::new(Method::PUT, path).header(ORIGIN, "https://evil.example");
        assert_eq!(allowed(&server.call(call).await), None);
    }
    let page = Call::new(Method::PUT, "/account").header(ORIGIN, "https://spa.example");
    assert_eq!(allowed(&server.call(page).await), None);
}

fn allowed(answer: &Answer) -> Option<&str> {
    answer.header(HeaderName::from_static("access-control-allow-origin"))
}

/// C9: the text says that it is JSON, whatever the content type says.
#[tokio::test]
async fn c9_json_that_says_it_is_a_form() {
    let server = Server::start().await;
    let ask = Ask::web();
    let code = ask.code(&server).await;
    let body = json!({
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": ask.value("redirect_uri"),
        "client_id": "web",
        "client_secret": "web-secret",
        "code_verifier": VERIFIER,
    });
    server.call(Call::token().body(FORM, body.to_string())).await.ok();
    let before = server.everything_stored();
    let refused = async |body: &str, cause: Cause| {
        let answer = server.call(Call::token().body(FORM, body)).await;
        answer.refused(400, "invalid_request", cause);
    };
    refused(r#"{"grant_type":"client_credentials"}{}"#, Cause::JsonMalformed).await;
    refused(r#"{"grant_type":["client_credentials"]}"#, Cause::JsonMalformed).await;
    refused(r#"{"grant_type":{"a":1}}"#, Cause::JsonMalformed).await;
    refused(r#"{"grant_type":null}"#, Cause::JsonMalformed).await;
    refused(r#"{"a":"1","a":"2"}"#, Cause::ParameterRepeated).await;
    refused(r#"{"grant_type":""}"#, Cause::GrantTypeMissing).await;
    // At the token endpoint alone.
    for path in ["/oauth/introspect", "/oauth/revoke"] {
        let call = Call::post(path).client("web").body(FORM, r#"{"token":"x"}"#);
        let answer = server.call(call).await;
        answer.refused(400, "invalid_request", Cause::TokenParameterMissing);
    }
    assert_eq!(server.everything_stored(), before);
}

/// C12: ids and secrets that somebody chose.
#[tokio::test]
async fn c12_ids_of_every_shape() {
    for id in ["test-client-id", "01HPQS4VWXYZ01", "your.client~id_1"] {
        assert!(grantor_types::ClientId::parse(id).is_ok());
    }
}

/// C13: a content type on a request without a body means nothing.
#[tokio::test]
async fn c13_content_types_on_get() {
    let server = Server::start().await;
    let tokens = Ask::web().with("scope", "openid").tokens(&server).await;
    for content_type in ["application/json", FORM, "text/plain; charset=utf-8", "nonsense"] {
        let call = Call::userinfo(text(&tokens["access_token"])).header(CONTENT_TYPE, content_type);
        server.call(call).await.ok();
        let call = Call::get(&Ask::web().path()).header(CONTENT_TYPE, content_type);
        assert_eq!(server.call(call).await.status, 302);
    }
}
