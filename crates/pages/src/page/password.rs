//! A new password.

use askama::Template;

use crate::page::{Page, PageError, field};
use crate::typed::{FieldProblem, ShownField, focus_first_problem};
use crate::view::View;
use crate::{Locale, Theme};

/// The page on which somebody changes their password.
///
/// Its form posts [`field`](crate::field)`::{CSRF_TOKEN, PASSWORD, NEW_PASSWORD, NEW_PASSWORD_AGAIN}`. Ids: `password`,
/// `new-password`, `new-password-again`, `password-change`, and `password-changed` or `password-problem`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Password {
    /// The token against cross-site request forgery.
    pub csrf_token: String,
    /// The path that changes it.
    pub action: String,
    /// The path of the account page.
    pub account_path: String,
    /// The name the person signs in with, for password managers.
    pub username: String,
    /// Fewest characters of a password.
    pub least: u64,
    /// What came of the last form.
    pub outcome: Option<PasswordOutcome>,
}

/// What came of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordOutcome {
    /// The password is changed.
    Changed,
    /// Something about the present password is wrong.
    Present(FieldProblem),
    /// Something about the new one is.
    New(FieldProblem),
    /// The new one was not repeated.
    Again(FieldProblem),
    /// Further tries are refused for a while.
    TooManyAttempts {
        /// How long, in seconds.
        retry_after_seconds: u64,
    },
}

#[derive(Template)]
#[template(path = "password.html")]
struct PasswordTemplate<'a> {
    v: View<'a>,
    page: &'a Password,
    changed: bool,
    problem: Option<String>,
    fields: [ShownField; 3],
}

impl Page for Password {
    const MARKER: &'static str = "password-page";

    fn render(&self, theme: &Theme, locale: Locale) -> Result<String, PageError> {
        let v = View { theme, locale };
        let (mut present, mut new, mut again) = (None, None, None);
        let (mut changed, mut problem) = (false, None);
        match self.outcome {
            None => {}
            Some(PasswordOutcome::Changed) => changed = true,
            Some(PasswordOutcome::Present(wrong)) => present = Some(wrong.text(v)),
            Some(PasswordOutcome::New(wrong)) => new = Some(wrong.text(v)),
            Some(PasswordOutcome::Again(wrong)) => again = Some(wrong.text(v)),
            Some(PasswordOutcome::TooManyAttempts { retry_after_seconds }) => {
                problem = Some(v.wait(retry_after_seconds));
            }
        }
        let hint = v.count("password-hint", self.least);
        let mut fields = [
            shown(
                v,
                (field::PASSWORD, "password-present"),
                "current-password",
                None,
                present,
            ),
            shown(v, (field::NEW_PASSWORD, "password-new"), NEW, Some(hint), new),
            shown(v, (field::NEW_PASSWORD_AGAIN, "password-again"), NEW, None, again),
        ];
        focus_first_problem(&mut fields);
        let template = PasswordTemplate {
            v,
            page: self,
            changed,
            problem,
            fields,
        };
        Ok(template.render()?)
    }
}

/// How password managers know a new password.
pub(super) const NEW: &str = "new-password";

/// A field for a password; what was typed into one is never shown again.
pub(super) fn shown(
    v: View<'_>,
    named: (&str, &str),
    autocomplete: &'static str,
    hint: Option<String>,
    problem: Option<String>,
) -> ShownField {
    ShownField {
        required: true,
        hint,
        problem,
        ..ShownField::new(v, named, ("password", autocomplete))
    }
}
