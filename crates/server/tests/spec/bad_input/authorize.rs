//! Authorization requests that are refused: on a page while client or redirect URI is in doubt, by redirect after.

use grantor_jose::Type;
use http::header::COOKIE;
use serde_json::json;

use super::Expected::{Page, Redirect};
use super::{Expected, Row, World, row};
use crate::harness::{Ask, CALLBACK, Call, jwt, tampered};

#[tokio::test]
async fn authorize() {
    let world = World::new().await;
    world.check(rows(&world)).await;
}

pub(crate) fn rows(world: &World) -> Vec<Row> {
    let mut rows = clients();
    rows.extend(redirect_uris());
    rows.extend(shapes());
    rows.extend(parameters());
    rows.extend(prompts(world));
    rows.extend(hints(world));
    rows
}

fn ask(name: &str, value: &str) -> Call {
    Call::get(&Ask::web().with(name, value).path())
}

fn clients() -> Vec<Row> {
    let missing = Page(400, "invalid_request", "client_id_missing");
    let malformed = Page(400, "invalid_request", "client_id_malformed");
    let unknown = Page(400, "invalid_request", "client_unknown_at_authorize");
    let retired = Ask::of("retired", "https://retired.example/cb");
    #[rustfmt::skip]
    let rows = vec![
        row("authorize: nothing", Call::get("/oauth/authorize"), missing),
        row("authorize: empty client_id", ask("client_id", ""), missing),
        row("authorize: client_id with a line break", ask("client_id", "web\r\nX: y"), malformed),
        row("authorize: client_id with a NUL", ask("client_id", "web\0"), malformed),
        row("authorize: client_id of 256 characters", ask("client_id", &"x".repeat(256)), malformed),
        row("authorize: unknown client", ask("client_id", "nobody"), unknown),
        row("authorize: client_id in another case", ask("client_id", "WEB"), unknown),
        row("authorize: client_id that is markup", ask("client_id", "<script>alert(1)</script>"), unknown),
        row("authorize: a client that is switched off", Call::get(&retired.path()), Page(401, "invalid_client", "client_disabled")),
    ];
    rows
}

/// None of these may be redirected to.
fn redirect_uris() -> Vec<Row> {
    let unregistered = Page(400, "invalid_request", "redirect_uri_unregistered");
    let missing = Page(400, "invalid_request", "redirect_uri_missing");
    let refused = |name, uri: &str| row(name, ask("redirect_uri", uri), unregistered);
    let openid = Ask::web().without("redirect_uri").with("scope", "openid");
    let two = Ask::of("spa", "").without("redirect_uri");
    #[rustfmt::skip]
    let rows = vec![
        refused("redirect_uri: somebody else's", "https://evil.example/cb"),
        refused("redirect_uri: another registered client's", "https://other.example/cb"),
        refused("redirect_uri: a fragment", "https://app.example/cb#x"),
        refused("redirect_uri: an empty fragment", "https://app.example/cb#"),
        refused("redirect_uri: a query", "https://app.example/cb?x=1"),
        refused("redirect_uri: a longer path", "https://app.example/cb/x"),
        refused("redirect_uri: dots in the path", "https://app.example/x/../cb"),
        refused("redirect_uri: an encoded path", "https://app.example/%63b"),
        refused("redirect_uri: user information", "https://app.example@evil.example/cb"),
        refused("redirect_uri: user information before", "https://x:y@app.example/cb"),
        refused("redirect_uri: a port", "https://app.example:8443/cb"),
        refused("redirect_uri: a host behind", "https://app.example.evil.example/cb"),
        refused("redirect_uri: a host before", "https://evil-app.example/cb"),
        refused("redirect_uri: a backslash", "https://app.example\\@evil.example/cb"),
        refused("redirect_uri: http", "http://app.example/cb"),
        refused("redirect_uri: relative", "/cb"),
        refused("redirect_uri: without scheme", "//app.example/cb"),
        refused("redirect_uri: a script", "javascript:alert(1)//app.example/cb"),
        refused("redirect_uri: data", "data:text/html,<script>alert(1)</script>"),
        refused("redirect_uri: a line break", "https://app.example/cb\r\nLocation: https://evil.example"),
        refused("redirect_uri: a NUL", "https://app.example/cb\0"),
        refused("redirect_uri: a tab before", "\thttps://app.example/cb"),
        refused("redirect_uri: letters that look alike", "https://\u{430}pp.example/cb"),
        refused("redirect_uri: ten thousand characters", &format!("https://app.example/{}", "x".repeat(10_000))),
        refused("redirect_uri: two in one", "https://app.example/cb https://evil.example/cb"),
        row("redirect_uri: none, with openid", Call::get(&openid.path()), missing),
        row("redirect_uri: none, of two", Call::get(&two.path()), missing),
    ];
    rows
}

