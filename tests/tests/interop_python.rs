//! Authlib and requests-oauthlib against the real server.

use grantor_tests::{Server, Suite};

#[tokio::test]
async fn python_clients_work() {
    let server = Server::start().await;
    Suite::pytest("interop/python")
        .env("GRANTOR_ISSUER", server.issuer())
        .env("SIGN_IN", env!("CARGO_BIN_EXE_sign-in"))
        .run()
        .await;
}
