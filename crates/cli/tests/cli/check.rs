//! `grantor check`.

use crate::harness::{Folder, grantor};

const WRONG: &str = r#"
[server]
issuer = "http://id.example.test"
tls_certificate = "cert.pem"
[tokens]
code_lifetime = "1h"
acess_token_lifetime = "5m"
[log]
format = "xml"
"#;

#[test]
fn a_good_file_can_be_used() {
    let folder = Folder::new();
    let run = grantor(&["check", "--config", &folder.text("grantor.toml")]).ok();
    assert!(run.stdout.contains("can be used"), "{run:?}");
    let json = grantor(&["check", "--config", &folder.text("grantor.toml"), "--json"]).json();
    assert_eq!(json["valid"], true);
}

#[test]
fn every_problem_is_reported_at_once() {
    let folder = Folder::new();
    let file = folder.write("wrong.toml", WRONG);
    let run = grantor(&["check", "--config", &file]);
    assert_eq!(run.code, 2, "{run:?}");
    let expected = [
        "problem  server.issuer uses plain http on a host that is not loopback",
        "problem  server.tls_private_key is missing",
        "problem  tokens.code_lifetime has to be from 1 to 600 seconds",
        "problem  tokens.acess_token_lifetime is not a setting",
        "problem  log.format has to be json or text",
    ];
    for line in expected {
        assert!(
            run.stdout.lines().any(|found| found.starts_with(line)),
            "{line} not in {run:?}"
        );
    }
    assert!(!run.stdout.contains("issuer is missing"), "{run:?}");
    let json = grantor(&["check", "--config", &file, "--json"]);
    assert_eq!(json.code, 2);
    let report: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert!(
        report["problems"].as_array().unwrap().len() >= expected.len(),
        "{report}"
    );
    // A server does not start on it, and no command works on it.
    grantor(&["serve", "--config", &file]).refused(2, "tokens.code_lifetime");
    grantor(&["client", "list", "--config", &file]).refused(2, "tokens.code_lifetime");
}

#[test]
fn a_danger_is_shown() {
    let folder = Folder::with_server_section("danger_plain_http = true");
    let run = grantor(&["check", "--config", &folder.text("grantor.toml")]).ok();
    assert!(
        run.stdout.contains("danger   server.danger_plain_http"),
        "{run:?}"
    );
}

#[test]
fn a_file_that_is_not_there_is_a_failure() {
    grantor(&["check", "--config", "nowhere.toml"]).refused(1, "nowhere.toml cannot be read");
}
