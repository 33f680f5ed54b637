//! The client, and the one way in which it sends.

use std::sync::Arc;

use grantor_fetch::{Clock, Fetch, Limits, Request, Response, authorization};
use grantor_jose::{SigningKey, VerifyError};
use grantor_types::{ClientId, Seconds, SigningAlgorithm, Timestamp, TokenType};
use http::header::{AUTHORIZATION, HeaderValue};
use url::Url;

use crate::answer::{Effect, without_answer};
use crate::authentication::{Authenticator, Form};
use crate::dpop::Prover;
use crate::keys::{Keys, Published};
use crate::{
    ClientAuthentication, ClientBuilder, Decryption, Deviations, Endpoint, Error, Misuse, Preset,
    ProviderMetadata, Tokens,
};

/// A client of one provider. Cheap to clone; make one and share it: it keeps connections, the provider's keys and the
/// nonces of DPoP.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) metadata: ProviderMetadata,
    pub(crate) deviations: Deviations,
    pub(crate) client_id: ClientId,
    pub(crate) authentication: ClientAuthentication,
    pub(crate) redirect_uri: Option<String>,
    pub(crate) assertion_audience: String,
    pub(crate) mutual_tls: bool,
    pub(crate) trusted_audiences: Vec<String>,
    pub(crate) id_token_algorithm: SigningAlgorithm,
    pub(crate) userinfo_algorithm: Option<SigningAlgorithm>,
    pub(crate) id_token_decryption: Option<Decryption>,
    pub(crate) userinfo_decryption: Option<Decryption>,
    pub(crate) request_object_key: Option<SigningKey>,
    pub(crate) prover: Option<Prover>,
    pub(crate) keys: Option<Keys>,
    pub(crate) fetch: Arc<dyn Fetch>,
    pub(crate) clock: Clock,
    pub(crate) limits: Limits,
    pub(crate) leeway: Seconds,
}

/// A client at a provider.
#[derive(Clone, Debug, Default)]
pub(crate) struct Owner {
    issuer: String,
    client_id: String,
}

impl Owner {
    /// Whether it is this client.
    pub(crate) fn check(&self, client: &Client) -> Result<(), Error> {
        client.check_owner(&self.issuer, &self.client_id)
    }
}

