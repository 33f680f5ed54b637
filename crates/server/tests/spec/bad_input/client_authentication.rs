//! How a client authenticates wrongly, at the token endpoint.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use http::header::{AUTHORIZATION, CONTENT_TYPE};

use super::Expected::{Json, JsonAndBasic};
use super::{Row, World, row};
use crate::harness::Call;

#[tokio::test]
async fn client_authentication() {
    let world = World::new().await;
    world.check(rows(&world)).await;
}

/// A complete request, but for the client.
fn call() -> Call {
    Call::token()
        .field("grant_type", "client_credentials")
        .field("scope", "read")
}

fn header(value: &str) -> Call {
    call().header(AUTHORIZATION, value)
}

fn encoded(pair: impl AsRef<[u8]>) -> Call {
    header(&format!("Basic {}", STANDARD.encode(pair)))
}

fn post(id: &str, secret: &str) -> Call {
    call().field("client_id", id).field("client_secret", secret)
}

pub(crate) fn rows(world: &World) -> Vec<Row> {
    let mut rows = secrets();
    rows.extend(headers());
    rows.extend(several_at_once(world));
    rows
}

fn secrets() -> Vec<Row> {
    let long = "x".repeat(256);
    let huge = "x".repeat(10_000);
    let unknown = JsonAndBasic(401, "invalid_client", "client_unknown");
    let wrong = JsonAndBasic(401, "invalid_client", "client_secret_wrong");
    #[rustfmt::skip]
    let rows = vec![
        row("no client at all", call(), Json(400, "invalid_request", "client_id_missing")),
        row("empty client_id", call().field("client_id", ""), Json(400, "invalid_request", "client_id_missing")),
        row("secret without client_id", call().field("client_secret", "service-secret"), Json(400, "invalid_request", "client_id_missing")),
        row("client in the query", call_at("/oauth/token?client_id=service&client_secret=service-secret"), Json(400, "invalid_request", "client_id_missing")),
        row("unknown client by header", call().basic("nobody", "x"), unknown),
        row("unknown client by form", post("nobody", "x"), Json(401, "invalid_client", "client_unknown")),
        row("unknown client without secret", call().field("client_id", "nobody"), Json(401, "invalid_client", "client_unknown")),
        row("client id in another case", call().basic("SERVICE", "service-secret"), unknown),
        row("client id with a space behind", post("service ", "service-secret"), Json(401, "invalid_client", "client_unknown")),
        row("client id that is SQL", post("' OR 1=1 --", "x"), Json(401, "invalid_client", "client_unknown")),
        row("client id that is markup", post("<script>alert(1)</script>", "x"), Json(401, "invalid_client", "client_unknown")),
        row("client id that is a path", post("../../service", "x"), Json(401, "invalid_client", "client_unknown")),
        row("client id with a NUL", post("service\0", "service-secret"), Json(400, "invalid_request", "client_id_malformed")),
        row("client id with a line break", post("service\r\nX: y", "x"), Json(400, "invalid_request", "client_id_malformed")),
        row("client id with an umlaut", post("särvice", "x"), Json(400, "invalid_request", "client_id_malformed")),
        row("client id of 256 characters", post(&long, "x"), Json(400, "invalid_request", "client_id_malformed")),
        row("wrong secret by header", call().basic("service", "wrong"), wrong),
        row("wrong secret by form", post("service", "wrong"), Json(401, "invalid_client", "client_secret_wrong")),
        row("secret of another client", call().basic("service", "web-secret"), wrong),
        row("beginning of the secret", call().basic("service", "service-secre"), wrong),
        row("secret with more behind", call().basic("service", "service-secret2"), wrong),
        row("secret with a line break", post("service", "service-secret\n"), Json(401, "invalid_client", "client_secret_wrong")),
        row("secret with a NUL", post("service", "service-secret\0"), Json(401, "invalid_client", "client_secret_wrong")),
        row("secret in another case", call().basic("service", "SERVICE-SECRET"), wrong),
        row("huge secret", post("service", &huge), Json(401, "invalid_client", "client_secret_wrong")),
        row("empty secret by header", call().basic("service", ""), JsonAndBasic(401, "invalid_client", "client_authentication_missing")),
        row("empty secret by form", post("service", ""), Json(401, "invalid_client", "client_authentication_missing")),
        row("confidential client by name alone", call().field("client_id", "service"), Json(401, "invalid_client", "client_authentication_missing")),
        row("public client with a secret by header", call().basic("spa", "made up"), wrong),
        row("public client with a secret by form", post("spa", "made up"), Json(401, "invalid_client", "client_secret_wrong")),
        row("method that is not registered", post("portal", "portal-secret"), Json(401, "invalid_client", "client_authentication_method")),
        row("method that is not registered, wrong secret", post("portal", "wrong"), Json(401, "invalid_client", "client_secret_wrong")),
        row("client that is switched off", call().basic("retired", "retired-secret"), JsonAndBasic(401, "invalid_client", "client_disabled")),
        row("client that is switched off, wrong secret", call().basic("retired", "wrong"), wrong),
    ];
    rows
}

