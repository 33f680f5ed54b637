//! What the tests stand on: a folder, the binary, a server that it runs, and a browser of sorts.

mod binary;
mod browser;
mod folder;
mod home;
mod http;
mod server;

pub(crate) use binary::{Run, grantor, grantor_with};
pub(crate) use browser::{Login, approve_device, authorize};
pub(crate) use folder::Folder;
pub(crate) use home::{Home, Waiting};
pub(crate) use http::{Http, Reply, eventually};
pub(crate) use server::Server;
