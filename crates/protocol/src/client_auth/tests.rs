//! How a client may present itself, and what each method accepts.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use grantor_jose::digest;
use grantor_types::{ClientAuthMethod, Seconds};

use super::{Credentials, authenticate};
use crate::Cause;
use crate::fixture::{Form, NOW, SECRET, client_id, confidential, parameters, public};
use crate::record::{Client, StoredSecret};

fn basic(pair: &str) -> String {
    format!("Basic {}", STANDARD.encode(pair))
}

fn read(header: Option<&str>, form: Form<'_>) -> Result<Option<Credentials>, Cause> {
    Credentials::read(header, &parameters(form))
}

/// Id, method and secret of what was read.
fn shown(credentials: &Credentials) -> (String, ClientAuthMethod, Option<String>) {
    let secret = credentials
        .secret
        .as_ref()
        .map(|secret| secret.expose().to_owned());
    (credentials.client_id.to_string(), credentials.method, secret)
}

#[test]
fn basic_headers() {
    let good = [
        (basic("app:s3cret"), "app", Some("s3cret")),
        (basic("app:"), "app", None),
        (basic("app:with:colons:"), "app", Some("with:colons:")),
        // "encoded using the "application/x-www-form-urlencoded" encoding algorithm per Appendix B"
        (basic("my+app:p%3Aw+d%2B%25"), "my app", Some("p:w d+%")),
        (basic("a%3Ab:x"), "a:b", Some("x")),
        (basic("app:%C3%A9"), "app", Some("é")),
        (basic("app:&=%zz"), "app", Some("&=%zz")),
        (format!("bAsIc {}", STANDARD.encode("app:x")), "app", Some("x")),
        (format!("Basic  {} ", STANDARD.encode("app:x")), "app", Some("x")),
    ];
    for (header, id, secret) in good {
        let credentials = read(Some(&header), &[]).unwrap().unwrap();
        let expected = (
            id.to_owned(),
            ClientAuthMethod::ClientSecretBasic,
            secret.map(str::to_owned),
        );
        assert_eq!(shown(&credentials), expected, "{header}");
    }
    let malformed = Cause::AuthorizationHeaderMalformed;
    let bad = [
        (String::new(), malformed),
        ("Basic".to_owned(), malformed),
        ("Basic ".to_owned(), malformed),
        (format!("Basic\t{}", STANDARD.encode("app:x")), malformed),
        (format!("Bearer {}", STANDARD.encode("app:x")), malformed),
        (STANDARD.encode("app:x"), malformed),
        ("Basic app:x".to_owned(), malformed),
        ("Basic !!!!".to_owned(), malformed),
        (
            format!("Basic {}", STANDARD.encode("app:x").trim_end_matches('=')),
            malformed,
        ),
        (
            format!("Basic {}", URL_SAFE.encode([b'a', b':', 0xfb, 0xff])),
            malformed,
        ),
        (
            format!("Basic {}", STANDARD.encode([b'a', b':', 0xff])),
            malformed,
        ),
        (basic("no colon"), malformed),
        (basic("app:%ff"), malformed),
        (basic("%ff:x"), malformed),
        (basic(":x"), Cause::ClientIdMalformed),
        (basic("a%0Ab:x"), Cause::ClientIdMalformed),
        (basic("k%C3%A4fer:x"), Cause::ClientIdMalformed),
        (basic(&format!("{}:x", "a".repeat(256))), Cause::ClientIdMalformed),
    ];
    for (header, cause) in bad {
        assert_eq!(read(Some(&header), &[]).err(), Some(cause), "{header:?}");
    }
}

