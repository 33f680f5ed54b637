//! A new account.

use askama::Template;

use super::password;
use crate::page::{Page, PageError, field};
use crate::text::shown_name;
use crate::typed::{FieldProblem, ShownField, TypedField, focus_first_problem};
use crate::view::{Around, Badge, View};
use crate::{Locale, Theme};

/// The page on which somebody makes an account.
///
/// Its form sends [`field`](crate::field)`::{INTERACTION, CSRF_TOKEN, USERNAME, PASSWORD, PASSWORD_AGAIN, NAME, EMAIL}`; the
/// cancel button adds `decision=cancel`. Ids: `username`, `password`, `password-again`, `name`, `email`, `sign-up-submit`,
/// `sign-up-cancel`, `login-link`, and `sign-up-problem` when the form as a whole was refused.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SignUp {
    /// The path the form is posted to.
    pub action: String,
    /// Which interaction is answered.
    pub interaction: String,
    /// The token against cross-site request forgery.
    pub csrf_token: String,
    /// The path of the login page, for whoever has an account.
    pub login_path: String,
    /// The app the person comes from. Without one they cannot cancel.
    pub client_name: Option<String>,
    /// The picture of the app.
    pub client_logo: Option<String>,
    /// Fewest characters of a password.
    pub least: u64,
    /// The name to sign in with.
    pub username: TypedField,
    /// What is wrong with the password.
    pub password_problem: Option<FieldProblem>,
    /// What is wrong with the password as it was repeated.
    pub again_problem: Option<FieldProblem>,
    /// What the person is called.
    pub name: TypedField,
    /// Their e-mail address.
    pub email: TypedField,
    /// Why nothing was done.
    pub problem: Option<SignUpProblem>,
}

/// Why no account was made, whatever was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignUpProblem {
    /// Further tries are refused for a while.
    TooManyAttempts {
        /// How long, in seconds.
        retry_after_seconds: u64,
    },
    /// The form is too old, or its token against forgery does not fit.
    FormExpired,
}

#[derive(Template)]
#[template(path = "sign_up.html")]
struct SignUpTemplate<'a> {
    v: View<'a>,
    page: &'a SignUp,
    client: Option<Badge>,
    lead: Option<Around>,
    problem: Option<String>,
    fields: [ShownField; 5],
}

impl Page for SignUp {
    const MARKER: &'static str = "sign-up-page";

    fn render(&self, theme: &Theme, locale: Locale) -> Result<String, PageError> {
        let v = View { theme, locale };
        let client = self.client_name.as_deref();
        let hint = v.count("password-hint", self.least);
        let again = (field::PASSWORD_AGAIN, "sign-up-password-again");
        let mut fields = [
            ShownField {
                required: true,
                ..shown(
                    v,
                    (field::USERNAME, "login-username"),
                    ("text", "username"),
                    &self.username,
                )
            },
            password::shown(
                v,
                (field::PASSWORD, "login-password"),
                password::NEW,
                Some(hint),
                self.password_problem.map(|problem| problem.text(v)),
            ),
            password::shown(
                v,
                again,
                password::NEW,
                None,
                self.again_problem.map(|problem| problem.text(v)),
            ),
            shown(v, (field::NAME, "sign-up-name"), ("text", "name"), &self.name),
            shown(
                v,
                (field::EMAIL, "sign-up-email"),
                ("email", "email"),
                &self.email,
            ),
        ];
        focus_first_problem(&mut fields);
        let untouched = fields
            .iter()
            .all(|field| field.problem.is_none() && field.value.is_empty());
        let [username, ..] = &mut fields;
        username.focused |= untouched;
        let template = SignUpTemplate {
            v,
            page: self,
            client: client.map(|name| Badge::new(name, self.client_logo.as_deref())),
            lead: client.map(|name| v.around("login-lead", "client", shown_name(name))),
            problem: self.problem.map(|problem| match problem {
                SignUpProblem::TooManyAttempts { retry_after_seconds } => v.wait(retry_after_seconds),
                SignUpProblem::FormExpired => v.t("sign-up-form-expired"),
            }),
            fields,
        };
        Ok(template.render()?)
    }

    fn images(&self) -> Vec<&str> {
        self.client_logo.as_deref().into_iter().collect()
    }
}

fn shown(
    v: View<'_>,
    named: (&str, &str),
    known_as: (&'static str, &'static str),
    typed: &TypedField,
) -> ShownField {
    ShownField {
        value: typed.value.clone(),
        problem: typed.problem.map(|problem| problem.text(v)),
        ..ShownField::new(v, named, known_as)
    }
}
