//! Forged tokens and callers without a right, at the introspection endpoint.

use grantor_jose::Type;
use http::header::AUTHORIZATION;
use serde_json::json;

use super::Expected::{Inactive, Json, JsonAndBasic, NotAllowed};
use super::{Row, World, row};
use crate::harness::{Call, jwt, tampered};

#[tokio::test]
async fn introspect() {
    let world = World::new().await;
    world.check(rows(&world)).await;
}

pub(crate) fn rows(world: &World) -> Vec<Row> {
    let mut rows = callers(world);
    rows.extend(tokens(world));
    rows.extend(signatures(world));
    rows
}

fn callers(world: &World) -> Vec<Row> {
    let call = || Call::introspect(&world.access_token);
    let missing = Json(400, "invalid_request", "token_parameter_missing");
    let query = format!("/oauth/introspect?token={}", world.access_token);
    let json = json!({ "token": world.access_token }).to_string();
    #[rustfmt::skip]
    let rows = vec![
        row("introspect: GET", Call::get(&query).client("auditor"), NotAllowed("POST,OPTIONS")),
        row("introspect: nobody", call(), JsonAndBasic(401, "invalid_client", "caller_unauthenticated")),
        row("introspect: a public client", call().client("spa"), Json(401, "invalid_client", "client_authentication_method")),
        row("introspect: a wrong secret", call().basic("auditor", "wrong"), JsonAndBasic(401, "invalid_client", "client_secret_wrong")),
        row("introspect: an unknown client", call().basic("nobody", "x"), JsonAndBasic(401, "invalid_client", "client_unknown")),
        row("introspect: a client that is switched off", call().client("retired"), JsonAndBasic(401, "invalid_client", "client_disabled")),
        row("introspect: by name alone", call().field("client_id", "auditor"), Json(401, "invalid_client", "client_authentication_missing")),
        row("introspect: by an access token", call().bearer(&world.access_token), Json(400, "invalid_request", "authorization_header_malformed")),
        row("introspect: by an empty header", call().header(AUTHORIZATION, ""), Json(400, "invalid_request", "authorization_header_malformed")),
        row("introspect: JSON", Call::post("/oauth/introspect").client("auditor").body("application/json", json), Json(415, "invalid_request", "content_type_unsupported")),
        row("introspect: no token", call().client("auditor").without("token").field("x", "y"), missing),
        row("introspect: an empty token", Call::introspect("").client("auditor"), missing),
        row("introspect: the token in the query", Call::post(&query).client("auditor").field("x", "y"), missing),
        row("introspect: two tokens", call().client("auditor").field("token", "x"), Json(400, "invalid_request", "parameter_repeated")),
        // Of another client, and for no audience that the caller speaks for.
        row("introspect: another client's access token", call().client("other"), Inactive),
        row("introspect: another client's opaque token", Call::introspect(&world.opaque_token).client("other"), Inactive),
        row("introspect: another client's refresh token", Call::introspect(&world.refresh_token).client("backend"), Inactive),
        row("introspect: another client's own token", Call::introspect(&world.own_token).client("web"), Inactive),
    ];
    rows
}

/// Texts that are no token, or one that was changed; asked about by a client that may see all.
fn tokens(world: &World) -> Vec<Row> {
    let ask = |token: &str| Call::introspect(token).client("auditor");
    let (access, opaque, refresh) = (&world.access_token, &world.opaque_token, &world.refresh_token);
    let inactive = |name, token: &str| row(name, ask(token), Inactive);
    let spaced = format!(" {access}");
    #[rustfmt::skip]
    let rows = vec![
        inactive("token: garbage", "x"),
        inactive("token: a NUL", "\0"),
        inactive("token: dots", ".."),
        inactive("token: three empty objects", "e30.e30.e30"),
        inactive("token: twenty thousand characters", &"A".repeat(20_000)),
        inactive("token: twenty thousand dots", &".".repeat(20_000)),
        inactive("token: markup", "<script>alert(1)</script>"),
        inactive("token: a space before", &spaced),
        inactive("token: a code", &world.code),
        inactive("token: an ID token", &world.id_token),
        inactive("token: a JWT without its end", &access[..access.len() - 4]),
        inactive("token: a JWT without its signature", access.rsplit_once('.').unwrap().0),
        inactive("token: a JWT with a part more", &format!("{access}.AAAA")),
        inactive("token: a JWT with padding", &format!("{access}==")),
        inactive("token: a JWT, one bit of the header flipped", &tampered(access, 10)),
        inactive("token: a JWT, one bit of the claims flipped", &tampered(access, access.len() / 2)),
        inactive("token: a JWT, one bit of the signature flipped", &tampered(access, access.len() - 20)),
        inactive("token: opaque, truncated", &opaque[..opaque.len() - 4]),
        inactive("token: opaque, longer", &format!("{opaque}AAAA")),
        inactive("token: opaque, the key's id flipped", &tampered(opaque, 1)),
        inactive("token: opaque, one bit flipped", &tampered(opaque, opaque.len() / 2)),
        inactive("token: opaque, the last bits flipped", &tampered(opaque, opaque.len() - 3)),
        inactive("token: a sealed interaction", world.consent.value("interaction").unwrap()),
        inactive("token: refresh, the authenticator flipped", &tampered(refresh, 50)),
        inactive("token: refresh, the generation flipped", &tampered(refresh, 30)),
        inactive("token: refresh, truncated", &refresh[..70]),
    ];
    rows
}

/// JWTs that somebody else made.
fn signatures(world: &World) -> Vec<Row> {
    let ask = |token: &str| Call::introspect(token).client("auditor");
    let access = &world.access_token;
    let inactive = |name, token: &str| row(name, ask(token), Inactive);
    let other_key = jwt::signed_with_another_key(access, Type::AccessToken);
    let kid = jwt::header(access)["kid"].clone();
    let jwk = json!({ "kty": "oct", "k": "AA" });
    #[rustfmt::skip]
    let rows = vec![
        inactive("JWT: alg none", &jwt::unsigned(access, "none")),
        inactive("JWT: alg None", &jwt::unsigned(access, "None")),
        inactive("JWT: alg NONE", &jwt::unsigned(access, "NONE")),
        inactive("JWT: alg empty", &jwt::unsigned(access, "")),
        inactive("JWT: HS256 with the public key", &jwt::signed_with_public_key(access, &world.jwks)),
        inactive("JWT: another key", &other_key),
        inactive("JWT: another key under our kid", &jwt::with_header(&other_key, "kid", kid)),
        inactive("JWT: RS256 in the header", &jwt::with_header(access, "alg", "RS256".into())),
        inactive("JWT: another kid", &jwt::with_header(access, "kid", "x".into())),
        inactive("JWT: a kid that is a path", &jwt::with_header(access, "kid", "../../dev/null".into())),
        inactive("JWT: crit", &jwt::with_header(access, "crit", json!(["exp"]))),
        inactive("JWT: jwk in the header", &jwt::with_header(access, "jwk", jwk)),
        inactive("JWT: jku in the header", &jwt::with_header(access, "jku", "https://evil.example/jwks".into())),
        inactive("JWT: typ JWT", &jwt::with_header(access, "typ", "JWT".into())),
        inactive("JWT: another subject", &jwt::with_claim(access, "sub", "root".into())),
        inactive("JWT: another scope", &jwt::with_claim(access, "scope", "admin".into())),
        inactive("JWT: another end", &jwt::with_claim(access, "exp", json!(9_999_999_999_u64))),
        inactive("JWT: another issuer", &jwt::with_claim(access, "iss", "https://evil.example".into())),
    ];
    rows
}
