//! Something is wrong, and the app must not be told by redirect.

use askama::Template;

use crate::page::{Page, PageError};
use crate::view::View;
use crate::{Locale, Theme};

/// The error page.
///
/// It never links back: it is shown just when the address to go back to could not be trusted. Ids: `error-title`,
/// `error-description`, `error-hint`, `error-code`, `cause-id`, `request-id`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorPage {
    /// The HTTP status it is sent with.
    pub status: u16,
    /// The error code of the specification, such as `invalid_request`.
    pub code: String,
    /// What happened, in a few words. `None`: by the code, in the language of the page.
    pub title: Option<String>,
    /// What exactly is wrong: the stable English sentence that belongs to the cause. `None`: by the code, in the
    /// language of the page.
    pub description: Option<String>,
    /// What to do next. `None`: by the code, in the language of the page.
    pub hint: Option<String>,
    /// The id under which the log has this request.
    pub request_id: String,
    /// The stable id of the cause in the error reference, if there is one.
    pub cause_id: Option<String>,
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorTemplate<'a> {
    v: View<'a>,
    page: &'a ErrorPage,
    title: String,
    description: String,
    /// The description came as an English sentence, which a screen reader has to be told on a page that is not.
    description_is_english: bool,
    hint: String,
}

impl Page for ErrorPage {
    const MARKER: &'static str = "error-page";

    fn render(&self, theme: &Theme, locale: Locale) -> Result<String, PageError> {
        let v = View { theme, locale };
        let description = self.description.as_deref().filter(|text| !text.is_empty());
        let template = ErrorTemplate {
            v,
            page: self,
            title: self.title.clone().unwrap_or_else(|| self.by_code(v, "title")),
            description_is_english: description.is_some() && locale != Locale::English,
            description: description.map_or_else(|| self.by_code(v, "text"), ToOwned::to_owned),
            hint: self.hint.clone().unwrap_or_else(|| self.by_code(v, "hint")),
        };
        Ok(template.render()?)
    }
}

impl ErrorPage {
    /// The message for the code; else for the kind of status, since an unknown code still is somebody's fault.
    fn by_code(&self, v: View<'_>, kind: &str) -> String {
        let code = self.code.replace('_', "-").to_ascii_lowercase();
        v.try_t(&format!("error-{code}-{kind}")).unwrap_or_else(|| {
            let fallback = if self.status >= 500 {
                "server-error"
            } else {
                "other"
            };
            v.t(&format!("error-{fallback}-{kind}"))
        })
    }
}
