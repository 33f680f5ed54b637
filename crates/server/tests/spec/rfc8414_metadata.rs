//! [RFC 8414](https://www.rfc-editor.org/rfc/rfc8414),
//! [OpenID Connect Discovery](https://openid.net/specs/openid-connect-discovery-1_0.html): where everything is.

mod members;

use std::collections::BTreeMap;

use grantor_protocol::Change;
use grantor_server::{Endpoint, PathFamily, Paths};
use grantor_store::Store;
use http::Method;
use serde_json::{Value, json};

use crate::harness::{ALICE, Ask, Browser, Call, Server, Setup, jwt, text};

const WELL_KNOWN: [&str; 2] = ["oauth-authorization-server", "openid-configuration"];

/// A public document: any cache may keep it for a while, and any script may read it.
pub(crate) async fn document(server: &Server, path: &str) -> Value {
    let answer = server.call(Call::get(path)).await;
    assert_eq!(answer.status, 200, "{path}");
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    serde_json::from_slice(&answer.body).unwrap()
}

#[allow(clippy::too_many_lines, reason = "a table")]
#[tokio::test]
async fn the_document() {
    let server = Server::start().await;
    let expected = json!({
        "issuer": "https://id.example",
        "authorization_endpoint": "https://id.example/oauth/authorize",
        "token_endpoint": "https://id.example/oauth/token",
        "userinfo_endpoint": "https://id.example/oauth/userinfo",
        "jwks_uri": "https://id.example/oauth/jwks.json",
        "end_session_endpoint": "https://id.example/oauth/logout",
        "backchannel_logout_supported": true, "backchannel_logout_session_supported": true,
        "frontchannel_logout_supported": true, "frontchannel_logout_session_supported": true,
        "revocation_endpoint": "https://id.example/oauth/revoke",
        "device_authorization_endpoint": "https://id.example/oauth/device/code",
        "introspection_endpoint": "https://id.example/oauth/introspect",
        "scopes_supported": ["email", "openid", "profile", "read", "write"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "grant_types_supported": [
            "authorization_code", "client_credentials", "refresh_token",
            "urn:ietf:params:oauth:grant-type:device_code",
            "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "urn:ietf:params:oauth:grant-type:token-exchange",
        ],
        "pushed_authorization_request_endpoint": "https://id.example/oauth/par",
        "require_pushed_authorization_requests": false,
        "subject_types_supported": ["public", "pairwise"],
        "acr_values_supported": ["1"],
        "id_token_encryption_alg_values_supported": ["RSA-OAEP-256", "ECDH-ES"],
        "id_token_encryption_enc_values_supported": ["A128GCM", "A256GCM"],
        "userinfo_signing_alg_values_supported": ["ES256", "EdDSA", "PS256", "RS256"],
        "userinfo_encryption_alg_values_supported": ["RSA-OAEP-256", "ECDH-ES"],
        "userinfo_encryption_enc_values_supported": ["A128GCM", "A256GCM"],
        "request_object_signing_alg_values_supported": ["ES256", "EdDSA", "PS256", "RS256"],
        "request_object_encryption_alg_values_supported": ["RSA-OAEP-256", "ECDH-ES"],
        "request_object_encryption_enc_values_supported": ["A128GCM", "A256GCM"],
        "id_token_signing_alg_values_supported": ["ES256", "EdDSA", "PS256", "RS256"],
        "token_endpoint_auth_methods_supported": [
            "client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none",
        ],
        "token_endpoint_auth_signing_alg_values_supported": ["ES256", "EdDSA", "PS256", "RS256", "HS256", "HS384", "HS512"],
        "revocation_endpoint_auth_methods_supported": [
            "client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none",
        ],
        "revocation_endpoint_auth_signing_alg_values_supported": ["ES256", "EdDSA", "PS256", "RS256", "HS256", "HS384", "HS512"],
        "introspection_endpoint_auth_methods_supported": [
            "client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt",
        ],
        "introspection_endpoint_auth_signing_alg_values_supported": ["ES256", "EdDSA", "PS256", "RS256", "HS256", "HS384", "HS512"],
        "code_challenge_methods_supported": ["S256"],
        "dpop_signing_alg_values_supported": ["ES256", "EdDSA", "PS256"],
        "claims_supported": [
            "sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "jti", "at_hash", "azp", "c_hash", "s_hash",
            "name", "family_name", "given_name", "middle_name", "nickname", "preferred_username", "profile",
            "picture", "website", "gender", "birthdate", "zoneinfo", "locale", "updated_at",
            "email", "email_verified", "address", "phone_number", "phone_number_verified",
        ],
        "claim_types_supported": ["normal"],
        "display_values_supported": ["page", "popup", "touch", "wap"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "ui_locales_supported": ["en", "de", "fr"],
        "authorization_response_iss_parameter_supported": true,
        "claims_parameter_supported": true,
        "request_parameter_supported": true,
        "request_uri_parameter_supported": true,
        "require_request_uri_registration": true,
    });
    for name in WELL_KNOWN {
        assert_eq!(document(&server, &format!("/.well-known/{name}")).await, expected);
    }
}

/// "the well-known URI string [...] MUST be formed by inserting a well-known URI string into the authorization
/// server's issuer identifier between the host component and the path component" (RFC 8414 3); OpenID Connect
/// Discovery 4 appends it.
#[tokio::test]
async fn an_issuer_with_a_path_has_every_form_of_address() {
    for issuer in ["https://id.example/tenant/one", "https://id.example/tenant/one/"] {
        let server = Setup::at(issuer).start().await;
        for path in [
            "/.well-known/oauth-authorization-server/tenant/one",
            "/tenant/one/.well-known/oauth-authorization-server",
            "/.well-known/openid-configuration/tenant/one",
            "/tenant/one/.well-known/openid-configuration",
        ] {
            let found = document(&server, path).await;
            assert_eq!(found["issuer"], json!("https://id.example/tenant/one"));
            for (name, value) in found.as_object().unwrap() {
                if name.ends_with("_endpoint") || name == "jwks_uri" {
                    assert!(
                        text(value).starts_with("https://id.example/tenant/one/oauth/"),
                        "{value}"
                    );
                }
            }
        }
        for name in WELL_KNOWN {
            let answer = server.call(Call::get(&format!("/.well-known/{name}"))).await;
            assert_eq!(answer.status, 404);
        }
        assert_eq!(server.call(Call::post("/oauth/token")).await.status, 404);
    }
}

#[tokio::test]
async fn a_whole_flow_below_a_path() {
    let server = Setup::at("https://id.example/tenant").start().await;
    let ask = Ask::web()
        .with("scope", "openid read")
        .at("/tenant/oauth/authorize");
    let mut browser = Browser::new(&server);
    let answer = browser.get(&ask.path()).await;
    assert!(answer.location().starts_with("/tenant/login?interaction="));
    let callback = browser.callback(&ask, ALICE).await;
    assert_eq!(callback.value("iss"), Some("https://id.example/tenant"));
    let redeem = Call::post("/tenant/oauth/token")
        .client("web")
        .take_fields(&ask.redeem(&callback.code()));
    let tokens = server.call(redeem).await.ok();
    for name in ["access_token", "id_token"] {
        assert_eq!(
            jwt::claims(text(&tokens[name]))["iss"],
            json!("https://id.example/tenant")
        );
    }
    let userinfo = Call::get("/tenant/oauth/userinfo").bearer(text(&tokens["access_token"]));
    server.call(userinfo).await.ok();
    // The pages and their assets are below the path too.
    let account = browser.get("/tenant/account").await;
    account.is_page("account-overview-page");
    assert!(account.text().contains("href=\"/tenant/assets/grantor.css"));
    assert_eq!(
        server.call(Call::get("/tenant/assets/grantor.css")).await.status,
        200
    );
    browser
        .press(&account, "sign-out")
        .await
        .is_page("signed-out-page");
}

/// Every address of the document is one where something answers.
#[tokio::test]
async fn what_is_advertised_answers() {
    for issuer in ["https://id.example", "https://id.example/a/b"] {
        let server = Setup::at(issuer).start().await;
        let base = issuer.strip_prefix("https://id.example").unwrap();
        let found = document(&server, &format!("{base}/.well-known/openid-configuration")).await;
        let addresses: Vec<&str> = found
            .as_object()
            .unwrap()
            .iter()
            .filter(|(name, _)| name.ends_with("_endpoint") || *name == "jwks_uri")
            .map(|(_, value)| text(value))
            .collect();
        assert_eq!(addresses.len(), 9);
        for address in addresses {
            let path = address.strip_prefix("https://id.example").unwrap();
            let answer = server.call(Call::get(path)).await;
            assert_ne!(answer.status, 404, "{address}");
        }
    }
}

#[tokio::test]
async fn families_of_paths_answer_and_are_not_advertised() {
    let mut setup = Setup::new();
    setup.settings.paths = Paths::new(&[PathFamily::Oauth2, PathFamily::Root], BTreeMap::new());
    let server = setup.start().await;
    let found = document(&server, "/.well-known/openid-configuration").await;
    assert_eq!(found["token_endpoint"], json!("https://id.example/oauth/token"));
    for path in ["/oauth/token", "/oauth2/token", "/token"] {
        let call = Call::post(path)
            .client("service")
            .field("grant_type", "client_credentials");
        server.call(call).await.ok();
    }
    for path in ["/oauth/authorize", "/oauth2/authorize", "/auth"] {
        let callback = Browser::new(&server).callback(&Ask::web().at(path), ALICE).await;
        callback.code();
    }
    for path in ["/oauth/jwks.json", "/oauth2/jwks.json", "/.well-known/jwks.json"] {
        document(&server, path).await;
    }
    for path in ["/oauth2/introspect", "/introspect"] {
        let call = Call::post(path).client("auditor").field("token", "x");
        assert_eq!(server.call(call).await.ok(), json!({ "active": false }));
    }
    for path in ["/oauth2/revoke", "/revoke"] {
        let call = Call::post(path).client("web").field("token", "x");
        assert_eq!(server.call(call).await.status, 200);
    }
    for path in ["/oauth2/userinfo", "/userinfo"] {
        assert_eq!(server.call(Call::get(path)).await.status, 401);
    }
}

#[tokio::test]
async fn paths_can_be_set_one_by_one() {
    let mut setup = Setup::at("https://id.example/t");
    let overrides = [
        (Endpoint::Token, "/v1/issue".to_owned()),
        (Endpoint::Jwks, "/certs".to_owned()),
    ];
    setup.settings.paths = Paths::new(&[], overrides.into());
    let server = setup.start().await;
    let found = document(&server, "/t/.well-known/openid-configuration").await;
    assert_eq!(found["token_endpoint"], json!("https://id.example/t/v1/issue"));
    assert_eq!(found["jwks_uri"], json!("https://id.example/t/certs"));
    document(&server, "/t/certs").await;
    for path in ["/t/v1/issue", "/t/oauth/token"] {
        let call = Call::post(path)
            .client("service")
            .field("grant_type", "client_credentials");
        server.call(call).await.ok();
    }
}

#[tokio::test]
async fn a_new_scope_is_in_the_document_at_once() {
    let server = Server::start().await;
    let scopes =
        async || document(&server, "/.well-known/openid-configuration").await["scopes_supported"].clone();
    assert!(!scopes().await.as_array().unwrap().contains(&json!("fresh")));
    let scope = grantor_protocol::record::ScopeDefinition {
        name: grantor_types::ScopeToken::parse("fresh").unwrap(),
        description: String::new(),
    };
    server.commit(Change::PutScope(scope)).await;
    assert!(scopes().await.as_array().unwrap().contains(&json!("fresh")));
}

/// "Claims with zero elements MUST be omitted from the response." (3.2)
#[tokio::test]
async fn a_server_without_scopes_has_no_list_of_them() {
    let server = Server::start().await;
    for scope in server.store.scopes().await.unwrap() {
        server.commit(Change::DeleteScope(scope.name)).await;
    }
    let found = document(&server, "/.well-known/openid-configuration").await;
    assert!(found.get("scopes_supported").is_none());
    for (name, value) in found.as_object().unwrap() {
        assert_ne!(*value, json!([]), "{name}");
        assert!(!value.is_null(), "{name}");
    }
}

#[tokio::test]
async fn head_is_get_without_its_body() {
    let server = Server::start().await;
    for path in [
        "/.well-known/openid-configuration",
        "/oauth/jwks.json",
        "/health",
        "/",
        "/login",
    ] {
        let get = server.call(Call::get(path)).await;
        let head = server.call(Call::new(Method::HEAD, path)).await;
        assert_eq!((head.status, head.text()), (get.status, ""), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"));
        assert_eq!(
            head.header("content-length").map(str::to_owned),
            Some(get.body.len().to_string()).filter(|_| head.header("content-length").is_some())
        );
    }
}

/// Anybody can ask whether the server lives and is ready; what it counts is for its own machine. None of it is kept.
#[tokio::test]
async fn health_readiness_and_metrics() {
    let server = Server::start().await;
    for (path, status) in [("/health", "ok"), ("/ready", "ready")] {
        assert_eq!(
            server.call(Call::get(path)).await.ok(),
            json!({ "status": status })
        );
    }
    let metrics = server.call(Call::get("/metrics").from("127.0.0.1")).await;
    assert_eq!(metrics.status, 200);
    assert_eq!(metrics.header("cache-control"), Some("no-store"));
    assert!(metrics.text().ends_with("# EOF\n"));
    let forwarded = Call::get("/metrics").named_header("x-forwarded-for", "127.0.0.1");
    for call in [Call::get("/metrics"), forwarded] {
        assert_eq!(server.call(call).await.status, 404);
    }
}
