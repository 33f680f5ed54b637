//! Who is signed in.

use axum::extract::{FromRef, FromRequestParts, OptionalFromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use grantor_jose::digest::sha256_text;
use grantor_jose::random;
use grantor_types::{Secret, Timestamp};
use grantor_vault::{AccessToken, Credential, VaultError};
use serde_json::Value;

use super::{SignIn, SignInError, SignInRequired};
use crate::{Endpoint, Tokens, UserInfo};

pub(super) const COOKIE: &str = "session";
const USER: &str = "user";
const ENDS_AT: &str = "session_ends_at";
const ID_TOKEN: &str = "id_token";

/// A user who is signed in: an extractor, for states that have a [`SignIn`] in them.
///
/// As an argument of a handler it demands that somebody is signed in: a browser is sent to the login and back, a program gets
/// 401. `Option<Session>` lets everybody in.
///
/// ```
/// use grantor_client::Session;
///
/// async fn me(session: Session) -> String {
///     match session.access_token().await {
///         Ok(token) => format!("a {} token until {:?}", token.token_type(), session.ends_at()),
///         Err(error) => format!("{}: {error}", session.id()),
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Session {
    sign_in: SignIn,
    id: String,
    user: UserInfo,
    ends_at: Timestamp,
    credential: Credential,
}

impl Session {
    /// The user: what the provider said when they signed in.
    pub fn user(&self) -> &UserInfo {
        &self.user
    }

    /// The user's identifier at the provider.
    pub fn subject(&self) -> &str {
        self.user.subject()
    }

    /// When the session ends.
    pub fn ends_at(&self) -> Timestamp {
        self.ends_at
    }

    /// The id of its credential in [`SignIn::sessions`], for `AccessTokenMiddleware`. Not the cookie.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// An access token of the user's that can be used now.
    ///
    /// # Errors
    /// [`VaultError`]; with `ReauthorizationRequired` and `Expired`, send the browser to the login.
    pub async fn access_token(&self) -> Result<AccessToken, VaultError> {
        self.sign_in.sessions().valid_access_token(&self.id).await
    }

    pub(super) fn id_token(&self) -> Option<&Secret> {
        self.credential.secret(ID_TOKEN)
    }

    /// Its tokens, as they were when the request came.
    pub(super) fn credential(&self) -> &Credential {
        &self.credential
    }

    /// The session that a browser's cookie names, if it lives.
    pub(super) async fn read(sign_in: &SignIn, headers: &HeaderMap) -> Result<Option<Self>, VaultError> {
        let Some(id) = id_in(sign_in, headers) else {
            return Ok(None);
        };
        let stored = match sign_in.sessions().get(&id).await {
            Ok(stored) => stored.credential,
            Err(VaultError::NotFound | VaultError::Name(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let user = stored
            .attribute(USER)
            .and_then(|user| serde_json::from_str(user).ok());
        let (Some(Value::Object(user)), Some(ends_at)) = (user, ends_at(&stored)) else {
            return Ok(None);
        };
        if ends_at.is_past(sign_in.now()) {
            return Ok(None);
        }
        Ok(Some(Self {
            id,
            user: UserInfo::of(user),
            ends_at,
            credential: stored,
            sign_in: sign_in.clone(),
        }))
    }

    /// Begins a session with these tokens, and gives the value of its cookie.
    pub(super) async fn begin(sign_in: &SignIn, tokens: Tokens) -> Result<String, SignInError> {
        let client = sign_in.client();
        let user = match client.metadata().url(Endpoint::Userinfo) {
            Ok(_) => client.userinfo(&tokens).await?,
            Err(_) => UserInfo::of_id_token(&tokens),
        };
        let ends_at = sign_in.now().plus(sign_in.0.lifetime);
        let id_token = tokens.id_token.as_ref().map(|token| token.raw().clone());
        let mut credential = tokens
            .into_credential(client)
            .attribute(USER, Value::Object(user.claims().clone()).to_string())
            .attribute(ENDS_AT, ends_at.as_seconds().to_string());
        if let Some(id_token) = id_token {
            credential = credential.secret(ID_TOKEN, id_token);
        }
        let credential = credential.build().map_err(crate::Error::from)?;
        // Made anew at every login, so that nobody can have planted it.
        let secret = random::text().map_err(crate::Error::from)?;
        sign_in
            .sessions()
            .store(&sha256_text(&secret), credential)
            .await?;
        Ok(secret)
    }

    /// Ends the session that a browser's cookie names, if there is one.
    pub(super) async fn end(sign_in: &SignIn, headers: &HeaderMap) -> Result<(), VaultError> {
        match id_in(sign_in, headers) {
            Some(id) => match sign_in.sessions().delete(&id).await {
                Ok(()) | Err(VaultError::NotFound | VaultError::Name(_)) => Ok(()),
                Err(error) => Err(error),
            },
            None => Ok(()),
        }
    }
}

/// The vault knows the hash of a cookie only: whoever reads the storage is nobody's browser.
fn id_in(sign_in: &SignIn, headers: &HeaderMap) -> Option<String> {
    let secret = sign_in.0.cookies.read(headers, COOKIE)?;
    Some(sha256_text(&secret))
}

/// When the session of a credential ends.
pub(super) fn ends_at(credential: &Credential) -> Option<Timestamp> {
    let seconds = credential.attribute(ENDS_AT)?.parse().ok()?;
    Some(Timestamp::from_seconds(seconds))
}

impl<S> FromRequestParts<S> for Session
where
    SignIn: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = SignInRequired;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, SignInRequired> {
        let sign_in = SignIn::from_ref(state);
        let session = Self::read(&sign_in, &parts.headers).await;
        let session = session.map_err(|error| SignInRequired::failed(&sign_in, error))?;
        session.ok_or_else(|| SignInRequired::new(&sign_in, parts))
    }
}

impl<S> OptionalFromRequestParts<S> for Session
where
    SignIn: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = SignInRequired;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, SignInRequired> {
        let sign_in = SignIn::from_ref(state);
        let session = Self::read(&sign_in, &parts.headers).await;
        session.map_err(|error| SignInRequired::failed(&sign_in, error))
    }
}
