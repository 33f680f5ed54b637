//! Who may, what is written, and what is answered.

use super::*;

#[test]
fn what_a_client_gets_when_it_says_nothing() {
    let world = world();
    let made = registered(&world, json!({}));
    let client = &made.client;
    assert_eq!(
        client.authentication_methods,
        [ClientAuthMethod::ClientSecretBasic]
    );
    assert_eq!(client.grant_types, [GrantType::AuthorizationCode]);
    assert_eq!(client.application_type, ApplicationType::Web);
    assert!(!client.metadata.danger_pkce_optional && client.origins.is_empty());
    let secret = made.client_secret.as_ref().unwrap();
    assert_eq!(
        client.secrets[0].hash,
        grantor_jose::digest::secret_hash(secret.expose())
    );
    let registration = client.registration.as_ref().unwrap();
    assert_eq!(registration.unused_until, Some(NOW.plus(Seconds::days(1))));
    let answer = read(&world, &made);
    for (member, value) in [
        ("token_endpoint_auth_method", json!("client_secret_basic")),
        ("grant_types", json!(["authorization_code"])),
        ("response_types", json!(["code"])),
        ("application_type", json!("web")),
        ("subject_type", json!("public")),
        ("id_token_signed_response_alg", json!("RS256")),
        ("client_secret_expires_at", json!(0)),
        ("client_id_issued_at", json!(NOW.as_seconds())),
        ("require_auth_time", json!(false)),
    ] {
        assert_eq!(answer[member], value, "{member}");
    }
    assert_eq!(answer["client_id"].as_str().unwrap().len(), 32);
    assert!(answer.get("danger_pkce_optional").is_none() && answer.get("client_name").is_none());
}

#[test]
fn pkce_may_be_left_out_by_profile_and_never_by_public_clients() {
    let mut world = world();
    world.policy.profile = Profile::Oidc;
    assert!(registered(&world, json!({})).client.metadata.danger_pkce_optional);
    let public = registered(&world, json!({ "token_endpoint_auth_method": "none" }));
    assert!(!public.client.metadata.danger_pkce_optional && public.client_secret.is_none());
    assert!(read(&world, &public).get("client_secret_expires_at").is_none());
    // It runs in a browser at that origin, and reads the answers there.
    let origins: Vec<&str> = public
        .client
        .origins
        .iter()
        .map(grantor_types::Origin::as_str)
        .collect();
    assert_eq!(origins, ["https://app.example"]);
}

#[test]
fn what_is_written() {
    let world = world();
    let token = initial(Some(1));
    let wanted = checked(json!({})).unwrap();
    let decision = create(
        &world.cx(),
        &Fresh::from_bytes(&FRESH),
        Some(&token),
        wanted.clone(),
    );
    let client = decision.outcome.unwrap().client;
    let put = |client: Client, expect| Change::PutClient {
        client: Box::new(client),
        expect,
    };
    assert_eq!(
        decision.changes,
        [
            Change::LimitRegistrations(1_000),
            Change::UseInitialAccessToken(token.id),
            put(client.clone(), Expect::Absent),
        ]
    );
    let access_token = grantor_types::Secret::new("x");
    let decision = replace(
        &world.cx(),
        &Fresh::from_bytes(&FRESH),
        &client,
        access_token,
        wanted,
    );
    let replaced = decision.outcome.unwrap();
    assert!(replaced.client_secret.is_none(), "it has one");
    assert_eq!(replaced.client.registration, client.registration);
    assert_eq!(
        decision.changes,
        [put(replaced.client, Expect::Revision(client.revision))]
    );
    assert_eq!(delete(&client).changes, [Change::DeleteClient(client.id)]);
}

#[test]
fn a_replaced_registration_keeps_what_only_an_administrator_says() {
    let world = world();
    let current = Client {
        audiences: vec![crate::fixture::resource(crate::fixture::API)],
        registration: registered(&world, json!({})).client.registration,
        ..confidential()
    };
    let swap = |method: &str, current: &Client| {
        let wanted = checked(json!({ "token_endpoint_auth_method": method })).unwrap();
        let access_token = grantor_types::Secret::new("x");
        let decision = replace(
            &world.cx(),
            &Fresh::from_bytes(&FRESH),
            current,
            access_token,
            wanted,
        );
        decision.outcome.unwrap()
    };
    let public = swap("none", &current);
    assert_eq!(
        (public.client.audiences.len(), public.client.secrets.len()),
        (1, 0)
    );
    assert_eq!(public.client.created_at, current.created_at);
    let confidential = swap("client_secret_post", &public.client);
    assert!(confidential.client_secret.is_some(), "it had none");
}

