//! `grantor scope`, `grantor resource` and `grantor completions`.

use serde_json::json;

use crate::harness::{Folder, grantor};

#[test]
fn scopes_come_and_go() {
    let folder = Folder::new();
    assert!(
        folder
            .run("scope list")
            .ok()
            .stdout
            .contains("No scope is known yet")
    );
    let created = folder
        .run("scope create read --description 'Read your data.' --json")
        .json();
    assert_eq!(
        created,
        json!({ "name": "read", "description": "Read your data." })
    );
    folder.run("scope create read").refused(2, "--replace");
    folder
        .run("scope create read --replace --description 'Read all.'")
        .ok();
    assert!(folder.run("scope list").ok().stdout.contains("Read all."));
    folder.run("scope create 'two words'").refused(2, "two words");
    assert_eq!(
        folder.run("scope delete read --json").json(),
        json!({ "deleted": "read" })
    );
    folder.run("scope delete read").refused(2, "`grantor scope list`");
    assert_eq!(folder.run("scope list --json").json(), json!([]));
}

#[test]
fn resource_servers_come_and_go() {
    let folder = Folder::new();
    let create = "resource create https://api.example --name API --access-token-format opaque \
                  --access-token-algorithm ES256 --access-token-lifetime 5m --introspector api --json";
    let created = folder
        .run(&create.split_whitespace().collect::<Vec<_>>().join(" "))
        .json();
    assert_eq!(
        created["resource"],
        json!({
            "id": "https://api.example", "name": "API", "access_token_format": "opaque",
            "access_token_algorithm": "ES256", "access_token_lifetime": 300, "introspectors": ["api"],
        })
    );
    assert!(
        created["warnings"][0]
            .as_str()
            .unwrap()
            .contains("there is no client api")
    );
    folder
        .run("resource create https://api.example")
        .refused(2, "--replace");
    folder
        .run("resource create other --access-token-lifetime 2d")
        .refused(2, "a day at most");
    let table = folder.run("resource list").ok().stdout;
    assert!(table.starts_with("RESOURCE") && table.contains("5m"), "{table}");
    folder.run("resource delete https://api.example").ok();
    folder
        .run("resource delete https://api.example")
        .refused(2, "`grantor resource list`");
}

#[test]
fn shells_can_complete() {
    for shell in ["bash", "zsh", "fish"] {
        assert!(
            grantor(&["completions", shell])
                .ok()
                .stdout
                .contains("rotate-secret"),
            "{shell}"
        );
    }
}

#[test]
fn trusted_issuers_come_and_go() {
    let folder = Folder::new();
    let none = folder.run("issuer list").ok().stdout;
    assert!(none.contains("No issuer is trusted"));
    let create = "issuer create https://idp.example --jwks-uri https://idp.example/keys --subject username \
                  --scope 'read write' --client api --algorithm ES256 --max-lifetime 10m";
    let created = folder.run(&format!("{create} --json")).json();
    let expected = json!({
        "issuer": "https://idp.example", "jwks_uri": "https://idp.example/keys", "algorithms": ["ES256"],
        "subject": "username", "scope": "read write", "clients": ["api"], "max_lifetime": 600,
    });
    assert_eq!(created, expected);
    folder.run(create).refused(2, "--replace");
    folder.run(&format!("{create} --replace")).ok();
    assert_eq!(folder.run("issuer list --json").json(), json!([expected]));
    assert!(
        folder
            .run("issuer list")
            .ok()
            .stdout
            .contains("https://idp.example/keys")
    );
    let deleted = folder.run("issuer delete https://idp.example --json").json();
    assert_eq!(deleted, json!({ "deleted": "https://idp.example" }));
    folder
        .run("issuer delete https://idp.example")
        .refused(2, "`grantor issuer list`");
}

#[test]
fn an_issuer_needs_keys_and_clients() {
    let folder = Folder::new();
    let create = "issuer create https://idp.example --subject username --scope read";
    folder
        .run(&format!("{create} --client api"))
        .refused(2, "declare jwks_uri or jwks");
    folder
        .run(&format!("{create} --jwks-uri https://idp.example/keys"))
        .refused(2, "--client");
    folder
        .run(&format!(
            "{create} --client api --jwks-uri http://idp.example/keys"
        ))
        .refused(2, "http://idp.example/keys");
    folder
        .run(&format!(
            "{create} --client api --jwks-uri https://idp.example/keys --max-lifetime 2d"
        ))
        .refused(2, "more than a day");
}
