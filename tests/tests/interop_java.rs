//! The OAuth 2.0 SDK of Nimbus with its OpenID Connect extensions against the real server.

use grantor_tests::{Server, Suite};

#[tokio::test]
async fn java_clients_work() {
    let server = Server::start().await;
    let folder = Suite::target_folder().join("interop-java");
    Suite::new("interop/java", "mvn")
        .needs(&folder)
        .arg("--batch-mode")
        // All that it needs was installed before.
        .arg("--offline")
        .arg(&format!("-Dbuild.folder={}", folder.display()))
        .arg("test")
        .env("GRANTOR_ISSUER", server.issuer())
        .env("SIGN_IN", env!("CARGO_BIN_EXE_sign-in"))
        .run()
        .await;
}
