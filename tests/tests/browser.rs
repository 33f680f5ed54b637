//! A real browser on the real pages. Each file has a server of its own, so that none meets what another left.

use grantor_tests::{Server, Suite};

async fn run(file: &str) {
    let server = Server::start().await;
    Suite::new("browser", "node")
        .needs("node_modules")
        .needs("/usr/bin/chromium")
        .arg("--test")
        .arg("--test-reporter=spec")
        .arg(file)
        .env("GRANTOR_ISSUER", server.issuer())
        .env("SCREENSHOTS", Suite::target_folder().join("screenshots"))
        .run()
        .await;
}

#[tokio::test]
async fn signing_in() {
    run("sign-in.test.js").await;
}

#[tokio::test]
async fn prompts() {
    run("prompts.test.js").await;
}

#[tokio::test]
async fn account() {
    run("account.test.js").await;
}

#[tokio::test]
async fn profile() {
    run("profile.test.js").await;
}

#[tokio::test]
async fn logout() {
    run("logout.test.js").await;
}

#[tokio::test]
async fn device() {
    run("device.test.js").await;
}

#[tokio::test]
async fn answers() {
    run("answers.test.js").await;
}

#[tokio::test]
async fn errors() {
    run("errors.test.js").await;
}

#[tokio::test]
async fn looks() {
    run("looks.test.js").await;
}

#[tokio::test]
async fn by_hand() {
    run("by-hand.test.js").await;
}
