//! [RFC 9449](https://www.rfc-editor.org/rfc/rfc9449): tokens that are bound to a key.

mod hostile;
mod nonces;

use grantor_protocol::Cause;
use grantor_types::{Seconds, SigningAlgorithm};
use http::header::AUTHORIZATION;
use serde_json::json;

use crate::harness::{Ask, Call, DPOP, Holder, Server, Setup, jwt, text};
use crate::rfc8414_metadata;

/// A token request of the client `service`.
fn service() -> Call {
    Call::token()
        .client("service")
        .field("grant_type", "client_credentials")
}

fn spa() -> Ask {
    Ask::spa().with("scope", "openid read")
}

#[tokio::test]
async fn what_is_issued_is_bound_to_the_key_of_the_proof() {
    let server = Server::start().await;
    for algorithm in [
        SigningAlgorithm::Es256,
        SigningAlgorithm::EdDsa,
        SigningAlgorithm::Ps256,
    ] {
        let holder = Holder::with(algorithm);
        let tokens = server.call(holder.at_token(&server, service())).await.ok();
        assert_eq!(tokens["token_type"], "DPoP");
        let claims = jwt::claims(text(&tokens["access_token"]));
        assert_eq!(claims["cnf"], json!({ "jkt": holder.jkt() }));
        let call = Call::introspect(text(&tokens["access_token"])).client("service");
        let introspection = server.call(call).await.ok();
        assert_eq!(introspection["cnf"], json!({ "jkt": holder.jkt() }));
        assert_eq!(introspection["token_type"], "DPoP");
    }
    let tokens = server.call(service()).await.ok();
    assert_eq!(tokens["token_type"], "Bearer");
    assert!(jwt::claims(text(&tokens["access_token"])).get("cnf").is_none());
}

#[tokio::test]
async fn an_opaque_token_is_bound_as_well() {
    let server = Server::start().await;
    let holder = Holder::new();
    let call = service().field("resource", "https://sealed.example");
    let tokens = server.call(holder.at_token(&server, call)).await.ok();
    let call = Call::introspect(text(&tokens["access_token"])).client("service");
    assert_eq!(
        server.call(call).await.ok()["cnf"],
        json!({ "jkt": holder.jkt() })
    );
}

/// "when an authorization server supporting DPoP issues a refresh token to a public client that presents a valid DPoP proof
/// at the token endpoint, the refresh token MUST be bound to the respective public key." (5)
#[tokio::test]
async fn a_public_clients_refresh_token_is_bound_to_the_key() {
    let server = Server::start().await;
    let (holder, thief) = (Holder::new(), Holder::new());
    let code = spa().code(&server).await;
    let tokens = server
        .call(holder.at_token(&server, spa().redeem(&code)))
        .await
        .ok();
    let refresh_token = text(&tokens["refresh_token"]).to_owned();
    let refresh = || Call::refresh("spa", &refresh_token);

    let before = server.everything_stored();
    server
        .call(refresh())
        .await
        .refused(400, "invalid_dpop_proof", Cause::DpopProofMissing);
    server.call(thief.at_token(&server, refresh())).await.refused(
        400,
        "invalid_grant",
        Cause::DpopKeyMismatch,
    );
    assert_eq!(server.everything_stored(), before);

    let tokens = server.call(holder.at_token(&server, refresh())).await.ok();
    assert_eq!(tokens["token_type"], "DPoP");
    let claims = jwt::claims(text(&tokens["access_token"]));
    assert_eq!(claims["cnf"]["jkt"], json!(holder.jkt()));
}

/// "This refresh token binding is not necessary for confidential clients": theirs is bound to their authentication, so
/// that their key may change.
#[tokio::test]
async fn a_confidential_client_may_change_its_key() {
    let server = Server::start().await;
    let (first, second) = (Holder::new(), Holder::new());
    let code = Ask::web().code(&server).await;
    let tokens = server
        .call(first.at_token(&server, Ask::web().redeem(&code)))
        .await
        .ok();
    let call = Call::refresh("web", text(&tokens["refresh_token"]));
    let tokens = server.call(second.at_token(&server, call)).await.ok();
    let claims = jwt::claims(text(&tokens["access_token"]));
    assert_eq!(claims["cnf"]["jkt"], json!(second.jkt()));
    let call = Call::refresh("web", text(&tokens["refresh_token"]));
    assert_eq!(server.call(call).await.ok()["token_type"], "Bearer");
}

/// A bound refresh token keeps its last generation as long as the successor has not been used, as RFC 9700 lets it.
#[tokio::test]
async fn a_retry_with_the_key_gets_the_same_successor_after_the_window_too() {
    let server = Server::start().await;
    let holder = Holder::new();
    let code = spa().code(&server).await;
    let tokens = server
        .call(holder.at_token(&server, spa().redeem(&code)))
        .await
        .ok();
    let refresh = || Call::refresh("spa", text(&tokens["refresh_token"]));
    let first = server.call(holder.at_token(&server, refresh())).await.ok();
    server.advance(Seconds(600));
    let again = server.call(holder.at_token(&server, refresh())).await.ok();
    assert_eq!(first["refresh_token"], again["refresh_token"]);
}

