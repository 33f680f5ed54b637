//! [RFC 6749 §4.4](https://www.rfc-editor.org/rfc/rfc6749#section-4.4): a client acts for itself.

use serde_json::json;

use crate::harness::{Call, Server, jwt};

#[tokio::test]
async fn a_client_gets_a_token_for_itself_and_nothing_is_stored() {
    let server = Server::start().await;
    let before = server.everything_stored();
    let call = Call::token()
        .client("service")
        .field("grant_type", "client_credentials")
        .field("scope", "read");
    let answer = server.call(call).await;
    let tokens = answer.ok();
    assert_eq!(
        answer.members(),
        ["access_token", "expires_in", "scope", "token_type"]
    );
    assert_eq!(tokens["scope"], json!("read"));
    let claims = jwt::claims(tokens["access_token"].as_str().unwrap());
    assert_eq!(claims["sub"], json!("service"));
    assert_eq!(claims["client_id"], json!("service"));
    assert_eq!(server.everything_stored(), before);
}
