//! What the sample pages say.

use grantor_pages::{
    Account, AccountChoice, AccountOption, AppRow, ClaimRow, ClaimValue, Consent, CurlExample, DevClient,
    DevInfo, DevUser, Endpoint, PersonalAccessTokens, ScopeItem, SessionRow, TokenRow,
};

pub(crate) fn consent() -> Consent {
    let text = |text: &str| text.to_owned();
    Consent {
        action: text("#"),
        interaction: text("i"),
        csrf_token: text("t"),
        client_name: text("Acme Photos"),
        client_uri: Some(text("https://acme.example")),
        policy_uri: Some(text("https://acme.example/privacy")),
        tos_uri: Some(text("https://acme.example/terms")),
        account_name: text("Alice Example"),
        scopes: vec![
            ScopeItem::new("openid"),
            ScopeItem::new("profile"),
            ScopeItem::new("email"),
            ScopeItem {
                name: text("photos:write"),
                title: Some(text("Add and change your photos")),
                description: Some(text("Upload new pictures and edit albums; nothing is deleted.")),
            },
            ScopeItem::new("offline_access"),
        ],
        resources: vec![text("https://api.photos.example/v2")],
        redirect_host: text("photos.acme.example"),
        ..Consent::default()
    }
}

pub(crate) fn account_choice() -> AccountChoice {
    let account = |id: &str, name: &str, detail: &str| AccountOption {
        id: id.to_owned(),
        name: name.to_owned(),
        detail: detail.to_owned(),
    };
    AccountChoice {
        action: "#".to_owned(),
        interaction: "i".to_owned(),
        csrf_token: "t".to_owned(),
        client_name: "Acme Photos".to_owned(),
        client_logo: None,
        accounts: vec![
            account("1", "Alice Example", "alice@example.com"),
            account("2", "Alice at work", "alice.example@initech.example"),
        ],
    }
}

pub(crate) fn account() -> Account {
    let claim = |name: &str, value| ClaimRow {
        name: name.to_owned(),
        value,
    };
    let text = |text: &str| ClaimValue::Text(text.to_owned());
    let session = |id: &str, device: &str, origin: &str, since, current| SessionRow {
        id: id.to_owned(),
        device: device.to_owned(),
        origin: origin.to_owned(),
        since,
        current,
    };
    let app = |id: &str, name: &str, scopes: &[&str], since| AppRow {
        grant_id: id.to_owned(),
        client_name: name.to_owned(),
        client_logo: None,
        open_link: (id == "1").then(|| "https://photos.acme.example/begin".to_owned()),
        scopes: scopes.iter().map(|scope| ScopeItem::new(*scope)).collect(),
        since,
    };
    Account {
        csrf_token: "t".to_owned(),
        sign_out_action: "#".to_owned(),
        sign_out_everywhere_action: "#".to_owned(),
        revoke_action: "#".to_owned(),
        tokens_path: "#".to_owned(),
        profile_path: "#".to_owned(),
        password_path: "#".to_owned(),
        name: "Alice Example".to_owned(),
        username: "alice@example.com".to_owned(),
        claims: vec![
            claim("name", text("Alice Example")),
            claim("updated_at", ClaimValue::Moment(1_780_000_000)),
            claim("email", text("alice@example.com")),
            claim("email_verified", ClaimValue::Truth(true)),
            claim("phone_number", text("+49 30 901820")),
            claim("department", text("Photography")),
        ],
        sessions: vec![
            session("1", "Firefox on Linux", "192.0.2.14", 1_789_214_700, true),
            session("2", "Safari on iPhone", "198.51.100.7", 1_788_000_000, false),
        ],
        apps: vec![
            app(
                "1",
                "Acme Photos",
                &["openid", "profile", "email", "offline_access"],
                1_780_000_000,
            ),
            app("2", "Notes", &["openid", "mail.read"], 1_788_300_000),
        ],
        removed: None,
    }
}

pub(crate) fn personal_access_tokens() -> PersonalAccessTokens {
    let token = |name: &str, client: Option<&str>, used| TokenRow {
        id: name.to_owned(),
        name: name.to_owned(),
        client_name: client.map(str::to_owned),
        scopes: vec![ScopeItem::new("photos.read")],
        expires_at: 1_799_000_000,
        last_used_at: used,
    };
    PersonalAccessTokens {
        csrf_token: "t".to_owned(),
        create_action: "#".to_owned(),
        delete_action: "#".to_owned(),
        account_path: "#".to_owned(),
        tokens: vec![
            token("Backup script", None, Some(1_789_214_700)),
            token("Nightly export", Some("Acme Photos"), None),
        ],
        scopes: ["openid", "profile", "photos.read", "photos.write"]
            .map(ScopeItem::new)
            .to_vec(),
        lifetimes: vec![30, 7, 90, 366],
        made: None,
        problem: None,
        name: String::new(),
    }
}

pub(crate) const METADATA: [(&str, &str); 3] = [
    ("OpenID configuration", "/.well-known/openid-configuration"),
    ("OAuth server metadata", "/.well-known/oauth-authorization-server"),
    ("Signing keys", "/oauth/jwks.json"),
];

pub(crate) const PATHS: [(&str, &str); 6] = [
    ("authorization_endpoint", "/oauth/authorize"),
    ("token_endpoint", "/oauth/token"),
    ("userinfo_endpoint", "/oauth/userinfo"),
    ("introspection_endpoint", "/oauth/introspect"),
    ("revocation_endpoint", "/oauth/revoke"),
    ("pushed_authorization_request_endpoint", "/oauth/par"),
];

pub(crate) fn endpoints(base: &str, paths: &[(&str, &str)]) -> Vec<Endpoint> {
    paths
        .iter()
        .map(|(name, path)| Endpoint {
            name: (*name).to_owned(),
            url: format!("{base}{path}"),
        })
        .collect()
}

pub(crate) fn dev_info(base: &str) -> DevInfo {
    let user = |username: &str, name: &str| DevUser {
        username: username.to_owned(),
        password: format!("{username}-password"),
        name: name.to_owned(),
    };
    let client = |id: &str, name: &str, secret: Option<&str>, redirects: &[&str], scope: &str| DevClient {
        client_id: id.to_owned(),
        client_secret: secret.map(ToOwned::to_owned),
        name: name.to_owned(),
        redirect_uris: redirects.iter().map(|uri| (*uri).to_owned()).collect(),
        scope: scope.to_owned(),
        try_url: redirects
            .first()
            .map(|_| format!("{base}/oauth/authorize?client_id={id}")),
    };
    let callback = "http://127.0.0.1:4000/callback";
    DevInfo {
        users: vec![user("alice", "Alice Example"), user("bob", "Bob Example")],
        clients: vec![
            client(
                "demo-web",
                "Demo web app",
                Some("demo-web-secret"),
                &[callback],
                "openid profile email",
            ),
            client(
                "demo-spa",
                "Demo single-page app",
                None,
                &["http://localhost:5173/callback", callback],
                "openid",
            ),
            client(
                "demo-service",
                "Demo service",
                Some("demo-service-secret"),
                &[],
                "notes:read notes:write",
            ),
        ],
        examples: vec![
            CurlExample {
                title: "A token for a service".to_owned(),
                command: format!(
                    "curl {base}/oauth/token \\\n  -u demo-service:demo-service-secret \\\n  \
                     -d grant_type=client_credentials \\\n  -d scope=notes:read"
                ),
            },
            CurlExample {
                title: "What this server can do".to_owned(),
                command: format!("curl {base}/.well-known/oauth-authorization-server"),
            },
        ],
        endpoints: endpoints(base, &PATHS),
    }
}
