//! [RFC 7591](https://www.rfc-editor.org/rfc/rfc7591): clients that register themselves.

mod hostile;
mod languages;
mod races;
mod software_statement;

use grantor_protocol::Cause;
use grantor_types::{Profile, RegistrationMode, Seconds};
use http::Method;
use http::header::ORIGIN;
use serde_json::json;

use crate::harness::registration::{
    REGISTER, ask, document, initial_token, manage, open, redeem, refused_for, register, registered,
};
use crate::harness::{ALICE, Browser, Call, Server, Setup, text};
use crate::rfc8414_metadata;

#[tokio::test]
async fn nobody_registers_where_registration_is_closed() {
    let server = Server::start().await;
    let answer = server.call(register(&document(&json!({})))).await;
    answer.refused(403, "access_denied", Cause::RegistrationClosed);
    let metadata = server.call(Call::get("/.well-known/openid-configuration")).await;
    assert!(!metadata.text().contains("registration_endpoint"));
}

#[tokio::test]
async fn the_metadata_say_where() {
    let server = open().start().await;
    let metadata = rfc8414_metadata::document(&server, "/.well-known/openid-configuration").await;
    assert_eq!(
        metadata["registration_endpoint"],
        "https://id.example/oauth/register"
    );
}

#[tokio::test]
async fn a_registered_client_logs_somebody_in_and_refreshes() {
    let server = open().start().await;
    let client = registered(&server, &json!({})).await;
    let callback = Browser::new(&server).callback(&ask(&client), ALICE).await;
    let tokens = server.call(redeem(&client, &callback.code())).await.ok();
    assert!(tokens["id_token"].is_string());
    let refresh = Call::token()
        .basic(text(&client["client_id"]), text(&client["client_secret"]))
        .field("grant_type", "refresh_token")
        .field("refresh_token", text(&tokens["refresh_token"]));
    server.call(refresh).await.ok();
    let userinfo = server.call(Call::userinfo(text(&tokens["access_token"]))).await;
    assert_eq!(userinfo.status, 200);
}

#[tokio::test]
async fn a_registered_browser_client_reads_the_token_endpoint() {
    let server = open().start().await;
    let client = registered(&server, &json!({ "token_endpoint_auth_method": "none" })).await;
    assert!(client.get("client_secret").is_none() && client.get("client_secret_expires_at").is_none());
    let callback = Browser::new(&server).callback(&ask(&client), ALICE).await;
    let call = redeem(&client, &callback.code()).header(ORIGIN, "https://strange.example");
    let answer = server.call(call).await;
    answer.ok();
    assert_eq!(
        answer.header("access-control-allow-origin"),
        Some("https://strange.example")
    );
}

#[tokio::test]
async fn members_that_nobody_knows_are_ignored() {
    let server = open().start().await;
    let strange = json!({ "favourite_colour": { "a": [1, 2] }, "colour#fr": "bleu", "tos_uri": null });
    let client = registered(&server, &strange).await;
    for member in ["favourite_colour", "colour#fr", "tos_uri"] {
        assert!(client.get(member).is_none(), "{member}");
    }
    // Nor does a client say what only the server or its administrator can.
    let forged = json!({
        "client_id": "web", "client_secret": "mine", "consent": "implied", "danger_pkce_optional": true,
        "introspection": "all", "registration_access_token": "mine",
    });
    let client = registered(&server, &forged).await;
    assert_ne!(client["client_id"], "web");
    assert_ne!(client["client_secret"], "mine");
    let id = grantor_types::ClientId::parse(text(&client["client_id"])).unwrap();
    let stored = grantor_store::Store::client(&*server.store, &id)
        .await
        .unwrap()
        .unwrap();
    assert!(!stored.metadata.danger_pkce_optional);
    assert_eq!(stored.consent, grantor_protocol::record::ConsentRule::Ask);
    assert_eq!(
        stored.introspection,
        grantor_protocol::record::IntrospectionRight::Own
    );
}

