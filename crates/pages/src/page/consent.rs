//! May this app do this?

use askama::Template;

use crate::link::web_link;
use crate::page::{Page, PageError};
use crate::scope::{ScopeItem, ShownScope};
use crate::text::{shown_line, shown_name};
use crate::view::{Around, Badge, View};
use crate::{Locale, Theme};

/// The consent page.
///
/// Its form sends [`field`](crate::field)`::{INTERACTION, CSRF_TOKEN}` and `decision=approve`, `deny` or `other`
/// ("not you?"). Ids: `consent-approve`, `consent-deny`, `consent-other`, `redirect-host`, and `scope-<n>` from 0; where the
/// app has them, `client-logo`, `client-uri`, `policy-uri` and `tos-uri`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Consent {
    /// The path the form is posted to.
    pub action: String,
    /// Which interaction is answered.
    pub interaction: String,
    /// The token against cross-site request forgery.
    pub csrf_token: String,
    /// The name of the app.
    pub client_name: String,
    /// The picture of the app.
    pub client_logo_uri: Option<String>,
    /// The home page of the app.
    pub client_uri: Option<String>,
    /// What the app does with people's data.
    pub policy_uri: Option<String>,
    /// The app's terms of service.
    pub tos_uri: Option<String>,
    /// The account that would be shared.
    pub account_name: String,
    /// What is asked for.
    pub scopes: Vec<ScopeItem>,
    /// The protected resources the tokens would be for (RFC 8707), if the request names any.
    pub resources: Vec<String>,
    /// The host, or for an app of the device its scheme, the browser goes to next.
    pub redirect_host: String,
}

#[derive(Template)]
#[template(path = "consent.html")]
struct ConsentTemplate<'a> {
    v: View<'a>,
    page: &'a Consent,
    client: Badge,
    account: Badge,
    title: Around,
    scopes: Vec<ShownScope>,
    resources: Vec<String>,
    client_link: Option<String>,
    policy_link: Option<String>,
    terms_link: Option<String>,
    next: Around,
}

impl Page for Consent {
    const MARKER: &'static str = "consent-page";

    fn render(&self, theme: &Theme, locale: Locale) -> Result<String, PageError> {
        let v = View { theme, locale };
        let template = ConsentTemplate {
            v,
            page: self,
            client: Badge::new(&self.client_name, self.client_logo_uri.as_deref()),
            account: Badge::new(&self.account_name, None),
            title: v.around("consent-title", "client", shown_name(&self.client_name)),
            scopes: ShownScope::all(&self.scopes, v),
            resources: self
                .resources
                .iter()
                .map(|resource| shown_line(resource))
                .collect(),
            client_link: self.client_uri.as_deref().and_then(web_link),
            policy_link: self.policy_uri.as_deref().and_then(web_link),
            terms_link: self.tos_uri.as_deref().and_then(web_link),
            next: v.around("consent-next", "host", shown_line(&self.redirect_host)),
        };
        Ok(template.render()?)
    }

    fn images(&self) -> Vec<&str> {
        self.client_logo_uri.as_deref().into_iter().collect()
    }
}
