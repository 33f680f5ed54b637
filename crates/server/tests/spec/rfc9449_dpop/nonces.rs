//! Nonces of the server (8), when policy wants them.

use grantor_protocol::Cause;
use grantor_types::Seconds;
use serde_json::json;

use super::{service, spa};
use crate::harness::{Call, DPOP, Holder, Server, Setup, text};

async fn server() -> Server {
    Setup::new()
        .policy(|policy| policy.dpop.require_nonce = true)
        .start()
        .await
}

fn with_nonce(server: &Server, holder: &Holder, nonce: &str) -> Call {
    let mut claims = holder.claims(server, "POST", "/oauth/token");
    claims["nonce"] = json!(nonce);
    service().header(DPOP, &holder.sign(&claims))
}

/// "The authorization server MAY supply a nonce value [...] error code use_dpop_nonce" with the nonce in `DPoP-Nonce` (8).
#[tokio::test]
async fn a_proof_without_the_nonce_is_told_which_to_use() {
    let server = server().await;
    let holder = Holder::new();
    let answer = server.call(holder.at_token(&server, service())).await;
    answer.refused(400, "use_dpop_nonce", Cause::DpopNonceRequired);
    let nonce = answer.header("dpop-nonce").unwrap().to_owned();
    let answer = server.call(with_nonce(&server, &holder, &nonce)).await;
    assert_eq!(answer.ok()["token_type"], "DPoP");
    assert_eq!(answer.header("dpop-nonce"), Some(nonce.as_str()));

    for foreign in ["", "made-up", &nonce[1..]] {
        let answer = server.call(with_nonce(&server, &holder, foreign)).await;
        answer.refused(400, "use_dpop_nonce", Cause::DpopNonceRequired);
    }
    server.advance(Seconds(600));
    let answer = server.call(with_nonce(&server, &holder, &nonce)).await;
    answer.refused(400, "use_dpop_nonce", Cause::DpopNonceRequired);
    let fresh = answer.header("dpop-nonce").unwrap();
    server.call(with_nonce(&server, &holder, fresh)).await.ok();
    // Every node gives and takes the same nonces.
    let node = server.restart().await;
    node.call(with_nonce(&server, &holder, fresh)).await.ok();
}

#[tokio::test]
async fn userinfo_asks_for_it_with_a_challenge() {
    let server = server().await;
    let holder = Holder::new();
    let answer = server.call(holder.at_token(&server, service())).await;
    let nonce = answer.header("dpop-nonce").unwrap().to_owned();
    let mut claims = holder.claims(&server, "POST", "/oauth/token");
    claims["nonce"] = json!(nonce);
    let code = spa().code(&server).await;
    let redeem = spa().redeem(&code).header(DPOP, &holder.sign(&claims));
    let tokens = server.call(redeem).await.ok();
    let token = text(&tokens["access_token"]);

    let answer = server.call(holder.userinfo(&server, token)).await;
    answer.refused(401, "use_dpop_nonce", Cause::DpopNonceRequired);
    assert!(
        answer
            .header("www-authenticate")
            .unwrap()
            .contains("use_dpop_nonce")
    );
    let mut claims = holder.userinfo_claims(&server, token);
    claims["nonce"] = json!(answer.header("dpop-nonce").unwrap());
    let call = Call::get("/oauth/userinfo")
        .header(http::header::AUTHORIZATION, &format!("DPoP {token}"))
        .header(DPOP, &holder.sign(&claims));
    server.call(call).await.ok();
}

#[tokio::test]
async fn without_the_policy_there_is_no_nonce_and_none_is_looked_at() {
    let server = Server::start().await;
    let holder = Holder::new();
    let answer = server.call(with_nonce(&server, &holder, "whatever")).await;
    answer.ok();
    assert_eq!(answer.header("dpop-nonce"), None);
}