#[tokio::test]
async fn refusals_name_the_member() {
    let server = open().start().await;
    let before = server.everything_stored();
    for (member, value, cause) in [
        (
            "redirect_uris",
            json!(["https://a.example/#x"]),
            Cause::RegistrationRedirectUriFragment,
        ),
        ("redirect_uris", json!([]), Cause::RegistrationRedirectUriMissing),
        (
            "redirect_uris",
            json!("https://a.example/"),
            Cause::RegistrationMemberNotList,
        ),
        (
            "grant_types",
            json!(["implicit"]),
            Cause::RegistrationMemberUnsupported,
        ),
        (
            "grant_types",
            json!(["client_credentials"]),
            Cause::RegistrationGrantTypeNotAllowed,
        ),
        (
            "response_types",
            json!(["token"]),
            Cause::RegistrationMemberUnsupported,
        ),
        ("scope", json!("admin"), Cause::RegistrationScopeNotAllowed),
        ("client_name", json!(5), Cause::RegistrationMemberNotText),
        (
            "logo_uri",
            json!("http://a.example/"),
            Cause::RegistrationUriInsecure,
        ),
        (
            "jwks",
            json!({ "keys": [{ "kty": "oct", "k": "AQ" }] }),
            Cause::RegistrationKeysPrivate,
        ),
        ("default_max_age", json!("60"), Cause::RegistrationMemberNotNumber),
        (
            "software_statement",
            json!("a.b.c"),
            Cause::RegistrationSoftwareStatementInvalid,
        ),
    ] {
        let answer = server.call(register(&document(&json!({ member: value })))).await;
        refused_for(&answer, member, cause);
    }
    let not_json = Call::post(REGISTER).field("client_name", "x");
    server
        .call(not_json)
        .await
        .refused(415, "invalid_request", Cause::JsonExpected);
    let broken = Call::post(REGISTER).body("application/json", "{");
    let answer = server.call(broken).await;
    answer.refused(400, "invalid_client_metadata", Cause::RegistrationBodyMalformed);
    assert_eq!(server.everything_stored(), before);
}

#[tokio::test]
async fn an_initial_access_token_lets_somebody_in() {
    let setup = open().policy(|policy| policy.registration.mode = RegistrationMode::InitialAccessToken);
    let server = setup.start().await;
    let whole = document(&json!({}));
    let answer = server.call(register(&whole)).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.challenges(), "Bearer realm=\"grantor\"");
    let token = initial_token(&server, Some(2), Seconds::days(1)).await;
    for bad in [
        format!("{token}x"),
        token.replace("giat_", "gpat_"),
        token[..53].to_owned(),
        "x".to_owned(),
    ] {
        let answer = server.call(register(&whole).bearer(&bad)).await;
        answer.refused(401, "invalid_token", Cause::RegistrationTokenInvalid);
        assert!(answer.challenges().contains("error=\"invalid_token\""), "{bad}");
    }
    // A document that is refused uses nothing up.
    let refused = register(&json!({})).bearer(&token);
    assert_eq!(server.call(refused).await.status, 400);
    for _ in 0..2 {
        assert_eq!(server.call(register(&whole).bearer(&token)).await.status, 201);
    }
    let answer = server.call(register(&whole).bearer(&token)).await;
    answer.refused(401, "invalid_token", Cause::RegistrationTokenInvalid);
}

#[tokio::test]
async fn an_initial_access_token_ends() {
    let setup = open().policy(|policy| policy.registration.mode = RegistrationMode::InitialAccessToken);
    let server = setup.start().await;
    let token = initial_token(&server, None, Seconds(60)).await;
    let call = || register(&document(&json!({}))).bearer(&token);
    assert_eq!(server.call(call()).await.status, 201);
    server.advance(Seconds(60));
    let answer = server.call(call()).await;
    answer.refused(401, "invalid_token", Cause::RegistrationTokenInvalid);
}

#[tokio::test]
async fn one_address_does_not_register_without_end() {
    let server = open()
        .policy(|policy| policy.registration.address_rate = 2)
        .start()
        .await;
    let call = || register(&document(&json!({})));
    for _ in 0..2 {
        assert_eq!(server.call(call()).await.status, 201);
    }
    let answer = server.call(call()).await;
    answer.refused(429, "temporarily_unavailable", Cause::RegistrationTooFast);
    assert!(answer.header("retry-after").is_some());
    assert_eq!(server.call(call().from("192.0.2.99")).await.status, 201);
    server.advance(Seconds(60));
    assert_eq!(server.call(call()).await.status, 201);
}

