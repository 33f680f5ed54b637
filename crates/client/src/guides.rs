//! The code of the guides, compiled and held by the tests of documentation.

#[doc = include_str!("../../../docs/guides/client/signing-in.md")]
mod signing_in {}

#[cfg(feature = "axum")]
#[doc = include_str!("../../../docs/guides/client/web-applications.md")]
mod web_applications {}

#[doc = include_str!("../../../docs/guides/client/command-lines.md")]
mod command_lines {}

#[doc = include_str!("../../../docs/guides/client/devices.md")]
mod devices {}

#[doc = include_str!("../../../docs/guides/client/users-elsewhere.md")]
mod users_elsewhere {}

#[doc = include_str!("../../../docs/guides/client/services.md")]
mod services {}

#[cfg(feature = "middleware")]
#[doc = include_str!("../../../docs/guides/client/calling-apis.md")]
mod calling_apis {}

#[doc = include_str!("../../../docs/guides/coming-from-oauth2.md")]
mod coming_from_oauth2 {}
