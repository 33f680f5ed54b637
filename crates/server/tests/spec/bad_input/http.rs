//! HTTP that is not as it should be: methods, bodies, encodings, paths.

use http::Method;
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};

use super::Expected::{Json, NotAllowed, Page};
use super::{Row, World, row};
use crate::harness::Call;

#[tokio::test]
async fn http() {
    let world = World::new().await;
    world.check(rows(&world)).await;
}

const FORM: &str = "application/x-www-form-urlencoded";

pub(crate) fn rows(_: &World) -> Vec<Row> {
    let mut rows = methods();
    rows.extend(bodies());
    rows.extend(parameters());
    rows.extend(paths());
    rows
}

fn methods() -> Vec<Row> {
    let call = |method: Method, path: &str| Call::new(method, path);
    #[rustfmt::skip]
    let rows = vec![
        row("GET token", call(Method::GET, "/oauth/token"), NotAllowed("POST,OPTIONS")),
        row("HEAD token", call(Method::HEAD, "/oauth/token"), NotAllowed("POST,OPTIONS")),
        row("PUT token", call(Method::PUT, "/oauth/token"), NotAllowed("POST,OPTIONS")),
        row("DELETE token", call(Method::DELETE, "/oauth/token"), NotAllowed("POST,OPTIONS")),
        row("TRACE token", call(Method::TRACE, "/oauth/token"), NotAllowed("POST,OPTIONS")),
        row("a method that is none", call(Method::from_bytes(b"TOKEN").unwrap(), "/oauth/token"), NotAllowed("POST,OPTIONS")),
        row("PUT authorize", call(Method::PUT, "/oauth/authorize"), NotAllowed("GET,HEAD,POST")),
        row("OPTIONS authorize", call(Method::OPTIONS, "/oauth/authorize"), NotAllowed("GET,HEAD,POST")),
        row("POST jwks", call(Method::POST, "/oauth/jwks.json"), NotAllowed("GET,HEAD,OPTIONS")),
        row("POST metadata", call(Method::POST, "/.well-known/openid-configuration"), NotAllowed("GET,HEAD,OPTIONS")),
        row("DELETE account", call(Method::DELETE, "/account"), NotAllowed("GET,HEAD")),
        row("GET sign-out", call(Method::GET, "/account/sign-out"), NotAllowed("POST")),
        row("GET sign-out-everywhere", call(Method::GET, "/account/sign-out-everywhere"), NotAllowed("POST")),
        row("PUT logout", call(Method::PUT, "/oauth/logout"), NotAllowed("GET,HEAD,POST")),
        row("GET remove-access", call(Method::GET, "/account/remove-access"), NotAllowed("POST")),
        row("POST health", call(Method::POST, "/health"), NotAllowed("GET,HEAD")),
    ];
    rows
}

fn bodies() -> Vec<Row> {
    let grant = "grant_type=client_credentials";
    let body = |content_type: &str, body: &str| Call::token().client("service").body(content_type, body);
    let unsupported = Json(415, "invalid_request", "content_type_unsupported");
    let too_large = Json(413, "invalid_request", "payload_too_large");
    let missing = Json(400, "invalid_request", "grant_type_missing");
    let huge = format!("{grant}&x={}", "y".repeat(64 * 1024));
    let json = r#"{"grant_type":"client_credentials"}"#;
    let announced = body(FORM, grant).header(CONTENT_LENGTH, "65537");
    #[rustfmt::skip]
    let rows = vec![
        row("body: none, no content type", Call::token().client("service"), unsupported),
        row("body: JSON", body("application/json", json), unsupported),
        row("body: an array that says it is a form", body(FORM, "[]"), missing),
        row("body: half of JSON that says it is a form", body(FORM, "{"), Json(400, "invalid_request", "json_malformed")),
        row("body: multipart", body("multipart/form-data; boundary=x", "--x\r\n\r\n--x--"), unsupported),
        row("body: text", body("text/plain", grant), unsupported),
        row("body: XML", body("application/xml", "<grant_type/>"), unsupported),
        row("body: almost a form", body("application/x-www-form-urlencoded-2", grant), unsupported),
        row("body: an empty content type", body("", grant), unsupported),
        row("body: a content type of another charset alone", body("charset=utf-8", grant), unsupported),
        row("body: two content types", body("text/plain", grant).header(CONTENT_TYPE, FORM), unsupported),
        row("body: empty", body(FORM, ""), missing),
        row("body: separators", body(FORM, "&&&=&&"), missing),
        row("body: a name without a value", body(FORM, "grant_type"), missing),
        row("body: semicolons", body(FORM, "x=1;grant_type=client_credentials"), missing),
        row("body: one byte too many", body(FORM, &huge), too_large),
        row("body: announced as too large", announced, too_large),
    ];
    rows
}

