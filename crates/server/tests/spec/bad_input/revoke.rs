//! Tokens that are not the caller's to revoke.

use serde_json::json;

use super::Expected::{Ignored, Json, JsonAndBasic, NotAllowed};
use super::{Row, World, row};
use crate::harness::{Call, jwt, tampered};

#[tokio::test]
async fn revoke() {
    let world = World::new().await;
    world.check(rows(&world)).await;
}

pub(crate) fn rows(world: &World) -> Vec<Row> {
    let call = || Call::revoke(&world.refresh_token);
    let missing = Json(400, "invalid_request", "token_parameter_missing");
    let no_client = Json(401, "invalid_client", "client_authentication_missing");
    let query = format!("/oauth/revoke?token={}", world.refresh_token);
    let json = json!({ "token": world.refresh_token }).to_string();
    let (access, refresh) = (&world.access_token, &world.refresh_token);
    #[rustfmt::skip]
    let rows = vec![
        row("revoke: GET", Call::get(&query).client("web"), NotAllowed("POST,OPTIONS")),
        row("revoke: DELETE", Call::new(http::Method::DELETE, &query).client("web"), NotAllowed("POST,OPTIONS")),
        row("revoke: no token", Call::post("/oauth/revoke").client("web").field("x", "y"), missing),
        row("revoke: an empty token", Call::revoke("").client("web"), missing),
        row("revoke: the token in the query", Call::post(&query).client("web").field("x", "y"), missing),
        row("revoke: two tokens", call().client("web").field("token", "x"), Json(400, "invalid_request", "parameter_repeated")),
        row("revoke: JSON", Call::post("/oauth/revoke").client("web").body("application/json", json), Json(415, "invalid_request", "content_type_unsupported")),
        row("revoke: a wrong secret", call().basic("web", "wrong"), JsonAndBasic(401, "invalid_client", "client_secret_wrong")),
        row("revoke: an unknown client", call().basic("nobody", "x"), JsonAndBasic(401, "invalid_client", "client_unknown")),
        row("revoke: a client that is switched off", call().client("retired"), JsonAndBasic(401, "invalid_client", "client_disabled")),
        row("revoke: by name alone", call().field("client_id", "web"), no_client),
        row("revoke: a confidential client's refresh token by nobody", call(), no_client),
        row("revoke: a confidential client's access token by nobody", Call::revoke(access), no_client),
        row("revoke: by an access token", call().bearer(access), Json(400, "invalid_request", "authorization_header_malformed")),
        row("revoke: another client's refresh token", call().client("other"), Ignored),
        row("revoke: another client's access token", Call::revoke(access).client("other"), Ignored),
        row("revoke: another client's opaque token", Call::revoke(&world.opaque_token).client("other"), Ignored),
        row("revoke: a public client's token by another one", Call::revoke(&world.public_refresh_token).client("native"), Ignored),
        row("revoke: a confidential client's token by a public one", call().client("spa"), Ignored),
        row("revoke: an auditor sees all and revokes nothing", call().client("auditor"), Ignored),
        row("revoke: garbage", Call::revoke("x").client("web"), Ignored),
        row("revoke: garbage by nobody", Call::revoke("x"), Ignored),
        row("revoke: an ID token", Call::revoke(&world.id_token).client("web"), Ignored),
        row("revoke: a code", Call::revoke(&world.code).client("web"), Ignored),
        row("revoke: alg none", Call::revoke(&jwt::unsigned(access, "none")).client("web"), Ignored),
        row("revoke: a forged signature", Call::revoke(&tampered(access, access.len() - 20)).client("web"), Ignored),
        row("revoke: a forged authenticator", Call::revoke(&tampered(refresh, 60)).client("web"), Ignored),
        row("revoke: a public client's forged token by nobody", Call::revoke(&tampered(&world.public_refresh_token, 60)), Ignored),
    ];
    rows
}
