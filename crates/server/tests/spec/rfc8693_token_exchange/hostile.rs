//! What must not be exchanged. Each row is refused with the code of RFC 8693 2.2.2, and changes nothing.

use grantor_jose::Type;
use grantor_protocol::Cause;
use grantor_protocol::record::{ExchangeRule, SubjectsOf};
use serde_json::{Value, json};

use super::{
    ACCESS_TOKEN, API, EXCHANGE, FILES, ID_TOKEN, JWT, REFRESH_TOKEN, SEALED, alices, exchange, own, refused,
    rule, setup, start,
};
use crate::harness::{ALICE, Ask, Call, Server, jwt, tampered, text};

type Row = (&'static str, Call, &'static str, Cause);

async fn check(server: &Server, rows: Vec<Row>) {
    for (name, call, error, cause) in rows {
        refused(server, name, call, error, cause).await;
    }
}

#[tokio::test]
async fn malformed_requests() {
    let server = start().await;
    let token = alices(&server).await["access_token"].clone();
    let good = || exchange(&token, ACCESS_TOKEN);
    let (request, target, scope) = ("invalid_request", "invalid_target", "invalid_scope");
    let many = (0..17).fold(good().without("audience"), |call, n| {
        call.field("audience", &format!("service-{n}"))
    });
    #[rustfmt::skip]
    let rows = vec![
        ("no subject token", good().without("subject_token"), request, Cause::SubjectTokenMissing),
        ("an empty subject token", good().without("subject_token").field("subject_token", ""), request, Cause::SubjectTokenMissing),
        ("no subject token type", good().without("subject_token_type"), request, Cause::SubjectTokenTypeMissing),
        ("a type by its short name", good().without("subject_token_type").field("subject_token_type", "access_token"), request, Cause::SubjectTokenTypeUnsupported),
        ("a SAML assertion", good().without("subject_token_type").field("subject_token_type", "urn:ietf:params:oauth:token-type:saml2"), request, Cause::SubjectTokenTypeUnsupported),
        ("two subject tokens", good().field("subject_token", "x"), request, Cause::ParameterRepeated),
        ("an actor token without type", good().field("actor_token", text(&token)), request, Cause::ActorTokenTypeMissing),
        ("an actor token type without token", good().field("actor_token_type", ACCESS_TOKEN), request, Cause::ActorTokenTypeUnexpected),
        ("a refresh token as actor", good().field("actor_token", "x").field("actor_token_type", REFRESH_TOKEN), request, Cause::ActorTokenTypeUnsupported),
        ("an ID token is wanted", good().field("requested_token_type", ID_TOKEN), request, Cause::RequestedTokenTypeUnsupported),
        ("a SAML assertion is wanted", good().field("requested_token_type", "urn:ietf:params:oauth:token-type:saml2"), request, Cause::RequestedTokenTypeUnsupported),
        ("an audience that is no name", good().without("audience").field("audience", "a b"), target, Cause::AudienceMalformed),
        ("a resource with a fragment", good().field("resource", "https://files.example/#x"), target, Cause::ResourceMalformed),
        ("a relative resource", good().field("resource", "/files"), target, Cause::ResourceMalformed),
        ("seventeen audiences", many, request, Cause::ParameterTooMany),
        ("a scope that is none", good().field("scope", "\"read\""), scope, Cause::ScopeMalformed),
    ];
    check(&server, rows).await;
}

#[tokio::test]
async fn more_than_there_was() {
    let server = start().await;
    let tokens = alices(&server).await;
    let narrow = Ask::web().with("scope", "read").tokens(&server).await["access_token"].clone();
    let good = || exchange(&tokens["access_token"], ACCESS_TOKEN);
    let to = |audience: &str| good().without("audience").field("audience", audience);
    let (target, scope) = ("invalid_target", "invalid_scope");
    #[rustfmt::skip]
    let rows = vec![
        ("a scope that the subject token lacks", exchange(&narrow, ACCESS_TOKEN).field("scope", "read write"), scope, Cause::ExchangeScopeWidened),
        ("another scope than the subject token's", exchange(&narrow, ACCESS_TOKEN).field("scope", "write"), scope, Cause::ExchangeScopeWidened),
        ("a scope that nobody has", good().field("scope", "admin"), scope, Cause::ExchangeScopeWidened),
        ("a scope that the client lacks", good().field("scope", "read email"), scope, Cause::ScopeNotAllowed),
        ("openid", good().field("scope", "openid"), scope, Cause::ScopeNotAllowed),
        ("a foreign audience", to("https://foreign.example"), target, Cause::TargetNotAllowed),
        ("a foreign audience beside a good one", good().field("audience", "https://foreign.example"), target, Cause::TargetNotAllowed),
        ("a foreign resource beside a good audience", good().field("resource", "https://foreign.example"), target, Cause::TargetNotAllowed),
        ("the issuer", to("https://id.example"), target, Cause::TargetNotAllowed),
        ("what the client may ask for and not exchange for", to(API), target, Cause::TargetNotAllowed),
        ("the audience in another case", to("https://FILES.example"), target, Cause::TargetNotAllowed),
        ("no audience among several", good().without("audience"), target, Cause::TargetMissing),
        ("a JWT of what is sealed", to(SEALED).field("requested_token_type", JWT), "invalid_request", Cause::RequestedTokenTypeNotAllowed),
    ];
    check(&server, rows).await;
}

