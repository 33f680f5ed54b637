//! Writes every page with sample data into a folder, to be looked at:
//! `cargo run -p grantor-pages --example gallery -- <folder>`.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use grantor_pages::{
    Account, AccountChoice, AccountOption, AppRow, CallbackError, ClaimRow, Consent, CurlExample,
    DevCallback, DevClient, DevInfo, DevUser, Endpoint, ErrorPage, FooterLink, FormPost, Home, Locale, Login,
    LoginProblem, Page, ScopeItem, SessionRow, SignedOut, Theme,
};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> Outcome {
    let folder = env::args()
        .nth(1)
        .ok_or("usage: gallery <folder> [theme folder]")?;
    let folder = Path::new(&folder);
    fs::create_dir_all(folder)?;
    let theme = env::args()
        .nth(2)
        .map_or_else(|| Ok(Theme::default()), Theme::load)?;
    let theme = theme.with_asset_path("").with_footer_links(vec![
        FooterLink {
            label: "Privacy".to_owned(),
            address: "https://id.example/privacy".to_owned(),
        },
        FooterLink {
            label: "Imprint".to_owned(),
            address: "https://id.example/imprint".to_owned(),
        },
    ]);
    for name in [
        "grantor.css",
        "form-post.js",
        "copy.js",
        "logo.svg",
        "favicon.svg",
    ] {
        fs::write(
            folder.join(name),
            theme.asset(name).ok_or("an asset is missing")?.bytes,
        )?;
    }
    for locale in Locale::ALL {
        let gallery = Gallery {
            folder,
            theme: &theme,
            locale,
        };
        gallery.sign_in()?;
        gallery.errors()?;
        gallery.account()?;
        gallery.development()?;
    }
    Ok(())
}

struct Gallery<'a> {
    folder: &'a Path,
    theme: &'a Theme,
    locale: Locale,
}

