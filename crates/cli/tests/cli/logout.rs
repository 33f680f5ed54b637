//! `grantor logout`: tokens end at the provider, then in the vault.

use serde_json::json;

use crate::harness::{Home, Http, Server};

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_revoked_before_they_are_deleted() {
    let (server, home) = (Server::dev(), Home::new());
    let http = Http::new(&server.issuer());
    home.sign_in(&server, "work").await.ok();
    let shown = home.run("vault show work --json --reveal").json();
    let secret = |name: &str| shown[name].as_str().unwrap().to_owned();
    assert!(http.is_active(&secret("access_token")).await && http.is_active(&secret("refresh_token")).await);
    let done = home.run("logout work").ok().stdout;
    assert_eq!(done, "Signed out: work is revoked and deleted.\n");
    assert!(!http.is_active(&secret("access_token")).await);
    assert!(!http.is_active(&secret("refresh_token")).await);
    home.run("token work").refused(3, "there is no login work");
    home.run("logout work").refused(3, "there is no login work");
}

/// A login that could not be ended stays, so that it can be; --force is for a provider that will not come back.
#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_gone_keeps_the_login() {
    let (mut server, home) = (Server::dev(), Home::new());
    home.sign_in(&server, "work").await.ok();
    let token = home.token("work");
    server.terminate();
    server.wait();
    home.run("logout work")
        .refused(4, "`grantor logout work --force`");
    assert_eq!(home.token("work"), token);
    let done = home.run("logout work --force --json").json();
    assert_eq!((&done["name"], &done["revoked"]), (&json!("work"), &json!(false)));
    assert!(
        done["reason"].as_str().unwrap().contains("no connection"),
        "{done}"
    );
    home.run("token work").refused(3, "there is no login work");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_logins_can_be_ended_at_once() {
    let (server, home) = (Server::dev(), Home::new());
    assert_eq!(home.run("logout --all").ok().stdout, "There are no logins.\n");
    home.sign_in(&server, "one").await.ok();
    home.sign_in_elsewhere(&server, "two --device").await.ok();
    let done = home.run("logout --all --json").json();
    let names: Vec<_> = done
        .as_array()
        .unwrap()
        .iter()
        .map(|ended| &ended["name"])
        .collect();
    assert_eq!(names, [&json!("one"), &json!("two")]);
    assert!(
        done.as_array()
            .unwrap()
            .iter()
            .all(|ended| ended["revoked"] == true)
    );
    assert_eq!(home.run("vault list --json").json(), json!([]));
    home.run("logout one --all").refused(2, "--all");
}
