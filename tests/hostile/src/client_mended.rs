//! What a provider answers that leaves the specifications, mended and read. An input is an answer, as in
//! [`crate::client_answer`].

use std::sync::Arc;

use futures_util::FutureExt as _;
use grantor_client::{Endpoint, Preset};
use serde_json::{Value, json};

use crate::Target;
use crate::client_world::{Always, GOOD, answer, check_error, forged, input, is_good_json, target};
use crate::world::CLIENT;

/// Tokens of a provider that leaves the specifications.
pub(crate) const TARGET: Target = target("mended_answer", run, seeds, || {
    let changes = [
        ("access_token", Value::Null),
        ("access_token", json!("a b")),
        ("token_type", json!("mac")),
        ("scope", json!("a\"b")),
        ("scope", json!(["gist"])),
    ];
    let mut inputs = forged(&mended_answer(), &changes);
    let over = json!({"error": "bad_verification_code", "error_description": "no\r\nno"});
    inputs.push(input(GOOD, &over));
    inputs
});

fn mended_answer() -> Value {
    json!({"access_token": "at", "token_type": "bearer", "scope": "gist,read:user"})
}

fn seeds() -> Vec<Vec<u8>> {
    vec![
        input(GOOD, &mended_answer()),
        input(GOOD, &json!({"id": 7, "login": "alice"})),
        input(GOOD, &json!({"error": "bad_verification_code"})),
    ]
}

fn run(input: &[u8]) -> bool {
    let Some(answer) = answer(input) else {
        return false;
    };
    let github = Preset::github();
    for endpoint in [Endpoint::Token, Endpoint::DeviceAuthorization, Endpoint::Userinfo] {
        let once = github.deviations.mend(endpoint, answer.clone());
        assert!(answer.status.is_success() || once.status == answer.status);
        let twice = github.deviations.mend(endpoint, once.clone());
        assert_eq!((once.status, &once.body), (twice.status, &twice.body));
    }
    let client = github
        .client(CLIENT)
        .fetch(Arc::new(Always(Some(answer.clone()))));
    let asked = async { client.discover().await?.client_credentials().send().await };
    match asked.now_or_never().expect("nothing is waited for") {
        Ok(tokens) => {
            is_good_json(&answer);
            assert!(!tokens.scope.iter().any(|scope| scope.as_str().contains(',')));
            true
        }
        Err(error) => {
            check_error(&error);
            false
        }
    }
}
