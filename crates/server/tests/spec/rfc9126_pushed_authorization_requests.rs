//! [RFC 9126](https://www.rfc-editor.org/rfc/rfc9126): the request comes from the client, the browser carries a reference.

use grantor_protocol::Cause;
use grantor_types::Seconds;
use serde_json::json;

use crate::harness::{ALICE, Ask, Browser, Call, DPOP, Holder, Server, Setup, text};
use crate::rfc8414_metadata;

/// Pushes a request as its client.
fn push(ask: &Ask) -> Call {
    let parameters: Vec<_> = ask.parameters().to_vec();
    let client = ask.value("client_id").unwrap().to_owned();
    Call::post("/oauth/par")
        .fields(&parameters)
        .without("client_id")
        .client(&client)
}

async fn pushed(server: &Server, ask: &Ask) -> String {
    let answer = server.call(push(ask)).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    text(&answer.json()["request_uri"]).to_owned()
}

/// What the browser carries then.
fn by_reference(client: &str, uri: &str) -> Ask {
    let mut ask = Ask::of(client, "https://nowhere.example");
    for name in [
        "response_type",
        "redirect_uri",
        "state",
        "code_challenge",
        "code_challenge_method",
    ] {
        ask = ask.without(name);
    }
    ask.with("request_uri", uri)
}

#[tokio::test]
async fn pushed_then_answered() {
    let server = Server::start().await;
    let answer = server.call(push(&Ask::web())).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.members(), ["expires_in", "request_uri"]);
    assert_eq!(answer.json()["expires_in"], json!(60));
    let uri = text(&answer.json()["request_uri"]).to_owned();
    assert!(uri.starts_with("urn:ietf:params:oauth:request_uri:"), "{uri}");

    let callback = Browser::new(&server)
        .callback(&by_reference("web", &uri), ALICE)
        .await;
    assert_eq!(callback.value("state"), Some("st4te"));
    let tokens = server.call(Ask::web().redeem(&callback.code())).await.ok();
    assert_eq!(tokens["scope"], "read");
}

