//! The browser that a request comes from: its session, its language, its protection against forged forms.

use std::net::IpAddr;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cookie::{Cookie, SameSite};
use grantor_jose::digest::{constant_time_eq, hmac_sha256, sha256};
use grantor_pages::Locale;
use grantor_protocol::login;
use grantor_protocol::record::{Session, User};
use grantor_types::SessionId;
use http::HeaderMap;
use http::header::{ACCEPT_LANGUAGE, COOKIE, USER_AGENT};

use crate::app::{App, Failure};

/// A browser.
#[derive(Clone, Debug)]
pub(crate) struct Browser {
    /// Its live session, and whose it is.
    pub(crate) login: Option<Login>,
    /// The language of its pages.
    pub(crate) locale: Locale,
    /// Where it is.
    pub(crate) address: IpAddr,
    /// What it calls itself.
    pub(crate) user_agent: String,
    /// What its forms are authenticated with.
    form_secret: FormSecret,
    accept_language: Option<String>,
    secure: bool,
    set_session: Option<String>,
}

/// Who is logged in.
#[derive(Clone, Debug)]
pub(crate) struct Login {
    pub(crate) session: Session,
    pub(crate) user: Arc<User>,
}

#[derive(Clone, Copy)]
struct FormSecret {
    bytes: [u8; 32],
    is_new: bool,
}

impl std::fmt::Debug for FormSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FormSecret([redacted])")
    }
}

const SESSION_COOKIE: &str = "grantor_session";
const FORM_COOKIE: &str = "grantor_form";
/// "__Host-" cookies are Secure, for this host alone and for every path, or the browser drops them.
const PREFIX: &str = "__Host-";

impl Browser {
    /// Reads cookies and languages. A forged or ended session is no session.
    pub(crate) async fn read(app: &App, headers: &HeaderMap, address: IpAddr) -> Result<Self, Failure> {
        let secure = app.settings.issuer.is_https();
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let form_secret = match cookie(headers, secure, FORM_COOKIE).and_then(|value| decode::<32>(&value)) {
            Some(bytes) => FormSecret { bytes, is_new: false },
            None => {
                let mut bytes = [0; 32];
                app.fill(&mut bytes)?;
                FormSecret { bytes, is_new: true }
            }
        };
        let accept_language = text(ACCEPT_LANGUAGE).map(str::to_owned);
        Ok(Self {
            login: read_login(app, cookie(headers, secure, SESSION_COOKIE)).await?,
            locale: Locale::negotiate(None, accept_language.as_deref()),
            address,
            user_agent: text(USER_AGENT).unwrap_or_default().to_owned(),
            form_secret,
            accept_language,
            secure,
            set_session: None,
        })
    }

    /// Takes the languages that the application asked for.
    pub(crate) fn prefer(&mut self, ui_locales: Option<&str>) {
        self.locale = Locale::negotiate(ui_locales, self.accept_language.as_deref());
    }

    /// The session.
    pub(crate) fn session(&self) -> Option<&Session> {
        self.login.as_ref().map(|login| &login.session)
    }

    /// What its attempts are counted under: its session, or without one its own cookie.
    pub(crate) fn identity(&self) -> [u8; 32] {
        match self.session() {
            Some(session) => sha256(session.id.as_bytes()),
            None => sha256(&self.form_secret.bytes),
        }
    }

    /// Gives the browser a session.
    pub(crate) fn log_in(&mut self, session: Session, secret: &[u8; 32], user: Arc<User>) {
        let value = URL_SAFE_NO_PAD.encode([session.id.as_bytes().as_slice(), secret].concat());
        self.set_session = Some(self.cookie(SESSION_COOKIE, value));
        self.login = Some(Login { session, user });
    }

    /// Takes the session away.
    pub(crate) fn log_out(&mut self) {
        let mut gone = self.build(SESSION_COOKIE, String::new());
        gone.make_removal();
        self.set_session = Some(gone.to_string());
        self.login = None;
    }

    /// The token that a form of this browser and session carries.
    pub(crate) fn form_token(&self, app: &App) -> String {
        let newest = self.form_authenticators(app).into_iter().next();
        newest.map_or_else(String::new, |newest| URL_SAFE_NO_PAD.encode(newest))
    }

    /// Whether a form comes from a page that this browser was given, in the session that it has now.
    pub(crate) fn owns_form(&self, app: &App, token: Option<&str>) -> bool {
        let presented = token.and_then(decode::<32>).filter(|_| !self.form_secret.is_new);
        presented.is_some_and(|presented| {
            let mut own = self.form_authenticators(app).into_iter();
            own.any(|own| constant_time_eq(&presented, &own))
        })
    }

    /// One for each key that may have been in use when the page was made, the current one first.
    fn form_authenticators(&self, app: &App) -> Vec<[u8; 32]> {
        let session = self.session().map_or([0; 16], |session| *session.id.as_bytes());
        let parts: [&[u8]; 3] = [b"form", &self.form_secret.bytes, &session];
        let keys = app.keys.load();
        keys.forms().iter().map(|key| hmac_sha256(key, &parts)).collect()
    }

    /// The cookies that an answer has to set.
    pub(crate) fn cookies_to_set(&self) -> Vec<String> {
        let form = self
            .form_secret
            .is_new
            .then(|| self.cookie(FORM_COOKIE, URL_SAFE_NO_PAD.encode(self.form_secret.bytes)));
        form.into_iter().chain(self.set_session.clone()).collect()
    }

    fn cookie(&self, name: &str, value: String) -> String {
        self.build(name, value).to_string()
    }

    fn build(&self, name: &str, value: String) -> Cookie<'static> {
        let name = if self.secure {
            format!("{PREFIX}{name}")
        } else {
            name.to_owned()
        };
        Cookie::build((name, value))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.secure)
            .build()
    }
}

async fn read_login(app: &App, cookie: Option<String>) -> Result<Option<Login>, Failure> {
    let Some(bytes) = cookie.and_then(|value| decode::<48>(&value)) else {
        return Ok(None);
    };
    let Some((id, secret)) = bytes.split_first_chunk::<16>() else {
        return Ok(None);
    };
    let Ok(secret) = <&[u8; 32]>::try_from(secret) else {
        return Ok(None);
    };
    let found = app.store.store().session(SessionId::from_bytes(*id)).await?;
    let Some(session) = found.filter(|session| login::session_is_valid(app.now(), session, secret)) else {
        return Ok(None);
    };
    let user = app.user(session.user).await?.filter(|user| !user.disabled);
    Ok(user.map(|user| Login { session, user }))
}

/// The value of a cookie. Of several with one name the first counts: browsers send the most specific first.
fn cookie(headers: &HeaderMap, secure: bool, name: &str) -> Option<String> {
    let name = if secure {
        format!("{PREFIX}{name}")
    } else {
        name.to_owned()
    };
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}