fn parameters() -> Vec<Row> {
    let body = |text: &str| Call::token().client("service").body(FORM, text);
    let with = |text: &str| body(&format!("grant_type=client_credentials&{text}"));
    let repeated = Json(400, "invalid_request", "parameter_repeated");
    let encoding = Json(400, "invalid_request", "parameter_encoding");
    let many = (0..64).map(|n| format!("p{n}=x")).collect::<Vec<_>>().join("&");
    let empty = (0..65).map(|n| format!("p{n}=")).collect::<Vec<_>>().join("&");
    let too_many = Json(400, "invalid_request", "parameter_too_many");
    #[rustfmt::skip]
    let rows = vec![
        row("twice: grant_type", with("grant_type=client_credentials"), repeated),
        row("twice: grant_type, once empty", with("grant_type="), repeated),
        row("twice: scope", with("scope=read&scope=write"), repeated),
        row("twice: scope, the name encoded", with("scope=read&sc%6Fpe=write"), repeated),
        row("twice: a parameter that nobody knows", with("x=1&x=2"), repeated),
        row("encoding: not UTF-8", with("x=%ff"), encoding),
        row("encoding: a name that is not UTF-8", with("%fe=x"), encoding),
        row("encoding: an overlong slash", with("x=%c0%af"), encoding),
        row("encoding: half a surrogate pair", with("x=%ed%a0%80"), encoding),
        row("encoding: a sequence cut short", with("x=%e2%82"), encoding),
        row("encoding: UTF-16", body("g\0r\0a\0n\0t\0"), Json(400, "invalid_request", "grant_type_missing")),
        row("65 parameters", with(&many), too_many),
        row("65 parameters without a value", body(&empty), too_many),
    ];
    rows
}

fn paths() -> Vec<Row> {
    let json = Json(404, "not_found", "not_found");
    let page = Page(404, "not_found", "not_found");
    let browser = |path: &str| Call::get(path).header(ACCEPT, "text/html");
    let get = Call::get;
    #[rustfmt::skip]
    let rows = vec![
        row("path: unknown", get("/nothing"), json),
        row("path: unknown, a browser", browser("/nothing"), page),
        row("path: markup, a browser", browser("/%3Cscript%3Ealert(1)%3C/script%3E"), page),
        row("path: a slash more", Call::post("/oauth/token/").client("service"), json),
        row("path: two slashes", Call::post("//oauth/token").client("service"), json),
        row("path: another case", Call::post("/OAuth/Token").client("service"), json),
        row("path: dots", Call::post("/x/../oauth/token").client("service"), json),
        row("path: an encoded slash", Call::post("/oauth%2ftoken").client("service"), json),
        row("path: a family that is off", Call::post("/oauth2/token").client("service"), json),
        row("path: the root family, which is off", Call::post("/token").client("service"), json),
        row("path: the development callback", get("/callback?code=x"), json),
        row("path: metadata with a slash more", get("/.well-known/openid-configuration/"), json),
        row("path: an asset that is not there", get("/assets/nothing.css"), json),
        row("path: out of the assets", get("/assets/..%2f..%2fetc%2fpasswd"), json),
        row("path: out of the assets, plainly", get("/assets/../../etc/passwd"), json),
        row("path: a NUL in an asset", get("/assets/grantor.css%00"), json),
    ];
    rows
}