type Forged = Vec<(&'static str, String, &'static str)>;

/// Texts that are not what they are said to be, made from a genuine access token.
fn forged_access_tokens(access: &str, opaque: &str, jwks: &[u8]) -> Forged {
    let longer = json!(4_000_000_000_u64);
    #[rustfmt::skip]
    let forged = vec![
        ("nonsense", "nonsense".to_owned(), ACCESS_TOKEN),
        ("two dots", "..".to_owned(), JWT),
        ("alg none", jwt::unsigned(access, "none"), ACCESS_TOKEN),
        ("alg None", jwt::unsigned(access, "None"), JWT),
        ("HS256 with the public key", jwt::signed_with_public_key(access, jwks), ACCESS_TOKEN),
        ("another key", jwt::signed_with_another_key(access, Type::AccessToken), ACCESS_TOKEN),
        ("another user", jwt::with_claim(access, "sub", "bob".into()), ACCESS_TOKEN),
        ("a longer life", jwt::with_claim(access, "exp", longer), JWT),
        ("a signature that is off by a bit", tampered(access, access.len() - 20), ACCESS_TOKEN),
        ("a sealed token that is off by a bit", tampered(opaque, 40), ACCESS_TOKEN),
        ("a sealed token as JWT", opaque.to_owned(), JWT),
        ("an issuer that nobody knows", foreign_jwt(), JWT),
        ("an access token as ID token", access.to_owned(), ID_TOKEN),
    ];
    forged
}

fn forged_id_tokens(id: &str, jwks: &[u8]) -> Forged {
    #[rustfmt::skip]
    let forged = vec![
        ("an ID token as access token", id.to_owned(), ACCESS_TOKEN),
        ("an ID token as JWT", id.to_owned(), JWT),
        ("ID token: alg none", jwt::unsigned(id, "none"), ID_TOKEN),
        ("ID token: HS256 with the public key", jwt::signed_with_public_key(id, jwks), ID_TOKEN),
        ("ID token: another key", jwt::signed_with_another_key(id, Type::IdToken), ID_TOKEN),
        ("ID token: another type", jwt::with_header(id, "typ", "logout+jwt".into()), ID_TOKEN),
    ];
    forged
}

#[tokio::test]
async fn forged_and_mistaken_tokens() {
    let server = start().await;
    let tokens = alices(&server).await;
    let (access, refresh) = (text(&tokens["access_token"]), text(&tokens["refresh_token"]));
    let jwks = server.call(Call::get("/oauth/jwks.json")).await.body;
    let opaque = Ask::web().and("resource", SEALED).tokens(&server).await["access_token"].clone();
    let code = Ask::web().code(&server).await;
    let mut forged = forged_access_tokens(access, text(&opaque), &jwks);
    forged.extend(forged_id_tokens(text(&tokens["id_token"]), &jwks));
    forged.push(("an authorization code", code, ACCESS_TOKEN));
    forged.push((
        "a refresh token as access token",
        refresh.to_owned(),
        ACCESS_TOKEN,
    ));
    for (name, token, kind) in forged {
        let subject = exchange(&token.as_str().into(), kind);
        refused(
            &server,
            name,
            subject,
            "invalid_request",
            Cause::SubjectTokenInvalid,
        )
        .await;
        let actor = exchange(&tokens["access_token"], ACCESS_TOKEN)
            .field("actor_token", &token)
            .field("actor_token_type", kind);
        refused(&server, name, actor, "invalid_request", Cause::ActorTokenInvalid).await;
    }
    for token in [access, &tampered(refresh, 30), &tampered(refresh, 60)] {
        let subject = exchange(&token.into(), REFRESH_TOKEN);
        refused(
            &server,
            token,
            subject,
            "invalid_request",
            Cause::SubjectTokenInvalid,
        )
        .await;
    }
}

fn foreign_jwt() -> String {
    let (key, _) = grantor_jose::SigningKey::generate(grantor_types::SigningAlgorithm::Es256).unwrap();
    let claims = json!({ "iss": "https://evil.example", "sub": ALICE, "aud": "https://id.example", "exp": 4_000_000_000_u64 });
    key.sign(Type::Jwt, &claims).unwrap()
}