impl Client {
    /// A client of this provider.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), grantor_client::Error> {
    /// use grantor_client::{Client, ClientAuthentication};
    ///
    /// let client = Client::builder("https://as.example", "my-service")
    ///     .authentication(ClientAuthentication::basic("the secret"))
    ///     .discover()
    ///     .await?;
    /// let tokens = client.client_credentials().scope("read").send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder(issuer: &str, client_id: &str) -> ClientBuilder {
        Preset::discovered(issuer).client(client_id)
    }

    pub(crate) fn from_inner(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }

    /// What is known of the provider.
    pub fn metadata(&self) -> &ProviderMetadata {
        &self.0.metadata
    }

    /// The client's identifier.
    pub fn client_id(&self) -> &str {
        self.0.client_id.as_str()
    }

    /// The time, as this client sees it.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// Sends a request with an access token: `Authorization`, and a proof where the token is bound to our key. A server
    /// that wants a nonce in the proof gets it, by a second request. Any status is an answer; the
    /// [limits](Request::limits) are the request's own.
    ///
    /// The token goes to where the request goes: send it to APIs that it was issued for only.
    ///
    /// ```no_run
    /// # async fn example(client: &grantor_client::Client, tokens: &grantor_client::Tokens) -> Result<(), Box<dyn std::error::Error>> {
    /// use grantor_client::Request;
    ///
    /// let answer = client.call(tokens, Request::get("https://api.example/orders".parse()?)).await?;
    /// println!("{} for {} of {}", answer.status, client.client_id(), client.metadata().issuer());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::NotApplied`] or [`Error::OutcomeUnknown`] when there is no answer; the latter unless the method is safe.
    /// [`Error::Misuse`] when the token is none to be sent.
    pub async fn call(&self, tokens: &Tokens, request: Request) -> Result<Response, Error> {
        let effect = if request.method().is_safe() {
            Effect::Repeatable
        } else {
            Effect::Consuming
        };
        let token = tokens.access_token.expose();
        let (value, prover) = self.presented(tokens.token_type, token)?;
        let request = request.header(AUTHORIZATION, value);
        match prover {
            Some(prover) => {
                self.proven(prover, Some(token), effect, || Ok(request.clone()))
                    .await
            }
            None => self.send(request, effect).await,
        }
    }

    /// The request with an access token in it, for those who send it by other means than [`call`](Self::call): `Authorization`,
    /// and a proof where the token is bound to our key. The proof is good for this request alone, and now. A server that wants
    /// a nonce of its own in it refuses it; `call` deals with that.
    ///
    /// ```no_run
    /// # fn example(client: &grantor_client::Client, tokens: &grantor_client::Tokens) -> Result<(), Box<dyn std::error::Error>> {
    /// use grantor_client::Request;
    ///
    /// let request = client.present(tokens, Request::get("https://api.example/things".parse()?))?;
    /// for (name, value) in request.headers() {
    ///     println!("{name}: {}", value.to_str()?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Misuse`] when the token is none to be sent, or bound to another key.
    pub fn present(&self, tokens: &Tokens, request: Request) -> Result<Request, Error> {
        let token = tokens.access_token.expose();
        let (value, prover) = self.presented(tokens.token_type, token)?;
        let request = request.header(AUTHORIZATION, value);
        match prover {
            Some(prover) => prover.prove(request, Some(token), self.now()),
            None => Ok(request),
        }
    }

    /// The value of `Authorization` for an access token, and what proves it where it is bound to our key. The name of a kind of
    /// token is that of the scheme that it is presented with.
    pub(crate) fn presented(
        &self,
        kind: TokenType,
        access_token: &str,
    ) -> Result<(HeaderValue, Option<&Prover>), Error> {
        let value = || authorization(kind.as_str(), access_token).map_err(|_| Misuse::NotAnAccessToken);
        match kind {
            TokenType::NotApplicable => Err(Misuse::NotAnAccessToken.into()),
            TokenType::Bearer => Ok((value()?, None)),
            TokenType::Dpop => {
                let value = value()?;
                let prover = self.0.prover.as_ref().ok_or(Misuse::ForeignState)?;
                Ok((value, Some(prover)))
            }
        }
    }

    /// Whose something is that is begun by this client.
    pub(crate) fn owner(&self) -> Owner {
        Owner {
            issuer: self.metadata().issuer().to_owned(),
            client_id: self.client_id().to_owned(),
        }
    }

    /// What another client has begun, or at another provider, holds secrets that are nothing for the eyes of this one.
    pub(crate) fn check_owner(&self, issuer: &str, client_id: &str) -> Result<(), Error> {
        if issuer == self.metadata().issuer() && client_id == self.client_id() {
            Ok(())
        } else {
            Err(Misuse::ForeignState.into())
        }
    }

    /// Where this client finds an endpoint. RFC 8705 §5: mtls_endpoint_aliases are what "an OAuth client intending to do mutual
    /// TLS uses in preference to the conventional endpoints."
    pub(crate) fn url(&self, endpoint: Endpoint) -> Result<&Url, Error> {
        match self.0.mutual_tls {
            true => self.0.metadata.mutual_tls_url(endpoint),
            false => self.0.metadata.url(endpoint),
        }
    }

    /// Posts a form to the provider, authenticated. An assertion is made anew for each request.
    pub(crate) async fn post(
        &self,
        endpoint: Endpoint,
        form: Form,
        effect: Effect,
    ) -> Result<Response, Error> {
        let url = self.url(endpoint)?;
        let authenticator = Authenticator {
            client_id: &self.0.client_id,
            authentication: &self.0.authentication,
            audience: &self.0.assertion_audience,
        };
        let request = || {
            let request = authenticator.post(url, form.clone(), self.now())?;
            Ok(request.limits(self.0.limits))
        };
        let binds = matches!(endpoint, Endpoint::Token | Endpoint::PushedAuthorizationRequest);
        let response = match &self.0.prover {
            Some(prover) if binds => self.proven(prover, None, effect, request).await,
            Some(_) | None => self.send(request()?, effect).await,
        };
        Ok(self.0.deviations.mend(endpoint, response?))
    }

    /// Sends with a proof, and once more when the server wants its nonce in it; it has done nothing until then.
    async fn proven(
        &self,
        prover: &Prover,
        token: Option<&str>,
        effect: Effect,
        request: impl Fn() -> Result<Request, Error>,
    ) -> Result<Response, Error> {
        let first = prover.prove(request()?, token, self.now())?;
        let url = first.url().clone();
        let response = self.send(first, effect).await?;
        if !prover.learn(&url, &response) {
            return Ok(response);
        }
        let second = prover.prove(request()?, token, self.now())?;
        let response = self.send(second, effect).await?;
        prover.learn(&url, &response);
        Ok(response)
    }

    async fn send(&self, request: Request, effect: Effect) -> Result<Response, Error> {
        let sent = self.0.fetch.send(request).await;
        sent.map_err(|error| without_answer(error, effect))
    }

    /// Checks something with the provider's keys.
    pub(crate) async fn with_keys<T>(
        &self,
        check: impl Fn(&Published) -> Result<T, VerifyError>,
    ) -> Result<Result<T, VerifyError>, Error> {
        self.keys()?.check(self.now(), check).await
    }

    pub(crate) fn keys(&self) -> Result<&Keys, Error> {
        let missing = Misuse::NoEndpoint(Endpoint::Jwks.member());
        self.0.keys.as_ref().ok_or(Error::Misuse(missing))
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Client({} at {})", self.0.client_id, self.0.metadata.issuer())
    }
}

#[cfg(test)]
mod tests;
