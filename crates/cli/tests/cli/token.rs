//! `grantor token`, and the same under the names of another server.

use serde_json::json;

use crate::harness::Folder;

fn folder() -> Folder {
    let folder = Folder::new();
    folder
        .run_with("user create demo --password-stdin", "a-long-password\n")
        .ok();
    folder.run("scope create read").ok();
    folder.run("scope create write").ok();
    folder
}

#[test]
fn personal_tokens_come_and_go() {
    let folder = folder();
    let made = folder
        .run("token personal --user demo --name backup --scopes read,write --expires-in 86400 --json")
        .json();
    let token = made["access_token"].as_str().unwrap();
    assert!(token.starts_with("gpat_") && token.len() == 54, "{token}");
    assert_eq!(
        (&made["name"], &made["scope"]),
        (&json!("backup"), &json!("read write"))
    );
    let printed = folder
        .run("token personal --user demo --name second --scopes read --expires-in 30d")
        .ok();
    assert!(printed.stdout.starts_with("gpat_"), "{}", printed.stdout);

    let listed = folder.run("token list --user demo --json").json();
    assert_eq!(listed.as_array().unwrap().len(), 2);
    assert!(!listed.to_string().contains("gpat_"));
    let text = folder.run("token list --user demo").ok().stdout;
    assert!(text.contains("backup") && text.contains("never"), "{text}");

    let id = made["id"].as_str().unwrap();
    folder.run(&format!("token revoke {id}")).ok();
    folder
        .run(&format!("token revoke {id}"))
        .refused(2, "`grantor token list");
    folder.run("token revoke-all demo").ok();
    assert_eq!(folder.run("token list --user demo --json").json(), json!([]));
}

#[test]
fn what_cannot_be_is_refused_with_the_way_out() {
    let folder = folder();
    let personal = |rest: &str| folder.run(&format!("token personal --user demo {rest}"));
    personal("--name x --scopes admin").refused(2, "only scopes that the server knows");
    personal("--name x --scopes read --expires-in 0").refused(2, "longest life");
    personal("--name x --scopes read --expires-in 20y").refused(2, "duration");
    personal("--name '' --scopes read").refused(2, "1 to 100 characters");
    folder
        .run("token personal --user nobody --name x --scopes read")
        .refused(2, "`grantor user list`");
    folder.run("token revoke x").refused(2, "`grantor token list`");
}

/// The command lines of the fourth document, and those of its server's own guides.
#[test]
fn the_names_of_another_server() {
    let folder = folder();
    let passport = |line: &str| folder.run(&format!("passport {line}"));
    let token = passport(
        "personal-access-token --user-id demo --name CI --scopes read,write --expires-in 86400 --json",
    );
    assert!(
        token.json()["access_token"]
            .as_str()
            .unwrap()
            .starts_with("gpat_")
    );
    assert!(passport("token:list --user-id demo").ok().stdout.contains("CI"));
    let client =
        passport("client --name App --redirect-uris http://localhost/a,http://localhost/b --json").json();
    let id = client["client"]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        client["client"]["redirect_uris"],
        json!(["http://localhost/a", "http://localhost/b"])
    );
    for list in ["client:list", "list-clients"] {
        assert!(passport(list).ok().stdout.contains(&id));
    }
    passport(&format!("client:secret {id}")).ok();
    passport(&format!("client:revoke {id}")).ok();
    assert!(
        passport(&format!("show-client {id}"))
            .ok()
            .stdout
            .contains("disabled")
    );
    passport(&format!("client:delete {id}")).ok();
    passport("scope:create admin --description 'Everything.'").ok();
    assert!(passport("scope:list").ok().stdout.contains("Everything."));
    passport("scope:delete admin").ok();
    passport("token:revoke-all demo").ok();
    passport("nothing").refused(2, "`grantor passport` lists");
    passport("client --name x --password").refused(2, "OAuth 2.1");
}
