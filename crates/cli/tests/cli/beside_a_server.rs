//! Commands on the database of a server that runs: it hears of the change and honours it.

use serde_json::Value;

use crate::harness::{Http, Login, Server, eventually};

const REDIRECT_URI: &str = "http://localhost:9999/cb";

/// A development server with a public client whose consent is implied, and a token of the demo user.
async fn logged_in() -> (Server, Http, Value) {
    let server = Server::dev();
    let http = Http::new(&server.issuer());
    let create = format!(
        "client create --id app --public --consent implied --scope 'openid read' --redirect-uri {REDIRECT_URI} \
         --grant-type authorization_code --grant-type refresh_token"
    );
    server.run(&create).ok();
    let login = Login {
        client: "app",
        redirect_uri: REDIRECT_URI,
        scope: "openid read",
        user: ("demo", "demo-password"),
    };
    let tokens = login.tokens(&http).await;
    assert!(http.is_active(tokens["access_token"].as_str().unwrap()).await);
    (server, http, tokens)
}

async fn becomes_inactive(http: &Http, tokens: &Value) {
    for kind in ["access_token", "refresh_token"] {
        let token = tokens[kind].as_str().unwrap();
        eventually(&format!("the {kind} is inactive"), async || {
            !http.is_active(token).await
        })
        .await;
    }
}

#[tokio::test]
async fn a_new_client_gets_tokens_and_a_deleted_one_none() {
    let server = Server::dev();
    let http = Http::new(&server.issuer());
    let created = server
        .run("client create --id mine --grant-type client_credentials --scope read --json")
        .json();
    let secret = created["secret"].as_str().unwrap();
    let token = http.client_credentials(("mine", secret)).await.access_token();
    assert!(http.is_active(&token).await);
    server.run("client delete mine").ok();
    eventually("the client is unknown", async || {
        http.client_credentials(("mine", secret)).await.status == 401
    })
    .await;
}

#[tokio::test]
async fn a_changed_client_is_read_anew() {
    let server = Server::dev();
    let http = Http::new(&server.issuer());
    let service = ("service", "service-secret");
    http.client_credentials(service).await.access_token();
    server.run("client update service --disable").ok();
    eventually("the client is refused", async || {
        http.client_credentials(service).await.status == 401
    })
    .await;
}

#[tokio::test]
async fn both_secrets_work_during_the_overlap_and_one_afterwards() {
    let server = Server::dev();
    let http = Http::new(&server.issuer());
    let old = ("service", "service-secret");
    http.client_credentials(old).await.access_token();
    let secret = |rotated: Value| rotated["secret"].as_str().unwrap().to_owned();
    let second = secret(server.run("client rotate-secret service --json").json());
    eventually("the new secret works", async || {
        http.client_credentials(("service", &second)).await.status == 200
    })
    .await;
    assert_eq!(http.client_credentials(old).await.status, 200);
    let third = secret(
        server
            .run("client rotate-secret service --overlap 0 --json")
            .json(),
    );
    eventually("the old secret is refused", async || {
        http.client_credentials(old).await.status == 401
    })
    .await;
    assert_eq!(http.client_credentials(("service", &second)).await.status, 401);
    assert_eq!(http.client_credentials(("service", &third)).await.status, 200);
}

#[tokio::test]
async fn a_new_scope_is_in_the_metadata() {
    let server = Server::dev();
    let http = Http::new(&server.issuer());
    server.run("scope create brand-new").ok();
    eventually("the scope is listed", async || {
        http.get("/.well-known/openid-configuration", &[])
            .await
            .body
            .contains("\"brand-new\"")
    })
    .await;
}

#[tokio::test]
async fn a_revoked_grant_ends_its_tokens() {
    let (server, http, tokens) = logged_in().await;
    let grants = server.run("grant list --user demo --client app --json").json();
    assert_eq!(grants.as_array().unwrap().len(), 1);
    let grant = &grants[0];
    assert_eq!(
        (&grant["state"], &grant["has_refresh_token"]),
        (&Value::from("active"), &Value::from(true))
    );
    let id = grant["id"].as_str().unwrap();
    server.run(&format!("grant revoke {id}")).ok();
    becomes_inactive(&http, &tokens).await;
    let listed = server.run("grant list").ok().stdout;
    assert!(listed.contains("(administrator)"), "{listed}");
    assert!(
        server
            .run("grant revoke --user demo")
            .ok()
            .stdout
            .contains("no such grant left")
    );
}

#[tokio::test]
async fn grants_are_revoked_by_user_and_by_client() {
    let (server, http, tokens) = logged_in().await;
    let none = server.run("grant revoke --user other --client app --json").json();
    assert_eq!(none["revoked"].as_array().unwrap().len(), 0);
    assert!(http.is_active(tokens["access_token"].as_str().unwrap()).await);
    server.run("grant revoke").refused(2, "required");
    server
        .run("grant revoke --client nobody")
        .refused(2, "there is no client nobody");
    server.run("grant revoke --client app").ok();
    becomes_inactive(&http, &tokens).await;
}

#[tokio::test]
async fn a_disabled_user_has_no_tokens_and_no_session() {
    let (server, http, tokens) = logged_in().await;
    assert_eq!(server.run("user show demo --json").json()["sessions"], 1);
    server.run("user disable demo").ok();
    becomes_inactive(&http, &tokens).await;
    assert_eq!(server.run("user show demo --json").json()["sessions"], 0);
}

#[tokio::test]
async fn a_deleted_client_takes_its_grants_along() {
    let (server, http, tokens) = logged_in().await;
    server.run("client delete app").ok();
    becomes_inactive(&http, &tokens).await;
}

#[tokio::test]
async fn new_keys_sign_and_what_old_ones_signed_stays_valid() {
    let (server, http, tokens) = logged_in().await;
    let before = http.key_ids().await;
    let rotated = server.run("key rotate --all --now --json").json();
    let made = rotated["created"].as_array().unwrap().clone();
    let es256 = made.iter().find(|key| key["purpose"] == "ES256").unwrap();
    let es256 = es256["id"].as_str().unwrap();
    eventually("the new key is published", async || {
        http.key_ids().await.iter().any(|id| id == es256)
    })
    .await;
    let after = http.key_ids().await;
    assert!(before.iter().all(|id| after.contains(id)), "{before:?} {after:?}");
    for kind in ["access_token", "refresh_token"] {
        assert!(http.is_active(tokens[kind].as_str().unwrap()).await, "{kind}");
    }
    let fresh = http
        .client_credentials(("service", "service-secret"))
        .await
        .access_token();
    assert!(http.is_active(&fresh).await);
    let header = fresh.split('.').next().unwrap();
    let header = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, header).unwrap();
    assert!(String::from_utf8(header).unwrap().contains(es256));
}