/// What cannot even be read, or not as a whole.
fn shapes() -> Vec<Row> {
    let raw = |extra: &str| Call::get(&format!("{}&{extra}", Ask::web().path()));
    let post = |content_type: &str, body: &str| Call::post("/oauth/authorize").body(content_type, body);
    let form = "application/x-www-form-urlencoded";
    let many: String = (0..64).map(|n| format!("&p{n}=x")).collect();
    let json = json!({ "client_id": "web", "redirect_uri": CALLBACK }).to_string();
    let huge = format!("{}&x={}", Ask::web().encoded(), "y".repeat(64 * 1024));
    let repeated = Page(400, "invalid_request", "parameter_repeated");
    let encoding = Page(400, "invalid_request", "parameter_encoding");
    let in_query = Call::post(&Ask::web().path()).body(form, "");
    #[rustfmt::skip]
    let rows = vec![
        row("authorize: two client_ids", raw("client_id=other"), repeated),
        row("authorize: two redirect_uris", raw("redirect_uri=https://evil.example/cb"), repeated),
        row("authorize: two states", raw("state=x"), repeated),
        row("authorize: two scopes", raw("scope=write"), repeated),
        row("authorize: two response_modes", raw("response_mode=query&response_mode=fragment"), repeated),
        row("authorize: not UTF-8", raw("x=%ff"), encoding),
        row("authorize: an overlong NUL", raw("x=%c0%80"), encoding),
        row("authorize: seventy parameters", raw(&many), Page(400, "invalid_request", "parameter_too_many")),
        row("authorize: POST of JSON", post("application/json", &json), Page(415, "invalid_request", "content_type_unsupported")),
        row("authorize: POST of too much", post(form, &huge), Page(413, "invalid_request", "payload_too_large")),
        row("authorize: POST with everything in the query", in_query, Page(400, "invalid_request", "client_id_missing")),
    ];
    rows
}

fn refused(name: &'static str, parameter: &str, value: &str, expected: Expected) -> Row {
    row(name, ask(parameter, value), expected)
}

fn parameters() -> Vec<Row> {
    let long = "x".repeat(4097);
    let mode = Redirect("invalid_request", "response_mode_unsupported");
    let response_type = Redirect("unsupported_response_type", "response_type_unsupported");
    let method = Redirect("invalid_request", "code_challenge_method_unsupported");
    let challenge = Redirect("invalid_request", "code_challenge_malformed");
    let scope = Redirect("invalid_scope", "scope_malformed");
    let too_long = Redirect("invalid_request", "parameter_too_long");
    let post = Call::post("/oauth/authorize").fields(Ask::web().with("response_type", "token").parameters());
    #[rustfmt::skip]
    let rows = vec![
        refused("response_mode: unknown", "response_mode", "web_message", mode),
        refused("response_mode: a JWT", "response_mode", "query.jwt", mode),
        refused("response_type: none", "response_type", "", Redirect("invalid_request", "response_type_missing")),
        refused("response_type: token", "response_type", "token", response_type),
        refused("response_type: id_token", "response_type", "id_token", response_type),
        refused("response_type: code and token", "response_type", "code token", response_type),
        refused("response_type: none at all", "response_type", "none", response_type),
        row("response_type: token, by POST", post, response_type),
        refused("code_challenge: none", "code_challenge", "", Redirect("invalid_request", "code_challenge_missing")),
        refused("code_challenge: short", "code_challenge", "abc", challenge),
        refused("code_challenge: no base64url", "code_challenge", &"+".repeat(43), challenge),
        refused("code_challenge: long", "code_challenge", &"A".repeat(44), challenge),
        refused("code_challenge_method: none", "code_challenge_method", "", method),
        refused("code_challenge_method: plain", "code_challenge_method", "plain", method),
        refused("code_challenge_method: another case", "code_challenge_method", "s256", method),
        refused("authorize: a scope that is not registered", "scope", "read admin", Redirect("invalid_scope", "scope_not_allowed")),
        refused("authorize: a scope with a quote", "scope", "\"read\"", scope),
        refused("authorize: a scope with a line break", "scope", "read\r\nSet-Cookie: x=y", scope),
        refused("authorize: a scope of four thousand characters", "scope", &long, scope),
        refused("authorize: a resource that is not registered", "resource", "https://evil.example", Redirect("invalid_target", "resource_not_allowed")),
        refused("authorize: a resource that is no URI", "resource", "api", Redirect("invalid_target", "resource_not_allowed")),
        refused("authorize: a resource with a fragment", "resource", "https://api.example#", Redirect("invalid_target", "resource_malformed")),
        refused("authorize: a state of four thousand characters", "state", &long, too_long),
        refused("authorize: a nonce of four thousand characters", "nonce", &long, too_long),
        refused("authorize: a login_hint of four thousand characters", "login_hint", &long, too_long),
        refused("authorize: ui_locales of four thousand characters", "ui_locales", &long, too_long),
        refused("authorize: a request object", "request", "eyJhbGciOiJub25lIn0.e30.", Redirect("invalid_request_object", "request_object_invalid")),
        refused("authorize: a request_uri", "request_uri", "http://169.254.169.254/", Redirect("invalid_request_uri", "request_uri_unregistered")),
        refused("authorize: a registration", "registration", "{}", Redirect("registration_not_supported", "registration_unsupported")),
        refused("display: unknown", "display", "hologram", Redirect("invalid_request", "display_unknown")),
    ];
    rows
}

