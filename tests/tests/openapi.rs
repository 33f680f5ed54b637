//! Requests that schemathesis makes from the OpenAPI documents: good ones, wrong ones, and the edges of both. Nothing may
//! be answered with 5xx, and nothing that the document does not tell of. What a schema cannot say, such as which members
//! of a client want each other, is refused with 422; so a request that fits the schema need not be accepted.

use grantor_tests::{Server, Suite};

/// Schemathesis on one document of a server, bounded and the same each time.
fn schemathesis(server: &Server, document: &str) -> Suite {
    let program = Suite::target_folder().join("openapi-venv/bin/schemathesis");
    let mut suite = Suite::new("openapi", &program).needs(&program);
    let location = format!("{}{document}", server.issuer());
    for argument in [
        "run",
        &location,
        "--seed",
        "1",
        "--max-examples",
        "10",
        "--max-time",
        "50",
        "--phases",
        "examples,coverage,fuzzing",
        "--exclude-checks",
        "positive_data_acceptance",
        "--no-shrink",
        "--warnings",
        "off",
    ] {
        suite = suite.arg(argument);
    }
    suite
}

/// Clients are neither deleted nor replaced: the one that the token belongs to is among them, and who has found it would be
/// refused from then on. Keys are replaced too slowly for so many requests.
#[tokio::test]
async fn the_administration_api_is_as_its_document_says() {
    let server = Server::start().await;
    let token = server.command("admin token").await;
    let mut suite = schemathesis(&server, "/admin/v1/openapi.json")
        .arg("--header")
        .arg(&format!("Authorization: Bearer {}", token.trim()));
    for operation in ["deleteClient", "replaceClient", "rotateKeys"] {
        suite = suite.arg("--exclude-operation-id").arg(operation);
    }
    suite.run().await;
}

#[tokio::test]
async fn the_protocol_endpoints_are_as_their_document_says() {
    let server = Server::start().await;
    schemathesis(&server, "/openapi.json")
        .arg("--auth")
        .arg("service:service-secret")
        .run()
        .await;
}
