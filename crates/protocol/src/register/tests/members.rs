//! The rules of each group of members.

use super::*;

#[test]
fn redirect_uris_by_application_type() {
    use Cause::{
        RegistrationRedirectUriForbidden as Forbidden, RegistrationRedirectUriFragment as Fragment,
        RegistrationRedirectUriMalformed as Malformed, RegistrationRedirectUriOfNative as OfNative,
        RegistrationRedirectUriOfWeb as OfWeb,
    };
    let rows: [(Option<&str>, &str, Result<ApplicationType, Cause>); 22] = [
        (None, "https://app.example/cb?x=1", Ok(ApplicationType::Web)),
        (Some("web"), "https://app.example/cb", Ok(ApplicationType::Web)),
        (Some("web"), "http://localhost:3000/cb", Err(OfWeb)),
        (Some("web"), "com.example.app:/cb", Err(OfWeb)),
        (Some("native"), "http://127.0.0.1/cb", Ok(ApplicationType::Native)),
        (Some("native"), "http://[::1]:80/cb", Ok(ApplicationType::Native)),
        (Some("native"), "http://localhost/cb", Ok(ApplicationType::Native)),
        (
            Some("native"),
            "https://app.example/cb",
            Ok(ApplicationType::Native),
        ),
        (Some("native"), "com.example.app:/cb", Ok(ApplicationType::Native)),
        (Some("native"), "myapp:/cb", Err(OfNative)),
        // RFC 7591 does not know the member: where the answers go says what the client is.
        (None, "http://127.0.0.1:1234/cb", Ok(ApplicationType::Native)),
        (None, "com.example.app:/cb", Ok(ApplicationType::Native)),
        (None, "https://app.example/cb#x", Err(Fragment)),
        (None, "https://app.example/cb#", Err(Fragment)),
        (Some("native"), "com.example.app:/cb#x", Err(Fragment)),
        (None, "http://app.example/cb", Err(Forbidden)),
        (Some("native"), "http://app.example/cb", Err(Forbidden)),
        (None, "javascript:alert(1)", Err(Forbidden)),
        (Some("native"), "data:text/html,x", Err(Forbidden)),
        (None, "/cb", Err(Malformed)),
        (None, "https://user@app.example/cb", Err(Malformed)),
        (None, "https://app.example/\u{fc}", Err(Malformed)),
    ];
    for (application_type, uri, expected) in rows {
        let found = checked(json!({ "application_type": application_type, "redirect_uris": [uri] }));
        let found = found.map(|wanted| wanted.application_type);
        let expected = expected.map_err(|cause| Refusal::of("redirect_uris", cause));
        assert_eq!(found, expected, "{application_type:?} {uri}");
    }
}

#[test]
fn a_server_in_development_takes_loopback() {
    let mut world = world();
    world.issuer = grantor_types::Issuer::parse("http://localhost:8080").unwrap();
    let local = json!({
        "redirect_uris": ["http://localhost:3000/cb"], "logo_uri": "http://localhost:3000/logo.png",
        "initiate_login_uri": "http://127.0.0.1/login",
    });
    let wanted = checked_in(&world, &local, None).unwrap();
    assert_eq!(wanted.application_type, ApplicationType::Web);
    assert!(
        checked_in(
            &world,
            &json!({ "redirect_uris": ["http://app.example/cb"] }),
            None
        )
        .is_err()
    );
}

