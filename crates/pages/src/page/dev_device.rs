//! What a device without a browser would show, on a development server.

use askama::Template;

use crate::link::web_link;
use crate::page::{Page, PageError};
use crate::qr::QrDrawing;
use crate::text::shown_name;
use crate::view::{Around, View};
use crate::{Locale, Theme};

/// The stand-in for a device: its code, the same as a QR code, and the command that asks for its tokens.
///
/// Ids: `device-user-code`, `device-qr`, `device-open`, `device-poll`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct DevDevice {
    /// The name of the app on the device.
    pub client_name: String,
    /// The code that the device shows.
    pub user_code: String,
    /// Where the code is typed.
    pub verification_uri: String,
    /// The same with the code in it.
    pub verification_uri_complete: String,
    /// The command that asks for the tokens.
    pub poll: String,
}

#[derive(Template)]
#[template(path = "dev_device.html")]
struct DevDeviceTemplate<'a> {
    v: View<'a>,
    page: &'a DevDevice,
    title: Around,
    open: Option<String>,
    qr: Option<QrDrawing>,
}

impl Page for DevDevice {
    const MARKER: &'static str = "dev-device-page";

    fn render(&self, theme: &Theme, locale: Locale) -> Result<String, PageError> {
        let v = View { theme, locale };
        let template = DevDeviceTemplate {
            v,
            page: self,
            title: v.around("dev-device-title", "client", shown_name(&self.client_name)),
            open: web_link(&self.verification_uri_complete),
            qr: QrDrawing::of(&self.verification_uri_complete),
        };
        Ok(template.render()?)
    }
}
