//! Tokens that userinfo does not take.

use grantor_jose::Type;
use http::Method;
use http::header::{AUTHORIZATION, COOKIE};

use super::Expected::{Bearer, NotAllowed};
use super::{Expected, Row, World, row};
use crate::harness::{Call, jwt, tampered};

#[tokio::test]
async fn userinfo() {
    let world = World::new().await;
    world.check(rows(&world)).await;
}

const BARE: &str = "Bearer realm=\"grantor\", DPoP realm=\"grantor\", algs=\"ES256 EdDSA PS256\"";
const INVALID_TOKEN: &str =
    "Bearer realm=\"grantor\", error=\"invalid_token\", error_description=\"{description}\"";
const INVALID_REQUEST: &str =
    "Bearer realm=\"grantor\", error=\"invalid_request\", error_description=\"{description}\"";
const MISSING: Expected = Bearer(401, "invalid_token", "token_missing", BARE);
const INVALID: Expected = Bearer(401, "invalid_token", "token_invalid", INVALID_TOKEN);
const TWICE: Expected = Bearer(400, "invalid_request", "token_presented_twice", INVALID_REQUEST);
const IN_QUERY: Expected = Bearer(400, "invalid_request", "token_in_query", INVALID_REQUEST);

pub(crate) fn rows(world: &World) -> Vec<Row> {
    let mut rows = ways(world);
    rows.extend(tokens(world));
    rows
}

fn ways(world: &World) -> Vec<Row> {
    let get = || Call::get("/oauth/userinfo");
    let post = || Call::post("/oauth/userinfo");
    let token = world.access_token.as_str();
    let header = |value: &str| get().header(AUTHORIZATION, value);
    let raw = http::HeaderValue::from_bytes(b"Bearer \xff").unwrap();
    #[rustfmt::skip]
    let rows = vec![
        row("userinfo: PUT", Call::new(Method::PUT, "/oauth/userinfo").bearer(token), NotAllowed("GET,HEAD,POST,OPTIONS")),
        row("userinfo: no token", get(), MISSING),
        row("userinfo: no token in a form", post().field("x", "y"), MISSING),
        row("userinfo: an empty token in a form", post().field("access_token", ""), MISSING),
        row("userinfo: a session is no token", get().header(COOKIE, &world.alice), MISSING),
        row("userinfo: the scheme alone", header("Bearer"), MISSING),
        row("userinfo: the scheme and spaces", header("Bearer   "), MISSING),
        row("userinfo: Basic", get().basic("web", "web-secret"), MISSING),
        row("userinfo: another scheme", header(&format!("Token {token}")), MISSING),
        row("userinfo: no scheme", header(token), MISSING),
        row("userinfo: bytes that are not ASCII", get().raw_header(AUTHORIZATION, raw), Bearer(400, "invalid_request", "authorization_header_malformed", INVALID_REQUEST)),
        row("userinfo: two headers", get().bearer(token).bearer(token), TWICE),
        row("userinfo: header and form", post().bearer(token).field("access_token", token), TWICE),
        row("userinfo: the token in the query", Call::get(&format!("/oauth/userinfo?access_token={token}")), IN_QUERY),
        row("userinfo: in the query and the header", Call::get(&format!("/oauth/userinfo?access_token={token}")).bearer(token), IN_QUERY),
        row("userinfo: in the query of a POST", Call::post(&format!("/oauth/userinfo?access_token={token}")), IN_QUERY),
        row("userinfo: in the query, the name encoded", Call::get(&format!("/oauth/userinfo?access%5Ftoken={token}")), IN_QUERY),
        row("userinfo: the token in JSON", post().body("application/json", format!("{{\"access_token\":\"{token}\"}}")), MISSING),
        row("userinfo: two tokens in the form", post().field("access_token", token).field("access_token", token), Bearer(400, "invalid_request", "parameter_repeated", INVALID_REQUEST)),
    ];
    rows
}

fn tokens(world: &World) -> Vec<Row> {
    let token = world.access_token.as_str();
    let invalid = |name, token: &str| row(name, Call::userinfo(token), INVALID);
    let without_user = Bearer(401, "invalid_token", "userinfo_without_user", INVALID_TOKEN);
    let lacks_scope = Bearer(
        403,
        "insufficient_scope",
        "token_lacks_scope",
        "Bearer realm=\"grantor\", error=\"insufficient_scope\", error_description=\"{description}\", scope=\"openid\"",
    );
    let other_key = jwt::signed_with_another_key(token, Type::AccessToken);
    #[rustfmt::skip]
    let rows = vec![
        invalid("userinfo: garbage", "x"),
        invalid("userinfo: two tokens in one header", &format!("{token} {token}")),
        invalid("userinfo: a refresh token", &world.refresh_token),
        invalid("userinfo: a code", &world.code),
        invalid("userinfo: an ID token", &world.id_token),
        invalid("userinfo: alg none", &jwt::unsigned(token, "none")),
        invalid("userinfo: HS256 with the public key", &jwt::signed_with_public_key(token, &world.jwks)),
        invalid("userinfo: another key", &other_key),
        invalid("userinfo: another subject", &jwt::with_claim(token, "sub", "root".into())),
        invalid("userinfo: truncated", &token[..token.len() - 4]),
        invalid("userinfo: one bit flipped", &tampered(token, token.len() - 20)),
        invalid("userinfo: opaque, one bit flipped", &tampered(&world.opaque_token, 60)),
        row("userinfo: a client's own token", Call::userinfo(&world.own_token), without_user),
        row("userinfo: a token without openid", Call::userinfo(&world.opaque_token), lacks_scope),
    ];
    rows
}