#[test]
fn forms() {
    let secret = ClientAuthMethod::ClientSecretPost;
    let read = |form: Form<'_>| read(None, form).map(|found| found.as_ref().map(shown));
    let long = "a".repeat(256);
    #[rustfmt::skip]
    let rows: &[(Form<'_>, Result<_, Cause>)] = &[
        (&[], Ok(None)),
        (&[("client_id", "")], Ok(None)),
        (&[("client_id", "app")], Ok(Some(("app".to_owned(), ClientAuthMethod::None, None)))),
        (&[("client_id", "app"), ("client_secret", "")], Ok(Some(("app".to_owned(), ClientAuthMethod::None, None)))),
        (&[("client_id", "app"), ("client_secret", "x +%")], Ok(Some(("app".to_owned(), secret, Some("x +%".to_owned()))))),
        (&[("client_secret", "x")], Err(Cause::ClientIdMissing)),
        (&[("client_id", "a\0b")], Err(Cause::ClientIdMalformed)),
        (&[("client_id", &long)], Err(Cause::ClientIdMalformed)),
        (&[("client_id", "é"), ("client_secret", "x")], Err(Cause::ClientIdMalformed)),
    ];
    for (form, expected) in rows {
        assert_eq!(read(form), *expected, "{form:?}");
    }
}

/// "The client MUST NOT use more than one authentication method in each request." (RFC 6749 2.3)
#[test]
fn one_method_in_each_request() {
    let header = basic("app:x");
    let rows: &[(Form<'_>, Option<Cause>)] = &[
        (&[("client_id", "app")], None),
        (&[("client_id", "")], None),
        (
            &[("client_id", "other")],
            Some(Cause::ClientAuthenticationMultiple),
        ),
        (
            &[("client_secret", "x")],
            Some(Cause::ClientAuthenticationMultiple),
        ),
        (
            &[("client_id", "app"), ("client_secret", "x")],
            Some(Cause::ClientAuthenticationMultiple),
        ),
    ];
    for (form, expected) in rows {
        assert_eq!(read(Some(&header), form).err(), *expected, "{form:?}");
    }
}

#[test]
fn each_method_against_each_registration() {
    use ClientAuthMethod::{ClientSecretBasic as Basic, ClientSecretPost as Post, None as Named};
    let only = |method| Client {
        authentication_methods: vec![method],
        ..confidential()
    };
    let disabled = |client| Client {
        disabled: true,
        ..client
    };
    let unregistered = Cause::ClientAuthenticationMethod;
    type Row<'a> = (
        Option<Client>,
        ClientAuthMethod,
        Option<&'a str>,
        Result<ClientAuthMethod, Cause>,
    );
    #[rustfmt::skip]
    let rows: &[Row<'_>] = &[
        (Some(confidential()), Basic, Some(SECRET), Ok(Basic)),
        (Some(confidential()), Post, Some(SECRET), Ok(Post)),
        (Some(confidential()), Basic, Some("wrong"), Err(Cause::ClientSecretWrong)),
        (Some(confidential()), Post, Some("wrong"), Err(Cause::ClientSecretWrong)),
        (Some(confidential()), Post, Some(""), Err(Cause::ClientSecretWrong)),
        (Some(confidential()), Basic, None, Err(Cause::ClientAuthenticationMissing)),
        (Some(confidential()), Post, None, Err(Cause::ClientAuthenticationMissing)),
        (Some(confidential()), Named, None, Err(Cause::ClientAuthenticationMissing)),
        (Some(only(Basic)), Basic, Some(SECRET), Ok(Basic)),
        (Some(only(Basic)), Post, Some(SECRET), Err(unregistered)),
        (Some(only(Post)), Basic, Some(SECRET), Err(unregistered)),
        (Some(only(Post)), Post, Some(SECRET), Ok(Post)),
        // Who does not know the secret does not learn the method.
        (Some(only(Post)), Basic, Some("wrong"), Err(Cause::ClientSecretWrong)),
        (Some(public()), Named, None, Ok(Named)),
        (Some(public()), Basic, None, Ok(Named)),
        (Some(public()), Basic, Some("made up"), Err(Cause::ClientSecretWrong)),
        (Some(public()), Post, Some("made up"), Err(Cause::ClientSecretWrong)),
        (None, Named, None, Err(Cause::ClientUnknown)),
        (None, Basic, Some(SECRET), Err(Cause::ClientUnknown)),
        (Some(disabled(confidential())), Basic, Some(SECRET), Err(Cause::ClientDisabled)),
        (Some(disabled(confidential())), Basic, Some("wrong"), Err(Cause::ClientSecretWrong)),
        (Some(disabled(public())), Named, None, Err(Cause::ClientDisabled)),
    ];
    for (client, method, secret, expected) in rows {
        let credentials = Credentials {
            client_id: client_id("app"),
            method: *method,
            secret: secret.map(grantor_types::Secret::new),
        };
        let found = authenticate(NOW, client.clone().map(Arc::new), &credentials);
        let found = found.map(|authenticated| {
            assert_eq!(authenticated.client().id, client_id("app"));
            authenticated.method()
        });
        assert_eq!(found, *expected, "{method:?} {secret:?}");
    }
}

/// Two secrets while one is being rotated: the old one works until it ends, and not at that moment.
#[test]
fn secrets_end() {
    let stored = |secret: &str, expires_at| StoredSecret {
        hash: digest::secret_hash(secret),
        expires_at,
        sealed: None,
    };
    let client = Arc::new(Client {
        secrets: vec![stored("old", Some(NOW.plus(Seconds(60)))), stored("new", None)],
        ..confidential()
    });
    for (after, secret, works) in [
        (0, "old", true),
        (59, "old", true),
        (60, "old", false),
        (61, "old", false),
        (0, "new", true),
        (61, "new", true),
        (0, "newer", false),
    ] {
        let credentials = Credentials {
            client_id: client_id("app"),
            method: ClientAuthMethod::ClientSecretPost,
            secret: Some(grantor_types::Secret::new(secret)),
        };
        let found = authenticate(NOW.plus(Seconds(after)), Some(Arc::clone(&client)), &credentials);
        let expected = if works {
            None
        } else {
            Some(Cause::ClientSecretWrong)
        };
        assert_eq!(found.err(), expected, "{secret} after {after}");
    }
}

#[test]
fn an_unknown_client_and_a_wrong_secret_read_the_same() {
    assert_eq!(Cause::ClientUnknown.code(), Cause::ClientSecretWrong.code());
    assert_eq!(
        Cause::ClientUnknown.description(),
        Cause::ClientSecretWrong.description()
    );
    let secret = Credentials {
        client_id: client_id("app"),
        method: ClientAuthMethod::ClientSecretPost,
        secret: Some(grantor_types::Secret::new("hunter2")),
    };
    assert!(!format!("{secret:?}").contains("hunter2"));
}

/// What the methods that sign take: the registered method, and of its algorithms the registered one.
#[test]
fn algorithms_of_assertions() {
    use super::{client_secret_jwt, private_key_jwt};
    use ClientAuthMethod::{ClientSecretJwt, PrivateKeyJwt};
    use grantor_types::MacAlgorithm::{Hs256, Hs384, Hs512};
    use grantor_types::SigningAlgorithm::{EdDsa, Es256, Ps256, Rs256};
    let client = |method, registered: Option<&str>| {
        let mut client = Client {
            authentication_methods: vec![method],
            ..confidential()
        };
        client.metadata.token_endpoint_auth_signing_alg = registered.map(str::to_owned);
        client
    };
    let mut policy = crate::Policy::default();
    policy.client_assertions.algorithms = vec![Es256, EdDsa, Ps256];
    let refused = Err(Cause::ClientAssertionAlgorithm);
    for (registered, algorithm, expected) in [
        (None, Es256, Ok(PrivateKeyJwt)),
        (None, EdDsa, Ok(PrivateKeyJwt)),
        (None, Rs256, refused),
        (Some("PS256"), Ps256, Ok(PrivateKeyJwt)),
        (Some("PS256"), Es256, refused),
        (Some("Ed25519"), EdDsa, Ok(PrivateKeyJwt)),
        (Some("RS256"), Rs256, refused),
        (Some("HS256"), Es256, refused),
        (Some("none"), Es256, refused),
    ] {
        let found = private_key_jwt::check(&policy, &client(PrivateKeyJwt, registered), algorithm);
        assert_eq!(found, expected, "{registered:?} {algorithm}");
        let found = private_key_jwt::check(&policy, &client(ClientSecretJwt, registered), algorithm);
        assert_eq!(found, Err(Cause::ClientAuthenticationMethod));
    }
    for (registered, algorithm, expected) in [
        (None, Hs256, Ok(ClientSecretJwt)),
        (None, Hs384, refused),
        (None, Hs512, refused),
        (Some("HS384"), Hs384, Ok(ClientSecretJwt)),
        (Some("HS512"), Hs512, Ok(ClientSecretJwt)),
        (Some("HS512"), Hs256, refused),
        (Some("ES256"), Hs256, refused),
    ] {
        let found = client_secret_jwt::check(&client(ClientSecretJwt, registered), algorithm);
        assert_eq!(found, expected, "{registered:?} {algorithm}");
        let found = client_secret_jwt::check(&client(PrivateKeyJwt, registered), algorithm);
        assert_eq!(found, Err(Cause::ClientAuthenticationMethod));
    }
}

/// An assertion names its client, and stands alone.
#[test]
fn assertions_in_forms() {
    use super::assertion::JWT_BEARER;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let token = |header: &str, claims: &str| {
        let (header, claims) = (URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        format!("{header}.{claims}.AA")
    };
    let by_key = token(r#"{"alg":"ES256"}"#, r#"{"iss":"app"}"#);
    let by_secret = token(r#"{"alg":"HS256"}"#, r#"{"iss":"app"}"#);
    let nobodys = token(r#"{"alg":"ES256"}"#, "{}");
    let (assertion, kind) = ("client_assertion", "client_assertion_type");
    #[rustfmt::skip]
    let rows: &[(Form<'_>, Result<ClientAuthMethod, Cause>)] = &[
        (&[(assertion, &by_key), (kind, JWT_BEARER)], Ok(ClientAuthMethod::PrivateKeyJwt)),
        (&[(assertion, &by_secret), (kind, JWT_BEARER)], Ok(ClientAuthMethod::ClientSecretJwt)),
        (&[(assertion, &by_key), (kind, JWT_BEARER), ("client_id", "app")], Ok(ClientAuthMethod::PrivateKeyJwt)),
        (&[(assertion, &by_key), (kind, JWT_BEARER), ("client_id", "other")], Err(Cause::ClientAssertionSubject)),
        (&[(assertion, &nobodys), (kind, JWT_BEARER)], Err(Cause::ClientAssertionSubject)),
        (&[(assertion, "x"), (kind, JWT_BEARER)], Err(Cause::ClientAssertionInvalid)),
        (&[(assertion, &by_key)], Err(Cause::ClientAssertionTypeUnsupported)),
        (&[(kind, JWT_BEARER)], Err(Cause::ClientAssertionMissing)),
        (&[(assertion, ""), (kind, ""), ("client_id", "app")], Ok(ClientAuthMethod::None)),
        (&[(assertion, &by_key), (kind, JWT_BEARER), ("client_secret", "x")], Err(Cause::ClientAuthenticationMultiple)),
    ];
    for (form, expected) in rows {
        let found = read(None, form).map(|found| found.unwrap());
        let shown = found.as_ref().map(|found| found.method).map_err(|cause| *cause);
        assert_eq!(shown, *expected, "{form:?}");
        // What nobody has verified authenticates nobody.
        if let Some(found) = found.ok().filter(|found| found.method != ClientAuthMethod::None) {
            let refused = authenticate(NOW, Some(Arc::new(confidential())), &found);
            assert_eq!(refused.err(), Some(Cause::ClientAssertionUnverified));
        }
    }
    let form: Form<'_> = &[(assertion, &by_key), (kind, JWT_BEARER)];
    let both = read(Some(&basic("app:x")), form);
    assert_eq!(both.err(), Some(Cause::ClientAuthenticationMultiple));
}
