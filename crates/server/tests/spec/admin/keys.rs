//! Keys.

use grantor_protocol::Cause;
use serde_json::{Value, json};

use super::{Api, is_problem};
use crate::harness::Call;

async fn key_ids(api: &Api) -> Vec<Value> {
    let set = api.server.call(Call::get("/oauth/jwks.json")).await;
    let set: Value = serde_json::from_str(set.text()).unwrap();
    set["keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["kid"].clone())
        .collect()
}

#[tokio::test]
async fn the_signing_key_of_an_algorithm_is_replaced() {
    let api = Api::start().await;
    let before = key_ids(&api).await;
    let rotated = api
        .post("/keys/rotate", json!({ "algorithms": ["ES256"], "now": true }))
        .await
        .ok();
    let created = rotated["created"].as_array().unwrap().clone();
    assert_eq!((created.len(), &created[0]["purpose"]), (1, &json!("ES256")));
    assert_eq!(rotated["warnings"].as_array().unwrap().len(), 1);
    // At once: whoever asks next has the new one, and the old one still.
    let after = key_ids(&api).await;
    assert!(after.contains(&created[0]["id"]));
    assert!(before.iter().all(|id| after.contains(id)));
    let keys = api.get("/keys").await.ok()["items"].clone();
    let of_algorithm = keys
        .as_array()
        .unwrap()
        .iter()
        .filter(|key| key["purpose"] == "ES256");
    let mut states: Vec<&str> = of_algorithm.map(|key| key["state"].as_str().unwrap()).collect();
    states.sort_unstable();
    assert_eq!(states, ["current", "retiring"]);
    assert!(
        keys.as_array()
            .unwrap()
            .iter()
            .all(|key| key.get("wrapped").is_none())
    );
    // The token was signed with the old one.
    api.get("/clients").await.ok();
}

#[tokio::test]
async fn what_cannot_be_rotated() {
    let mut setup = crate::harness::Setup::new();
    setup.settings.keys.algorithms = vec![
        grantor_types::SigningAlgorithm::Es256,
        grantor_types::SigningAlgorithm::Rs256,
    ];
    let api = Api::on(setup).await;
    let before = api.server.everything_stored();
    for (body, pointer) in [
        (json!({}), ""),
        (json!({ "algorithms": ["EdDSA"] }), "/algorithms"),
        (json!({ "algorithms": ["HS256"] }), "/algorithms/0"),
        (json!({ "every": true }), "/every"),
    ] {
        let problem = is_problem(&api.post("/keys/rotate", body).await, 422, Cause::MemberInvalid);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    assert_eq!(api.server.everything_stored(), before);
}
