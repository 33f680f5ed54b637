//! golang.org/x/oauth2 and go-oidc against the real server.

use grantor_tests::{Server, Suite};

#[tokio::test]
async fn go_clients_work() {
    let server = Server::start().await;
    Suite::new("interop/go", "go")
        .arg("test")
        // A result of another server must not stand for this one.
        .arg("-count=1")
        .arg("./...")
        .env("GRANTOR_ISSUER", server.issuer())
        .env("SIGN_IN", env!("CARGO_BIN_EXE_sign-in"))
        .run()
        .await;
}
