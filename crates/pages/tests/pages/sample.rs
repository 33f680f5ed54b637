//! Every page, filled with a given text and a given link wherever something comes from outside.

mod own;

use grantor_pages::{
    Account, AccountChoice, AccountOption, AppRow, CallbackError, ClaimRow, ClaimValue, Consent, CurlExample,
    DevCallback, DevClient, DevDevice, DevInfo, DevUser, DeviceCode, DeviceCodeProblem, DeviceConfirm,
    DeviceDone, Endpoint, ErrorPage, FormPost, Home, Locale, Login, LoginProblem, Page, PersonalAccessTokens,
    ScopeItem, SessionRow, SignOut, SignedOut, StillSignedIn, Theme, TokenProblem, TokenRow, WayBack,
};

/// A page as it comes out, and its marker.
pub(crate) struct Sample {
    pub(crate) marker: &'static str,
    pub(crate) html: String,
}

/// Where the sample pages' forms are posted to.
pub(crate) const ACTION: &str = "/oauth/answer";
/// The token the sample pages hold.
pub(crate) const TOKEN: &str = "csrf-0123";

/// All pages in one language.
pub(crate) fn all(text: &str, link: &str, locale: Locale) -> Vec<Sample> {
    let theme = Theme::default();
    let words = Words { text, link };
    let mut samples = Vec::new();
    for problem in [
        None,
        Some(LoginProblem::WrongCredentials),
        Some(LoginProblem::TooManyAttempts {
            retry_after_seconds: 30,
        }),
        Some(LoginProblem::SessionExpired),
        Some(LoginProblem::FormExpired),
    ] {
        samples.push(sample(&words.login(problem), &theme, locale));
    }
    samples.push(sample(&words.consent(), &theme, locale));
    samples.push(sample(&words.account_choice(), &theme, locale));
    samples.push(sample(&words.error(), &theme, locale));
    samples.push(sample(&words.form_post(), &theme, locale));
    samples.push(sample(&words.home(None), &theme, locale));
    samples.push(sample(&words.home(Some(words.dev_info())), &theme, locale));
    samples.push(sample(&words.account(), &theme, locale));
    samples.extend(words.own(&theme, locale));
    for problem in [
        None,
        Some(TokenProblem::Name),
        Some(TokenProblem::Scope),
        Some(TokenProblem::TooMany),
        Some(TokenProblem::Other),
    ] {
        samples.push(sample(&words.tokens(problem), &theme, locale));
    }
    for problem in [
        None,
        Some(DeviceCodeProblem::Unknown),
        Some(DeviceCodeProblem::Expired),
        Some(DeviceCodeProblem::Used),
        Some(DeviceCodeProblem::TooManyAttempts {
            retry_after_seconds: 90,
        }),
    ] {
        samples.push(sample(&words.device_code(problem), &theme, locale));
    }
    samples.push(sample(&words.device_confirm(), &theme, locale));
    samples.push(sample(&DeviceDone { approved: true }, &theme, locale));
    samples.push(sample(&DeviceDone { approved: false }, &theme, locale));
    samples.push(sample(&words.sign_out(), &theme, locale));
    samples.push(sample(
        &SignedOut {
            sign_in_path: Some(words.text()),
            ..SignedOut::default()
        },
        &theme,
        locale,
    ));
    samples.push(sample(&words.told_by_frames(), &theme, locale));
    samples.push(sample(&words.still_signed_in(), &theme, locale));
    samples.push(sample(&words.dev_callback(), &theme, locale));
    samples.push(sample(&words.dev_device(), &theme, locale));
    samples
}

/// One page in English with harmless content.
pub(crate) fn one(marker: &str) -> String {
    let all = all("Text", "https://app.example/x", Locale::English);
    all.into_iter()
        .rev()
        .find(|sample| sample.marker == marker)
        .expect("there is such a page")
        .html
}

fn sample<P: Page>(page: &P, theme: &Theme, locale: Locale) -> Sample {
    Sample {
        marker: P::MARKER,
        html: page.render(theme, locale).expect("the page can be written"),
    }
}

struct Words<'a> {
    text: &'a str,
    link: &'a str,
}

