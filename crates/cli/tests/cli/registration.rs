//! `grantor registration`, and what a server makes of its tokens.

use serde_json::{Value, json};

use crate::harness::{Folder, Server, grantor};

#[test]
fn initial_access_tokens_come_and_go() {
    let folder = Folder::new();
    let made = folder
        .run("registration token create --name ci --uses 3 --expires-in 1d --json")
        .json();
    let token = made["token"].as_str().unwrap();
    assert!(token.starts_with("giat_") && token.len() == 54, "{token}");
    assert_eq!((&made["name"], &made["uses_left"]), (&json!("ci"), &json!(3)));
    let printed = folder.run("registration token create").ok();
    assert!(printed.stdout.starts_with("giat_"), "{}", printed.stdout);

    let listed = folder.run("registration token list --json").json();
    assert_eq!(listed.as_array().unwrap().len(), 2);
    assert!(!listed.to_string().contains("giat_"));
    let text = folder.run("registration token list").ok().stdout;
    assert!(text.contains("ci") && text.contains("any"), "{text}");

    let id = made["id"].as_str().unwrap();
    folder.run(&format!("registration token delete {id}")).ok();
    folder
        .run(&format!("registration token delete {id}"))
        .refused(2, "`grantor registration token list");
    folder
        .run("registration token create --uses 0")
        .refused(2, "--uses");
    folder
        .run("registration token create --expires-in 0s")
        .refused(2, "--expires-in");
}

/// In development everybody may; a token is used all the same.
#[tokio::test]
async fn a_token_made_beside_a_server_registers_one_client() {
    let server = Server::dev();
    let made = server.run("registration token create --uses 1 --json").json();
    let token = made["token"].as_str().unwrap();
    let register = async || {
        let call = reqwest::Client::new()
            .post(format!("{}/oauth/register", server.issuer()))
            .bearer_auth(token)
            .header("content-type", "application/json")
            .body(json!({ "redirect_uris": ["http://localhost:3000/cb"] }).to_string());
        call.send().await.unwrap()
    };
    let first = register().await;
    assert_eq!(first.status(), 201);
    let client: Value = serde_json::from_str(&first.text().await.unwrap()).unwrap();
    assert_eq!(register().await.status(), 401);
    let id = client["client_id"].as_str().unwrap();
    let shown = server.run(&format!("client show {id} --json")).json();
    assert_eq!(shown["id"], id);
    server.run(&format!("client delete {id}")).ok();
}

#[test]
fn the_configuration_is_checked() {
    let folder = Folder::new();
    let read = std::fs::read_to_string(folder.path("grantor.toml")).unwrap();
    let check = |lines: &str| {
        let file = folder.write("registration.toml", &format!("{read}[registration]\n{lines}\n"));
        grantor(&["check", "--config", &file])
    };
    let open = check("mode = \"open\"\nallowed_scope = \"openid\"").ok();
    assert!(
        open.stdout.contains("danger   registration.mode: Strangers"),
        "{open:?}"
    );
    let closed = check("mode = \"closed\"\nallowed_grant_types = [\"authorization_code\"]").ok();
    assert!(!closed.stdout.contains("danger"), "{closed:?}");
    for (lines, problem) in [
        (
            "mode = \"half\"",
            "has to be closed, initial_access_token or open",
        ),
        ("quota = 0", "has to be 1 or more"),
        ("address_rate = 0", "has to be 1 or more"),
        ("unused_lifetime = \"1s\"", "has to be from 60 to"),
        (
            "allowed_grant_types = [\"implicit\"]",
            "has to be of authorization_code",
        ),
        ("allowed_scope = 5", "has to be a text"),
    ] {
        let run = check(lines);
        assert!(run.code == 2 && run.stdout.contains(problem), "{lines}: {run:?}");
    }
}
