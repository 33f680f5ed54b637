use super::*;
use grantor_jose::SigningKey;
use serde_json::json;

const NOW: u64 = 1_000_000;

struct Case {
    key: SigningKey,
    keys: KeySet,
    access_token: Secret,
    code: Secret,
    trusted: Vec<String>,
}

impl Case {
    fn new() -> Self {
        let (key, _) = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
        Self {
            keys: KeySet::from_keys([key.verifying_key().unwrap()]),
            key,
            access_token: Secret::new("the access token"),
            code: Secret::new("the code"),
            trusted: vec!["other".to_owned()],
        }
    }

    /// What is said about a good token with these changes; null takes a claim away.
    fn verdict(
        &self,
        changes: Value,
        change: impl FnOnce(&mut IdTokenExpectation<'_>),
    ) -> Result<String, IdTokenError> {
        let hash = |value: &Secret| oidc_hash(SigningAlgorithm::Es256, value.expose());
        let mut claims = json!({
            "iss": "https://as.example", "sub": "alice", "aud": "app", "exp": NOW + 60, "iat": NOW, "nonce": "n",
            "at_hash": hash(&self.access_token), "c_hash": hash(&self.code), "auth_time": NOW - 50,
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims
            .as_object_mut()
            .unwrap()
            .retain(|_, value| !value.is_null());
        let raw = Secret::new(self.key.sign(Type::IdToken, &claims).unwrap());
        let mut expected = IdTokenExpectation {
            issuer: "https://as.example",
            client_id: "app",
            trusted_audiences: &self.trusted,
            algorithm: SigningAlgorithm::Es256,
            nonce: Some("n"),
            access_token: Some(&self.access_token),
            code: Some(&self.code),
            max_age: None,
            subject: None,
            now: Timestamp::from_seconds(NOW),
            leeway: Seconds(10),
        };
        change(&mut expected);
        IdToken::verify(&raw, &self.keys, &expected).map(|token| token.subject().to_owned())
    }
}

#[test]
fn claims_one_by_one() {
    use IdTokenError as E;
    use VerifyError as V;
    let case = Case::new();
    let good = || Ok("alice".to_owned());
    let rows = [
        (json!({}), good()),
        (
            json!({"iss": "https://as.example/"}),
            Err(E::Token(V::WrongIssuer)),
        ),
        (json!({"iss": null}), Err(E::Token(V::MissingIssuer))),
        (json!({"aud": "other"}), Err(E::Token(V::WrongAudience))),
        (json!({"aud": ["app"]}), good()),
        (json!({"aud": ["app", "other"]}), Err(E::AuthorizedParty)),
        (json!({"aud": ["app", "other"], "azp": "app"}), good()),
        (
            json!({"aud": ["app", "stranger"], "azp": "app"}),
            Err(E::UntrustedAudience),
        ),
        (
            json!({"aud": ["app", "other"], "azp": "other"}),
            Err(E::AuthorizedParty),
        ),
        (json!({"azp": "other"}), Err(E::AuthorizedParty)),
        (json!({"exp": NOW - 10}), Err(E::Token(V::Expired))),
        (json!({"exp": NOW - 9}), good()),
        (json!({"exp": null}), Err(E::Token(V::MissingExpiry))),
        (json!({"iat": null}), Err(E::MissingIssuedAt)),
        (json!({"iat": NOW + 11}), Err(E::Token(V::IssuedInFuture))),
        (json!({"nonce": "other"}), Err(E::Nonce)),
        (json!({"nonce": null}), Err(E::Nonce)),
        (json!({"at_hash": "x"}), Err(E::AccessTokenHash)),
        (json!({"at_hash": null}), good()),
        (json!({"c_hash": "x"}), Err(E::CodeHash)),
        (json!({"c_hash": null}), good()),
        (json!({"sub": null}), Err(E::Token(V::ClaimsShape))),
    ];
    for (changes, expected) in rows {
        assert_eq!(case.verdict(changes.clone(), |_| {}), expected, "{changes}");
    }
}

#[test]
fn the_login_may_be_too_long_ago() {
    let case = Case::new();
    let with = |age| move |expected: &mut IdTokenExpectation<'_>| expected.max_age = Some(Seconds(age));
    assert!(case.verdict(json!({}), with(40)).is_ok());
    assert_eq!(
        case.verdict(json!({}), with(39)),
        Err(IdTokenError::LoggedInTooLongAgo)
    );
    assert_eq!(
        case.verdict(json!({"auth_time": null}), with(40)),
        Err(IdTokenError::MissingAuthTime)
    );
}

#[test]
fn after_a_refresh_it_is_the_same_user_and_the_nonce_may_be_gone() {
    let case = Case::new();
    assert!(
        case.verdict(json!({"nonce": null}), |e| e.subject = Some("alice"))
            .is_ok()
    );
    assert_eq!(
        case.verdict(json!({"nonce": "other"}), |e| e.subject = Some("alice")),
        Err(IdTokenError::Nonce)
    );
    assert_eq!(
        case.verdict(json!({}), |e| e.subject = Some("bob")),
        Err(IdTokenError::Subject)
    );
}

#[test]
fn the_algorithm_is_the_registered_one_and_the_key_the_providers() {
    let case = Case::new();
    assert_eq!(
        case.verdict(json!({}), |e| e.algorithm = SigningAlgorithm::Rs256),
        Err(IdTokenError::Token(VerifyError::AlgorithmNotAllowed(
            SigningAlgorithm::Es256
        )))
    );
    let stranger = Case::new();
    let forged = Case {
        key: stranger.key,
        ..case
    };
    assert_eq!(
        forged.verdict(json!({}), |_| {}),
        Err(IdTokenError::Token(VerifyError::UnknownKey))
    );
}

#[test]
fn an_unsigned_token_is_none() {
    let case = Case::new();
    let encode = |value: Value| {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string())
    };
    let claims =
        json!({"iss": "https://as.example", "sub": "alice", "aud": "app", "exp": NOW + 60, "iat": NOW});
    let expected = IdTokenExpectation {
        issuer: "https://as.example",
        client_id: "app",
        trusted_audiences: &[],
        algorithm: SigningAlgorithm::Es256,
        nonce: None,
        access_token: None,
        code: None,
        max_age: None,
        subject: None,
        now: Timestamp::from_seconds(NOW),
        leeway: Seconds(0),
    };
    for algorithm in ["none", "None", "HS256"] {
        let token = format!(
            "{}.{}.",
            encode(json!({"alg": algorithm})),
            encode(claims.clone())
        );
        assert_eq!(
            IdToken::verify(&Secret::new(token), &case.keys, &expected).err(),
            Some(IdTokenError::Token(VerifyError::UnsupportedAlgorithm)),
            "{algorithm}"
        );
    }
}
