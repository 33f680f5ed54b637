//! Shall the session end?

use askama::Template;

use crate::page::{Page, PageError};
use crate::text::shown_name;
use crate::view::{Around, Badge, View};
use crate::{Locale, Theme};

/// The question before signing out, when an app asks for it without proof of whom it means (OpenID Connect
/// RP-Initiated Logout 1.0, section 2: "the OP … MUST ask the End-User this question").
///
/// Its form sends [`field`](crate::field)`::{INTERACTION, CSRF_TOKEN}` and `decision=approve` or `deny`. Ids:
/// `logout-yes`, `logout-no`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SignOut {
    /// The path the form is posted to.
    pub action: String,
    /// Which interaction is answered. May be empty when there is none.
    pub interaction: String,
    /// The token against cross-site request forgery.
    pub csrf_token: String,
    /// The person signed in.
    pub account_name: String,
    /// The app that asks, if it is known.
    pub client_name: Option<String>,
}

#[derive(Template)]
#[template(path = "sign_out.html")]
struct SignOutTemplate<'a> {
    v: View<'a>,
    page: &'a SignOut,
    account: Badge,
    asks: Option<Around>,
    lead: Around,
}

impl Page for SignOut {
    const MARKER: &'static str = "logout-page";

    fn render(&self, theme: &Theme, locale: Locale) -> Result<String, PageError> {
        let v = View { theme, locale };
        let template = SignOutTemplate {
            v,
            page: self,
            account: Badge::new(&self.account_name, None),
            asks: self
                .client_name
                .as_deref()
                .map(|name| v.around("sign-out-lead-app", "client", shown_name(name))),
            lead: v.around("sign-out-lead", "name", shown_name(&self.account_name)),
        };
        Ok(template.render()?)
    }
}