#[test]
fn grant_types_and_response_types_fit_together() {
    let rows: [(Value, Option<(&'static str, Cause)>); 12] = [
        (json!({}), None),
        (json!({ "grant_types": [], "response_types": ["code"] }), None),
        (
            json!({ "grant_types": ["authorization_code", "refresh_token"] }),
            None,
        ),
        (
            json!({ "grant_types": ["client_credentials"], "redirect_uris": null }),
            None,
        ),
        (
            json!({ "grant_types": ["client_credentials"], "response_types": [] }),
            None,
        ),
        (
            json!({ "grant_types": ["client_credentials"], "response_types": ["code"] }),
            Some(("response_types", Cause::RegistrationResponseTypes)),
        ),
        (
            json!({ "grant_types": ["authorization_code"], "response_types": [] }),
            Some(("response_types", Cause::RegistrationResponseTypes)),
        ),
        (
            json!({ "grant_types": ["refresh_token"] }),
            Some(("grant_types", Cause::RegistrationRefreshAlone)),
        ),
        (
            json!({ "grant_types": ["client_credentials", "refresh_token"] }),
            Some(("grant_types", Cause::RegistrationRefreshAlone)),
        ),
        (
            json!({ "grant_types": ["urn:ietf:params:oauth:grant-type:device_code"] }),
            Some(("grant_types", Cause::RegistrationGrantTypeNotAllowed)),
        ),
        (
            json!({ "grant_types": ["client_credentials"], "token_endpoint_auth_method": "none" }),
            Some(("grant_types", Cause::RegistrationPublicGrant)),
        ),
        (
            json!({ "redirect_uris": null }),
            Some(("redirect_uris", Cause::RegistrationRedirectUriMissing)),
        ),
    ];
    for (changes, expected) in rows {
        let found = checked(changes.clone()).err();
        let expected = expected.map(|(member, cause)| Refusal::of(member, cause));
        assert_eq!(found, expected, "{changes}");
    }
}

#[test]
fn links_are_https() {
    for member in [
        "client_uri",
        "logo_uri",
        "policy_uri",
        "tos_uri",
        "jwks_uri",
        "sector_identifier_uri",
        "initiate_login_uri",
        "backchannel_logout_uri",
        "frontchannel_logout_uri",
    ] {
        for bad in [
            "http://app.example/x",
            "http://localhost/x",
            "javascript:x",
            "/x",
            "https://u@app.example/",
        ] {
            let found = checked(json!({ member: bad })).unwrap_err();
            assert_eq!(
                found,
                Refusal::of(member, Cause::RegistrationUriInsecure),
                "{bad}"
            );
        }
        assert!(
            checked(json!({ member: "https://app.example/x" })).is_ok(),
            "{member}"
        );
    }
    let found = checked(json!({ "request_uris": ["https://app.example/r#hash", "http://app.example/r"] }));
    assert_eq!(
        found.unwrap_err(),
        Refusal::of("request_uris", Cause::RegistrationUriInsecure)
    );
    let kept = checked(json!({ "request_uris": ["https://app.example/r#hash"] })).unwrap();
    assert_eq!(kept.metadata.request_uris, ["https://app.example/r#hash"]);
}

#[test]
fn keys() {
    let key = json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" });
    let named = |name: &str| {
        let mut key = key.clone();
        key.as_object_mut().unwrap().insert("kid".to_owned(), json!(name));
        key
    };
    let private = |member: &str| {
        let mut key = key.clone();
        key.as_object_mut()
            .unwrap()
            .insert(member.to_owned(), json!("AQ"));
        json!({ "keys": [key] })
    };
    for bad in ["d", "p", "k", "oth"] {
        let found = checked(json!({ "jwks": private(bad) })).unwrap_err();
        assert_eq!(
            found,
            Refusal::of("jwks", Cause::RegistrationKeysPrivate),
            "{bad}"
        );
    }
    let found = checked(json!({ "jwks": { "keys": [{ "kty": "oct" }] } })).unwrap_err();
    assert_eq!(found, Refusal::of("jwks", Cause::RegistrationKeysPrivate));
    for bad in [
        json!("x"),
        json!([]),
        json!({}),
        json!({ "keys": [] }),
        json!({ "keys": ["x"] }),
        json!({ "keys": [{}] }),
        json!({ "keys": [{ "kty": "DSA" }] }),
        json!({ "keys": [named("a"), named("a")] }),
        json!({ "keys": [{ "kty": "RSA", "n": 5 }] }),
        json!({ "keys": vec![key.clone(); 33] }),
        // Too short, and not on the curve.
        json!({ "keys": [{ "kty": "RSA", "n": "u".repeat(171), "e": "AQAB" }] }),
        json!({ "keys": [{ "kty": "EC", "crv": "P-256", "x": "A".repeat(43), "y": "B".repeat(42) + "A" }] }),
    ] {
        let found = checked(json!({ "jwks": bad })).unwrap_err();
        assert_eq!(
            found,
            Refusal::of("jwks", Cause::RegistrationKeysMalformed),
            "{bad}"
        );
    }
    let good = json!({ "keys": [key, named("a"), named("b")] });
    let wanted = checked(json!({ "jwks": good })).unwrap();
    assert_eq!(serde_json::to_value(wanted.metadata.jwks).unwrap(), good);
    let twice = checked(json!({ "jwks": good, "jwks_uri": "https://app.example/keys" })).unwrap_err();
    assert_eq!(twice, Refusal::of("jwks", Cause::RegistrationKeysTwice));
}

#[test]
fn encryption_needs_both_members_and_keys() {
    for (purpose, needs_keys) in [
        ("id_token_encrypted_response", true),
        ("userinfo_encrypted_response", true),
        ("request_object_encryption", false),
    ] {
        let (alg, enc) = (format!("{purpose}_alg"), format!("{purpose}_enc"));
        let refused = |changes: Value| checked(changes).unwrap_err();
        let alone = refused(json!({ &alg: "ECDH-ES" }));
        assert_eq!(
            (alone.cause, alone.member),
            (Cause::RegistrationEncryptionMissing, Some(&*alg))
        );
        let alone = refused(json!({ &enc: "A128GCM" }));
        assert_eq!(
            (alone.cause, alone.member),
            (Cause::RegistrationAlgorithmMissing, Some(&*enc))
        );
        let both = checked(json!({ &alg: "ECDH-ES", &enc: "A256GCM" }));
        assert_eq!(both.is_err(), needs_keys, "{purpose}");
        let keys = "https://app.example/keys";
        assert!(checked(json!({ &alg: "RSA-OAEP-256", &enc: "A128GCM", "jwks_uri": keys })).is_ok());
    }
}

#[test]
fn pairwise_subjects_need_one_sector() {
    let two = json!(["https://app.example/cb", "https://other.example/cb"]);
    let pairwise = |changes: Value| {
        let mut changes = changes;
        changes["subject_type"] = json!("pairwise");
        checked(changes)
    };
    assert_eq!(
        pairwise(json!({})).unwrap().metadata.subject_type,
        SubjectType::Pairwise
    );
    let refused = Refusal::of("sector_identifier_uri", Cause::RegistrationSectorHosts);
    assert_eq!(pairwise(json!({ "redirect_uris": two })), Err(refused));
    let native = json!({ "redirect_uris": ["com.example.app:/cb"] });
    assert_eq!(pairwise(native), Err(refused));
    let sector = "https://app.example/sector";
    let wanted = pairwise(json!({ "redirect_uris": two, "sector_identifier_uri": sector })).unwrap();
    assert_eq!(wanted.sector_identifier_uri().unwrap().as_str(), sector);
    let listed: Vec<String> = ["https://other.example/cb", "https://app.example/cb", "x"]
        .map(str::to_owned)
        .into();
    assert_eq!(wanted.check_sector(Some(&listed)), Ok(()));
    let missing = Refusal::of("sector_identifier_uri", Cause::RegistrationSectorMismatch);
    assert_eq!(wanted.check_sector(Some(&listed[1..])), Err(missing));
    let unavailable = Refusal::of("sector_identifier_uri", Cause::RegistrationSectorUnavailable);
    assert_eq!(wanted.check_sector(None), Err(unavailable));
}

#[test]
fn where_people_go_after_they_signed_out() {
    for (uri, good) in [
        ("https://app.example/bye?x=1", true),
        ("https://elsewhere.example/", true),
        ("http://localhost/", false),
        ("https://app.example/#x", false),
        ("com.example.app:/bye", false),
        ("javascript:x", false),
    ] {
        let found = checked(json!({ "post_logout_redirect_uris": [uri] })).err();
        let refused = Refusal::of("post_logout_redirect_uris", Cause::RegistrationPostLogoutUri);
        assert_eq!(found, (!good).then_some(refused), "{uri}");
    }
    let native = json!({
        "redirect_uris": ["com.example.app:/cb"], "post_logout_redirect_uris": ["com.example.app:/bye"],
    });
    assert!(checked(native).is_ok());
    for (uri, good) in [
        ("https://app.example/other?x", true),
        ("https://app.example:444/out", false),
        ("https://elsewhere.example/out", false),
    ] {
        let found = checked(json!({ "frontchannel_logout_uri": uri })).err();
        let refused = Refusal::of("frontchannel_logout_uri", Cause::RegistrationFrontchannelOrigin);
        assert_eq!(found, (!good).then_some(refused), "{uri}");
    }
}

#[test]
fn addresses_that_get_parameters_have_no_fragment() {
    for member in [
        "backchannel_logout_uri",
        "frontchannel_logout_uri",
        "initiate_login_uri",
    ] {
        let with = |uri: &str| checked(json!({ member: uri })).err();
        let refused = Refusal::of(member, Cause::RegistrationUriFragment);
        assert_eq!(with("https://app.example/there?x#y"), Some(refused), "{member}");
        assert_eq!(with("https://app.example/there?x"), None, "{member}");
    }
}

#[test]
fn scopes_are_those_of_the_policy() {
    let world = world();
    let policy = &world.policy.registration.allowed_scope;
    assert_eq!(&checked(json!({})).unwrap().scope, policy);
    assert_eq!(
        checked(json!({ "scope": "openid" })).unwrap().scope,
        scope("openid")
    );
    let refused = Refusal::of("scope", Cause::RegistrationScopeNotAllowed);
    assert_eq!(checked(json!({ "scope": "openid write" })), Err(refused));
    assert_eq!(checked(json!({ "scope": "\u{e9}" })), Err(refused));
    // What an administrator gave a client later stays when it sends its registration back.
    let current = Client {
        scope: scope("write"),
        grant_types: vec![GrantType::DeviceCode],
        ..confidential()
    };
    let back = with(json!({
        "scope": "openid write",
        "grant_types": ["urn:ietf:params:oauth:grant-type:device_code", "authorization_code"],
    }));
    assert!(checked_in(&world, &back, Some(&current)).is_ok());
}
