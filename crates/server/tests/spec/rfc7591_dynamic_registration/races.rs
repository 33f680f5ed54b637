//! Many at once: the guards decide, not who looked first.

use grantor_protocol::Cause;
use grantor_types::{RegistrationMode, Seconds};
use serde_json::json;

use crate::harness::Answer;
use crate::harness::registration::{document, initial_token, open, register};

fn successes(answers: &[Answer]) -> usize {
    answers.iter().filter(|answer| answer.status == 201).count()
}

#[tokio::test]
async fn a_token_of_one_use_gives_one_client() {
    let setup = open().policy(|policy| policy.registration.mode = RegistrationMode::InitialAccessToken);
    let server = setup.start().await;
    let token = initial_token(&server, Some(1), Seconds::days(1)).await;
    let calls = (0..20).map(|_| register(&document(&json!({}))).bearer(&token));
    let answers = server.at_once(calls).await;
    assert_eq!(successes(&answers), 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.refused(401, "invalid_token", Cause::RegistrationTokenInvalid);
    }
}

#[tokio::test]
async fn the_quota_holds_for_all_together() {
    let setup = open().policy(|policy| {
        policy.registration.mode = RegistrationMode::InitialAccessToken;
        policy.registration.quota = 3;
    });
    let server = setup.start().await;
    let token = initial_token(&server, None, Seconds::days(1)).await;
    let calls = (0..20).map(|_| register(&document(&json!({}))).bearer(&token));
    let answers = server.at_once(calls).await;
    assert_eq!(successes(&answers), 3);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.refused(429, "temporarily_unavailable", Cause::RegistrationQuota);
    }
}
