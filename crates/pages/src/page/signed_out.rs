//! You are signed out, or stay signed in.

use askama::Template;

use crate::link::{return_link, web_link};
use crate::page::{Page, PageError};
use crate::text::shown_name;
use crate::view::View;
use crate::{Locale, Theme};

/// The page after signing out, when there is no app to go back to or when apps have to be told by frames first
/// (OpenID Connect Front-Channel Logout 1.0).
///
/// A small external script goes on to the app once the frames have loaded, or after five seconds; without JavaScript the
/// link does. Ids: `sign-in-again`, `logout-continue`, `logout-frame-<n>` from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignedOut {
    /// The path where one can sign in again, if the server offers one.
    pub sign_in_path: Option<String>,
    /// The addresses of frames that tell apps.
    pub frames: Vec<String>,
    /// The app that asked for it and where it wants the person back.
    pub back: Option<WayBack>,
}

/// Where a person can go on to after signing out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WayBack {
    /// The name of the app.
    pub client_name: String,
    /// The address, after it was matched against the client's registration.
    pub address: String,
}

#[derive(Template)]
#[template(path = "signed_out.html")]
struct SignedOutTemplate<'a> {
    v: View<'a>,
    page: &'a SignedOut,
    frames: Vec<String>,
    back: Option<(String, String)>,
}

impl Page for SignedOut {
    const MARKER: &'static str = "signed-out-page";

    fn render(&self, theme: &Theme, locale: Locale) -> Result<String, PageError> {
        let back = self.back.as_ref();
        Ok(SignedOutTemplate {
            v: View { theme, locale },
            page: self,
            frames: self.frames.iter().filter_map(|frame| web_link(frame)).collect(),
            back: back.and_then(|back| Some((return_link(&back.address)?, shown_name(&back.client_name)))),
        }
        .render()?)
    }
}

/// The page after somebody was asked whether to sign out and said no. Ids: `account-link`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StillSignedIn {
    /// The person signed in.
    pub account_name: String,
    /// The path of the account page.
    pub account_path: String,
}

#[derive(Template)]
#[template(path = "still_signed_in.html")]
struct StillSignedInTemplate<'a> {
    v: View<'a>,
    page: &'a StillSignedIn,
}

impl Page for StillSignedIn {
    const MARKER: &'static str = "still-signed-in-page";

    fn render(&self, theme: &Theme, locale: Locale) -> Result<String, PageError> {
        Ok(StillSignedInTemplate {
            v: View { theme, locale },
            page: self,
        }
        .render()?)
    }
}
