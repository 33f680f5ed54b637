//! [RFC 9207](https://www.rfc-editor.org/rfc/rfc9207): every response says who answers.

use serde_json::json;

use crate::harness::{ALICE, Ask, Browser, Callback, Setup};
use crate::rfc8414_metadata;

/// "In authorization responses to the client, including error responses, an authorization server supporting this
/// specification MUST indicate its identity by including the "iss" parameter in the response." (2)
#[tokio::test]
async fn on_success_and_on_every_kind_of_error_in_every_mode() {
    for issuer in [
        "https://id.example",
        "https://id.example:8443",
        "http://localhost:3000",
    ] {
        let server = Setup::at(issuer).start().await;
        let mut browser = Browser::new(&server);
        browser.log_in_alone(ALICE).await;
        for mode in ["query", "fragment", "form_post"] {
            let ask = Ask::web().with("response_mode", mode);
            let denied = browser.ask(&ask.clone().with("prompt", "consent")).await;
            let denied = browser.press(&denied, "consent-deny").await;
            let refused = browser.get(&ask.clone().with("scope", "admin").path()).await;
            let silent = browser
                .get(&ask.clone().with("prompt", "none").with("scope", "write").path())
                .await;
            let granted = browser.ask(&ask).await;
            let granted = browser.press_if_there(granted, "consent-approve").await;
            for (name, answer) in [
                ("access_denied", denied),
                ("invalid_scope", refused),
                ("consent_required", silent),
                ("", granted),
            ] {
                let callback = Callback::of(&answer);
                assert_eq!(callback.value("iss"), Some(issuer), "{mode} {name}");
                assert_eq!(callback.value("error").unwrap_or_default(), name);
                // The value is the issuer of the metadata: "MUST [...] be identical" (2.4)
                let metadata = rfc8414_metadata::document(&server, "/.well-known/openid-configuration").await;
                assert_eq!(metadata["issuer"], json!(issuer));
                assert_eq!(
                    metadata["authorization_response_iss_parameter_supported"],
                    json!(true)
                );
            }
        }
    }
}
