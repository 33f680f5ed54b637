//! The example APIs of the guide, in Rust, Python, JavaScript and Go, against the real server.

use grantor_tests::{Server, Suite};

#[tokio::test]
async fn example_apis_take_our_tokens() {
    let server = Server::start().await;
    Suite::pytest("interop/examples")
        .needs("../../../examples/express-api/node_modules")
        .env("GRANTOR_ISSUER", server.issuer())
        .env("SIGN_IN", env!("CARGO_BIN_EXE_sign-in"))
        .env("AXUM_EXAMPLE", Suite::example("protected_api"))
        .run()
        .await;
}
