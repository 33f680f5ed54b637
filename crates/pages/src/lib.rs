//! Grantor's pages: what a person sees between an app and its tokens.
//!
//! Pure: a struct goes in, HTML comes out. No HTTP, no clock, no store. Each page is a struct that implements [`Page`];
//! a [`Theme`] holds the look and the words, and a [`Locale`] says which words.
//!
//! ```
//! use grantor_pages::{Locale, Login, Page, Theme};
//!
//! let theme = Theme::default();
//! let page = Login {
//!     action: "/oauth/login".to_owned(),
//!     interaction: "3v1".to_owned(),
//!     csrf_token: "t0k3n".to_owned(),
//!     client_name: Some("Acme Photos".to_owned()),
//!     ..Login::default()
//! };
//! let html = page.render(&theme, Locale::negotiate(None, Some("de-CH")))?;
//! assert!(html.contains("Acme Photos"));
//! # Ok::<(), grantor_pages::PageError>(())
//! ```
//!
//! What the server has to know about them:
//!
//! - They work without JavaScript and under the policy that [`content_security_policy`] writes: no inline script, no
//!   inline style, nothing from elsewhere but the logos of clients.
//! - Every form is sent by POST with the fields of [`field`]; the button says what was decided, see [`decision`].
//! - Ids of elements are stable: tests, conformance suites and password managers hold on to them. Each page has its
//!   marker, [`Page::MARKER`], as the id of its body.
//! - Text from outside is escaped, cut to a sensible length and freed of characters that turn the writing direction;
//!   links and logos from outside are shown only when they are `https` (or `http` on loopback).

mod asset;
mod link;
mod locale;
mod message;
mod page;
mod policy;
mod qr;
mod scope;
mod text;
mod theme;
mod typed;
mod view;

pub use asset::{Asset, asset};
pub use locale::Locale;
pub use message::check::MessageProblem;
pub use page::account::{Account, AppRow, ClaimRow, ClaimValue, SessionRow};
pub use page::account_choice::{AccountChoice, AccountOption};
pub use page::consent::Consent;
pub use page::dev_callback::{CallbackError, DevCallback};
pub use page::dev_device::DevDevice;
pub use page::device::{DeviceCode, DeviceCodeProblem, DeviceConfirm, DeviceDone};
pub use page::error::ErrorPage;
pub use page::form_post::FormPost;
pub use page::home::{CurlExample, DevClient, DevInfo, DevUser, Endpoint, Home};
pub use page::login::{Login, LoginProblem};
pub use page::password::{Password, PasswordOutcome};
pub use page::personal_access_tokens::{PersonalAccessTokens, TokenProblem, TokenRow};
pub use page::profile::{Addition, Profile, ProfileOutcome};
pub use page::sign_out::SignOut;
pub use page::sign_up::{SignUp, SignUpProblem};
pub use page::signed_out::{SignedOut, StillSignedIn, WayBack};
pub use page::{Page, PageError, decision, field};
pub use policy::{content_security_policy, content_security_policy_with_frames};
pub use scope::ScopeItem;
pub use theme::{FooterLink, Theme, ThemeError};
pub use typed::{FieldProblem, TypedField};