/// Nobody who holds the browser can add to the request, or change it.
#[tokio::test]
async fn only_what_was_pushed_counts() {
    let server = Server::start().await;
    let uri = pushed(&server, &Ask::web()).await;
    let ask = by_reference("web", &uri)
        .with("scope", "read write")
        .with("redirect_uri", "https://evil.example/cb")
        .with("state", "theirs")
        .with("response_mode", "fragment")
        .with("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    let callback = Browser::new(&server).callback(&ask, ALICE).await;
    assert_eq!(callback.uri, "https://app.example/cb");
    assert_eq!(callback.value("state"), Some("st4te"));
    let tokens = server.call(Ask::web().redeem(&callback.code())).await.ok();
    assert_eq!(tokens["scope"], "read");
}

/// "the client MUST only use a request_uri value once" (4); until there is an answer, a page may be loaded again.
#[tokio::test]
async fn a_reference_can_be_opened_again_until_it_is_answered() {
    let server = Server::start().await;
    let uri = pushed(&server, &Ask::web()).await;
    let ask = by_reference("web", &uri);
    let mut browser = Browser::new(&server);
    browser.ask(&ask).await.is_page("login-page");
    browser.ask(&ask).await.is_page("login-page");
    let code = browser.callback(&ask, ALICE).await.code();
    server.call(Ask::web().redeem(&code)).await.ok();

    let before = server.everything_stored();
    let answer = browser.ask(&ask).await;
    answer.refused_on_page(400, "invalid_request_uri", Cause::RequestUriUsed);
    assert_eq!(server.everything_stored(), before);
}

/// Two windows on the same request: one is answered.
#[tokio::test]
async fn of_two_windows_one_gets_the_code() {
    let server = Server::start().await;
    let uri = pushed(&server, &Ask::web()).await;
    let ask = by_reference("web", &uri);
    let (mut first, mut second) = (Browser::new(&server), Browser::new(&server));
    let login = second.ask(&ask).await;
    let code = first.callback(&ask, ALICE).await.code();
    server.call(Ask::web().redeem(&code)).await.ok();
    let answer = second.log_in(&login, ALICE).await;
    answer.refused_on_page(400, "invalid_request_uri", Cause::RequestUriUsed);
}

#[tokio::test]
async fn references_that_are_no_good() {
    let server = Server::start().await;
    let uri = pushed(&server, &Ask::web()).await;
    let unknown = format!("{}AAAA", &uri[..uri.len() - 4]);
    let cases = [
        (by_reference("other", &uri), Cause::RequestUriUnknown),
        (by_reference("web", &unknown), Cause::RequestUriUnknown),
        (
            by_reference("web", "urn:ietf:params:oauth:request_uri:x"),
            Cause::RequestUriUnknown,
        ),
    ];
    for (ask, cause) in cases {
        let answer = server.call(Call::get(&ask.path())).await;
        answer.refused_on_page(400, "invalid_request_uri", cause);
    }
    let without_client = by_reference("web", &uri).without("client_id");
    server
        .call(Call::get(&without_client.path()))
        .await
        .refused_on_page(400, "invalid_request", Cause::ClientIdMissing);
    server.advance(Seconds(60));
    let answer = server.call(Call::get(&by_reference("web", &uri).path())).await;
    answer.refused_on_page(400, "invalid_request_uri", Cause::RequestUriExpired);
}

/// "The authorization server MUST validate the pushed request as it would an authorization request sent to the
/// authorization endpoint." (2.1)
#[tokio::test]
async fn a_wrong_request_is_refused_to_the_client() {
    let server = Server::start().await;
    let cases = [
        (
            push(&Ask::web().with("redirect_uri", "https://evil.example/cb")),
            "invalid_request",
            Cause::RedirectUriUnregistered,
        ),
        (
            push(&Ask::web().without("code_challenge")),
            "invalid_request",
            Cause::CodeChallengeMissing,
        ),
        (
            push(&Ask::web().with("scope", "admin")),
            "invalid_scope",
            Cause::ScopeNotAllowed,
        ),
        (
            push(&Ask::web().with("request_uri", "urn:ietf:params:oauth:request_uri:x")),
            "invalid_request",
            Cause::RequestUriPushed,
        ),
        (
            push(&Ask::web()).field("client_id", "other"),
            "invalid_request",
            Cause::ClientAuthenticationMultiple,
        ),
        (
            push(&Ask::web()).field("state", "twice"),
            "invalid_request",
            Cause::ParameterRepeated,
        ),
    ];
    let before = server.everything_stored();
    for (call, error, cause) in cases {
        server.call(call).await.refused(400, error, cause);
        assert_eq!(server.everything_stored(), before);
    }
    let wrong = Call::post("/oauth/par")
        .fields(Ask::web().parameters())
        .basic("web", "wrong");
    server
        .call(wrong)
        .await
        .refused(401, "invalid_client", Cause::ClientSecretWrong);
    let nobody = Call::post("/oauth/par").fields(Ask::web().parameters());
    server
        .call(nobody)
        .await
        .refused(401, "invalid_client", Cause::ClientAuthenticationMissing);
    assert_eq!(server.everything_stored(), before);
}

#[tokio::test]
async fn the_server_or_a_client_can_insist() {
    let server = Setup::new()
        .client("web", |client| {
            client.require_pushed_authorization_requests = true
        })
        .start()
        .await;
    let answer = server.call(Call::get(&Ask::web().path())).await;
    assert!(
        answer.location().contains("error=invalid_request"),
        "{}",
        answer.location()
    );
    let uri = pushed(&server, &Ask::web()).await;
    Browser::new(&server)
        .callback(&by_reference("web", &uri), ALICE)
        .await
        .code();

    let strict = Setup::new()
        .policy(|policy| policy.require_pushed_authorization_requests = true)
        .start()
        .await;
    let answer = strict.call(Call::get(&Ask::spa().path())).await;
    assert!(answer.location().contains("error=invalid_request"));
    let metadata = rfc8414_metadata::document(&strict, "/.well-known/openid-configuration").await;
    assert_eq!(metadata["require_pushed_authorization_requests"], json!(true));
    assert_eq!(
        metadata["pushed_authorization_request_endpoint"],
        json!("https://id.example/oauth/par")
    );
}

/// "the authorization server MUST reject the request if the JWK Thumbprint in dpop_jkt does not match the public key in the
/// DPoP header" (RFC 9449 10.1); either of them binds the code.
#[tokio::test]
async fn a_proof_at_the_push_binds_the_code() {
    let server = Server::start().await;
    let (holder, other) = (Holder::new(), Holder::new());
    let proof = || holder.sign(&holder.claims(&server, "POST", "/oauth/par"));
    let mismatch = push(&Ask::spa().with("dpop_jkt", &other.jkt())).header(DPOP, &proof());
    server
        .call(mismatch)
        .await
        .refused(400, "invalid_request", Cause::DpopJktMismatch);

    let call = push(&Ask::spa()).header(DPOP, &proof());
    let answer = server.call(call.clone()).await;
    let uri = text(&answer.json()["request_uri"]).to_owned();
    server
        .call(call)
        .await
        .refused(400, "invalid_dpop_proof", Cause::DpopProofReplayed);
    let code = Browser::new(&server)
        .callback(&by_reference("spa", &uri), ALICE)
        .await
        .code();
    server
        .call(other.at_token(&server, Ask::spa().redeem(&code)))
        .await
        .refused(400, "invalid_grant", Cause::DpopKeyMismatch);
    server
        .call(holder.at_token(&server, Ask::spa().redeem(&code)))
        .await
        .ok();
}
