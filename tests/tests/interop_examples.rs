//! The example APIs of the guide, in Rust, Python, JavaScript and Go, against the real server.

use grantor_tests::{Server, Suite};

#[tokio::test]
async fn example_apis_take_our_tokens() {
    let server = Server::start().await;
    let python = Suite::target_folder().join("python-venv/bin/python");
    Suite::new("interop/examples", &python)
        .needs(&python)
        .needs("../../../examples/express-api/node_modules")
        .arg("-m")
        .arg("pytest")
        .arg("--quiet")
        .arg("-p")
        .arg("no:cacheprovider")
        .env("GRANTOR_ISSUER", server.issuer())
        .env("SIGN_IN", env!("CARGO_BIN_EXE_sign-in"))
        .env("AXUM_EXAMPLE", Suite::example("protected_api"))
        .run()
        .await;
}
