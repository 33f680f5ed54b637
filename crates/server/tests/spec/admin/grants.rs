//! Grants.

use grantor_protocol::Cause;
use serde_json::json;

use super::{Api, is_problem};
use crate::harness::{ALICE, Ask, Call, user_id};

#[tokio::test]
async fn grants_are_listed_and_ended() {
    let api = Api::start().await;
    let tokens = Ask::web().tokens(&api.server).await;
    Ask::spa().tokens(&api.server).await;
    let of = |query: &str| format!("/grants{query}");
    assert_eq!(
        api.get("/grants").await.ok()["items"].as_array().unwrap().len(),
        2
    );
    let filter = of(&format!("?user={}&client=web", user_id(ALICE)));
    let grants = api.get(&filter).await.ok()["items"].clone();
    assert_eq!(grants.as_array().unwrap().len(), 1);
    let grant = &grants[0];
    assert_eq!(
        (&grant["state"], &grant["username"]),
        (&json!("active"), &json!("alice"))
    );
    assert_eq!(
        api.get(&of(&format!("?user={}", user_id("bob")))).await.ok()["items"],
        json!([])
    );

    let path = of(&format!("/{}", grant["id"].as_str().unwrap()));
    assert_eq!(api.get(&path).await.ok(), *grant);
    assert_eq!(api.delete(&path).await.status, 204);
    let ended = api.get(&path).await.ok();
    assert_eq!(
        (&ended["state"], &ended["revocation"]["reason"]),
        (&json!("revoked"), &json!("administrator"))
    );
    let asked = Call::introspect(tokens["access_token"].as_str().unwrap()).client("web");
    assert_eq!(api.server.call(asked).await.ok()["active"], json!(false));
    // Ended again it stays as it is.
    assert_eq!(api.delete(&path).await.status, 204);
}

#[tokio::test]
async fn several_grants_end_as_one() {
    let api = Api::start().await;
    let tokens = Ask::web().tokens(&api.server).await;
    Ask::spa().tokens(&api.server).await;
    let listed = api.get("/grants").await.ok()["items"].clone();
    let ids: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|grant| grant["id"].clone())
        .collect();
    let revoked = api.post("/grants/revoke", json!({ "grants": ids })).await.ok();
    assert_eq!(revoked["revoked"], json!(ids));
    let refresh = Call::refresh("web", tokens["refresh_token"].as_str().unwrap());
    assert_eq!(api.server.call(refresh).await.status, 400);
    let too_many = vec![ids[0].clone(); 501];
    for body in [
        json!({ "grants": [] }),
        json!({ "grants": too_many }),
        json!({}),
        json!({ "grants": ["x"] }),
    ] {
        is_problem(&api.post("/grants/revoke", body).await, 422, Cause::MemberInvalid);
    }
}
