//! What people see: headers and cookies of every page, sessions, forms.

mod account;
mod development;
mod headers;
mod login;
mod password;
mod profile;
mod session;
