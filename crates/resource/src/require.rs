//! Guards: what a token must allow, and whose it must be.

mod future;
mod service;

use std::sync::Arc;

use grantor_types::{Scope, ScopeError};
use http::Extensions;
use tower_layer::Layer;

use crate::rejection::Challenge;
use crate::{AccessToken, Cause, Rejection};

pub use future::RequireFuture;
pub use service::RequireService;

/// A demand on the access token, as a layer for routes behind [`ResourceServer::layer`](crate::ResourceServer::layer),
/// or to be [checked](Require::check) in a handler.
///
/// ```
/// use grantor_resource::Require;
///
/// let guard = Require::all_of("notes:read notes:write")?.and(Require::user());
/// # Ok::<(), grantor_types::ScopeError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Require(Arc<[Condition]>);

#[derive(Clone, Debug)]
enum Condition {
    AllOf(Scope),
    AnyOf(Scope),
    User,
    Client,
}

impl Require {
    /// All of these scopes, separated by spaces. No scope at all demands a token and nothing more.
    ///
    /// # Errors
    /// [`ScopeError`] when the text is no scope.
    pub fn all_of(scope: &str) -> Result<Self, ScopeError> {
        Ok(Self::of(Condition::AllOf(Scope::parse(scope)?)))
    }

    /// One of these scopes at least, separated by spaces. The challenge names all of them, as there is no way to write
    /// "or" in it. Of no scope at all none can be had: that refuses every token.
    ///
    /// # Errors
    /// [`ScopeError`] when the text is no scope.
    pub fn any_of(scope: &str) -> Result<Self, ScopeError> {
        Ok(Self::of(Condition::AnyOf(Scope::parse(scope)?)))
    }

    /// A token that a user granted, so that `sub` is a user.
    pub fn user() -> Self {
        Self::of(Condition::User)
    }

    /// A client's own token, so that `sub` is the client.
    pub fn client() -> Self {
        Self::of(Condition::Client)
    }

    /// Both demands.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0.iter().chain(other.0.iter()).cloned().collect())
    }

    /// Whether the token meets the demand.
    ///
    /// # Errors
    /// The [`Cause`] of the first condition that it does not meet.
    pub fn check(&self, token: &AccessToken) -> Result<(), Cause> {
        self.0.iter().try_for_each(|condition| condition.check(token))
    }

    fn of(condition: Condition) -> Self {
        Self(Arc::new([condition]))
    }
}

impl Condition {
    fn check(&self, token: &AccessToken) -> Result<(), Cause> {
        let scope = token.scope();
        match self {
            Self::AllOf(all) if !all.is_subset(scope) => Err(Cause::InsufficientScope(all.clone())),
            Self::AnyOf(any) if any.intersection(scope).is_empty() => {
                Err(Cause::InsufficientScope(any.clone()))
            }
            Self::User if token.is_client() => Err(Cause::UserRequired),
            Self::Client if token.is_user() => Err(Cause::ClientRequired),
            Self::AllOf(_) | Self::AnyOf(_) | Self::User | Self::Client => Ok(()),
        }
    }
}

impl<S> Layer<S> for Require {
    type Service = RequireService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        RequireService {
            inner,
            require: self.clone(),
        }
    }
}

/// The token, if it meets the demand.
pub(crate) fn demand<'a>(
    require: &Require,
    extensions: &'a Extensions,
) -> Result<&'a AccessToken, Rejection> {
    let (token, challenge) = presented(extensions)?;
    match require.check(token) {
        Ok(()) => Ok(token),
        Err(cause) => Err(Rejection::new(cause, Arc::clone(challenge))),
    }
}

/// The token that the outer layer has put there. Without that layer the route is open by mistake, which is refused as
/// the server's error rather than the caller's.
pub(crate) fn presented(extensions: &Extensions) -> Result<(&AccessToken, &Arc<Challenge>), Rejection> {
    match (
        extensions.get::<AccessToken>(),
        extensions.get::<Arc<Challenge>>(),
    ) {
        (Some(token), Some(challenge)) => Ok((token, challenge)),
        (None, Some(challenge)) => Err(Rejection::new(Cause::NoToken, Arc::clone(challenge))),
        (_, None) => Err(Rejection::new(Cause::LayerMissing, Arc::default())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn token(subject: &str, scope: &str) -> AccessToken {
        let claims = json!({"sub": subject, "client_id": "app", "scope": scope, "exp": 1});
        let Value::Object(claims) = claims else { panic!() };
        AccessToken::from_claims(claims).unwrap()
    }

    #[test]
    fn demands() {
        let all = || Require::all_of("a b").unwrap();
        let any = || Require::any_of("b a").unwrap();
        let lacking = || Err(Cause::InsufficientScope(Scope::parse("a b").unwrap()));
        let cases = [
            (all(), "alice", "a b c", Ok(())),
            (all(), "alice", "a", lacking()),
            (all(), "alice", "", lacking()),
            (any(), "alice", "b", Ok(())),
            (any(), "alice", "c", lacking()),
            (any(), "alice", "ab", lacking()),
            (Require::all_of("").unwrap(), "alice", "", Ok(())),
            (
                Require::any_of("").unwrap(),
                "alice",
                "a",
                Err(Cause::InsufficientScope(Scope::default())),
            ),
            (Require::user(), "alice", "", Ok(())),
            (Require::user(), "app", "", Err(Cause::UserRequired)),
            (Require::client(), "app", "", Ok(())),
            (Require::client(), "alice", "", Err(Cause::ClientRequired)),
            (all().and(Require::user()), "alice", "a b", Ok(())),
            (all().and(Require::user()), "app", "a b", Err(Cause::UserRequired)),
            (Require::user().and(all()), "alice", "b", lacking()),
        ];
        for (index, (require, subject, scope, expected)) in cases.into_iter().enumerate() {
            assert_eq!(require.check(&token(subject, scope)), expected, "case {index}");
        }
        assert!(Require::all_of("a\"b").is_err());
    }
}
