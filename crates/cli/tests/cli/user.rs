//! `grantor user`.

use serde_json::{Value, json};

use crate::harness::Folder;

const PASSWORD: &str = "correct horse\n";

/// Claims but for the time of their last change.
fn without_time(claims: &Value) -> Value {
    let mut claims = claims.clone();
    claims.as_object_mut().unwrap().remove("updated_at");
    claims
}

#[test]
fn a_user_is_created_shown_and_listed() {
    let folder = Folder::new();
    let create =
        "user create ada --password-stdin --claim 'name=Ada L' --claim address.locality=London --json";
    let created = folder.run_with(create, PASSWORD).json();
    assert_eq!(
        (&created["username"], &created["has_password"]),
        (&json!("ada"), &json!(true))
    );
    assert_eq!(
        without_time(&created["claims"]),
        json!({ "name": "Ada L", "address": { "locality": "London" } })
    );
    assert!(created["claims"]["updated_at"].is_u64());
    let id = created["id"].as_str().unwrap();
    for name in ["ada", "ADA", id] {
        let shown = folder.run(&format!("user show {name} --json")).json();
        assert_eq!((&shown["id"], &shown["sessions"]), (&created["id"], &json!(0)));
    }
    let text = folder.run("user show ada").ok().stdout;
    assert!(text.contains("name=Ada L") && !text.contains("argon2"), "{text}");
    let table = folder.run("user list").ok().stdout;
    assert!(
        table.starts_with("USERNAME") && table.contains("Ada L"),
        "{table}"
    );
    assert_eq!(folder.run("user list --json").json().as_array().unwrap().len(), 1);
}

#[test]
fn what_cannot_be_is_refused_with_the_way_out() {
    let folder = Folder::new();
    folder.run("user create ada --no-password").ok();
    let rows = [
        ("user create ada --no-password", "", "`grantor user update ada`"),
        ("user create bob", "", "--password-stdin"),
        (
            "user create bob --password-stdin",
            "short\n",
            "8 or more characters",
        ),
        ("user create ' bob' --no-password", "", "white space"),
        (
            "user create bob --no-password --claim shoe=44",
            "",
            "the claim shoe cannot be",
        ),
        (
            "user create bob --no-password --claim birthdate=soon --claim email=bob",
            "",
            "claims/email: has to be an e-mail address",
        ),
        (
            "user update ada --claim 'name#no tag=Ada'",
            "",
            "the claim name#no tag cannot be",
        ),
        ("user create bob --password hunter22", "", "unexpected argument"),
        ("user show nobody", "", "`grantor user list`"),
        ("user update ada", "", "nothing to change"),
    ];
    for (line, input, says) in rows {
        folder.run_with(line, input).refused(2, says);
    }
    assert_eq!(folder.run("user list --json").json().as_array().unwrap().len(), 1);
}

#[test]
fn names_and_claims_are_changed() {
    let folder = Folder::new();
    folder
        .run("user create ada --no-password --claim nickname=a --claim email=a@example.com")
        .ok();
    folder.run("user create bob --no-password").ok();
    folder
        .run("user update ada --username bob")
        .refused(2, "somebody else");
    let changed = folder
        .run("user update ada --username Ada --claim nickname= --claim email_verified=true --json")
        .json();
    assert_eq!(changed["changed"], true);
    assert_eq!(changed["user"]["username"], "Ada");
    assert_eq!(
        without_time(&changed["user"]["claims"]),
        json!({ "email": "a@example.com", "email_verified": true })
    );
    assert_eq!(
        folder.run("user update ada --username Ada --json").json()["changed"],
        false
    );
    let tagged = folder
        .run("user update ada --claim name#FR=Adèle --claim address#de.locality=Wien --json")
        .json();
    let claims = without_time(&tagged["user"]["claims"]);
    assert_eq!(
        (&claims["name#fr"], &claims["address#de"]),
        (&json!("Adèle"), &json!({ "locality": "Wien" }))
    );
}

#[test]
fn a_user_is_switched_off_and_on_and_gets_a_password() {
    let folder = Folder::new();
    folder.run("user create ada --no-password").ok();
    assert_eq!(
        folder
            .run_with("user set-password ada --password-stdin --json", PASSWORD)
            .json()["has_password"],
        true
    );
    assert_eq!(folder.run("user disable ada --json").json()["disabled"], true);
    assert!(folder.run("user list").ok().stdout.contains("disabled"));
    assert_eq!(folder.run("user enable ada --json").json()["disabled"], false);
    assert_eq!(folder.run("user show ada --json").json()["revision"], 4);
}
