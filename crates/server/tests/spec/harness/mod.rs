//! A server in process, the browser and the clients that talk to it.

mod answer;
mod browser;
mod call;
mod clock;
mod device;
mod fixture;
mod flow;
mod form;
mod holder;
pub(crate) mod jwt;
mod published;
mod receiver;
pub(crate) mod registration;
mod rendezvous;
mod server;

pub(crate) use answer::Answer;
pub(crate) use browser::Browser;
pub(crate) use call::Call;
pub(crate) use clock::START;
pub(crate) use device::{Codes, type_code};
pub(crate) use fixture::{ALICE, BOB, CALLBACK, password, resource_server, user_id};
pub(crate) use flow::{Ask, Callback, VERIFIER, challenge_of, tampered, text};
pub(crate) use form::Form;
pub(crate) use holder::{DPOP, Holder};
pub(crate) use published::Published;
pub(crate) use receiver::{Received, Receiver};
pub(crate) use server::{Server, Setup, master_key};
