//! What people see: headers and cookies of every page, sessions, forms.

mod account;
mod headers;
mod login;
mod session;
