//! Grants that are asked for wrongly, at the token endpoint.

use super::Expected::{Json, JsonAndBasic};
use super::{Row, World, row};
use crate::harness::{Ask, CALLBACK, Call, VERIFIER, tampered};

#[tokio::test]
async fn token() {
    let world = World::new().await;
    world.check(rows(&world)).await;
}

pub(crate) fn rows(world: &World) -> Vec<Row> {
    let mut rows = grant_types();
    rows.extend(codes(world));
    rows.extend(bindings(world));
    rows.extend(refresh_tokens(world));
    rows.extend(widenings(world));
    rows.extend(client_credentials());
    rows
}

fn grant_types() -> Vec<Row> {
    let call = |name: &str| Call::token().client("web").field("grant_type", name);
    let unsupported = Json(400, "unsupported_grant_type", "grant_type_unsupported");
    let missing = Json(400, "invalid_request", "grant_type_missing");
    let not_allowed = Json(400, "unauthorized_client", "grant_type_not_allowed");
    #[rustfmt::skip]
    let rows = vec![
        row("grant_type: none", Call::token().client("web").field("code", "x"), missing),
        row("grant_type: empty", call(""), missing),
        row("grant_type: in the query", Call::post("/oauth/token?grant_type=client_credentials").client("service").field("scope", "read"), missing),
        row("grant_type: password", call("password").field("username", "alice").field("password", "x"), unsupported),
        row("grant_type: implicit", call("implicit"), unsupported),
        row("grant_type: an unknown URN", call("urn:example:unknown"), unsupported),
        row("grant_type: another case", call("Authorization_Code"), unsupported),
        row("grant_type: a space behind", call("authorization_code "), unsupported),
        row("grant_type: a line break", call("client_credentials\r\n"), unsupported),
        row("grant_type: unsupported before the client is looked at", Call::token().field("grant_type", "password"), unsupported),
        row("client_credentials: a public client", Call::token().client("spa").field("grant_type", "client_credentials"), not_allowed),
        row("client_credentials: a client that is not registered for it", call("client_credentials"), not_allowed),
    ];
    rows
}

fn redeem(code: &str) -> Call {
    Ask::web().redeem(code)
}

fn codes(world: &World) -> Vec<Row> {
    let unknown = Json(400, "invalid_grant", "code_unknown");
    let of_another = Json(400, "invalid_grant", "code_of_another_client");
    let missing = Json(400, "invalid_request", "code_missing");
    let code = world.code.as_str();
    let by = |client: &str| {
        Call::token()
            .client(client)
            .field("grant_type", "authorization_code")
            .field("code", code)
            .field("redirect_uri", CALLBACK)
            .field("code_verifier", VERIFIER)
    };
    let longer = format!("{code}A");
    let spaced = format!("{code} ");
    let zero = "A".repeat(64);
    #[rustfmt::skip]
    let rows = vec![
        row("code: none", redeem("x").without("code"), missing),
        row("code: empty", redeem(""), missing),
        row("code: garbage", redeem("x"), unknown),
        row("code: truncated", redeem(&code[..63]), unknown),
        row("code: longer", redeem(&longer), unknown),
        row("code: a space behind", redeem(&spaced), unknown),
        row("code: first bit flipped", redeem(&tampered(code, 0)), unknown),
        row("code: one bit of the secret flipped", redeem(&tampered(code, 40)), unknown),
        row("code: all zero", redeem(&zero), unknown),
        row("code: another case", redeem(&code.to_uppercase()), unknown),
        row("code: a NUL", redeem("\0"), unknown),
        row("code: ten thousand characters", redeem(&"A".repeat(10_000)), unknown),
        row("code: a refresh token", redeem(&world.refresh_token), unknown),
        row("code: an access token", redeem(&world.access_token), unknown),
        row("code: by another confidential client", by("other"), of_another),
        row("code: by another public client", by("spa"), of_another),
        row("code: by a client that may not", by("service"), of_another),
        row("code: in the query", Call::post(&format!("/oauth/token?code={code}")).client("web").field("grant_type", "authorization_code"), missing),
        row("code: of a confidential client by its name alone", redeem_by_name(code), Json(401, "invalid_client", "client_authentication_missing")),
        row("code: with a wrong secret", Call::token().basic("web", "wrong").field("grant_type", "authorization_code").field("code", code).field("code_verifier", VERIFIER), JsonAndBasic(401, "invalid_client", "client_secret_wrong")),
    ];
    rows
}

