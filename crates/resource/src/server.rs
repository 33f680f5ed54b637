//! Checking tokens.

use std::sync::Arc;

use grantor_fetch::{Clock, Renewed};
use grantor_jose::{Expectation, KeySet, Type, VerifyError, unverified_header, unverified_issuer, verify};
use grantor_types::{AccessTokenScheme, Seconds, Secret, SigningAlgorithm};
use http::{HeaderMap, Method, Uri};
use serde_json::{Map, Value};

use crate::dpop::{Dpop, Possession};
use crate::introspection::Introspector;
use crate::rejection::Challenge;
use crate::source::Source;
use crate::{AccessToken, AuthenticateLayer, Cause, Rejection, ResourceServerBuilder, authorization};

/// Checks the access tokens of one issuer for one audience. Cheap to clone; build it once and share it, as it holds
/// the issuer's keys.
#[derive(Clone)]
pub struct ResourceServer(pub(crate) Arc<Inner>);

/// An access token as a request presents it.
pub(crate) enum Presented {
    Bearer(Secret),
    Dpop(Box<Possession>),
}

pub(crate) struct Inner {
    pub(crate) issuer: String,
    pub(crate) audience: String,
    pub(crate) algorithms: Vec<SigningAlgorithm>,
    pub(crate) leeway: Seconds,
    pub(crate) clock: Clock,
    pub(crate) keys: Renewed<Source>,
    pub(crate) introspector: Option<Introspector>,
    pub(crate) challenge: Arc<Challenge>,
    pub(crate) dpop: Option<Dpop>,
}

impl ResourceServer {
    /// Starts to describe a resource server: whose tokens it takes, and what it goes by in their `aud`.
    pub fn builder(issuer: &str, audience: &str) -> ResourceServerBuilder {
        ResourceServerBuilder::new(issuer, audience)
    }

    /// A layer that refuses requests without a good token.
    pub fn layer(&self) -> AuthenticateLayer {
        AuthenticateLayer::new(self.clone())
    }

    /// Checks the token of a request, for those who use no tower.
    ///
    /// # Errors
    /// A [`Rejection`] when there is no token, or it is not accepted, or it cannot be checked now.
    pub async fn authenticate(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Result<AccessToken, Rejection> {
        let checked = match self.presented(method, uri, headers) {
            Ok(Some(presented)) => self.check(&presented).await,
            Ok(None) => Err(Cause::NoToken),
            Err(cause) => Err(cause),
        };
        checked.map_err(|cause| self.reject(cause))
    }

    pub(crate) fn reject(&self, cause: Cause) -> Rejection {
        let wants_nonce = cause == Cause::NonceRequired;
        let dpop = self.0.dpop.as_ref().filter(|_| wants_nonce);
        let nonce = dpop.and_then(|dpop| dpop.nonce(self.0.clock.now()));
        Rejection::new(cause, Arc::clone(&self.0.challenge)).with_nonce(nonce)
    }

    /// The token of a request and what else it is checked by. Where proofs are not taken, `DPoP` is a scheme like any other
    /// that is not ours.
    pub(crate) fn presented(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Result<Option<Presented>, Cause> {
        let taken = |scheme: AccessTokenScheme| scheme == AccessTokenScheme::Bearer || self.0.dpop.is_some();
        let token = authorization::token(headers, uri)?.filter(|(scheme, _)| taken(*scheme));
        Ok(token.map(|(scheme, token)| match scheme {
            AccessTokenScheme::Bearer => Presented::Bearer(Secret::new(token)),
            AccessTokenScheme::Dpop => {
                Presented::Dpop(Box::new(Possession::new(token, method, uri, headers)))
            }
        }))
    }

    /// Checks a token and that it is presented as it has to be.
    pub(crate) async fn check(&self, presented: &Presented) -> Result<AccessToken, Cause> {
        match (presented, &self.0.dpop) {
            (Presented::Bearer(token), _) => {
                let token = self.check_token(token.expose()).await?;
                // RFC 9449 §7.2: a token that is bound to a key is no bearer token.
                match token.bound_key() {
                    Some(_) => Err(Cause::SenderConstrained),
                    None => Ok(token),
                }
            }
            (Presented::Dpop(possession), Some(dpop)) => {
                let token = self.check_token(possession.token.expose()).await?;
                dpop.check(&token, possession, self.0.clock.now()).await?;
                Ok(token)
            }
            (Presented::Dpop(_), None) => Err(Cause::NoToken),
        }
    }

    /// Checks a token: on the spot if it has the form of a JWT, or else by introspection.
    async fn check_token(&self, token: &str) -> Result<AccessToken, Cause> {
        use VerifyError::{HeaderEncoding, HeaderJson, NotCompact};
        match (unverified_header(token), &self.0.introspector) {
            (Err(NotCompact | HeaderEncoding | HeaderJson), Some(introspector)) => {
                introspector.check(token).await
            }
            (Err(NotCompact | HeaderEncoding | HeaderJson), None) => Err(Cause::NotJwt),
            (Err(other), _) => Err(other.into()),
            (Ok(_), _) => self.check_jwt(token).await,
        }
    }

    async fn check_jwt(&self, token: &str) -> Result<AccessToken, Cause> {
        let known = self.0.keys.current(self.0.clock.now()).await?;
        match self.0.verify(token, &known.value) {
            Err(Cause::Invalid(VerifyError::UnknownKey)) => {
                // Tokens of other issuers are no reason to fetch this one's keys.
                if unverified_issuer(token)?.as_deref() != Some(&self.0.issuer) {
                    return Err(VerifyError::WrongIssuer.into());
                }
                match self.0.keys.renewed(&known, self.0.clock.now()).await? {
                    Some(renewed) => self.0.verify(token, &renewed.value),
                    None => Err(VerifyError::UnknownKey.into()),
                }
            }
            checked => checked,
        }
    }
}

impl Inner {
    /// The checks of RFC 9068 §4.
    fn verify(&self, token: &str, keys: &KeySet) -> Result<AccessToken, Cause> {
        let now = self.clock.now().as_seconds();
        let expectation = Expectation::new(Type::AccessToken, &self.issuer, &self.audience, now)
            .algorithms(&self.algorithms)
            .leeway(self.leeway.0);
        let verified = verify::<Map<String, Value>>(token, keys, &expectation)?;
        let token = AccessToken::from_claims(verified.into_claims())?;
        // RFC 9068 §2.2: client_id is REQUIRED.
        token.client_id().ok_or(Cause::MissingClaim)?;
        Ok(token)
    }
}

impl std::fmt::Debug for ResourceServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResourceServer")
            .field("issuer", &self.0.issuer)
            .field("audience", &self.0.audience)
            .finish_non_exhaustive()
    }
}
