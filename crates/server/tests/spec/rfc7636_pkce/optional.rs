//! Confidential clients of OpenID Connect that are registered to do without (OAuth 2.1 7.5.1).

use grantor_protocol::Cause;
use grantor_types::Profile;
use http::header::LOCATION;

use crate::harness::{ALICE, Ask, Browser, Callback, Server, Setup, VERIFIER, jwt, text};

async fn lenient() -> Server {
    let setup = Setup::new().policy(|policy| policy.profile = Profile::Oidc);
    let setup = ["web", "spa"].into_iter().fold(setup, |setup, id| {
        setup.client(id, |client| client.metadata.danger_pkce_optional = true)
    });
    setup.start().await
}

/// As the suite asks: no challenge, and not even a method.
fn without(ask: Ask) -> Ask {
    ask.with("scope", "openid read")
        .without("code_challenge")
        .without("code_challenge_method")
}

#[tokio::test]
async fn a_confidential_client_may_go_without() {
    let server = lenient().await;
    for nonce in [Some("n0nce"), None] {
        let ask = nonce
            .into_iter()
            .fold(without(Ask::web()), |ask, nonce| ask.with("nonce", nonce));
        let code = ask.code(&server).await;
        let tokens = server.call(ask.redeem(&code).without("code_verifier")).await.ok();
        let claims = jwt::claims(text(&tokens["id_token"]));
        assert_eq!(claims.get("nonce").and_then(|value| value.as_str()), nonce);
    }
}

/// "Authorization servers MUST mitigate PKCE downgrade attacks by ensuring that a token request containing a code_verifier
/// parameter is accepted only if a code_challenge parameter was present in the authorization request" (RFC 9700 2.1.1), and
/// the other way round.
#[tokio::test]
async fn what_is_sent_is_enforced() {
    let server = lenient().await;
    let with = Ask::web().with("scope", "openid read");
    let code = with.code(&server).await;
    let redeem = with.redeem(&code).without("code_verifier");
    let wrong = redeem.clone().field("code_verifier", &VERIFIER.replace('a', "b"));
    for (call, cause) in [
        (redeem, Cause::CodeVerifierMissing),
        (wrong, Cause::CodeVerifierWrong),
    ] {
        server.call(call).await.refused(400, "invalid_grant", cause);
    }
    server.call(with.redeem(&code)).await.ok();
    let bare = without(Ask::web());
    let code = bare.code(&server).await;
    let downgraded = server.call(bare.redeem(&code)).await;
    assert_eq!(
        (downgraded.status, &downgraded.json()["error"]),
        (400, &"invalid_grant".into())
    );
    let mut browser = Browser::new(&server);
    for broken in [
        Ask::web().with("code_challenge_method", "plain"),
        Ask::web().without("code_challenge_method"),
        Ask::web().without("code_challenge"),
    ] {
        let callback = Callback::of(&browser.ask(&broken).await);
        assert_eq!(callback.value("error"), Some("invalid_request"));
    }
}

#[tokio::test]
async fn no_public_client_goes_without() {
    let server = lenient().await;
    let mut browser = Browser::new(&server);
    browser.log_in_alone(ALICE).await;
    let answer = browser.get(&without(Ask::spa()).with("nonce", "n").path()).await;
    assert!(answer.header(LOCATION).is_some());
    let description = Cause::CodeChallengeMissing.description();
    assert_eq!(
        Callback::of(&answer).value("error_description"),
        Some(description)
    );
}
