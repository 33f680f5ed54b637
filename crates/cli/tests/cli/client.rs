//! `grantor client`.

use serde_json::{Value, json};

use crate::harness::{Folder, grantor};

const SERVICE: &str = "client create --id service --grant-type client_credentials --scope read";

fn service(folder: &Folder) -> Value {
    folder.run("scope create read").ok();
    folder.run(&format!("{SERVICE} --json")).json()
}

#[test]
fn a_confidential_client_gets_a_secret_that_is_shown_once() {
    let folder = Folder::new();
    let created = service(&folder);
    assert_eq!(created["secret"].as_str().unwrap().len(), 43);
    assert_eq!(created["warnings"], json!([]));
    assert_eq!(
        created["client"]["authentication_methods"],
        json!(["client_secret_basic", "client_secret_post"])
    );
    let shown = folder.run("client show service --json").json();
    assert_eq!(shown, created["client"]);
    assert_eq!(shown["secrets"], json!([{ "expires_at": null }]));
    let text = folder.run("client show service").ok().stdout;
    assert!(text.contains("kind              confidential"), "{text}");
    assert!(!text.contains(created["secret"].as_str().unwrap()));
}

#[test]
fn every_member_can_be_named() {
    let folder = Folder::new();
    let line = "client create --id app --public --name 'An app' --application-type native \
         --grant-type authorization_code --grant-type refresh_token --redirect-uri http://127.0.0.1/cb \
         --redirect-uri app.example:/cb --origin https://app.example --scope 'openid read' \
         --audience https://api.example --introspection all --consent implied --dpop-bound-access-tokens true \
         --require-pushed-authorization-requests true --personal-access-tokens true --access-token-format opaque \
         --access-token-algorithm EdDSA --id-token-algorithm PS256 --access-token-lifetime 5m \
         --refresh-token-lifetime 2d --id-token-lifetime 90s --refresh-replay-window 0 \
         --client-uri https://app.example/ --logo-uri https://app.example/l.png \
         --policy-uri https://app.example/p --tos-uri https://app.example/t --json";
    let line: Vec<&str> = line.split_whitespace().collect();
    let mut client = folder.run(&line.join(" ")).json()["client"].clone();
    for member in ["created_at", "updated_at"] {
        assert!(
            client
                .as_object_mut()
                .unwrap()
                .remove(member)
                .unwrap()
                .is_string()
        );
    }
    assert_eq!(
        client,
        json!({
            "id": "app", "name": "An app", "secrets": [], "token_exchange": [], "authentication_methods": ["none"],
            "application_type": "native", "grant_types": ["authorization_code", "refresh_token"],
            "redirect_uris": ["http://127.0.0.1/cb", "app.example:/cb"], "origins": ["https://app.example"],
            "scope": "openid read", "audiences": ["https://api.example"], "introspection": "all",
            "consent": "implied", "dpop_bound_access_tokens": true,
            "require_pushed_authorization_requests": true, "personal_access_tokens": true, "token_exchange": [],
            "access_token_format": "opaque", "access_token_algorithm": "EdDSA",
            "id_token_algorithm": "PS256",
            "lifetimes": { "access_token": 300, "refresh_token": 172_800, "id_token": 90, "refresh_replay_window": 0 },
            "links": {
                "client_uri": "https://app.example/", "logo_uri": "https://app.example/l.png",
                "policy_uri": "https://app.example/p", "tos_uri": "https://app.example/t",
            },
            "disabled": false, "revision": 1,
        })
    );
}

#[test]
fn an_id_is_generated_when_none_is_given() {
    let folder = Folder::new();
    let create = "client create --public --grant-type refresh_token --json";
    let id = |created: Value| created["client"]["id"].as_str().unwrap().to_owned();
    let (first, second) = (id(folder.run(create).json()), id(folder.run(create).json()));
    assert_eq!(first.len(), 32);
    assert_ne!(first, second);
}

#[test]
fn what_cannot_be_is_refused_with_the_way_out() {
    let folder = Folder::new();
    service(&folder);
    let rows = [
        (SERVICE, "`grantor client update service`"),
        (
            "client create --grant-type authorization_code",
            "has no redirect_uris",
        ),
        (
            "client create --public --grant-type client_credentials",
            "has no secret",
        ),
        ("client create", "has no grant_types"),
        (
            "client create --grant-type password",
            "unknown variant `password`",
        ),
        (
            "client create --grant-type client_credentials --secret short",
            "--danger-weak-secret",
        ),
        (
            "client create --public --grant-type refresh_token --secret x",
            "cannot be used with",
        ),
        (
            "client create --grant-type refresh_token --access-token-lifetime 2d",
            "more than a day",
        ),
        (
            "client create --grant-type refresh_token --access-token-lifetime soon",
            "has to be a duration",
        ),
        (
            "client create --grant-type refresh_token --redirect-uri http://*",
            "--redirect-uri",
        ),
        ("client show nobody", "`grantor client list`"),
        (
            "client update service --authentication-method none",
            "cannot become public",
        ),
    ];
    for (line, says) in rows {
        folder.run(line).refused(2, says);
    }
}

#[test]
fn a_chosen_secret_is_long_or_called_dangerous() {
    let folder = Folder::new();
    let chosen = "0123456789abcdef0123456789abcdef";
    let long = folder.run(&format!(
        "client create --id a --grant-type client_credentials --secret {chosen} --json"
    ));
    assert_eq!(long.json()["secret"], Value::Null);
    let create = "client create --id b --grant-type client_credentials --secret short --danger-weak-secret";
    assert!(!folder.run(create).ok().stdout.contains("short"));
}

