//! The answer to the app as a form that sends itself.

use askama::Template;

use crate::link::{form_target, host_of};
use crate::page::{Page, PageError};
use crate::text::shown_line;
use crate::view::{Around, View};
use crate::{Locale, Theme};

/// The page of `response_mode=form_post` (OAuth 2.0 Form Post Response Mode).
///
/// A small external script posts the form at once; without JavaScript the button does. There is no token against
/// forgery in it: it goes to the app, which has no business with ours. Ids: `form-post`, `form-post-continue`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FormPost {
    /// The redirect URI, after it was matched against the client's registration.
    pub action: String,
    /// The parameters of the answer, in order.
    pub fields: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "form_post.html")]
struct FormPostTemplate<'a> {
    v: View<'a>,
    page: &'a FormPost,
    action: String,
    lead: Around,
}

impl Page for FormPost {
    const MARKER: &'static str = "form-post-page";

    /// # Errors
    /// [`PageError::UnsafeFormTarget`] when the action is not an `http` or `https` address.
    fn render(&self, theme: &Theme, locale: Locale) -> Result<String, PageError> {
        let v = View { theme, locale };
        let action = form_target(&self.action).ok_or(PageError::UnsafeFormTarget)?;
        let lead = v.around("form-post-lead", "host", shown_line(&host_of(&action)));
        Ok(FormPostTemplate {
            v,
            page: self,
            action,
            lead,
        }
        .render()?)
    }
}
