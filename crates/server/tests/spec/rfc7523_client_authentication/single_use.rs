//! "These tokens MUST only be used once" (OpenID Connect Core 9).

use grantor_protocol::Cause;
use grantor_types::Seconds;
use serde_json::{Value, json};

use super::{claims, claims_but, everywhere, service, sign, start, with};
use crate::harness::Call;

const REPLAYED: (u16, &str, Cause) = (401, "invalid_client", Cause::ClientAssertionReplayed);

#[tokio::test]
async fn an_assertion_is_used_once_wherever_it_was_used() {
    let server = start().await;
    for (index, (client, path, call, status)) in everywhere().into_iter().enumerate() {
        let assertion = sign(&claims(&server, client, &index.to_string()));
        assert_eq!(server.call(with(call.clone(), &assertion)).await.status, status);
        let before = server.everything_stored();
        let mut again = vec![call];
        // What went through elsewhere is used here, too.
        again.push(Call::revoke("unknown"));
        for call in again {
            let answer = server.call(with(call, &assertion)).await;
            answer.refused(REPLAYED.0, REPLAYED.1, REPLAYED.2);
        }
        assert_eq!(server.everything_stored(), before, "{path}");
    }
    // On every node, and after a restart.
    let assertion = sign(&claims(&server, "service", "restart"));
    server.call(service(&assertion)).await.ok();
    let answer = server.restart().await.call(service(&assertion)).await;
    answer.refused(REPLAYED.0, REPLAYED.1, REPLAYED.2);
}

#[tokio::test]
async fn of_the_same_assertion_at_once_one_is_taken() {
    let server = start().await;
    for (index, (client, path, call, status)) in everywhere().into_iter().enumerate() {
        let assertion = sign(&claims(&server, client, &index.to_string()));
        let calls = std::iter::repeat_n(with(call, &assertion), 20);
        let answers = server.at_once_unused(calls).await;
        let (taken, refused): (Vec<_>, Vec<_>) =
            answers.into_iter().partition(|answer| answer.status == status);
        assert_eq!((taken.len(), refused.len()), (1, 19), "{path}");
        for answer in refused {
            answer.refused(REPLAYED.0, REPLAYED.1, REPLAYED.2);
        }
    }
}

#[tokio::test]
async fn the_id_is_the_clients_own_and_is_remembered_until_the_end() {
    let server = start().await;
    let introspect = |jti: &str| {
        let assertion = sign(&claims(&server, "auditor", jti));
        with(Call::introspect("unknown"), &assertion)
    };
    server
        .call(service(&sign(&claims(&server, "service", "same"))))
        .await
        .ok();
    server.call(introspect("same")).await.ok();
    for jti in [Value::Null, json!("")] {
        let claims = claims_but(&server, "service", "", "jti", jti);
        server.call(service(&sign(&claims))).await.refused(
            401,
            "invalid_client",
            Cause::ClientAssertionWithoutId,
        );
    }
    let assertion = sign(&claims(&server, "service", "long"));
    server.call(service(&assertion)).await.ok();
    server.advance(Seconds(59));
    let answer = server.call(service(&assertion)).await;
    answer.refused(REPLAYED.0, REPLAYED.1, REPLAYED.2);
    server.advance(Seconds(1));
    server
        .call(service(&assertion))
        .await
        .refused(401, "invalid_client", Cause::ClientAssertionExpired);
}

/// A refused request leaves its assertion good: the client can mend the request and send it again.
#[tokio::test]
async fn a_refused_request_uses_nothing_up() {
    let server = start().await;
    let assertion = sign(&claims(&server, "service", "1"));
    let before = server.everything_stored();
    let wrong = service(&assertion).field("scope", "unheard-of");
    assert_eq!(server.call(wrong).await.status, 400);
    assert_eq!(server.everything_stored(), before);
    server.call(service(&assertion)).await.ok();
}

/// One commit for the request and the mark together, and none for clients that come without.
#[tokio::test]
async fn the_mark_is_committed_with_what_it_is_for() {
    let server = start().await;
    for (index, (client, path, call, _)) in everywhere().into_iter().enumerate() {
        let before = server.commits();
        let assertion = sign(&claims(&server, client, &index.to_string()));
        server.call(with(call, &assertion)).await;
        assert_eq!(server.commits() - before, 1, "{path}");
    }
}
