//! `grantor vault`: what lies there, and what opens it.

use serde_json::json;

use crate::harness::{Home, Server};

/// A login that asks nobody, so that the vault has something in it.
fn keep(home: &Home, server: &Server, name: &str) {
    let mut login = home.command(&format!(
        "login {name} --issuer {} --client-id service --client-secret-env SECRET --client-credentials --scope read",
        server.issuer()
    ));
    let output = login.env("SECRET", "service-secret").output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn logins_are_listed_and_shown_without_secrets() {
    let (server, home) = (Server::dev(), Home::new());
    assert!(home.run("vault list").ok().stdout.contains("`grantor login`"));
    assert!(!home.path("data").exists(), "to look makes no vault");
    keep(&home, &server, "svc");
    let token = home.token("svc");
    let listed = home.run("vault list --json").json();
    assert_eq!(
        (&listed[0]["name"], &listed[0]["scope"]),
        (&json!("svc"), &json!("read"))
    );
    assert_eq!(
        (&listed[0]["issuer"], &listed[0]["state"]["is"]),
        (&json!(server.issuer()), &json!("active"))
    );
    let table = home.run("vault list").ok().stdout;
    assert!(table.starts_with("NAME") && table.contains("good"), "{table}");
    for quiet in ["vault show svc", "vault show svc --json", "vault list --json"] {
        let said = home.run(quiet).ok().stdout;
        assert!(
            !said.contains(&token) && !said.contains("service-secret"),
            "{said}"
        );
    }
    let all = home.run("vault show svc --reveal").ok().stdout;
    assert!(all.contains(&token) && all.contains("service-secret"), "{all}");
    home.run("vault show nobody")
        .refused(3, "there is no login nobody");
    home.run("vault delete svc").ok();
    home.run("vault delete svc").refused(3, "there is no login svc");
}

#[cfg(unix)]
#[test]
fn vault_and_key_are_for_their_owner_and_lie_apart() {
    use std::os::unix::fs::PermissionsExt as _;
    let (server, home) = (Server::dev(), Home::new());
    keep(&home, &server, "svc");
    let places = home.run("vault path --json").json();
    let vault = home.run("vault path").ok().stdout;
    assert_eq!(places["vault"], vault.trim());
    assert_eq!(places["key"], format!("file:{}", home.key().display()));
    for file in [vault.trim(), home.key().to_str().unwrap()] {
        let mode = std::fs::metadata(file).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{file}");
    }
    let bytes = std::fs::read(vault.trim()).unwrap();
    let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(has("svc") && !has("service-secret") && !has(&home.token("svc")));

    std::fs::set_permissions(home.key(), std::fs::Permissions::from_mode(0o644)).unwrap();
    home.run("token svc").refused(2, "chmod 600");
}

#[test]
fn another_key_opens_nothing() {
    let (server, home) = (Server::dev(), Home::new());
    keep(&home, &server, "svc");
    let other = home.path("other.key");
    std::fs::write(&other, "0123456789abcdef".repeat(4)).unwrap();
    let mut show = home.command("token svc");
    let output = show
        .env("GRANTOR_VAULT_KEY", "env:OTHER")
        .env("OTHER", "0123456789abcdef".repeat(4))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("the key (env:OTHER) does not open the vault"),
        "{said}"
    );
    home.run("token svc --vault-key env:NO_SUCH_NAME")
        .refused(2, "NO_SUCH_NAME");
    home.run("token svc --vault-key elsewhere")
        .refused(2, "file:PATH");
    home.run_with("token svc --vault-key passphrase", "correct horse\n")
        .refused(2, "is opened by a key");
    // A key that was lost is named; nothing is made in its place.
    std::fs::rename(home.key(), home.path("lost")).unwrap();
    home.run("token svc").refused(2, "put back");
    assert!(!home.key().exists());
    let lost = home.path("lost");
    home.token(&format!("svc --vault-key file:{}", lost.display()));
}

#[test]
fn keys_of_the_vault_change() {
    let (server, home) = (Server::dev(), Home::new());
    home.run("vault rotate-key").refused(2, "there is no vault");
    keep(&home, &server, "svc");
    let token = home.token("svc");
    let done = home.run("vault rotate-key --json").json();
    assert_eq!(
        done,
        json!({ "key": 2, "resealed": 1, "current": 0, "unreadable": [] })
    );
    assert_eq!(home.run("vault reseal --json").json()["current"], 1);

    let before = std::fs::read(home.key()).unwrap();
    let draft = home.path("config/grantor/vault.key.next");
    std::fs::write(&draft, "of a change that was interrupted").unwrap();
    home.run("vault rekey").refused(2, "is there already");
    std::fs::remove_file(&draft).unwrap();
    std::fs::copy(home.key(), home.path("old.key")).unwrap();
    home.run("vault rekey").ok();
    assert_ne!(std::fs::read(home.key()).unwrap(), before);
    assert_eq!(home.token("svc"), token);
    let old = home.path("old.key");
    home.run(&format!("token svc --vault-key file:{}", old.display()))
        .refused(2, "does not open");

    // Under a passphrase the vault says itself what it wants.
    home.run_with("vault rekey --to passphrase", "short\n")
        .refused(2, "8 to 1024");
    assert_eq!(home.token("svc"), token);
    home.run_with("vault rekey --to passphrase", "correct horse\n")
        .ok();
    assert_eq!(
        home.run_with("token svc", "correct horse\n").ok().stdout.trim(),
        token
    );
    home.run_with("token svc", "wrong horse\n")
        .refused(2, "does not open");
    home.run("token svc").refused(2, "neither a terminal");
    let back = home.path("back.key");
    home.run_with(
        &format!("vault rekey --to file:{} --vault-key passphrase", back.display()),
        "correct horse\n",
    )
    .ok();
    assert_eq!(
        home.token(&format!("svc --vault-key file:{}", back.display())),
        token
    );
}

/// Nothing is lost on the way when a place is named for both.
#[test]
fn a_vault_can_lie_anywhere() {
    let (server, home) = (Server::dev(), Home::new());
    let (vault, key) = (home.path("a/b/vault.db"), home.path("c/key"));
    let places = format!("--vault {} --vault-key file:{}", vault.display(), key.display());
    keep(&home, &server, &format!("svc {places}"));
    assert!(vault.exists() && key.exists() && !home.key().exists());
    home.token(&format!("svc {places}"));
    home.run("token svc").refused(3, "there is no login svc");
}