impl Gallery<'_> {
    fn write(&self, name: &str, page: &impl Page) -> Outcome {
        let file = format!("{name}.{}.html", self.locale.tag());
        fs::write(self.folder.join(file), page.render(self.theme, self.locale)?)?;
        Ok(())
    }

    fn sign_in(&self) -> Outcome {
        let login = |problem, username: &str| Login {
            action: "#".to_owned(),
            interaction: "i".to_owned(),
            csrf_token: "t".to_owned(),
            client_name: Some("Acme Photos".to_owned()),
            username: username.to_owned(),
            problem,
            ..Login::default()
        };
        self.write("login", &login(None, ""))?;
        self.write(
            "login-wrong",
            &login(Some(LoginProblem::WrongCredentials), "alice"),
        )?;
        let wait = LoginProblem::TooManyAttempts {
            retry_after_seconds: 130,
        };
        self.write("login-too-many", &login(Some(wait), "alice"))?;
        self.write("login-expired", &login(Some(LoginProblem::FormExpired), "alice"))?;
        self.write(
            "login-session",
            &login(Some(LoginProblem::SessionExpired), "alice"),
        )?;
        self.write(
            "login-alone",
            &Login {
                client_name: None,
                ..login(None, "")
            },
        )?;
        self.write("consent", &consent())?;
        let short = Consent {
            client_name: "Notes".to_owned(),
            scopes: vec![ScopeItem::new("openid"), ScopeItem::new("mail.read")],
            resources: Vec::new(),
            policy_uri: None,
            tos_uri: None,
            client_uri: None,
            redirect_host: "127.0.0.1:8080".to_owned(),
            ..consent()
        };
        self.write("consent-short", &short)?;
        self.write("account-choice", &account_choice())?;
        let form = FormPost {
            action: "https://photos.acme.example/callback".to_owned(),
            fields: vec![
                ("code".to_owned(), "c".to_owned()),
                ("state".to_owned(), "s".to_owned()),
            ],
        };
        self.write("form-post", &form)?;
        self.write(
            "signed-out",
            &SignedOut {
                sign_in_path: Some("#".to_owned()),
            },
        )
    }

    fn errors(&self) -> Outcome {
        let error = |status, code: &str, description: Option<&str>| ErrorPage {
            status,
            code: code.to_owned(),
            description: description.map(ToOwned::to_owned),
            request_id: "0199f3a2-7c41-7d0e-9a55-3b1f0c2d4e5f".to_owned(),
            cause_id: Some(code.replace('_', "-")),
            ..ErrorPage::default()
        };
        let redirect = "The redirect_uri of the request is not one of those registered for the client.";
        self.write(
            "error-redirect",
            &error(400, "invalid_redirect_uri", Some(redirect)),
        )?;
        self.write("error-client", &error(400, "invalid_client", None))?;
        self.write("error-server", &error(500, "server_error", None))?;
        self.write(
            "error-not-found",
            &ErrorPage {
                cause_id: None,
                ..error(404, "not_found", None)
            },
        )
    }

    fn account(&self) -> Outcome {
        self.write("account", &account())?;
        let empty = Account {
            apps: Vec::new(),
            claims: Vec::new(),
            removed: Some("Notes".to_owned()),
            ..account()
        };
        self.write("account-empty", &empty)
    }

    fn development(&self) -> Outcome {
        let home = Home {
            issuer: "https://id.example".to_owned(),
            signed_in: Some("Alice Example".to_owned()),
            account_path: Some("#".to_owned()),
            endpoints: endpoints("https://id.example", &METADATA),
            dev: None,
        };
        self.write("home", &home)?;
        let local = "http://127.0.0.1:4000";
        let dev = Home {
            issuer: local.to_owned(),
            signed_in: None,
            endpoints: endpoints(local, &METADATA),
            dev: Some(dev_info(local)),
            ..home
        };
        self.write("home-dev", &dev)?;
        let param = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let code = "AZnzonxBfQ6aVTsfDC1OX4Zb1uT3m0yqJw8c2LrKxHk5sVdPnYtR7eGfQaWiUjMb";
        let callback = DevCallback {
            code: Some(code.to_owned()),
            error: None,
            params: vec![
                param("code", code),
                param("state", "af0ifjsldkj"),
                param("iss", local),
            ],
            exchange: Some(format!(
                "curl {local}/oauth/token \\\n  -u demo-web:demo-web-secret \\\n  -d grant_type=authorization_code \\\n  \
                 -d code={code} \\\n  -d redirect_uri={local}/callback"
            )),
            try_again: Some(format!("{local}/oauth/authorize")),
        };
        self.write("callback", &callback)?;
        let refused = DevCallback {
            code: None,
            exchange: None,
            error: Some(CallbackError {
                code: "access_denied".to_owned(),
                description: Some("The resource owner denied the request.".to_owned()),
            }),
            params: vec![param("error", "access_denied"), param("state", "af0ifjsldkj")],
            ..callback
        };
        self.write("callback-error", &refused)
    }
}

fn consent() -> Consent {
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

fn account_choice() -> AccountChoice {
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

fn account() -> Account {
    let claim = |name: &str, value: &str| ClaimRow {
        name: name.to_owned(),
        value: value.to_owned(),
    };
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
        scopes: scopes.iter().map(|scope| ScopeItem::new(*scope)).collect(),
        since,
    };
    Account {
        csrf_token: "t".to_owned(),
        sign_out_action: "#".to_owned(),
        revoke_action: "#".to_owned(),
        name: "Alice Example".to_owned(),
        username: "alice@example.com".to_owned(),
        claims: vec![
            claim("name", "Alice Example"),
            claim("email", "alice@example.com"),
            claim("phone_number", "+49 30 901820"),
            claim("department", "Photography"),
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

const METADATA: [(&str, &str); 3] = [
    ("OpenID configuration", "/.well-known/openid-configuration"),
    ("OAuth server metadata", "/.well-known/oauth-authorization-server"),
    ("Signing keys", "/oauth/jwks.json"),
];

const PATHS: [(&str, &str); 6] = [
    ("authorization_endpoint", "/oauth/authorize"),
    ("token_endpoint", "/oauth/token"),
    ("userinfo_endpoint", "/oauth/userinfo"),
    ("introspection_endpoint", "/oauth/introspect"),
    ("revocation_endpoint", "/oauth/revoke"),
    ("pushed_authorization_request_endpoint", "/oauth/par"),
];

fn endpoints(base: &str, paths: &[(&str, &str)]) -> Vec<Endpoint> {
    paths
        .iter()
        .map(|(name, path)| Endpoint {
            name: (*name).to_owned(),
            url: format!("{base}{path}"),
        })
        .collect()
}

fn dev_info(base: &str) -> DevInfo {
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