#[tokio::test]
async fn tokens_that_are_not_the_clients_to_exchange() {
    let own_access_tokens = ExchangeRule {
        subject_token_types: vec![grantor_types::TokenTypeUri::AccessToken],
        ..rule()
    };
    let server = setup(vec![own_access_tokens]).start().await;
    let tokens = alices(&server).await;
    let others = Ask::of("other", "https://other.example/cb")
        .with("scope", "openid read")
        .tokens(&server)
        .await;
    let service = own(&server, "service").await;
    let not_allowed = |token: &Value, kind| (exchange(token, kind), Cause::SubjectTokenNotAllowed);
    let actor = |token: &Value, kind: &str| {
        exchange(&tokens["access_token"], ACCESS_TOKEN)
            .field("actor_token", text(token))
            .field("actor_token_type", kind)
    };
    #[rustfmt::skip]
    let rows = [
        ("another client's access token", not_allowed(&others["access_token"], ACCESS_TOKEN)),
        ("another client's access token as JWT", not_allowed(&others["access_token"], JWT)),
        ("another client's ID token", not_allowed(&others["id_token"], ID_TOKEN)),
        ("another client's refresh token", not_allowed(&others["refresh_token"], REFRESH_TOKEN)),
        ("another client's own token", not_allowed(&service, ACCESS_TOKEN)),
        ("a refresh token without policy", not_allowed(&tokens["refresh_token"], REFRESH_TOKEN)),
        ("an ID token without policy", not_allowed(&tokens["id_token"], ID_TOKEN)),
        ("the user's token as actor", (actor(&tokens["access_token"], ACCESS_TOKEN), Cause::ActorTokenNotAllowed)),
        ("another client's own token as actor", (actor(&service, ACCESS_TOKEN), Cause::ActorTokenNotAllowed)),
        ("another client's ID token as actor", (actor(&others["id_token"], ID_TOKEN), Cause::ActorTokenNotAllowed)),
    ];
    let rows = rows
        .into_iter()
        .map(|(name, (call, cause))| (name, call, "invalid_request", cause));
    check(&server, rows.collect()).await;
}

#[tokio::test]
async fn ways_that_policy_does_not_allow() {
    let by = |delegation, impersonation| ExchangeRule {
        delegation,
        impersonation,
        ..rule()
    };
    for (rule, with_actor, cause) in [
        (by(false, true), true, Cause::ActorTokenNotAllowed),
        (by(false, false), false, Cause::ActorTokenMissing),
    ] {
        let server = setup(vec![rule]).start().await;
        let mut call = exchange(&alices(&server).await["access_token"], ACCESS_TOKEN);
        if with_actor {
            let actor = own(&server, "backend").await;
            call = call
                .field("actor_token", text(&actor))
                .field("actor_token_type", ACCESS_TOKEN);
        }
        refused(&server, "policy", call, "invalid_request", cause).await;
    }
}

#[tokio::test]
async fn clients_that_may_not() {
    let any = ExchangeRule {
        subjects_of: SubjectsOf::Any,
        ..rule()
    };
    let server = setup(vec![rule()])
        .client("spa", |client| {
            client.grant_types = grantor_types::GrantType::ALL.to_vec();
            client.token_exchange = vec![any];
        })
        .start()
        .await;
    let tokens = alices(&server).await;
    let call = |client: &str| {
        Call::token()
            .client(client)
            .field("grant_type", EXCHANGE)
            .field("subject_token", text(&tokens["access_token"]))
            .field("subject_token_type", ACCESS_TOKEN)
            .field("audience", FILES)
    };
    // The holder of the token, another confidential client, and a public one that is registered for it.
    for client in ["web", "service", "spa"] {
        refused(
            &server,
            client,
            call(client),
            "unauthorized_client",
            Cause::GrantTypeNotAllowed,
        )
        .await;
    }
    let before = server.everything_stored();
    let wrong = exchange(&tokens["access_token"], ACCESS_TOKEN);
    let anonymous = Call::token().take_fields(&wrong);
    server
        .call(anonymous)
        .await
        .refused(400, "invalid_request", Cause::ClientIdMissing);
    let wrong = Call::token()
        .basic("backend", "not the secret")
        .take_fields(&wrong);
    server
        .call(wrong)
        .await
        .refused(401, "invalid_client", Cause::ClientSecretWrong);
    assert_eq!(server.everything_stored(), before);
}

#[tokio::test]
async fn users_and_clients_that_are_switched_off() {
    let server = start().await;
    let tokens = alices(&server).await;
    let kinds = [
        ("access_token", ACCESS_TOKEN),
        ("refresh_token", REFRESH_TOKEN),
        ("id_token", ID_TOKEN),
    ];
    let rows = || {
        let row = |(name, kind)| {
            (
                name,
                exchange(&tokens[name], kind),
                "invalid_request",
                Cause::SubjectTokenInvalid,
            )
        };
        kinds.into_iter().map(row).collect::<Vec<Row>>()
    };
    server.edit_client("web", |client| client.disabled = true).await;
    check(&server, rows()).await;
    server.edit_client("web", |client| client.disabled = false).await;
    server.edit_user(ALICE, |user| user.disabled = true).await;
    check(&server, rows()).await;
}