impl Words<'_> {
    fn text(&self) -> String {
        self.text.to_owned()
    }

    fn link(&self) -> String {
        self.link.to_owned()
    }

    fn scopes(&self) -> Vec<ScopeItem> {
        let own = ScopeItem {
            name: self.text(),
            title: Some(self.text()),
            description: Some(self.text()),
        };
        vec![ScopeItem::new("openid"), ScopeItem::new(self.text), own]
    }

    fn endpoints(&self) -> Vec<Endpoint> {
        vec![
            Endpoint {
                name: self.text(),
                url: self.link(),
            },
            Endpoint {
                name: self.text(),
                url: self.text(),
            },
        ]
    }

    fn login(&self, problem: Option<LoginProblem>) -> Login {
        Login {
            action: ACTION.to_owned(),
            interaction: self.text(),
            csrf_token: TOKEN.to_owned(),
            client_name: Some(self.text()),
            client_logo: Some(self.link()),
            username: self.text(),
            sign_up_path: Some(ACTION.to_owned()),
            problem,
        }
    }

    fn consent(&self) -> Consent {
        Consent {
            action: ACTION.to_owned(),
            interaction: self.text(),
            csrf_token: TOKEN.to_owned(),
            client_name: self.text(),
            client_logo_uri: Some(self.link()),
            client_uri: Some(self.link()),
            policy_uri: Some(self.link()),
            tos_uri: Some(self.link()),
            account_name: self.text(),
            scopes: self.scopes(),
            resources: vec![self.text()],
            redirect_host: self.text(),
        }
    }

    fn account_choice(&self) -> AccountChoice {
        let account = || AccountOption {
            id: self.text(),
            name: self.text(),
            detail: self.text(),
        };
        AccountChoice {
            action: ACTION.to_owned(),
            interaction: self.text(),
            csrf_token: TOKEN.to_owned(),
            client_name: self.text(),
            client_logo: Some(self.link()),
            accounts: vec![account(), account()],
        }
    }

    fn error(&self) -> ErrorPage {
        ErrorPage {
            status: 400,
            code: self.text(),
            title: Some(self.text()),
            description: Some(self.text()),
            hint: Some(self.text()),
            request_id: self.text(),
            cause_id: Some(self.text()),
        }
    }

    fn form_post(&self) -> FormPost {
        FormPost {
            action: "https://app.example/callback".to_owned(),
            fields: vec![(self.text(), self.text()), ("state".to_owned(), self.text())],
        }
    }

    fn home(&self, dev: Option<DevInfo>) -> Home {
        Home {
            issuer: self.text(),
            signed_in: Some(self.text()),
            account_path: Some(self.text()),
            endpoints: self.endpoints(),
            dev,
        }
    }

    fn dev_info(&self) -> DevInfo {
        DevInfo {
            users: vec![DevUser {
                username: self.text(),
                password: self.text(),
                name: self.text(),
            }],
            clients: vec![DevClient {
                client_id: self.text(),
                client_secret: Some(self.text()),
                name: self.text(),
                redirect_uris: vec![self.text(), self.text()],
                scope: self.text(),
                try_url: Some(self.link()),
            }],
            examples: vec![CurlExample {
                title: self.text(),
                command: self.text(),
            }],
            endpoints: self.endpoints(),
        }
    }

    fn account(&self) -> Account {
        let session = |current| SessionRow {
            id: self.text(),
            device: self.text(),
            origin: self.text(),
            since: 1_789_214_700,
            current,
        };
        Account {
            csrf_token: TOKEN.to_owned(),
            sign_out_action: ACTION.to_owned(),
            sign_out_everywhere_action: ACTION.to_owned(),
            revoke_action: ACTION.to_owned(),
            tokens_path: ACTION.to_owned(),
            profile_path: ACTION.to_owned(),
            password_path: ACTION.to_owned(),
            name: self.text(),
            username: self.text(),
            claims: vec![ClaimRow {
                name: self.text(),
                value: ClaimValue::Text(self.text()),
            }],
            sessions: vec![session(true), session(false)],
            apps: vec![AppRow {
                grant_id: self.text(),
                client_name: self.text(),
                client_logo: Some(self.link()),
                open_link: Some(self.link()),
                scopes: self.scopes(),
                since: 1_789_214_700,
            }],
            removed: Some(self.text()),
        }
    }

    fn tokens(&self, problem: Option<TokenProblem>) -> PersonalAccessTokens {
        PersonalAccessTokens {
            csrf_token: TOKEN.to_owned(),
            create_action: ACTION.to_owned(),
            delete_action: ACTION.to_owned(),
            account_path: ACTION.to_owned(),
            tokens: vec![TokenRow {
                id: self.text(),
                name: self.text(),
                client_name: Some(self.text()),
                scopes: self.scopes(),
                expires_at: 1_789_214_700,
                last_used_at: Some(1_789_214_700),
            }],
            scopes: self.scopes(),
            lifetimes: vec![1, 30],
            made: Some(self.text()),
            problem,
            name: self.text(),
        }
    }

    fn device_code(&self, problem: Option<DeviceCodeProblem>) -> DeviceCode {
        DeviceCode {
            action: ACTION.to_owned(),
            csrf_token: TOKEN.to_owned(),
            user_code: self.text(),
            problem,
        }
    }

    fn device_confirm(&self) -> DeviceConfirm {
        DeviceConfirm {
            action: ACTION.to_owned(),
            interaction: self.text(),
            csrf_token: TOKEN.to_owned(),
            user_code: self.text(),
            client_name: self.text(),
            client_logo: Some(self.link()),
            account_name: self.text(),
            scopes: self.scopes(),
            device: self.text(),
            asked_at: 1_789_214_700,
        }
    }

    fn sign_out(&self) -> SignOut {
        SignOut {
            action: ACTION.to_owned(),
            interaction: self.text(),
            csrf_token: TOKEN.to_owned(),
            account_name: self.text(),
            client_name: Some(self.text()),
        }
    }

    fn still_signed_in(&self) -> StillSignedIn {
        StillSignedIn {
            account_name: self.text(),
            account_path: ACTION.to_owned(),
        }
    }

    fn told_by_frames(&self) -> SignedOut {
        SignedOut {
            sign_in_path: None,
            frames: vec![self.link(), self.link()],
            back: Some(WayBack {
                client_name: self.text(),
                address: self.link(),
            }),
        }
    }

    fn dev_device(&self) -> DevDevice {
        DevDevice {
            client_name: self.text(),
            user_code: self.text(),
            verification_uri: self.text(),
            verification_uri_complete: self.link(),
            poll: self.text(),
        }
    }

    fn dev_callback(&self) -> DevCallback {
        DevCallback {
            code: Some(self.text()),
            error: Some(CallbackError {
                code: self.text(),
                description: Some(self.text()),
            }),
            params: vec![(self.text(), self.text())],
            exchange: Some(self.text()),
            try_again: Some(self.link()),
        }
    }
}
