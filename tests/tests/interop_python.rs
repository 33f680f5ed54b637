//! Authlib and requests-oauthlib against the real server.

use grantor_tests::{Server, Suite};

#[tokio::test]
async fn python_clients_work() {
    let server = Server::start().await;
    let python = Suite::target_folder().join("python-venv/bin/python");
    Suite::new("interop/python", &python)
        .needs(&python)
        .arg("-m")
        .arg("pytest")
        .arg("--quiet")
        .arg("-p")
        .arg("no:cacheprovider")
        .env("GRANTOR_ISSUER", server.issuer())
        .env("SIGN_IN", env!("CARGO_BIN_EXE_sign-in"))
        .run()
        .await;
}
