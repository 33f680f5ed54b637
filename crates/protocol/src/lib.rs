//! The rules of OAuth 2.1 and OpenID Connect as pure functions.
//!
//! A rule gets facts and returns a [`Decision`]: the answer and the writes together. Nothing in this crate is async,
//! reads a clock, draws a random number, opens a socket or a file, or logs. Everything comes in as an argument, so
//! every rule is tested as a table and reads like its RFC.

pub mod administration;
pub mod assertion;
pub mod authentication_context;
pub mod authorize;
mod cause;
mod change;
pub mod client_auth;
mod cx;
mod decision;
pub mod device;
pub mod discovery;
pub mod dpop;
#[cfg(test)]
mod fixture;
pub mod grant;
pub mod introspect;
pub mod login;
pub mod logout;
pub mod par;
pub mod personal_access_token;
mod policy;
pub mod profile;
pub mod record;
pub mod register;
pub mod revoke;
mod scannable;
pub mod subject;
pub mod token;
pub mod userinfo;
pub mod validity;

pub use cause::Cause;
pub use change::{Change, Expect};
pub use cx::{Catalogue, Cx, Random};
pub use decision::Decision;
pub use policy::{ClientAssertionPolicy, DpopPolicy, LoginPolicy, Policy, RegistrationPolicy};
