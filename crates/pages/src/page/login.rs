//! Who are you? Name and password.

use askama::Template;

use crate::page::{Page, PageError};
use crate::text::shown_name;
use crate::view::{Around, Badge, View};
use crate::{Locale, Theme};

/// The login page.
///
/// Its form sends [`field`](crate::field)`::{INTERACTION, CSRF_TOKEN, USERNAME, PASSWORD}`; the cancel button adds
/// `decision=cancel`. Ids: `username`, `password`, `login-submit`, `login-cancel`, and where there is one `login-problem` and
/// `sign-up-link`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Login {
    /// The path the form is posted to.
    pub action: String,
    /// Which interaction is answered.
    pub interaction: String,
    /// The token against cross-site request forgery.
    pub csrf_token: String,
    /// The app the person comes from. Without one they sign in to see their own account, and cannot cancel.
    pub client_name: Option<String>,
    /// The picture of the app.
    pub client_logo: Option<String>,
    /// What the field for the name holds at first, from `login_hint` or the last try.
    pub username: String,
    /// The path of the page on which an account is made, where people may make one.
    pub sign_up_path: Option<String>,
    /// What went wrong at the last try.
    pub problem: Option<LoginProblem>,
}

/// Why the login page is shown again. None of these tells whether an account exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginProblem {
    /// The name is unknown or the password is wrong; the page does not say which.
    WrongCredentials,
    /// Further tries are refused for a while.
    TooManyAttempts {
        /// How long, in seconds.
        retry_after_seconds: u64,
    },
    /// The session ended while the form was open.
    SessionExpired,
    /// The form is too old, or its token against forgery does not fit.
    FormExpired,
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginTemplate<'a> {
    v: View<'a>,
    page: &'a Login,
    client: Option<Badge>,
    lead: Option<Around>,
    problem: Option<String>,
    wrong_credentials: bool,
}

impl Page for Login {
    const MARKER: &'static str = "login-page";

    fn render(&self, theme: &Theme, locale: Locale) -> Result<String, PageError> {
        let v = View { theme, locale };
        let client = self.client_name.as_deref();
        let template = LoginTemplate {
            v,
            page: self,
            client: client.map(|name| Badge::new(name, self.client_logo.as_deref())),
            lead: client.map(|name| v.around("login-lead", "client", shown_name(name))),
            problem: self.problem.map(|problem| problem.text(v)),
            wrong_credentials: self.problem == Some(LoginProblem::WrongCredentials),
        };
        Ok(template.render()?)
    }

    fn images(&self) -> Vec<&str> {
        self.client_logo.as_deref().into_iter().collect()
    }
}

impl LoginProblem {
    fn text(self, v: View<'_>) -> String {
        match self {
            Self::WrongCredentials => v.t("login-wrong-credentials"),
            Self::TooManyAttempts { retry_after_seconds } => v.wait(retry_after_seconds),
            Self::SessionExpired => v.t("login-session-expired"),
            Self::FormExpired => v.t("login-form-expired"),
        }
    }
}
