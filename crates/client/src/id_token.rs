//! ID tokens ([OpenID Connect Core §2](https://openid.net/specs/openid-connect-core-1_0.html#IDToken)), checked in full.

use grantor_jose::digest::oidc_hash;
use grantor_jose::jwe::DecryptError;
use grantor_jose::{Expectation, KeySet, Type, Verified, VerifyError, verify};
use grantor_types::{Audience, Seconds, Secret, SigningAlgorithm, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Why an ID token is not taken, or a signed userinfo answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdTokenError {
    /// Its form, signature, algorithm, issuer, audience or times.
    #[error(transparent)]
    Token(#[from] VerifyError),
    /// It cannot be decrypted.
    #[error(transparent)]
    Decryption(#[from] DecryptError),
    /// Not encrypted, and the client is registered for encryption.
    #[error("it is not encrypted, and the client is registered for encryption")]
    NotEncrypted,
    /// Encrypted, and the client has no key for that.
    #[error("it is encrypted, and the client was given no key to decrypt it with")]
    Encrypted,
    /// No `iat`, which an ID token must have.
    #[error("iat is missing")]
    MissingIssuedAt,
    /// For several audiences, and `azp` does not say that it was issued to us; or `azp` names somebody else.
    #[error("azp is missing or names another client")]
    AuthorizedParty,
    /// For somebody beside us who is not [trusted](crate::ClientBuilder::trusted_audience).
    #[error("aud names an audience that is not trusted")]
    UntrustedAudience,
    /// `nonce` is not the one that was sent: the token belongs to another login.
    #[error("nonce is missing or is not the one that was sent")]
    Nonce,
    /// `at_hash` is not the hash of the access token that came along.
    #[error("at_hash is not the hash of the access token")]
    AccessTokenHash,
    /// `c_hash` is not the hash of the code.
    #[error("c_hash is not the hash of the code")]
    CodeHash,
    /// `auth_time` is missing though `max_age` was sent.
    #[error("auth_time is missing, which max_age asks for")]
    MissingAuthTime,
    /// The user logged in longer ago than `max_age` allows.
    #[error("the user logged in longer ago than max_age allows")]
    LoggedInTooLongAgo,
    /// `sub` is another user's than before.
    #[error("sub is another user's")]
    Subject,
}

/// What an ID token has to fit.
#[derive(Clone, Debug)]
pub struct IdTokenExpectation<'a> {
    /// The provider.
    pub issuer: &'a str,
    /// The client.
    pub client_id: &'a str,
    /// Others that the token may be for besides.
    pub trusted_audiences: &'a [String],
    /// The algorithm that the client is registered for.
    pub algorithm: SigningAlgorithm,
    /// What was sent in the authorization request; `None` only where there was none.
    pub nonce: Option<&'a str>,
    /// The access token that came along.
    pub access_token: Option<&'a Secret>,
    /// The code that it was issued for.
    pub code: Option<&'a Secret>,
    /// What was sent in the authorization request.
    pub max_age: Option<Seconds>,
    /// The user, where it is known already, as after a refresh.
    pub subject: Option<&'a str>,
    /// The time.
    pub now: Timestamp,
    /// How far clocks may be apart.
    pub leeway: Seconds,
}

/// The claims of an ID token that has been checked; times in seconds since the epoch.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct IdTokenClaims {
    /// The provider.
    pub iss: String,
    /// The user, unique within the issuer and never given to anybody else.
    pub sub: String,
    /// Whom the token is for.
    pub aud: Audience,
    /// End of life.
    pub exp: f64,
    /// Time of issue.
    pub iat: Option<f64>,
    /// When the user logged in.
    pub auth_time: Option<f64>,
    /// How well the user was authenticated.
    pub acr: Option<String>,
    /// By which means the user was authenticated.
    pub amr: Option<Vec<String>>,
    nonce: Option<String>,
    azp: Option<String>,
    at_hash: Option<String>,
    c_hash: Option<String>,
    /// All others: `sid`, `name`, `email` and whatever the provider adds.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// An ID token: what it says, and how it was signed, for `id_token_hint`.
///
/// ```
/// use grantor_client::{
///     IdToken, IdTokenClaims, IdTokenError, IdTokenExpectation, KeySet, Seconds, Secret, SigningAlgorithm, SigningKey,
///     Timestamp, Type,
/// };
///
/// # let (key, _) = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
/// # let keys = KeySet::from_keys([key.verifying_key().unwrap()]);
/// # let claims = serde_json::json!({
/// #     "iss": "https://id.example", "sub": "alice", "aud": "my-app", "iat": 1_000, "exp": 1_600, "nonce": "n", "sid": "7",
/// # });
/// # let raw = Secret::new(key.sign(Type::IdToken, &claims).unwrap());
/// let mut expected = IdTokenExpectation {
///     issuer: "https://id.example",
///     client_id: "my-app",
///     trusted_audiences: &[],
///     algorithm: SigningAlgorithm::Es256,
///     nonce: Some("n"),
///     access_token: None,
///     code: None,
///     max_age: None,
///     subject: None,
///     now: Timestamp::from_seconds(1_100),
///     leeway: Seconds(10),
/// };
/// let token = IdToken::verify(&raw, &keys, &expected)?;
/// let claims: &IdTokenClaims = token.claims();
/// assert_eq!((claims.sub.as_str(), token.session_id()), ("alice", Some("7")));
///
/// expected.nonce = Some("another");
/// assert_eq!(IdToken::verify(&raw, &keys, &expected).err(), Some(IdTokenError::Nonce));
/// # Ok::<(), IdTokenError>(())
/// ```
#[derive(Clone, Debug)]
pub struct IdToken {
    raw: Secret,
    verified: Verified<IdTokenClaims>,
}

impl IdToken {
    /// Checks an ID token.
    ///
    /// # Errors
    /// The [`IdTokenError`] of the first check that fails.
    pub fn verify(
        raw: &Secret,
        keys: &KeySet,
        expected: &IdTokenExpectation<'_>,
    ) -> Result<Self, IdTokenError> {
        let algorithms = [expected.algorithm];
        // OpenID Connect Core §3.1.3.7: "The Issuer Identifier for the OpenID Provider […] MUST exactly match the value of
        // the iss (issuer) Claim." "The Client MUST validate that the aud (audience) Claim contains its client_id value".
        // "The alg value SHOULD be the default of RS256 or the algorithm sent by the Client in the
        // id_token_signed_response_alg parameter during Registration." "The current time MUST be before the time
        // represented by the exp Claim."
        let expectation = Expectation::new(
            Type::IdToken,
            expected.issuer,
            expected.client_id,
            expected.now.as_seconds(),
        )
        .algorithms(&algorithms)
        .leeway(expected.leeway.0);
        let verified = verify::<IdTokenClaims>(raw.expose(), keys, &expectation)?;
        check(verified.claims(), expected)?;
        let raw = raw.clone();
        Ok(Self { raw, verified })
    }

    /// The claims.
    pub fn claims(&self) -> &IdTokenClaims {
        self.verified.claims()
    }

    /// The user.
    pub fn subject(&self) -> &str {
        &self.claims().sub
    }

    /// The name of the key that it was signed with.
    pub(crate) fn key_id(&self) -> Option<&str> {
        self.verified.header().kid()
    }

    /// The session at the provider, if it says so.
    pub fn session_id(&self) -> Option<&str> {
        self.claims().extra.get("sid")?.as_str()
    }

    /// The signed token, for `id_token_hint`. Of one that came encrypted it is what was in it: §3.1.2.1, "to use it as an
    /// id_token_hint, the Client MUST decrypt the signed ID Token contained within the encrypted ID Token."
    pub fn raw(&self) -> &Secret {
        &self.raw
    }
}

fn check(claims: &IdTokenClaims, expected: &IdTokenExpectation<'_>) -> Result<(), IdTokenError> {
    if claims.iat.is_none() {
        return Err(IdTokenError::MissingIssuedAt);
    }
    check_party(claims, expected)?;
    // "If a nonce value was sent in the Authentication Request, a nonce Claim MUST be present and its value checked to
    // verify that it is the same value as the one that was sent in the Authentication Request." After a refresh there may
    // be none (§12.2).
    let is_refresh = expected.subject.is_some();
    match (expected.nonce, claims.nonce.as_deref()) {
        (Some(sent), Some(nonce)) if sent == nonce => {}
        (None, _) => {}
        (Some(_), None) if is_refresh => {}
        (Some(_), Some(_) | None) => return Err(IdTokenError::Nonce),
    }
    let is_hash_of = |hash: &Option<String>, of: Option<&Secret>| match (hash, of) {
        (Some(hash), Some(value)) => *hash == oidc_hash(expected.algorithm, value.expose()),
        (Some(_) | None, _) => true,
    };
    if !is_hash_of(&claims.at_hash, expected.access_token) {
        return Err(IdTokenError::AccessTokenHash);
    }
    if !is_hash_of(&claims.c_hash, expected.code) {
        return Err(IdTokenError::CodeHash);
    }
    check_login(claims, expected)?;
    // §12.2: "its sub Claim Value MUST be the same as in the ID Token issued when the original authentication occurred".
    match expected.subject {
        Some(subject) if subject != claims.sub => Err(IdTokenError::Subject),
        Some(_) | None => Ok(()),
    }
}

/// §3.1.3.7: "The ID Token MUST be rejected if the ID Token does not list the Client as a valid audience, or if it contains
/// additional audiences not trusted by the Client." "If the ID Token contains multiple audiences, the Client SHOULD verify that
/// an azp Claim is present." "If an azp (authorized party) Claim is present, the Client SHOULD verify that its client_id is the
/// Claim Value."
fn check_party(claims: &IdTokenClaims, expected: &IdTokenExpectation<'_>) -> Result<(), IdTokenError> {
    let audiences = claims.aud.values();
    let is_trusted =
        |audience: &String| audience == expected.client_id || expected.trusted_audiences.contains(audience);
    if !audiences.iter().all(is_trusted) {
        return Err(IdTokenError::UntrustedAudience);
    }
    match claims.azp.as_deref() {
        Some(party) if party == expected.client_id => Ok(()),
        None if audiences.len() == 1 => Ok(()),
        Some(_) | None => Err(IdTokenError::AuthorizedParty),
    }
}

/// §3.1.2.1: "When max_age is used, the ID Token returned MUST include an auth_time Claim Value."
fn check_login(claims: &IdTokenClaims, expected: &IdTokenExpectation<'_>) -> Result<(), IdTokenError> {
    let Some(max_age) = expected.max_age else {
        return Ok(());
    };
    let auth_time = claims.auth_time.ok_or(IdTokenError::MissingAuthTime)?;
    let oldest = expected.now.minus(max_age).minus(expected.leeway).as_seconds();
    // The cast saturates.
    if (auth_time as u64) < oldest {
        return Err(IdTokenError::LoggedInTooLongAgo);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