#[test]
fn an_unknown_scope_is_reported() {
    let folder = Folder::new();
    let run = folder
        .run("client create --id a --public --grant-type refresh_token --scope 'reed read'")
        .ok();
    assert!(
        run.stderr
            .contains("the scope reed, which the server does not know"),
        "{run:?}"
    );
    let json = folder.run("client update a --name A --json").json();
    assert_eq!(json["warnings"].as_array().unwrap().len(), 2);
}

#[test]
fn an_update_changes_what_is_named_and_nothing_else() {
    let folder = Folder::new();
    let before = service(&folder)["client"].clone();
    let changed = folder
        .run("client update service --name Service --access-token-lifetime 5m --json")
        .json();
    assert_eq!(changed["changed"], true);
    let after = &changed["client"];
    assert_eq!(
        (&after["name"], &after["lifetimes"]["access_token"]),
        (&json!("Service"), &json!(300))
    );
    for member in ["scope", "secrets", "grant_types", "created_at", "introspection"] {
        assert_eq!(after[member], before[member], "{member}");
    }
    let again = folder.run("client update service --name Service --json").json();
    assert_eq!(
        (&again["changed"], &again["client"]["revision"]),
        (&json!(false), &json!(2))
    );
    folder
        .run("client update service --clear access-token-lifetime --clear scope --disable")
        .ok();
    let cleared = folder.run("client show service --json").json();
    assert_eq!(
        (&cleared["lifetimes"], &cleared["scope"], &cleared["disabled"]),
        (&json!({}), &json!(""), &json!(true))
    );
    folder.run("client update service --enable").ok();
    assert_eq!(folder.run("client show service --json").json()["disabled"], false);
}

#[test]
fn an_update_of_an_older_revision_is_a_conflict() {
    let folder = Folder::new();
    service(&folder);
    folder.run("client update service --name One --revision 1").ok();
    folder
        .run("client update service --name Two --revision 1")
        .refused(1, "is at revision 2");
    assert_eq!(folder.run("client show service --json").json()["name"], "One");
}

#[test]
fn a_new_secret_keeps_the_old_one_for_the_overlap() {
    let folder = Folder::new();
    let first = service(&folder)["secret"].clone();
    let rotated = folder.run("client rotate-secret service --json").json();
    assert_ne!(rotated["secret"], first);
    let secrets = rotated["client"]["secrets"].as_array().unwrap();
    assert_eq!((secrets.len(), &secrets[0]["expires_at"]), (2, &Value::Null));
    assert_eq!(secrets[1]["expires_at"], rotated["old_secret_valid_until"]);
    let at_once = folder
        .run("client rotate-secret service --overlap 0 --json")
        .json();
    assert_eq!(at_once["client"]["secrets"].as_array().unwrap().len(), 1);
    folder
        .run("client create --id p --public --grant-type refresh_token")
        .ok();
    folder.run("client rotate-secret p").refused(2, "is public");
}

#[test]
fn clients_are_listed_and_deleted() {
    let folder = Folder::new();
    assert!(
        folder
            .run("client list")
            .ok()
            .stdout
            .contains("There are no clients yet")
    );
    service(&folder);
    let table = folder.run("client list").ok().stdout;
    assert!(table.starts_with("CLIENT_ID"), "{table}");
    assert!(
        table.contains("service") && table.contains("confidential"),
        "{table}"
    );
    assert_eq!(folder.run("client list --json").json()[0]["id"], "service");
    assert_eq!(
        folder.run("client delete service --json").json(),
        json!({ "deleted": "service" })
    );
    folder
        .run("client delete service")
        .refused(2, "there is no client service");
    assert_eq!(folder.run("client list --json").json(), json!([]));
}

#[test]
fn without_a_database_the_command_says_what_to_do() {
    let folder = Folder::new();
    let nowhere = folder.text("nowhere");
    grantor(&["client", "list", "--data", &nowhere]).refused(2, "start `grantor dev` first");
    assert!(!folder.root().join("nowhere").exists());
}

/// Clients that sign: by a key, without any secret; by a secret that is kept for them and shown to nobody.
#[test]
fn clients_that_sign() {
    let folder = Folder::new();
    let create = "client create --grant-type client_credentials --json --authentication-method";
    folder
        .run(&format!("{create} private_key_jwt --id keyless"))
        .refused(2, "set jwks or jwks_uri");
    let uri = "https://billing.example/jwks.json";
    let by_key = folder
        .run(&format!(
            "{create} private_key_jwt --id billing --jwks-uri {uri} --token-endpoint-auth-signing-alg PS256"
        ))
        .json();
    assert_eq!(by_key["secret"], Value::Null);
    assert_eq!(by_key["client"]["secrets"], json!([]));
    assert_eq!(by_key["client"]["metadata"]["jwks_uri"], json!(uri));
    folder
        .run("client update billing --token-endpoint-auth-signing-alg HS256")
        .refused(2, "none of its authentication_methods signs with");
    folder
        .run("client rotate-secret billing")
        .refused(2, "it has no secret");

    service(&folder);
    folder
        .run("client update service --authentication-method client_secret_jwt")
        .refused(2, "rotate-secret");
    let rotate = "client rotate-secret service --overlap 0 --authentication-method client_secret_jwt --json";
    let rotated = folder.run(rotate).json();
    assert_eq!(
        rotated["client"]["authentication_methods"],
        json!(["client_secret_jwt"])
    );
    // Long enough for every HMAC, and never shown again.
    assert_eq!(rotated["secret"].as_str().unwrap().len(), 86);
    assert_eq!(rotated["client"]["secrets"], json!([{ "expires_at": null }]));
}
