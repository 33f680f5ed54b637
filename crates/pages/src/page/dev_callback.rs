//! Where a flow that is tried by hand ends, on a development server.

use askama::Template;

use crate::link::web_link;
use crate::page::{Page, PageError};
use crate::view::View;
use crate::{Locale, Theme};

/// The stand-in for an app: shows the answer it would have got.
///
/// Ids: `callback-code`, `callback-error`, `callback-error-description`, `callback-exchange`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct DevCallback {
    /// The authorization code, if one came.
    pub code: Option<String>,
    /// The error, if one came.
    pub error: Option<CallbackError>,
    /// Every parameter of the answer, in order.
    pub params: Vec<(String, String)>,
    /// The command that exchanges the code for tokens.
    pub exchange: Option<String>,
    /// The address that starts over.
    pub try_again: Option<String>,
}

/// An error answer (RFC 6749, section 4.1.2.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallbackError {
    /// The parameter `error`.
    pub code: String,
    /// The parameter `error_description`.
    pub description: Option<String>,
}

#[derive(Template)]
#[template(path = "dev_callback.html")]
struct DevCallbackTemplate<'a> {
    v: View<'a>,
    page: &'a DevCallback,
    title: String,
    lead: String,
    try_again: Option<String>,
}

impl Page for DevCallback {
    const MARKER: &'static str = "dev-callback-page";

    fn render(&self, theme: &Theme, locale: Locale) -> Result<String, PageError> {
        let v = View { theme, locale };
        let outcome = match (&self.code, &self.error) {
            (_, Some(_)) => "error",
            (Some(_), None) => "code",
            (None, None) => "empty",
        };
        let template = DevCallbackTemplate {
            v,
            page: self,
            title: v.t(&format!("callback-{outcome}-title")),
            lead: v.t(&format!("callback-{outcome}-lead")),
            try_again: self.try_again.as_deref().and_then(web_link),
        };
        Ok(template.render()?)
    }
}
