//! Your account: what is known of you, where you are signed in, which apps have access.

use askama::Template;

use super::profile;
use crate::link::web_link;
use crate::page::{Page, PageError};
use crate::scope::{ScopeItem, ShownScope};
use crate::text::shown_line;
use crate::view::{Badge, Moment, View};
use crate::{Locale, Theme};

/// The account overview.
///
/// Signing out posts `csrf_token` to `sign_out_action`, ending another session adds `session_id`; removing an app's
/// access posts `csrf_token` and `grant_id` to `revoke_action`. Ids: `sign-out`, `sign-out-everywhere`, and from 0
/// `session-end-<n>`, `app-remove-<n>` and `app-open-<n>`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// The token against cross-site request forgery.
    pub csrf_token: String,
    /// The path that ends sessions.
    pub sign_out_action: String,
    /// The path that ends every session of the person.
    pub sign_out_everywhere_action: String,
    /// The path that revokes grants.
    pub revoke_action: String,
    /// The path of the page of personal access tokens.
    pub tokens_path: String,
    /// The path of the page of the person's details.
    pub profile_path: String,
    /// The path of the page that changes the password.
    pub password_path: String,
    /// The person's name.
    pub name: String,
    /// The name they sign in with.
    pub username: String,
    /// What apps can be told about them.
    pub claims: Vec<ClaimRow>,
    /// Where they are signed in.
    pub sessions: Vec<SessionRow>,
    /// The apps that have access.
    pub apps: Vec<AppRow>,
    /// What was just done, to be said at the top of the page: an app's name whose access was removed.
    pub removed: Option<String>,
}

/// One thing known about the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimRow {
    /// The claim, such as `email`. The standard claims of OpenID Connect are shown in words.
    pub name: String,
    /// Its value.
    pub value: ClaimValue,
}

/// What a claim says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimValue {
    /// Something in words.
    Text(String),
    /// Yes or no.
    Truth(bool),
    /// A time, in seconds since 1970.
    Moment(i64),
}

/// One place where the person is signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionRow {
    /// What is sent back to end it. Never the cookie's value.
    pub id: String,
    /// The browser and the system, as far as they are known.
    pub device: String,
    /// Where from: an address or a place. May be empty.
    pub origin: String,
    /// When they signed in, in seconds since 1970.
    pub since: i64,
    /// The session this page is shown in.
    pub current: bool,
}

/// One app that has access.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppRow {
    /// What is sent back to remove the access.
    pub grant_id: String,
    /// The name of the app.
    pub client_name: String,
    /// The picture of the app.
    pub client_logo: Option<String>,
    /// Where a login at the app begins, when it can begin here.
    pub open_link: Option<String>,
    /// What it may do.
    pub scopes: Vec<ScopeItem>,
    /// Since when, in seconds since 1970.
    pub since: i64,
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountTemplate<'a> {
    v: View<'a>,
    page: &'a Account,
    person: Badge,
    claims: Vec<(String, String)>,
    apps: Vec<ShownApp<'a>>,
    sessions: Vec<ShownSession<'a>>,
}

struct ShownApp<'a> {
    grant_id: &'a str,
    badge: Badge,
    scopes: Vec<ShownScope>,
    since: Moment,
    remove_label: String,
    open_link: Option<String>,
    open_label: String,
}

struct ShownSession<'a> {
    session: &'a SessionRow,
    device: String,
    since: Moment,
    end_label: String,
}

impl Page for Account {
    const MARKER: &'static str = "account-overview-page";

    fn render(&self, theme: &Theme, locale: Locale) -> Result<String, PageError> {
        let v = View { theme, locale };
        let name = if self.name.is_empty() {
            &self.username
        } else {
            &self.name
        };
        let template = AccountTemplate {
            v,
            page: self,
            person: Badge::new(name, None),
            claims: self
                .claims
                .iter()
                .map(|row| (profile::label(v, &row.name), claim_value(v, &row.value)))
                .collect(),
            apps: self.apps.iter().map(|app| shown_app(v, app)).collect(),
            sessions: self
                .sessions
                .iter()
                .map(|session| shown_session(v, session))
                .collect(),
        };
        Ok(template.render()?)
    }

    fn images(&self) -> Vec<&str> {
        self.apps
            .iter()
            .filter_map(|app| app.client_logo.as_deref())
            .collect()
    }
}

fn shown_app<'a>(v: View<'_>, app: &'a AppRow) -> ShownApp<'a> {
    ShownApp {
        grant_id: &app.grant_id,
        badge: Badge::new(&app.client_name, app.client_logo.as_deref()),
        scopes: ShownScope::all(&app.scopes, v),
        since: v.moment(app.since),
        remove_label: v.t1("account-app-remove-label", "client", &app.client_name),
        open_link: app.open_link.as_deref().and_then(web_link),
        open_label: v.t1("account-app-open-label", "client", &app.client_name),
    }
}

fn shown_session<'a>(v: View<'_>, session: &'a SessionRow) -> ShownSession<'a> {
    let device = match shown_line(&session.device) {
        unknown if unknown.is_empty() => v.t("account-session-unknown"),
        known => known,
    };
    ShownSession {
        session,
        since: v.moment(session.since),
        end_label: v.t1("account-session-end-label", "device", &device),
        device,
    }
}

fn claim_value(v: View<'_>, value: &ClaimValue) -> String {
    match value {
        ClaimValue::Text(text) => shown_line(text),
        ClaimValue::Truth(true) => v.t("yes"),
        ClaimValue::Truth(false) => v.t("no"),
        ClaimValue::Moment(seconds) => v.moment(*seconds).shown,
    }
}
