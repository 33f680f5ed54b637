//! You are signed out.

use askama::Template;

use crate::page::{Page, PageError};
use crate::view::View;
use crate::{Locale, Theme};

/// The page after signing out, when there is no app to go back to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignedOut {
    /// The path where one can sign in again, if the server offers one.
    pub sign_in_path: Option<String>,
}

#[derive(Template)]
#[template(path = "signed_out.html")]
struct SignedOutTemplate<'a> {
    v: View<'a>,
    page: &'a SignedOut,
}

impl Page for SignedOut {
    const MARKER: &'static str = "signed-out-page";

    fn render(&self, theme: &Theme, locale: Locale) -> Result<String, PageError> {
        Ok(SignedOutTemplate {
            v: View { theme, locale },
            page: self,
        }
        .render()?)
    }
}