fn redeem_by_name(code: &str) -> Call {
    Call::token()
        .field("client_id", "web")
        .field("grant_type", "authorization_code")
        .field("code", code)
        .field("code_verifier", VERIFIER)
}

/// A good code of the right client, without what binds it to its request.
fn bindings(world: &World) -> Vec<Row> {
    let with = |name: &str, value: &str| redeem(&world.code).without(name).field(name, value);
    let malformed = Json(400, "invalid_request", "code_verifier_malformed");
    let wrong = Json(400, "invalid_grant", "code_verifier_wrong");
    let mismatch = Json(400, "invalid_grant", "redirect_uri_mismatch");
    let not_granted = Json(400, "invalid_target", "resource_not_granted");
    #[rustfmt::skip]
    let rows = vec![
        row("verifier: none", redeem(&world.code).without("code_verifier"), Json(400, "invalid_grant", "code_verifier_missing")),
        row("verifier: empty", with("code_verifier", ""), Json(400, "invalid_grant", "code_verifier_missing")),
        row("verifier: another", with("code_verifier", &"a".repeat(43)), wrong),
        row("verifier: another case", with("code_verifier", &VERIFIER.to_uppercase()), wrong),
        row("verifier: the challenge", with("code_verifier", Ask::web().value("code_challenge").unwrap()), wrong),
        row("verifier: 42 characters", with("code_verifier", &"a".repeat(42)), malformed),
        row("verifier: 129 characters", with("code_verifier", &"a".repeat(129)), malformed),
        row("verifier: a space in it", with("code_verifier", &format!("{VERIFIER} ")), malformed),
        row("verifier: a NUL in it", with("code_verifier", &format!("{VERIFIER}\0")), malformed),
        row("verifier: an umlaut in it", with("code_verifier", &format!("{VERIFIER}ä")), malformed),
        row("redirect_uri: another", with("redirect_uri", "https://evil.example/cb"), mismatch),
        row("redirect_uri: a slash more", with("redirect_uri", "https://app.example/cb/"), mismatch),
        row("redirect_uri: another case", with("redirect_uri", "https://app.example/CB"), mismatch),
        row("redirect_uri: a query more", with("redirect_uri", "https://app.example/cb?"), mismatch),
        row("redirect_uri: no URI", with("redirect_uri", "x"), mismatch),
        row("code: a resource that was not granted", redeem(&world.code).field("resource", "https://api.example"), not_granted),
        row("code: a resource that is no URI", redeem(&world.code).field("resource", "a b"), Json(400, "invalid_target", "resource_malformed")),
        row("code: a resource with a fragment", redeem(&world.code).field("resource", "https://api.example#x"), Json(400, "invalid_target", "resource_malformed")),
    ];
    rows
}

fn refresh_tokens(world: &World) -> Vec<Row> {
    let unknown = Json(400, "invalid_grant", "refresh_token_unknown");
    let of_another = Json(400, "invalid_grant", "refresh_token_of_another_client");
    let token = world.refresh_token.as_str();
    let by_web = |token: &str| Call::refresh("web", token);
    let missing = Json(400, "invalid_request", "refresh_token_missing");
    let longer = format!("{token}A");
    #[rustfmt::skip]
    let rows = vec![
        row("refresh_token: none", by_web("x").without("refresh_token"), missing),
        row("refresh_token: empty", by_web(""), missing),
        row("refresh_token: garbage", by_web("x"), unknown),
        row("refresh_token: truncated", by_web(&token[..74]), unknown),
        row("refresh_token: longer", by_web(&longer), unknown),
        row("refresh_token: the grant's id flipped", by_web(&tampered(token, 0)), unknown),
        row("refresh_token: the generation flipped", by_web(&tampered(token, 30)), unknown),
        row("refresh_token: the authenticator flipped", by_web(&tampered(token, 60)), unknown),
        row("refresh_token: all zero", by_web(&"A".repeat(75)), unknown),
        row("refresh_token: another case", by_web(&token.to_lowercase()), unknown),
        row("refresh_token: a code", by_web(&world.code), unknown),
        row("refresh_token: an access token", by_web(&world.access_token), unknown),
        row("refresh_token: an opaque access token", by_web(&world.opaque_token), unknown),
        row("refresh_token: by another confidential client", Call::refresh("other", token), of_another),
        row("refresh_token: by a public client", Call::refresh("spa", token), of_another),
        row("refresh_token: by a client that may not", Call::refresh("service", token), of_another),
        row("refresh_token: a public client's, by another public one", Call::refresh("native", &world.public_refresh_token), of_another),
        row("refresh_token: by the client's name alone", by_name(token), Json(401, "invalid_client", "client_authentication_missing")),
        row("refresh_token: by nobody", by_name(token).without("client_id"), Json(400, "invalid_request", "client_id_missing")),
        row("refresh_token: by a client that is switched off", Call::refresh("retired", token), JsonAndBasic(401, "invalid_client", "client_disabled")),
        row("refresh_token: in the query", Call::post(&format!("/oauth/token?refresh_token={token}")).client("web").field("grant_type", "refresh_token"), missing),
    ];
    rows
}