fn prompts(world: &World) -> Vec<Row> {
    let max_age = Redirect("invalid_request", "max_age_malformed");
    let prompt = Redirect("invalid_request", "prompt_malformed");
    let as_alice = |name: &str, value: &str| {
        let other = Ask::web().with("scope", "write").with(name, value);
        Call::get(&other.path()).header(COOKIE, &world.alice)
    };
    #[rustfmt::skip]
    let rows = vec![
        refused("max_age: negative", "max_age", "-1", max_age),
        refused("max_age: a sign", "max_age", "+1", max_age),
        refused("max_age: a fraction", "max_age", "1.5", max_age),
        refused("max_age: an exponent", "max_age", "1e9", max_age),
        refused("max_age: hexadecimal", "max_age", "0x10", max_age),
        refused("max_age: beyond all ages", "max_age", "99999999999999999999999", max_age),
        refused("max_age: a space", "max_age", "1 2", max_age),
        refused("max_age: other digits", "max_age", "\u{0661}", max_age),
        refused("prompt: unknown", "prompt", "register", prompt),
        refused("prompt: an account where there are none to be made", "prompt", "create", Redirect("invalid_request", "prompt_create_closed")),
        refused("prompt: none and another", "prompt", "none login", prompt),
        refused("prompt: a comma", "prompt", "login,consent", prompt),
        refused("prompt: another case", "prompt", "NONE", prompt),
        refused("prompt: a line break", "prompt", "none\n", prompt),
        refused("prompt: none without a session", "prompt", "none", Redirect("login_required", "login_required")),
        row("prompt: none without consent", as_alice("prompt", "none"), Redirect("consent_required", "consent_required")),
    ];
    rows
}

fn hints(world: &World) -> Vec<Row> {
    let invalid = Redirect("invalid_request", "id_token_hint_invalid");
    let id_token = world.id_token.as_str();
    let hint = |name, value: &str| refused(name, "id_token_hint", value, invalid);
    let other_key = jwt::signed_with_another_key(id_token, Type::IdToken);
    #[rustfmt::skip]
    let rows = vec![
        hint("id_token_hint: garbage", "x"),
        hint("id_token_hint: an access token", &world.access_token),
        hint("id_token_hint: an opaque access token", &world.opaque_token),
        hint("id_token_hint: alg none", &jwt::unsigned(id_token, "none")),
        hint("id_token_hint: HS256 with the public key", &jwt::signed_with_public_key(id_token, &world.jwks)),
        hint("id_token_hint: another key", &other_key),
        hint("id_token_hint: another subject", &jwt::with_claim(id_token, "sub", "root".into())),
        hint("id_token_hint: one bit flipped", &tampered(id_token, id_token.len() - 20)),
        hint("id_token_hint: truncated", &id_token[..id_token.len() - 4]),
    ];
    rows
}
