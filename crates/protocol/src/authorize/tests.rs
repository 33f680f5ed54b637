//! The authorization endpoint's rules as tables.

mod interaction;
mod issue;
mod redirect_uri;
mod validate;
