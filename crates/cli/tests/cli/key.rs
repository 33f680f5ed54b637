//! `grantor key`.

use serde_json::Value;

use crate::harness::{Folder, Server, grantor};

fn states(keys: &Value, purpose: &str) -> Vec<String> {
    let keys = keys
        .as_array()
        .unwrap()
        .iter()
        .filter(|key| key["purpose"] == purpose);
    keys.map(|key| key["state"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_master_key_is_printed_or_written_for_its_owner_alone() {
    let (first, second) = (
        grantor(&["key", "new-master"]).ok().stdout,
        grantor(&["key", "new-master"]).ok().stdout,
    );
    assert_eq!(first.trim().len(), 43);
    assert_ne!(first, second);
    let folder = Folder::new();
    let path = folder.text("new.key");
    grantor(&["key", "new-master", "--out", &path]).ok();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    let written = std::fs::read_to_string(&path).unwrap();
    grantor(&["key", "new-master", "--out", &path]).refused(1, "cannot be written");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), written);
}

#[test]
fn keys_are_replaced_and_wait_for_their_time() {
    let server = Server::dev();
    let rotated = server.run("key rotate --algorithm ES256 --sealing --json").json();
    assert_eq!(rotated["created"].as_array().unwrap().len(), 2);
    let keys = server.run("key list --json").json();
    assert_eq!(states(&keys, "ES256"), ["retiring", "waiting"]);
    assert_eq!(states(&keys, "sealing"), ["retiring", "waiting"]);
    assert_eq!(states(&keys, "RS256"), ["current"]);
    server.run("key rotate --all --now").ok();
    let keys = server.run("key list --json").json();
    assert_eq!(states(&keys, "derivation"), ["retiring", "current"]);
    let table = server.run("key list").ok().stdout;
    assert!(table.starts_with("ID") && table.contains("KEPT UNTIL"), "{table}");
}

#[test]
fn what_cannot_be_is_refused_with_the_way_out() {
    let folder = Folder::new();
    folder.run("key rotate").refused(2, "required");
    folder
        .run("key rotate --algorithm HS256")
        .refused(2, "unknown variant `HS256`");
    folder
        .run("key rotate --algorithm EdDSA")
        .refused(2, "keys.algorithms");
    folder
        .run("key rotate --all")
        .refused(1, "the server makes one when it starts");
    std::fs::remove_file(folder.path("master.key")).unwrap();
    folder
        .run("key rotate --all")
        .refused(1, "master key cannot be read");
}
