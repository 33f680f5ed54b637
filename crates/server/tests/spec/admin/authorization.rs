//! Who may use the API.

use grantor_protocol::Cause;
use http::Method;
use serde_json::json;

use super::{ADMIN, Api, add_client, is_problem, token};
use crate::harness::{Ask, Call, Server, Setup};

async fn ask(server: &Server, token: &str) -> crate::harness::Answer {
    server.call(Call::get("/admin/v1/clients").bearer(token)).await
}

#[tokio::test]
async fn tokens_that_are_not_for_administration() {
    let api = Api::start().await;
    let server = &api.server;
    let users = Ask::web().tokens(server).await;
    let rows = [
        (
            "another audience",
            token(server, "operator", &[("resource", "https://api.example")]).await,
            Cause::AdminAudienceWrong,
        ),
        (
            "no audience",
            token(server, "operator", &[]).await,
            Cause::AdminAudienceWrong,
        ),
        (
            "two audiences",
            token(
                server,
                "operator",
                &[("resource", ADMIN), ("resource", "https://api.example")],
            )
            .await,
            Cause::AdminAudienceWrong,
        ),
        (
            "a user's",
            users["access_token"].as_str().unwrap().to_owned(),
            Cause::AdminAudienceWrong,
        ),
        ("nothing of ours", "nonsense".to_owned(), Cause::TokenInvalid),
    ];
    for (name, token, cause) in rows {
        let answer = ask(server, &token).await;
        is_problem(&answer, 401, cause);
        assert!(
            answer
                .challenges()
                .starts_with("Bearer realm=\"grantor\", error=\"invalid_token\""),
            "{name}"
        );
    }
    let nobody = server.call(Call::get("/admin/v1/clients")).await;
    is_problem(&nobody, 401, Cause::TokenMissing);
    assert!(!nobody.challenges().contains("error"), "{}", nobody.challenges());
    let in_query = Call::get(&format!("/admin/v1/clients?access_token={}", api.token));
    is_problem(&server.call(in_query).await, 400, Cause::TokenInQuery);
}

/// A user's token for the API is not enough, whatever it allows.
#[tokio::test]
async fn nobody_administers_in_the_name_of_a_user() {
    let setup = Setup::new().client("portal", |client| {
        client.scope = grantor_types::Scope::parse("admin:read admin:write").unwrap();
        client
            .audiences
            .push(grantor_types::Resource::parse(ADMIN).unwrap());
    });
    let server = setup.start().await;
    let ask_for = Ask::of("portal", "https://portal.example/cb")
        .with("scope", "admin:read")
        .with("resource", ADMIN);
    let tokens = ask_for.tokens(&server).await;
    let answer = ask(&server, tokens["access_token"].as_str().unwrap()).await;
    is_problem(&answer, 401, Cause::AdminForeignToken);
}

#[tokio::test]
async fn reading_and_writing_have_a_scope_each() {
    let api = Api::start().await;
    let server = &api.server;
    for (scope, read, write) in [("admin:read", true, false), ("admin:write", false, true)] {
        let fields = [("resource", ADMIN), ("scope", scope)];
        let token = token(server, "operator", &fields).await;
        let answer = ask(server, &token).await;
        if read {
            answer.ok();
        } else {
            is_problem(&answer, 403, Cause::AdminReadMissing);
            assert!(answer.challenges().contains("error=\"insufficient_scope\""));
            assert!(answer.challenges().contains("scope=\"admin:read\""));
        }
        let before = server.everything_stored();
        let create = Call::post("/admin/v1/scopes").bearer(&token);
        let create = create.body("application/json", json!({ "name": "more" }).to_string());
        let answer = server.call(create).await;
        if write {
            assert_eq!(answer.status, 201);
        } else {
            is_problem(&answer, 403, Cause::AdminWriteMissing);
            assert!(answer.challenges().contains("scope=\"admin:write\""));
            assert_eq!(server.everything_stored(), before);
        }
    }
}

#[tokio::test]
async fn what_was_revoked_or_taken_away_ends_at_once() {
    let api = Api::start().await;
    let server = &api.server;
    ask(server, &api.token).await.ok();
    let revoke = Call::revoke(&api.token).basic("operator", super::SECRET);
    assert_eq!(server.call(revoke).await.status, 200);
    is_problem(&ask(server, &api.token).await, 401, Cause::TokenRevoked);

    add_client(server, "second", "admin:read").await;
    let second = token(server, "second", &[("resource", ADMIN)]).await;
    ask(server, &second).await.ok();
    server
        .edit_client("second", |client| client.audiences.clear())
        .await;
    is_problem(&ask(server, &second).await, 403, Cause::AdminReadMissing);
    server
        .edit_client("second", |client| client.disabled = true)
        .await;
    is_problem(&ask(server, &second).await, 401, Cause::TokenRevoked);
}

#[tokio::test]
async fn a_server_without_administration_has_none() {
    let mut setup = Setup::new();
    setup.settings.administration = false;
    let api = Api::on(setup).await;
    for path in ["/clients", "/openapi.json"] {
        is_problem(
            &api.send(Method::GET, path, None, None).await,
            404,
            Cause::NotFound,
        );
    }
}