fn call_at(uri: &str) -> Call {
    Call::post(uri).field("grant_type", "client_credentials")
}

fn headers() -> Vec<Row> {
    let malformed = Json(400, "invalid_request", "authorization_header_malformed");
    let id_malformed = Json(400, "invalid_request", "client_id_malformed");
    let unpadded = STANDARD
        .encode("service:service-secret!")
        .trim_end_matches('=')
        .to_owned();
    let raw = HeaderValue::from_bytes(b"Basic \xff\xfe").unwrap();
    #[rustfmt::skip]
    let rows = vec![
        row("header: empty", header(""), malformed),
        row("header: scheme alone", header("Basic"), malformed),
        row("header: scheme and a space", header("Basic "), malformed),
        row("header: no scheme", header(&STANDARD.encode("service:service-secret")), malformed),
        row("header: not base64", header("Basic service:service-secret"), malformed),
        row("header: not base64 either", header("Basic !!!!"), malformed),
        row("header: base64 without padding", header(&format!("Basic {unpadded}")), malformed),
        row("header: base64url", header("Basic c2VydmljZTo_Pz8-"), malformed),
        row("header: base64 twice", header(&format!("Basic {0} {0}", STANDARD.encode("a:b"))), malformed),
        row("header: no colon", encoded("service"), malformed),
        row("header: not UTF-8", encoded(b"service:\xff"), malformed),
        row("header: percent that is not UTF-8", encoded("service:%ff"), malformed),
        row("header: bytes that are not ASCII", call().raw_header(AUTHORIZATION, raw), malformed),
        row("header: Bearer", header("Bearer service"), malformed),
        row("header: Digest", header("Digest username=\"service\""), malformed),
        row("header: a tab for the space", header("Basic\tc2VydmljZTpzZXJ2aWNlLXNlY3JldA=="), malformed),
        row("header: empty id", encoded(":service-secret"), id_malformed),
        row("header: id with a NUL", encoded("serv%00ice:x"), id_malformed),
        row("header: id with a line break", encoded("serv%0d%0aice:x"), id_malformed),
    ];
    rows
}

/// "The client MUST NOT use more than one authentication method in each request." (RFC 6749 2.3)
fn several_at_once(world: &World) -> Vec<Row> {
    let multiple = Json(400, "invalid_request", "client_authentication_multiple");
    let both = || call().basic("service", "service-secret");
    let body = |text: &str| Call::token().body("application/x-www-form-urlencoded", text);
    let twice = Json(400, "invalid_request", "parameter_repeated");
    #[rustfmt::skip]
    let rows = vec![
        row("header and the same secret in the form", both().field("client_secret", "service-secret"), multiple),
        row("header and a wrong secret in the form", both().field("client_secret", "wrong"), multiple),
        row("header and another client_id", both().field("client_id", "web"), multiple),
        row("two headers", both().basic("service", "service-secret"), multiple),
        row("two headers, one a token", both().bearer(&world.access_token), multiple),
        row("two client_ids", body("grant_type=client_credentials&client_id=service&client_id=web&client_secret=service-secret"), twice),
        row("two secrets", body("grant_type=client_credentials&client_id=service&client_secret=service-secret&client_secret=x"), twice),
        row("a secret in JSON", Call::token().basic("service", "service-secret").header(CONTENT_TYPE, "application/json"), Json(415, "invalid_request", "content_type_unsupported")),
    ];
    rows
}
