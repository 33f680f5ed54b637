//! [RFC 6749 §2.3](https://www.rfc-editor.org/rfc/rfc6749#section-2.3): how clients prove who they are.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use grantor_jose::digest;
use grantor_protocol::Cause;
use grantor_protocol::record::StoredSecret;
use grantor_types::Seconds;
use http::header::AUTHORIZATION;

use crate::harness::{Answer, Ask, Call, START, Server, Setup};

const ENDPOINTS: [&str; 3] = ["/oauth/token", "/oauth/introspect", "/oauth/revoke"];

/// A request that any of the endpoints takes.
fn call(endpoint: &str) -> Call {
    Call::post(endpoint)
        .field("grant_type", "client_credentials")
        .field("token", "x")
}

async fn with_secret(server: &Server, secret: &str) -> [Answer; 2] {
    [
        server.call(call("/oauth/token").basic("service", secret)).await,
        server
            .call(
                call("/oauth/token")
                    .field("client_id", "service")
                    .field("client_secret", secret),
            )
            .await,
    ]
}

#[tokio::test]
async fn by_header_and_by_form_at_every_endpoint() {
    let server = Server::start().await;
    for endpoint in ENDPOINTS {
        let header = call(endpoint).basic("service", "service-secret");
        let form = call(endpoint)
            .field("client_id", "service")
            .field("client_secret", "service-secret");
        let both_names = call(endpoint)
            .basic("service", "service-secret")
            .field("client_id", "service");
        for call in [header, form, both_names] {
            assert_eq!(server.call(call).await.status, 200, "{endpoint}");
        }
    }
}

/// "The client identifier is encoded using the "application/x-www-form-urlencoded" encoding algorithm" (2.3.1)
#[tokio::test]
async fn secrets_of_every_character() {
    let secret = "p: +%&=\"\\/?é\u{1f600}~";
    let server = Setup::new()
        .client("service", |client| {
            client.secrets = vec![StoredSecret {
                hash: digest::secret_hash(secret),
                expires_at: None,
                sealed: None,
            }];
        })
        .start()
        .await;
    for answer in with_secret(&server, secret).await {
        answer.ok();
    }
    // Clients that do not encode are understood as long as nothing in the secret needs it.
    let server = Server::start().await;
    let plain = format!("bAsIc {}", STANDARD.encode("service:service-secret"));
    server
        .call(call("/oauth/token").header(AUTHORIZATION, &plain))
        .await
        .ok();
}

/// "If the client attempted to authenticate via the "Authorization" request header field, the authorization server
/// MUST respond with an HTTP 401 (Unauthorized) status code and include the "WWW-Authenticate" response header field"
/// (5.2)
#[tokio::test]
async fn a_header_that_is_wrong_is_challenged_at_every_endpoint() {
    let server = Server::start().await;
    for endpoint in ENDPOINTS {
        let header = server.call(call(endpoint).basic("service", "wrong")).await;
        header.refused(401, "invalid_client", Cause::ClientSecretWrong);
        assert_eq!(header.header("www-authenticate"), Some("Basic realm=\"grantor\""));
        let form = call(endpoint)
            .field("client_id", "service")
            .field("client_secret", "wrong");
        let form = server.call(form).await;
        form.refused(401, "invalid_client", Cause::ClientSecretWrong);
        assert_eq!(form.header("www-authenticate"), None);
    }
}

/// Nobody can find out which clients there are.
#[tokio::test]
async fn an_unknown_client_reads_like_a_wrong_secret() {
    let server = Server::start().await;
    let wrong = server.call(call("/oauth/token").basic("service", "wrong")).await;
    let unknown = server.call(call("/oauth/token").basic("nobody", "wrong")).await;
    assert_eq!((wrong.status, &wrong.body), (unknown.status, &unknown.body));
    assert_eq!(
        wrong.header("www-authenticate"),
        unknown.header("www-authenticate")
    );
}

#[tokio::test]
async fn two_secrets_while_one_is_being_rotated() {
    let server = Setup::new()
        .client("service", |client| {
            client.secrets[0].expires_at = Some(START.plus(Seconds(60)));
            client.secrets.push(StoredSecret {
                hash: digest::secret_hash("the new one"),
                expires_at: None,
                sealed: None,
            });
        })
        .start()
        .await;
    for secret in ["service-secret", "the new one"] {
        for answer in with_secret(&server, secret).await {
            answer.ok();
        }
    }
    server.advance(Seconds(59));
    with_secret(&server, "service-secret").await[0].ok();
    server.advance(Seconds(1));
    for answer in with_secret(&server, "service-secret").await {
        answer.refused(401, "invalid_client", Cause::ClientSecretWrong);
    }
    with_secret(&server, "the new one").await[0].ok();
}

#[tokio::test]
async fn a_changed_registration_counts_at_once() {
    let server = Server::start().await;
    with_secret(&server, "service-secret").await[0].ok();
    server
        .edit_client("service", |client| {
            client.secrets[0].hash = digest::secret_hash("changed");
        })
        .await;
    with_secret(&server, "service-secret").await[0].refused(401, "invalid_client", Cause::ClientSecretWrong);
    with_secret(&server, "changed").await[0].ok();
}

#[tokio::test]
async fn a_public_client_names_itself() {
    let server = Server::start().await;
    // In the form, or by header with an empty secret: "The client MAY omit the parameter if the client secret is an
    // empty string." (2.3.1)
    for header in [false, true] {
        let code = Ask::spa().code(&server).await;
        let call = Ask::spa().redeem(&code);
        let call = if header {
            call.without("client_id").basic("spa", "")
        } else {
            call
        };
        server.call(call).await.ok();
    }
}

/// A confidential client's code, in the hands of somebody who knows its name.
#[tokio::test]
async fn a_confidential_client_cannot_go_without_its_secret() {
    let server = Server::start().await;
    let code = Ask::web().code(&server).await;
    let named = Call::token()
        .take_fields(&Ask::web().redeem(&code))
        .field("client_id", "web");
    let answer = server.call(named).await;
    answer.refused(401, "invalid_client", Cause::ClientAuthenticationMissing);
    server.call(Ask::web().redeem(&code)).await.ok();
}
