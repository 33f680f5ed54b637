//! The pages of the device flow (RFC 8628): type the code, confirm it, done.

use askama::Template;

use crate::page::{Page, PageError};
use crate::scope::{ScopeItem, ShownScope};
use crate::text::{shown_line, shown_name};
use crate::view::{Around, Badge, Moment, View};
use crate::{Locale, Theme};

/// Where the person types the code that the device shows.
///
/// Its form sends [`field`](crate::field)`::{CSRF_TOKEN, USER_CODE}`. Ids: `user-code`, `device-submit`, and
/// `device-problem` when there is one.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct DeviceCode {
    /// The path the form is posted to.
    pub action: String,
    /// The token against cross-site request forgery.
    pub csrf_token: String,
    /// What the field holds at first, from `verification_uri_complete` or the last try.
    pub user_code: String,
    /// What went wrong at the last try.
    pub problem: Option<DeviceCodeProblem>,
}

/// Why the code was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceCodeProblem {
    /// No device waits with this code.
    Unknown,
    /// The code is too old.
    Expired,
    /// The code was answered before.
    Used,
    /// Further tries are refused for a while.
    TooManyAttempts {
        /// How long, in seconds.
        retry_after_seconds: u64,
    },
}

/// Where the person decides about the device, after comparing the code: "it is RECOMMENDED to inform the user
/// that they are authorizing a device … and to confirm that the device is in their possession" (RFC 8628, section 5.4).
///
/// Its form sends [`field`](crate::field)`::{INTERACTION, CSRF_TOKEN}` and `decision=approve`, `deny` or `other`. Ids:
/// `device-user-code`, `device-name` when the device has one, `device-asked`, `device-approve`, `device-deny`, `device-other`, and `scope-<n>` from 0.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct DeviceConfirm {
    /// The path the form is posted to.
    pub action: String,
    /// Which interaction is answered.
    pub interaction: String,
    /// The token against cross-site request forgery.
    pub csrf_token: String,
    /// The code, as the device shows it.
    pub user_code: String,
    /// The name of the app on the device.
    pub client_name: String,
    /// The picture of the app.
    pub client_logo: Option<String>,
    /// The account that would be shared.
    pub account_name: String,
    /// What is asked for.
    pub scopes: Vec<ScopeItem>,
    /// What the device calls itself. May be empty; nobody has checked it.
    pub device: String,
    /// When the device asked, in seconds since 1970.
    pub asked_at: i64,
}

/// The end of the flow in the browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeviceDone {
    /// Whether the device was connected.
    pub approved: bool,
}

#[derive(Template)]
#[template(path = "device_code.html")]
struct DeviceCodeTemplate<'a> {
    v: View<'a>,
    page: &'a DeviceCode,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "device_confirm.html")]
struct DeviceConfirmTemplate<'a> {
    v: View<'a>,
    page: &'a DeviceConfirm,
    client: Badge,
    account: Badge,
    title: Around,
    user_code: String,
    device: Option<String>,
    asked_at: Moment,
    scopes: Vec<ShownScope>,
}

#[derive(Template)]
#[template(path = "device_done.html")]
struct DeviceDoneTemplate<'a> {
    v: View<'a>,
    approved: bool,
    title: String,
    lead: String,
}

impl Page for DeviceCode {
    const MARKER: &'static str = "device-code-page";

    fn render(&self, theme: &Theme, locale: Locale) -> Result<String, PageError> {
        let v = View { theme, locale };
        let problem = self.problem.map(|problem| match problem {
            DeviceCodeProblem::Unknown => v.t("device-unknown"),
            DeviceCodeProblem::Expired => v.t("device-expired"),
            DeviceCodeProblem::Used => v.t("device-used"),
            DeviceCodeProblem::TooManyAttempts { retry_after_seconds } => v.wait(retry_after_seconds),
        });
        Ok(DeviceCodeTemplate {
            v,
            page: self,
            problem,
        }
        .render()?)
    }
}

impl Page for DeviceConfirm {
    const MARKER: &'static str = "device-confirm-page";

    fn render(&self, theme: &Theme, locale: Locale) -> Result<String, PageError> {
        let v = View { theme, locale };
        let template = DeviceConfirmTemplate {
            v,
            page: self,
            client: Badge::new(&self.client_name, self.client_logo.as_deref()),
            account: Badge::new(&self.account_name, None),
            title: v.around("device-confirm-title", "client", shown_name(&self.client_name)),
            user_code: shown_line(&self.user_code),
            device: (!shown_line(&self.device).is_empty())
                .then(|| v.t1("device-says", "device", &self.device)),
            asked_at: v.moment(self.asked_at),
            scopes: ShownScope::all(&self.scopes, v),
        };
        Ok(template.render()?)
    }

    fn images(&self) -> Vec<&str> {
        self.client_logo.as_deref().into_iter().collect()
    }
}

impl Page for DeviceDone {
    const MARKER: &'static str = "device-done-page";

    fn render(&self, theme: &Theme, locale: Locale) -> Result<String, PageError> {
        let v = View { theme, locale };
        let (title, lead) = if self.approved {
            (v.t("device-done-title"), v.t("device-done-lead"))
        } else {
            (v.t("device-denied-title"), v.t("device-denied-lead"))
        };
        Ok(DeviceDoneTemplate {
            v,
            approved: self.approved,
            title,
            lead,
        }
        .render()?)
    }
}
