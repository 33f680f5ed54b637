//! [RFC 7636](https://www.rfc-editor.org/rfc/rfc7636): a code is worth nothing without its verifier.

mod optional;

use grantor_protocol::Cause;

use crate::harness::{ALICE, Ask, Browser, Call, Callback, Server, VERIFIER};

/// The example of appendix B.
const EXAMPLE: (&str, &str) = (
    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
);

#[tokio::test]
async fn the_example_of_the_rfc() {
    let server = Server::start().await;
    for ask in [Ask::web(), Ask::spa()] {
        let ask = ask.with("code_challenge", EXAMPLE.1);
        let code = ask.code(&server).await;
        let with = |verifier: &str| {
            ask.redeem(&code)
                .without("code_verifier")
                .field("code_verifier", verifier)
        };
        let wrong = server.call(with(VERIFIER)).await;
        wrong.refused(400, "invalid_grant", Cause::CodeVerifierWrong);
        server.call(with(EXAMPLE.0)).await.ok();
    }
}

/// Whoever has the code alone can neither use nor spoil it.
#[tokio::test]
async fn a_wrong_verifier_does_not_spend_the_code() {
    let server = Server::start().await;
    let code = Ask::spa().code(&server).await;
    let stolen = Ask::spa().redeem(&code).without("code_verifier");
    for (call, cause) in [
        (stolen.clone(), Cause::CodeVerifierMissing),
        (
            stolen.field("code_verifier", &"a".repeat(43)),
            Cause::CodeVerifierWrong,
        ),
    ] {
        server.call(call).await.refused(400, "invalid_grant", cause);
    }
    server.call(Ask::spa().redeem(&code)).await.ok();
}

/// OAuth 2.1 7.5.1, RFC 9700 2.1.1: for every client, and never `plain`.
#[tokio::test]
async fn no_client_goes_without_it() {
    let server = Server::start().await;
    for client in [Ask::web(), Ask::spa()] {
        for (ask, cause) in [
            (
                client.clone().without("code_challenge"),
                Cause::CodeChallengeMissing,
            ),
            (
                client
                    .clone()
                    .without("code_challenge")
                    .without("code_challenge_method"),
                Cause::CodeChallengeMissing,
            ),
            (
                client.clone().without("code_challenge_method"),
                Cause::CodeChallengeMethodUnsupported,
            ),
            (
                client.clone().with("code_challenge_method", "plain"),
                Cause::CodeChallengeMethodUnsupported,
            ),
        ] {
            let answer = server.call(Call::get(&ask.path())).await;
            let callback = Callback::of(&answer);
            assert_eq!(callback.value("error"), Some("invalid_request"));
            assert_eq!(callback.value("error_description"), Some(cause.description()));
        }
    }
}

#[tokio::test]
async fn verifiers_of_every_length() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    for length in [43, 64, 128] {
        let verifier = "aZ0-._~".repeat(19)[..length].to_owned();
        let ask = Ask::web().with("code_challenge", &crate::harness::challenge_of(&verifier));
        let code = browser.callback(&ask, ALICE).await.code();
        let call = ask
            .redeem(&code)
            .without("code_verifier")
            .field("code_verifier", &verifier);
        server.call(call).await.ok();
    }
}

/// Some platforms pad base64url; the digest is the same.
#[tokio::test]
async fn a_padded_challenge_is_understood() {
    let server = Server::start().await;
    let ask = Ask::web();
    let padded = format!("{}=", ask.value("code_challenge").unwrap());
    let ask = ask.with("code_challenge", &padded);
    let code = ask.code(&server).await;
    server.call(ask.redeem(&code)).await.ok();
}
