//! Users, their sessions and personal access tokens.

use grantor_protocol::Cause;
use http::Method;
use serde_json::{Value, json};

use super::{Api, is_problem, made};
use crate::harness::{ALICE, Browser, user_id};

async fn can_log_in(api: &Api, username: &str, password: &str) -> bool {
    let mut browser = Browser::new(&api.server);
    let page = browser.get("/login").await;
    let form = crate::harness::Form::sent_by(page.text(), "login-submit")
        .fill("username", username)
        .fill("password", password);
    let answer = browser.send(&form).await;
    answer.status == 303 || answer.status == 302
}

#[tokio::test]
async fn a_user_is_made_and_changed() {
    let api = Api::start().await;
    let body = json!({ "username": "Dora", "password": "down by the river", "claims": { "name": "Dora D" } });
    let (path, etag, user) = made(&api.post("/users", body).await);
    assert_eq!(path, format!("/users/{}", user["id"].as_str().unwrap()));
    assert_eq!(
        (&user["has_password"], &user["disabled"]),
        (&json!(true), &json!(false))
    );
    assert!(can_log_in(&api, "dora", "down by the river").await);
    assert_eq!(api.get("/users?username=DORA").await.ok()["items"], json!([user]));

    let mut document = user.clone();
    document["disabled"] = json!(true);
    api.put(&path, &etag, document.clone()).await.ok();
    assert!(!can_log_in(&api, "dora", "down by the river").await);
    is_problem(
        &api.put(&path, &etag, document.clone()).await,
        412,
        Cause::ChangedMeanwhile,
    );
    document["disabled"] = json!(false);
    api.put(&path, &api.etag(&path).await, document).await.ok();

    let password = json!({ "password": "up on the hill" });
    let set = api
        .send(Method::PUT, &format!("{path}/password"), None, Some(password))
        .await;
    assert_eq!(set.status, 204);
    assert!(!can_log_in(&api, "dora", "down by the river").await);
    assert!(can_log_in(&api, "dora", "up on the hill").await);
}

/// What a user cannot be, where that is said, and in which words.
fn impossible() -> Vec<(Value, &'static str, &'static str)> {
    vec![
        (json!({}), "/username", "missing field"),
        (json!({ "username": " x" }), "/username", "white space"),
        (
            json!({ "username": "x", "password": "short" }),
            "/password",
            "8 or more",
        ),
        (
            json!({ "username": "x", "password": null }),
            "/password",
            "has to be a text",
        ),
        (
            json!({ "username": "x", "password": "long ".repeat(300) }),
            "/password",
            "1024 bytes",
        ),
        (
            json!({ "username": "x", "claims": { "shoe": 44 } }),
            "/claims/shoe",
            "unknown field",
        ),
        (
            json!({ "username": "x", "claims": { "address": { "planet": "Earth" } } }),
            "/claims/address/planet",
            "unknown",
        ),
        (
            json!({ "username": "x", "claims": { "birthdate": "yesterday" } }),
            "/claims/birthdate",
            "1990-02-28",
        ),
        (
            json!({ "username": "x", "claims": { "website#fr": "x.example" } }),
            "/claims/website#fr",
            "https://",
        ),
        (
            json!({ "username": "x", "claims": { "address": { "locality": "" } } }),
            "/claims/address/locality",
            "leave it out",
        ),
        (
            json!({ "username": "x", "claims": { "email#de": "a@b.example" } }),
            "/claims/email#de",
            "unknown field",
        ),
    ]
}

/// `updated_at` follows whoever changes a claim; an administrator who says when is believed.
#[tokio::test]
async fn the_time_of_the_last_update_follows_each_change() {
    let api = Api::start().await;
    let body = json!({ "username": "dora", "claims": { "name": "Dora", "name#fr": "Dorothée" } });
    let (path, etag, mut user) = made(&api.post("/users", body).await);
    assert_eq!(user["claims"]["updated_at"], api.server.now());
    assert_eq!(user["claims"]["name#fr"], "Dorothée");
    api.server.advance(grantor_types::Seconds(10));
    user["disabled"] = json!(true);
    let kept = api.put(&path, &etag, user.clone()).await.ok();
    assert_eq!(kept["claims"], user["claims"]);
    user["claims"]["name"] = json!("Dora D");
    let changed = api.put(&path, &api.etag(&path).await, user.clone()).await.ok();
    assert_eq!(changed["claims"]["updated_at"], api.server.now());
    user["claims"]["updated_at"] = json!(1_000);
    let said = api.put(&path, &api.etag(&path).await, user).await.ok();
    assert_eq!(said["claims"]["updated_at"], 1_000);
}