fn by_name(token: &str) -> Call {
    Call::token()
        .field("client_id", "web")
        .field("grant_type", "refresh_token")
        .field("refresh_token", token)
}

fn widenings(world: &World) -> Vec<Row> {
    let with = |name: &str, value: &str| Call::refresh("web", &world.refresh_token).field(name, value);
    let widened = Json(400, "invalid_scope", "scope_widened");
    let malformed = Json(400, "invalid_scope", "scope_malformed");
    #[rustfmt::skip]
    let rows = vec![
        row("refresh: one scope more", with("scope", "openid read write"), widened),
        row("refresh: another scope", with("scope", "write"), widened),
        row("refresh: a scope that nobody knows", with("scope", "admin"), widened),
        row("refresh: a scope in another case", with("scope", "READ"), widened),
        row("refresh: a scope with a quote", with("scope", "re\"ad"), malformed),
        row("refresh: five thousand characters of scope", with("scope", &"read ".repeat(1000)), malformed),
        row("refresh: a resource that was not granted", with("resource", "https://api.example"), Json(400, "invalid_target", "resource_not_granted")),
        row("refresh: a resource that is relative", with("resource", "/api"), Json(400, "invalid_target", "resource_malformed")),
    ];
    rows
}

fn client_credentials() -> Vec<Row> {
    let with = |name: &str, value: &str| {
        Call::token()
            .client("service")
            .field("grant_type", "client_credentials")
            .field(name, value)
    };
    let malformed = Json(400, "invalid_scope", "scope_malformed");
    let not_allowed = Json(400, "invalid_scope", "scope_not_allowed");
    let target = Json(400, "invalid_target", "resource_not_allowed");
    let no_target = Json(400, "invalid_target", "resource_malformed");
    let many = (0..17).fold(with("scope", "read"), |call, n| {
        call.field("resource", &format!("https://{n}.example"))
    });
    #[rustfmt::skip]
    let rows = vec![
        row("scope: not registered", with("scope", "admin"), not_allowed),
        row("scope: one too many", with("scope", "read write openid"), not_allowed),
        row("scope: another case", with("scope", "Read"), not_allowed),
        row("scope: a comma for the space", with("scope", "read,write"), not_allowed),
        row("scope: a quote", with("scope", "\"read\""), malformed),
        row("scope: a backslash", with("scope", "read\\"), malformed),
        row("scope: a tab", with("scope", "read\twrite"), malformed),
        row("scope: a line break", with("scope", "read\r\nwrite"), malformed),
        row("scope: a NUL", with("scope", "read\0"), malformed),
        row("scope: an umlaut", with("scope", "räad"), malformed),
        row("scope: five thousand characters", with("scope", &"x".repeat(5000)), malformed),
        row("resource: not registered", with("resource", "https://evil.example"), target),
        row("resource: a slash more", with("resource", "https://api.example/"), target),
        row("resource: another case", with("resource", "https://API.example"), target),
        row("resource: relative", with("resource", "//api.example"), no_target),
        row("resource: a fragment", with("resource", "https://api.example#x"), no_target),
        row("resource: a line break", with("resource", "https://api.example\r\n"), no_target),
        row("resource: three thousand characters", with("resource", &format!("https://api.example/{}", "x".repeat(3000))), no_target),
        row("resource: seventeen", many, Json(400, "invalid_request", "parameter_too_many")),
    ];
    rows
}
