//! The clients of the documents that this server has to satisfy, as printed, against the real server. The documents are
//! not ours and lie beside the clone; without them there is nothing to run.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod blocks;

use grantor_tests::{Server, Suite};

use self::blocks::{Blocks, shared};

async fn run(suite: impl FnOnce() -> Suite) {
    let Some(shared) = shared() else {
        println!("seed clients: not run, ../shared is not here");
        return;
    };
    let server = Server::start().await;
    let blocks = Blocks::extract(&shared, server.issuer());
    suite()
        .env("SEEDS", blocks.folder())
        .env("GRANTOR_ISSUER", server.issuer())
        .env("GRANTOR", server.binary())
        .env("GRANTOR_DATA", server.data())
        .env("SIGN_IN", env!("CARGO_BIN_EXE_sign-in"))
        .run()
        .await;
}

#[tokio::test]
async fn python_go_and_mobile_clients_work() {
    run(|| Suite::pytest("interop/seeds/python").arg("-rs")).await;
}

#[tokio::test]
async fn browser_and_node_clients_work() {
    run(|| {
        Suite::new("interop/seeds/node", "node")
            .needs("node_modules")
            .needs("../../../browser/node_modules")
            .arg("--test")
            .arg("--test-reporter=spec")
    })
    .await;
}