/// "the authorization server MUST [...] refuse the token request" when the key is not that of `dpop_jkt` (10).
#[tokio::test]
async fn a_code_can_be_bound_before_it_exists() {
    let server = Server::start().await;
    let (holder, thief) = (Holder::new(), Holder::new());
    let ask = spa().with("dpop_jkt", &holder.jkt());
    let code = ask.code(&server).await;
    let before = server.everything_stored();
    server
        .call(ask.redeem(&code))
        .await
        .refused(400, "invalid_dpop_proof", Cause::DpopProofMissing);
    server
        .call(thief.at_token(&server, ask.redeem(&code)))
        .await
        .refused(400, "invalid_grant", Cause::DpopKeyMismatch);
    assert_eq!(server.everything_stored(), before);
    server
        .call(holder.at_token(&server, ask.redeem(&code)))
        .await
        .ok();

    for malformed in ["", "short", &format!("{}=", holder.jkt())] {
        let answer = server
            .call(Call::get(&spa().with("dpop_jkt", malformed).path()))
            .await;
        // An empty parameter counts as left out (RFC 6749 3.1).
        assert_eq!(
            answer.location().contains("error=invalid_request"),
            !malformed.is_empty()
        );
    }
}

#[tokio::test]
async fn userinfo_takes_a_bound_token_with_its_proof_and_not_without() {
    let server = Server::start().await;
    let (holder, thief) = (Holder::new(), Holder::new());
    let code = spa().code(&server).await;
    let tokens = server
        .call(holder.at_token(&server, spa().redeem(&code)))
        .await
        .ok();
    let token = text(&tokens["access_token"]);
    server.call(holder.userinfo(&server, token)).await.ok();

    let refused = [
        (Call::userinfo(token), "invalid_token", Cause::TokenBoundToKey),
        (
            Call::get("/oauth/userinfo").header(AUTHORIZATION, &format!("DPoP {token}")),
            "invalid_dpop_proof",
            Cause::DpopProofMissing,
        ),
        (
            thief.userinfo(&server, token),
            "invalid_token",
            Cause::TokenNotBoundToKey,
        ),
    ];
    for (call, error, cause) in refused {
        let answer = server.call(call).await;
        answer.refused(401, error, cause);
        let challenge = answer.header("www-authenticate").unwrap();
        assert!(
            challenge.starts_with("DPoP realm=\"grantor\", algs=\"ES256 EdDSA PS256\""),
            "{challenge}"
        );
        assert!(challenge.contains(&format!("error=\"{error}\"")), "{challenge}");
    }

    // A token that is bound to nothing gains nothing by a proof.
    let bearer = spa().tokens(&server).await;
    let answer = server
        .call(holder.userinfo(&server, text(&bearer["access_token"])))
        .await;
    answer.refused(401, "invalid_token", Cause::TokenNotBoundToKey);
}

#[tokio::test]
async fn a_proof_is_used_once_at_every_endpoint_and_node() {
    let server = Server::start().await;
    let holder = Holder::new();
    let call = holder.at_token(&server, service());
    server.call(call.clone()).await.ok();
    server
        .call(call.clone())
        .await
        .refused(400, "invalid_dpop_proof", Cause::DpopProofReplayed);
    let other_node = server.restart().await;
    other_node
        .call(call)
        .await
        .refused(400, "invalid_dpop_proof", Cause::DpopProofReplayed);

    let code = spa().code(&server).await;
    let tokens = server
        .call(holder.at_token(&server, spa().redeem(&code)))
        .await
        .ok();
    let call = holder.userinfo(&server, text(&tokens["access_token"]));
    server.call(call.clone()).await.ok();
    server
        .call(call)
        .await
        .refused(401, "invalid_dpop_proof", Cause::DpopProofReplayed);
}

#[tokio::test]
async fn of_many_uses_at_once_one_succeeds() {
    let server = Server::start().await;
    let holder = Holder::new();
    let call = holder.at_token(&server, service());
    let answers = server.at_once((0..20).map(|_| call.clone())).await;
    let successes = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(successes, 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        answer.refused(400, "invalid_dpop_proof", Cause::DpopProofReplayed);
    }
}

/// A request that is refused for another reason leaves the proof good, so that the client can mend it.
#[tokio::test]
async fn a_refused_request_does_not_use_up_its_proof() {
    let server = Server::start().await;
    let holder = Holder::new();
    let proof = holder.sign(&holder.claims(&server, "POST", "/oauth/token"));
    let before = server.everything_stored();
    let wide = service().field("scope", "admin").header(DPOP, &proof);
    assert_eq!(server.call(wide).await.status, 400);
    assert_eq!(server.everything_stored(), before);
    server.call(service().header(DPOP, &proof)).await.ok();
}

/// "dpop_bound_access_tokens" (5.2)
#[tokio::test]
async fn a_client_can_be_made_to_prove_its_key() {
    let server = Setup::new()
        .client("service", |client| client.dpop_bound_access_tokens = true)
        .start()
        .await;
    server
        .call(service())
        .await
        .refused(400, "invalid_dpop_proof", Cause::DpopProofMissing);
    server.call(Holder::new().at_token(&server, service())).await.ok();
}

#[tokio::test]
async fn the_metadata_names_the_algorithms() {
    let server = Setup::new()
        .policy(|policy| policy.dpop.algorithms = vec![SigningAlgorithm::Rs256])
        .start()
        .await;
    let metadata = rfc8414_metadata::document(&server, "/.well-known/oauth-authorization-server").await;
    assert_eq!(metadata["dpop_signing_alg_values_supported"], json!(["RS256"]));
    let holder = Holder::with(SigningAlgorithm::Rs256);
    server.call(holder.at_token(&server, service())).await.ok();
    server
        .call(Holder::new().at_token(&server, service()))
        .await
        .refused(400, "invalid_dpop_proof", Cause::DpopAlgorithmUnsupported);
}