#[test]
fn what_an_update_has_to_say_and_cannot_say() {
    let client = confidential();
    let updated = |changes: Value| document(&changes).check_update(&client);
    let id = client.id.as_str();
    assert_eq!(updated(json!({ "client_id": id })), Ok(()));
    assert_eq!(
        updated(json!({ "client_id": id, "client_secret": crate::fixture::SECRET })),
        Ok(())
    );
    for bad in [
        json!({}),
        json!({ "client_id": "another" }),
        json!({ "client_id": null }),
    ] {
        let found = updated(bad).unwrap_err();
        assert_eq!(
            found,
            Refusal::of("client_id", Cause::RegistrationClientIdMismatch)
        );
    }
    let found = updated(json!({ "client_id": id, "client_secret": "mine" })).unwrap_err();
    assert_eq!(
        found,
        Refusal::of("client_secret", Cause::RegistrationSecretMismatch)
    );
    for member in [
        "registration_access_token",
        "registration_client_uri",
        "client_secret_expires_at",
        "client_id_issued_at",
    ] {
        let found = updated(json!({ "client_id": id, member: 0 })).unwrap_err();
        assert_eq!(found, Refusal::of(member, Cause::RegistrationMemberForbidden));
    }
}

fn initial(uses_left: Option<u32>) -> InitialAccessToken {
    let wanted = NewInitialToken {
        name: "ci".to_owned(),
        uses: uses_left,
        lifetime: Seconds::days(30),
    };
    let (text, token) = make_initial(NOW, &RANDOM, wanted);
    assert!(text.expose().starts_with(INITIAL_PREFIX));
    assert_eq!(parse_initial(text.expose()), Some(token.hash));
    token
}

#[test]
fn who_may_register() {
    use RegistrationMode::{Closed, InitialAccessToken as Token, Open};
    let expired = InitialAccessToken {
        expires_at: NOW,
        ..initial(None)
    };
    let shown = |token: &InitialAccessToken| Presented::Token(Some(token.clone()));
    let (one, used, any) = (initial(Some(1)), initial(Some(0)), initial(None));
    let invalid = Err(Cause::RegistrationTokenInvalid);
    for (mode, presented, expected) in [
        (Closed, Presented::Nothing, Err(Cause::RegistrationClosed)),
        (Closed, shown(&any), Err(Cause::RegistrationClosed)),
        (Open, Presented::Nothing, Ok(None)),
        (Open, shown(&one), Ok(Some(one.clone()))),
        (Open, Presented::Token(None), invalid.clone()),
        (Token, Presented::Nothing, Err(Cause::RegistrationTokenMissing)),
        (Token, shown(&one), Ok(Some(one.clone()))),
        (Token, shown(&any), Ok(Some(any.clone()))),
        (Token, shown(&used), invalid.clone()),
        (Token, shown(&expired), invalid.clone()),
        (Token, Presented::Token(None), invalid.clone()),
    ] {
        let mut world = world();
        world.policy.registration.mode = mode;
        assert_eq!(
            admit(&world.cx(), presented.clone()),
            expected,
            "{mode} {presented:?}"
        );
    }
}

#[test]
fn a_software_statement_goes_before_what_the_client_says() {
    let claims: StatementClaims = serde_json::from_value(json!({
        "iss": "https://maker.example", "exp": 1, "client_name": "The real name", "software_id": "4NRB1",
        "software_statement": "another",
    }))
    .unwrap();
    let sent = document(&with(
        json!({ "client_name": "Another name", "software_statement": "a.b.c" }),
    ));
    let whole = sent.clone().with_statement(Some(claims)).unwrap();
    let world = world();
    let context = Context {
        cx: &world.cx(),
        algorithms: &SigningAlgorithm::ALL,
        current: None,
    };
    let wanted = check(&context, &whole).unwrap();
    assert_eq!(wanted.name, "The real name");
    assert_eq!(wanted.software.id.as_deref(), Some("4NRB1"));
    assert_eq!(wanted.software.statement.as_deref(), Some("a.b.c"));
    let unsigned = sent.with_statement(None).unwrap_err();
    assert_eq!(unsigned.cause, Cause::RegistrationSoftwareStatementInvalid);
}

#[test]
fn the_token_of_a_registration_is_kept_as_its_hash() {
    let made = registered(&world(), json!({}));
    let registration: &Registration = made.client.registration.as_ref().unwrap();
    let hash: SecretHash = grantor_jose::digest::secret_hash(made.access_token.expose());
    assert!(registration.access_token == hash);
    assert!(made.access_token.expose().starts_with("grat_"));
    assert_ne!(made.client.id, client_id("app"));
}
