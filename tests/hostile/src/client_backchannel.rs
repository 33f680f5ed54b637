//! What a provider answers that is to ask a user elsewhere. An input is an answer, as in [`crate::client_answer`].

use grantor_client::UserHint;
use serde_json::{Value, json};

use crate::Target;
use crate::client_world::{GOOD, ask, forged, input, is_good_json, target};
use crate::world::NOW;

/// A user who is asked elsewhere.
pub(crate) const TARGET: Target = target("backchannel_answer", run, seeds, || {
    let changes = [
        ("auth_req_id", Value::Null),
        ("auth_req_id", json!("")),
        ("auth_req_id", json!(7)),
        ("expires_in", Value::Null),
        ("expires_in", json!("120")),
        ("expires_in", json!(-1)),
    ];
    forged(&backchannel_answer(), &changes)
});

fn backchannel_answer() -> Value {
    json!({"auth_req_id": "1c266114", "expires_in": 120, "interval": 2})
}

fn seeds() -> Vec<Vec<u8>> {
    let endless = json!({"auth_req_id": "r", "expires_in": u64::MAX, "interval": u64::MAX});
    vec![
        input(GOOD, &backchannel_answer()),
        input(GOOD, &endless),
        input("400 application/json", &json!({"error": "unknown_user_id"})),
    ]
}

fn run(input: &[u8]) -> bool {
    let asked = ask(input, async |client| {
        client
            .backchannel_authentication(UserHint::Login("alice"))
            .send()
            .await
    });
    let Some((answer, asked)) = asked else {
        return false;
    };
    is_good_json(&answer);
    // Nobody is asked all the time, and nobody for ever.
    let polling = asked.polling();
    assert!((1..=300).contains(&polling.interval().0));
    assert!(polling.expires_at().since(NOW).0 <= 24 * 60 * 60);
    true
}
