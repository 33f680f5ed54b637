//! Microsoft Entra ID.

use super::*;

#[tokio::test]
async fn microsoft_names_the_tenant_in_each_token() {
    let tenant = "0f1d6d3c-1111-2222-3333-444455556666";
    let of = |tenant: &str| format!("https://login.microsoftonline.com/{tenant}/v2.0");
    let metadata = || recorded!("microsoft-common-metadata");
    let signer = Signer::new();
    for (issuer, tid, expected) in [
        (of(tenant), json!(tenant), None),
        (of(tenant), json!("another"), wrong_issuer()),
        (of(tenant), Value::Null, wrong_issuer()),
        (of("{tenantid}x"), json!("{tenantid}x"), wrong_issuer()),
        (of("a/b"), json!("a/b"), wrong_issuer()),
        (
            format!("https://login.evil.example/{tenant}/v2.0"),
            json!(tenant),
            wrong_issuer(),
        ),
        (
            format!("https://sts.windows.net/{tenant}/"),
            json!(tenant),
            wrong_issuer(),
        ),
    ] {
        let claims = json!({ "tid": tid });
        let common = signed_in(
            &Preset::microsoft("common"),
            metadata(),
            &signer,
            &issuer,
            &claims,
        )
        .await;
        assert_eq!(common.err(), expected, "{issuer} {tid}");
    }

    // Who asks for one tenant gets no other.
    let mut own: Value = serde_json::from_slice(&metadata().body).unwrap();
    own["issuer"] = of(tenant).into();
    let own = response(200, "application/json", &own.to_string());
    for (issuer, tid, expected) in [
        (of(tenant), tenant, None),
        (of("another"), "another", wrong_issuer()),
    ] {
        let claims = json!({ "tid": tid });
        let one = signed_in(&Preset::microsoft(tenant), own.clone(), &signer, &issuer, &claims).await;
        assert_eq!(one.err(), expected, "{issuer}");
    }
    assert_eq!(Preset::microsoft("consumers").issuer, of(MICROSOFT_CONSUMERS));
}

#[tokio::test]
async fn microsoft_has_keys_for_some_tenants_alone() {
    let tenant = "0f1d6d3c-1111-2222-3333-444455556666";
    let of = |tenant: &str| format!("https://login.microsoftonline.com/{tenant}/v2.0");
    let mut signer = Signer::new();
    for (signs_for, expected) in [
        (of("{tenantid}"), None),
        (of(tenant), None),
        (of(MICROSOFT_CONSUMERS), wrong_issuer()),
    ] {
        signer.signs_for = Some(signs_for.clone());
        let common = signed_in(
            &Preset::microsoft("common"),
            recorded!("microsoft-common-metadata"),
            &signer,
            &of(tenant),
            &json!({ "tid": tenant }),
        )
        .await;
        assert_eq!(common.err(), expected, "{signs_for}");
    }
}

#[tokio::test]
async fn microsoft_is_found_where_the_tenants_of_many_are() {
    for tenant in ["common", "organizations"] {
        let (client, script) = client(
            &Preset::microsoft(tenant),
            vec![recorded!("microsoft-common-metadata")],
        )
        .await;
        let asked = script.requests()[0].url().to_string();
        let expected =
            format!("https://login.microsoftonline.com/{tenant}/v2.0/.well-known/openid-configuration");
        assert_eq!(asked, expected);
        assert_eq!(
            client.metadata().issuer(),
            "https://login.microsoftonline.com/{tenantid}/v2.0"
        );
    }
    // The metadata of others are still others'.
    let script = Script::of(vec![recorded!("google-metadata")]);
    let builder = Preset::microsoft("common").client("app").fetch(Arc::new(script));
    let refused = builder.discover().await.unwrap_err();
    assert!(
        matches!(refused, Error::InvalidAnswer(InvalidAnswer::Issuer { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn microsoft_has_names_of_its_own_for_no() {
    let answers = vec![
        recorded!("microsoft-common-metadata"),
        recorded!("microsoft-device"),
        recorded!("microsoft-declined"),
    ];
    let (client, _) = client(&Preset::microsoft("common"), answers).await;
    let device = client
        .device_authorization()
        .scope("User.Read offline_access")
        .send()
        .await
        .unwrap();
    let refused = client.poll_device(&device).await.unwrap_err();
    let Error::UserRequired(refusal) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(refusal.code, "access_denied");
    let said = refusal.description.unwrap();
    assert!(said.starts_with("authorization_declined: AADSTS"), "{said}");
}

#[tokio::test]
async fn microsoft_wants_assertions_for_its_token_endpoint() {
    let (key, _) = SigningKey::generate(SigningAlgorithm::Rs256).unwrap();
    let keys = grantor_jose::KeySet::from_keys([key.verifying_key().unwrap()]);
    let answer = r#"{"access_token":"at","token_type":"Bearer","expires_in":3599}"#;
    let script = Script::of(vec![
        recorded!("microsoft-common-metadata"),
        response(200, "application/json", answer),
    ]);
    let client = Preset::microsoft("common")
        .client("app")
        .authentication(ClientAuthentication::PrivateKeyJwt(key))
        .clock(|| NOW)
        .fetch(Arc::new(script.clone()))
        .discover()
        .await
        .unwrap();
    client.client_credentials().send().await.unwrap();
    let sent = form(&script.requests()[1]);
    let audience = "https://login.microsoftonline.com/common/oauth2/v2.0/token";
    let expectation = grantor_jose::Expectation::new(Type::ClientAuthentication, "app", audience, 1_000);
    let assertion = sent.value("client_assertion").unwrap();
    assert!(grantor_jose::verify::<Value>(assertion, &keys, &expectation).is_ok());
}
