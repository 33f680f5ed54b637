//! The real binary on real folders and sockets.

mod harness;

mod apply;
mod beside_a_server;
mod catalogue;
mod check;
mod client;
mod key;
mod serve;
mod user;