#[tokio::test]
async fn what_a_user_cannot_be() {
    let api = Api::start().await;
    let before = api.server.everything_stored();
    for (body, pointer, says) in impossible() {
        let problem = is_problem(&api.post("/users", body).await, 422, Cause::MemberInvalid);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        assert!(
            problem["errors"][0]["detail"].as_str().unwrap().contains(says),
            "{problem}"
        );
    }
    is_problem(
        &api.post("/users", json!({ "username": "ALICE" })).await,
        409,
        Cause::AlreadyThere,
    );
    let path = format!("/users/{}", user_id(ALICE));
    let etag = api.etag(&path).await;
    is_problem(
        &api.put(&path, &etag, json!({ "username": "bob" })).await,
        409,
        Cause::AlreadyThere,
    );
    let with_password = json!({ "username": "alice", "password": "a new password" });
    is_problem(
        &api.put(&path, &etag, with_password).await,
        422,
        Cause::MemberInvalid,
    );
    for body in [
        json!({}),
        json!({ "password": "x" }),
        json!({ "password": "a new password", "x": 1 }),
    ] {
        let answer = api
            .send(Method::PUT, &format!("{path}/password"), None, Some(body))
            .await;
        is_problem(&answer, 422, Cause::MemberInvalid);
    }
    assert_eq!(api.server.everything_stored(), before);
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let api = Api::start().await;
    let path = format!("/users/{}/sessions", user_id(ALICE));
    let (mut first, mut second) = (Browser::new(&api.server), Browser::new(&api.server));
    first.log_in_alone(ALICE).await;
    second.log_in_alone(ALICE).await;
    let sessions = api.get(&path).await.ok()["items"].clone();
    assert_eq!(sessions.as_array().unwrap().len(), 2);
    let one = format!("/sessions/{}", sessions[0]["id"].as_str().unwrap());
    assert_eq!(api.get(&one).await.ok(), sessions[0]);
    assert_eq!(api.delete(&one).await.status, 204);
    is_problem(&api.get(&one).await, 404, Cause::NotFound);
    assert_eq!(api.get(&path).await.ok()["items"].as_array().unwrap().len(), 1);
    assert_eq!(api.delete(&path).await.status, 204);
    assert_eq!(api.get(&path).await.ok()["items"], json!([]));
    let account = first.get("/account").await;
    assert!(account.location().starts_with("/login"), "{}", account.text());
}

#[tokio::test]
async fn personal_access_tokens_are_listed_and_ended() {
    let api = Api::start().await;
    let path = format!("/users/{}/personal-access-tokens", user_id(ALICE));
    assert_eq!(api.get(&path).await.ok(), json!({ "items": [] }));
    for index in 0..2 {
        api.server.commit(token(index)).await;
    }
    let listed = api.get(&path).await.ok()["items"].clone();
    assert_eq!(listed.as_array().unwrap().len(), 2);
    let id = |at: usize| -> String { listed[at]["id"].as_str().unwrap().to_owned() };
    assert_eq!(api.delete(&format!("{path}/{}", id(0))).await.status, 204);
    is_problem(
        &api.delete(&format!("{path}/{}", id(0))).await,
        404,
        Cause::NotFound,
    );
    let others = format!("/users/{}/personal-access-tokens/{}", user_id("bob"), id(1));
    is_problem(&api.delete(&others).await, 404, Cause::NotFound);
    assert_eq!(api.delete(&path).await.status, 204);
    assert_eq!(api.get(&path).await.ok()["items"], Value::Array(Vec::new()));
}

fn token(index: u8) -> grantor_protocol::Change {
    use crate::harness::START;
    use grantor_types::{PersonalAccessTokenId, Scope, Seconds, SecretHash};
    grantor_protocol::Change::CreatePersonalAccessToken(Box::new(
        grantor_protocol::record::PersonalAccessToken {
            id: PersonalAccessTokenId::new(START, [index; 10]),
            hash: SecretHash::from_digest([index; 32]),
            user: user_id(ALICE),
            client: None,
            name: format!("token {index}"),
            scope: Scope::parse("read").unwrap(),
            created_at: START,
            expires_at: START.plus(Seconds::days(1)),
            last_used_at: None,
        },
    ))
}
