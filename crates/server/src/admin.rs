//! The administration API: `/admin/v1/…`. JSON over the store, for operators, test drivers, and the command line.
//!
//! [`Action`] lists what can be done; [`Administration`] does it. The HTTP side (`serve`) and the command line beside
//! the database both hand it a [`Request`], so that there is one behaviour and one set of words.

mod action;
mod administration;
mod catalogue;
mod clients;
mod cursor;
mod grants;
mod http;
mod instant;
mod keys;
pub mod openapi;
mod personal_access_tokens;
mod precondition;
mod refusal;
mod request;
mod resources;
mod scopes;
mod secrets;
mod sessions;
mod trusted_issuers;
mod users;

pub use action::{Action, Answer, Condition, Operation};
pub use administration::{Administration, KeyAdministration, Output, Writer};
pub use clients::{ClientDocument, ShownSecret};
pub use cursor::MAX_LIMIT;
pub use grants::{GrantDocument, MAX_REVOKED, Revocation};
pub use http::BASE;
pub(crate) use http::{document, serve};
pub use instant::instant;
pub use keys::KeyDocument;
pub use personal_access_tokens::PersonalAccessTokenDocument;
pub use refusal::{MemberError, Problem, Refusal};
pub use request::Request;
pub use sessions::SessionDocument;
pub use users::UserDocument;