#[tokio::test]
async fn a_client_that_nobody_uses_goes_and_one_that_is_used_stays() {
    let server = open().start().await;
    let unused = registered(&server, &json!({})).await;
    let used = registered(&server, &json!({})).await;
    let callback = Browser::new(&server).callback(&ask(&used), ALICE).await;
    server.call(redeem(&used, &callback.code())).await.ok();
    server.advance(Seconds::days(2));
    let now = server.app.now();
    grantor_store::Store::sweep(&*server.store, now, 100)
        .await
        .unwrap();
    assert_eq!(server.call(manage(Method::GET, &unused)).await.status, 401);
    assert_eq!(server.call(manage(Method::GET, &used)).await.status, 200);
}

/// A code is enough: whoever gets one has had somebody log in.
#[tokio::test]
async fn a_code_is_a_use() {
    let server = open().start().await;
    let client = registered(&server, &json!({})).await;
    assert!(server.everything_stored().contains("unused_until: Some"));
    Browser::new(&server).callback(&ask(&client), ALICE).await.code();
    assert!(!server.everything_stored().contains("unused_until: Some"));
}

#[tokio::test]
async fn scripts_of_every_origin_may_register() {
    let server = open().start().await;
    let origin = "https://inspector.example";
    let call = register(&document(&json!({}))).header(ORIGIN, origin);
    let answer = server.call(call).await;
    assert_eq!(
        (answer.status, answer.header("access-control-allow-origin")),
        (201, Some("*"))
    );
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    for path in [REGISTER, &format!("{REGISTER}/x")] {
        let preflight = Call::new(Method::OPTIONS, path)
            .header(ORIGIN, origin)
            .named_header("access-control-request-method", "PUT");
        let answer = server.call(preflight).await;
        assert_eq!(
            (answer.status, answer.header("access-control-allow-origin")),
            (204, Some("*"))
        );
        assert_eq!(
            answer.header("access-control-allow-methods"),
            Some("GET, POST, PUT, DELETE")
        );
    }
}

#[tokio::test]
async fn every_family_of_paths_answers() {
    let mut setup = open();
    setup.settings.paths = grantor_server::Paths::new(&grantor_server::PathFamily::ALL, Default::default());
    let server = setup.start().await;
    for path in ["/oauth/register", "/oauth2/register", "/register"] {
        let body = document(&json!({})).to_string();
        let answer = server.call(Call::post(path).body("application/json", body)).await;
        assert_eq!(answer.status, 201, "{path}");
        let uri = answer.json()["registration_client_uri"].clone();
        assert!(text(&uri).starts_with("https://id.example/oauth/register/"));
    }
    assert_eq!(server.call(Call::get(REGISTER)).await.status, 405);
}

#[tokio::test]
async fn the_profile_of_openid_connect_lets_clients_that_authenticate_do_without_pkce() {
    let profile = |profile| open().policy(move |policy| policy.profile = profile);
    for (setup, expected) in [(profile(Profile::Oauth21), false), (profile(Profile::Oidc), true)] {
        let server = setup.start().await;
        registered(&server, &json!({})).await;
        let stored = server.everything_stored();
        assert_eq!(stored.contains("danger_pkce_optional: true"), expected);
    }
}

/// "A key of the same size as the hash output [...] or larger MUST be used" (RFC 7518 3.2).
#[tokio::test]
async fn a_secret_that_signs_is_as_long_as_the_longest_hash() {
    let server = open().start().await;
    for (method, least) in [("client_secret_basic", 32), ("client_secret_jwt", 64)] {
        let client = registered(&server, &json!({ "token_endpoint_auth_method": method })).await;
        assert!(text(&client["client_secret"]).len() >= least, "{method}");
    }
}

/// What the browser of somebody else's server would find.
#[tokio::test]
async fn registration_goes_on_under_a_path() {
    let mut setup = Setup::at("https://id.example/tenant");
    setup = setup.policy(|policy| policy.registration.mode = RegistrationMode::Open);
    let server = setup.start().await;
    let body = document(&json!({})).to_string();
    let call = Call::post("/tenant/oauth/register").body("application/json", body);
    let client = server.call(call).await.json();
    let uri = text(&client["registration_client_uri"]);
    assert!(
        uri.starts_with("https://id.example/tenant/oauth/register/"),
        "{uri}"
    );
    assert_eq!(server.call(manage(Method::GET, &client)).await.status, 200);
}
