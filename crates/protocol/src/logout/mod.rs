//! Signing out: [RP-Initiated Logout](https://openid.net/specs/openid-connect-rpinitiated-1_0.html),
//! [Back-Channel Logout](https://openid.net/specs/openid-connect-backchannel-1_0.html) and
//! [Front-Channel Logout](https://openid.net/specs/openid-connect-frontchannel-1_0.html).
//!
//! A session knows the clients that were logged in to by way of it, as far as they want to hear of its end. When it ends,
//! for whatever reason, a job for each of them is written in the same commit; the page that says so loads the frames.

mod delivery;
mod frame;
mod registration;
mod request;
mod session;
mod token;

pub use delivery::{Answer, Fate, LEASE, after, claim};
pub use frame::frame_address;
pub use registration::{check_registration, login_address};
pub(crate) use registration::{has_fragment, is_at_redirect_uri};
pub use request::{LogoutHint, LogoutRequest, PostLogoutRedirect, client_id, validate};
pub use session::{EndingSession, end, join, notifications};
pub use token::{BackchannelLogoutEvent, LogoutEvents, LogoutTokenClaims, UnsignedLogoutToken, logout_token};

#[cfg(test)]
mod tests;
