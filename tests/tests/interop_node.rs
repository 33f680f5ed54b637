//! openid-client, and oidc-client-ts in a real browser, against the real server.

use grantor_tests::{Server, Suite};

#[tokio::test]
async fn node_clients_work() {
    let server = Server::start().await;
    Suite::new("interop/node", "node")
        .needs("node_modules")
        .needs("../../browser/node_modules")
        .arg("--test")
        .arg("--test-reporter=spec")
        .env("GRANTOR_ISSUER", server.issuer())
        .env("SIGN_IN", env!("CARGO_BIN_EXE_sign-in"))
        .run()
        .await;
}
