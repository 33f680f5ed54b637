//! The SQLite engine: one file, nothing to install, durable and fast on one machine.
//!
//! One thread writes. It folds all commits that wait into one transaction and answers when that is on the disk, so that
//! commits are safe one by one and cheap together. Readers have connections of their own and never wait for the writer.
//! Other processes may open the same file: the command-line tool does, beside a running server.

mod apply;
mod checkpoint;
mod column;
mod connection;
mod migrate;
mod read;
mod readers;
mod statement;
mod store;
mod sweep;
mod writer;

pub use connection::Options;
pub use store::SqliteStore;
