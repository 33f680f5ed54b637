//! Writes every page with sample data into a folder, to be looked at:
//! `cargo run -p grantor-pages --example gallery -- <folder>`.

mod data;

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use grantor_pages::{
    Account, CallbackError, Consent, DevCallback, DevDevice, DeviceCode, DeviceCodeProblem, DeviceConfirm,
    DeviceDone, ErrorPage, FooterLink, FormPost, Home, Locale, Login, LoginProblem, Page,
    PersonalAccessTokens, ScopeItem, SignOut, SignedOut, StillSignedIn, Theme, TokenProblem, WayBack,
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
        gallery.answer()?;
        gallery.signing_out()?;
        gallery.device()?;
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
        Ok(())
    }

    fn answer(&self) -> Outcome {
        self.write("consent", &data::consent())?;
        let short = Consent {
            client_name: "Notes".to_owned(),
            scopes: vec![ScopeItem::new("openid"), ScopeItem::new("mail.read")],
            resources: Vec::new(),
            policy_uri: None,
            tos_uri: None,
            client_uri: None,
            redirect_host: "127.0.0.1:8080".to_owned(),
            ..data::consent()
        };
        self.write("consent-short", &short)?;
        let long = Consent {
            client_name: "Donaudampfschifffahrtsgesellschaftskapitänsmützenverwaltung ".repeat(3),
            account_name: "a-very-long-account-name-without-any-break@mail.of.a.long.domain.example"
                .to_owned(),
            resources: vec![format!("https://api.example/{}", "x".repeat(90))],
            redirect_host: format!("{}.example", "sub.domain.".repeat(8)),
            scopes: vec![ScopeItem::new(
                "https://api.example/auth/photos.library.readonly.without.break.at.all",
            )],
            ..data::consent()
        };
        self.write("consent-long", &long)?;
        self.write("account-choice", &data::account_choice())?;
        let form = FormPost {
            action: "https://photos.acme.example/callback".to_owned(),
            fields: vec![
                ("code".to_owned(), "c".to_owned()),
                ("state".to_owned(), "s".to_owned()),
            ],
        };
        self.write("form-post", &form)
    }

    fn signing_out(&self) -> Outcome {
        let sign_out = SignOut {
            action: "#".to_owned(),
            account_name: "Alice Example".to_owned(),
            client_name: Some("Acme Photos".to_owned()),
            ..SignOut::default()
        };
        self.write("sign-out", &sign_out)?;
        self.write(
            "signed-out",
            &SignedOut {
                sign_in_path: Some("#".to_owned()),
                ..SignedOut::default()
            },
        )?;
        let told = SignedOut {
            back: Some(WayBack {
                client_name: "Acme Photos".to_owned(),
                address: "https://photos.example/".to_owned(),
            }),
            ..SignedOut::default()
        };
        self.write("signed-out-back", &told)?;
        let still = StillSignedIn {
            account_name: "Alice Example".to_owned(),
            account_path: "#".to_owned(),
        };
        self.write("still-signed-in", &still)
    }

    fn device(&self) -> Outcome {
        let code = |user_code: &str, problem| DeviceCode {
            action: "#".to_owned(),
            user_code: user_code.to_owned(),
            problem,
            ..DeviceCode::default()
        };
        self.write("device-code", &code("", None))?;
        self.write(
            "device-code-unknown",
            &code("BCDF-GHJK", Some(DeviceCodeProblem::Unknown)),
        )?;
        let confirm = DeviceConfirm {
            action: "#".to_owned(),
            user_code: "BCDF-GHJK".to_owned(),
            client_name: "Acme TV".to_owned(),
            account_name: "Alice Example".to_owned(),
            scopes: vec![ScopeItem::new("openid"), ScopeItem::new("profile")],
            device: "AcmeTV/7.2".to_owned(),
            asked_at: 1_789_214_700,
            ..DeviceConfirm::default()
        };
        self.write("device-confirm", &confirm)?;
        let stand_in = DevDevice {
            client_name: "Acme TV".to_owned(),
            user_code: "BCDF-GHJK".to_owned(),
            verification_uri: "https://id.example/device".to_owned(),
            verification_uri_complete: "https://id.example/device?user_code=BCDF-GHJK".to_owned(),
            poll: "curl -d grant_type=…".to_owned(),
        };
        self.write("dev-device", &stand_in)?;
        self.write("device-done", &DeviceDone { approved: true })?;
        self.write("device-denied", &DeviceDone { approved: false })
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
        self.write("account", &data::account())?;
        self.write("tokens", &data::personal_access_tokens())?;
        let made = PersonalAccessTokens {
            made: Some("gpat_aXvFZ0mD5kqYh3l2sTn7bR9cW1eU4iOpG6jK8zMxNyQ-Lf3b2c1".to_owned()),
            problem: Some(TokenProblem::Scope),
            tokens: Vec::new(),
            ..data::personal_access_tokens()
        };
        self.write("tokens-made", &made)?;
        let empty = Account {
            apps: Vec::new(),
            claims: Vec::new(),
            removed: Some("Notes".to_owned()),
            ..data::account()
        };
        self.write("account-empty", &empty)
    }

    fn development(&self) -> Outcome {
        let home = Home {
            issuer: "https://id.example".to_owned(),
            signed_in: Some("Alice Example".to_owned()),
            account_path: Some("#".to_owned()),
            endpoints: data::endpoints("https://id.example", &data::METADATA),
            dev: None,
        };
        self.write("home", &home)?;
        let local = "http://127.0.0.1:4000";
        let dev = Home {
            issuer: local.to_owned(),
            signed_in: None,
            endpoints: data::endpoints(local, &data::METADATA),
            dev: Some(data::dev_info(local)),
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
