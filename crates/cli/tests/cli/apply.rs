//! `grantor apply`.

use serde_json::json;

use crate::harness::Folder;

const DECLARATION: &str = r#"
[[scope]]
name = "read"
[[resource]]
id = "https://api.example"
[[client]]
id = "service"
secret = "0123456789abcdef0123456789abcdef"
grant_types = ["client_credentials"]
scope = "read"
[[user]]
username = "ada"
password = "correct horse"
[user.claims]
name = "Ada"
"#;

#[test]
fn the_second_time_changes_nothing() {
    let folder = Folder::new();
    let file = folder.write("state.toml", DECLARATION);
    let first = folder.run(&format!("apply {file} --json")).json();
    let planned = first["planned"].as_array().unwrap();
    let kinds: Vec<&str> = planned
        .iter()
        .map(|planned| planned["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["scope", "resource", "client", "user"]);
    assert!(planned.iter().all(|planned| planned["action"] == "create"));
    let second = folder.run(&format!("apply {file} --json")).json();
    assert_eq!(
        (&second["planned"], &second["unchanged"]),
        (&json!([]), &json!(4))
    );
    let text = folder.run(&format!("apply {file}")).ok().stdout;
    assert_eq!(text, "0 changed, 4 already as declared.\n");
}

#[test]
fn a_dry_run_shows_the_difference_and_writes_nothing() {
    let folder = Folder::new();
    let file = folder.write("state.toml", DECLARATION);
    folder.run(&format!("apply {file}")).ok();
    let changed = DECLARATION
        .replace("scope = \"read\"", "scope = \"read write\"")
        .replace("correct horse", "another horse")
        .replace("name = \"Ada\"", "name = \"Ada L\"");
    folder.write("state.toml", &changed);
    let run = folder.run(&format!("apply {file} --dry-run")).ok();
    let written = folder.run("user show ada --json").json()["claims"]["updated_at"].clone();
    let expected = "update client service\n    scope: \"read\" -> \"read write\"\nupdate user ada\n    \
                    claims: {\"name\":\"Ada\",\"updated_at\":{AT}} -> {\"name\":\"Ada L\",\"updated_at\":{AT}}\n    password_hash: changed\n\
                    2 would change, 2 already as declared.\n";
    assert_eq!(run.stdout, expected.replace("{AT}", &written.to_string()));
    assert!(
        run.stderr
            .contains("the scope write, which the server does not know"),
        "{run:?}"
    );
    assert_eq!(folder.run("client show service --json").json()["scope"], "read");
    folder.run(&format!("apply {file}")).ok();
    assert_eq!(
        folder.run("client show service --json").json()["scope"],
        "read write"
    );
}

#[test]
fn a_short_secret_is_warned_of() {
    let folder = Folder::new();
    let declaration = DECLARATION.replace("0123456789abcdef0123456789abcdef", "short");
    let file = folder.write("state.toml", &declaration);
    let warnings = folder.run(&format!("apply {file} --json")).json()["warnings"].clone();
    assert_eq!(warnings.as_array().unwrap().len(), 1);
    assert!(
        warnings[0].as_str().unwrap().contains("fewer than 32 characters"),
        "{warnings}"
    );
}

#[test]
fn every_problem_is_reported_and_nothing_is_written() {
    let folder = Folder::new();
    let declaration = r#"
[[scope]]
name = "read"
[[client]]
id = "one"
grant_types = ["client_credentials"]
[[client]]
id = "two"
secret_variable = "GRANTOR_TEST_NOT_SET"
grant_types = ["client_credentials"]
[[client]]
id = "three"
grant_types = []
[[user]]
username = "ada"
[user.claims]
zoneinfo = "somewhere else"
"website#fr" = "ada.example"
"#;
    let file = folder.write("state.toml", declaration);
    let run = folder
        .run(&format!("apply {file}"))
        .refused(2, "client one uses client_credentials");
    for says in [
        "GRANTOR_TEST_NOT_SET, which is not set",
        "client three has no grant_types",
        "user ada: the claim zoneinfo has to be the name of a time zone",
        "user ada: the claim website#fr has to be a web address",
    ] {
        assert!(run.stderr.contains(says), "{says} not in {run:?}");
    }
    assert_eq!(folder.run("scope list --json").json(), json!([]));
    let file = folder.write("typo.toml", "[[client]]\nidd = \"x\"\n");
    folder
        .run(&format!("apply {file}"))
        .refused(2, "unknown field `idd`");
}

const EXCHANGES: &str = r#"
[[trusted_issuer]]
issuer = "https://idp.example"
jwks_uri = "https://idp.example/keys"
subject = "username"
scope = "read"
clients = ["gateway"]
[[client]]
id = "gateway"
secret = "0123456789abcdef0123456789abcdef"
grant_types = ["urn:ietf:params:oauth:grant-type:token-exchange"]
[[client.token_exchange]]
subjects_of = { clients = ["web"] }
audiences = ["https://files.example"]
"#;

#[test]
fn exchanges_and_trusted_issuers_are_declared() {
    let folder = Folder::new();
    let file = folder.write("state.toml", EXCHANGES);
    folder.run(&format!("apply {file}")).ok();
    let again = folder.run(&format!("apply {file} --json")).json();
    assert_eq!((&again["planned"], &again["unchanged"]), (&json!([]), &json!(2)));
    let client = folder.run("client show gateway --json").json();
    let rule = json!({
        "subject_token_types": ["urn:ietf:params:oauth:token-type:access_token"],
        "subjects_of": { "clients": ["web"] }, "audiences": ["https://files.example"],
        "delegation": true, "impersonation": false, "refresh_token": false,
    });
    assert_eq!(client["token_exchange"], json!([rule]));
    let shown = folder.run("client show gateway").ok().stdout;
    assert!(
        shown.contains("access_token of web for https://files.example by delegation"),
        "{shown}"
    );
}

#[test]
fn exchanges_that_cannot_be() {
    for (from, to, says) in [
        (
            "secret = \"0123456789abcdef0123456789abcdef\"\n",
            "",
            "uses token exchange and has no secret",
        ),
        ("[\"https://files.example\"]", "[]", "allows nothing"),
        (
            "subjects_of",
            "delegation = false\nsubjects_of",
            "neither delegation nor impersonation",
        ),
        (
            "urn:ietf:params:oauth:grant-type:token-exchange",
            "client_credentials",
            "lacks the grant type",
        ),
        (
            "jwks_uri = \"https://idp.example/keys\"\n",
            "",
            "declare jwks_uri or jwks",
        ),
        ("clients = [\"gateway\"]", "clients = []", "has no clients"),
    ] {
        let folder = Folder::new();
        let file = folder.write("state.toml", &EXCHANGES.replacen(from, to, 1));
        folder.run(&format!("apply {file}")).refused(2, says);
    }
}
