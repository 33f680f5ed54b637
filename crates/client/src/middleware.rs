//! Requests of reqwest sent with a token from the vault.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use grantor_types::{TokenType, is_secure};
use grantor_vault::{AccessToken, Credential, CredentialManager, VaultError};
use http::header::AUTHORIZATION;
use http::{Extensions, StatusCode};
use reqwest::{Request, Response};
use reqwest_middleware::{Middleware, Next};
use tokio::sync::Mutex;
use url::{Origin, Url};

use crate::dpop::{DPOP, is_challenged};
use crate::vault::SUBJECT;
use crate::{Client, Error, IdTokenError, InvalidAnswer, StepUp};

/// Sends every request to an API with the access token of a credential in the vault, and with a proof where the token is bound
/// to the client's key (RFC 9449). What an API answers is looked at once for each of these:
///
/// - it wants a nonce in the proof: the request is sent again with it;
/// - it does not take the token (401, RFC 6750 §3.1): the credential is renewed, once for all who ask, and the request is sent
///   again;
/// - it wants a stronger or more recent login, or more scopes (RFC 9470, RFC 6750 §3.1): [`on_step_up`](Self::on_step_up) is
///   asked for them. Without it the answer comes back as it is; [`StepUp::wanted`] reads it.
///
/// The token goes to the origins that are named and nowhere else. Requests to others, and those that have an `Authorization`
/// already, are sent as they are. A request whose body is a stream is sent once, as it cannot be repeated.
///
/// Errors are [`CallError`], inside of [`reqwest_middleware::Error::Middleware`].
///
/// ```
/// # async fn example(
/// #     client: grantor_client::Client,
/// #     manager: grantor_vault::CredentialManager,
/// # ) -> Result<(), Box<dyn std::error::Error>> {
/// use grantor_client::AccessTokenMiddleware;
///
/// let token = AccessTokenMiddleware::new(&client, &manager, "work", "https://api.example")?;
/// let api = reqwest_middleware::ClientBuilder::new(reqwest::Client::new()).with(token).build();
/// let answer = api.get("https://api.example/orders").send().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct AccessTokenMiddleware {
    client: Client,
    manager: CredentialManager,
    id: String,
    origins: BTreeSet<String>,
    step_up: Option<Arc<Steps>>,
}

struct Steps {
    handler: Box<dyn OnStepUp>,
    /// One user is asked one thing at a time.
    asking: Mutex<()>,
}

/// Gets a token that an API's demand is met by: sends the user through another authorization.
///
/// ```
/// use async_trait::async_trait;
/// use grantor_client::{Client, Error, LoopbackReceiver, OnStepUp, StepUp};
/// use grantor_vault::Credential;
///
/// struct InTheBrowser(Client);
///
/// #[async_trait]
/// impl OnStepUp for InTheBrowser {
///     async fn step_up(&self, wanted: &StepUp) -> Result<Credential, Error> {
///         let receiver = LoopbackReceiver::bind("/callback").await?;
///         let login = self.0.authorization().redirect_uri(receiver.redirect_uri());
///         let login = login.scope("openid read").step_up(wanted).start().await?;
///         println!("The API wants you to sign in again. Open {}", login.url);
///         let callback = receiver.receive(login.pending, std::time::Duration::from_secs(300)).await?;
///         let tokens = self.0.exchange(callback).await?;
///         Ok(tokens.into_credential(&self.0).build()?)
///     }
/// }
/// ```
#[async_trait]
pub trait OnStepUp: Send + Sync {
    /// The credential that takes the place of the one in the vault. It has to be the same user's.
    ///
    /// # Errors
    /// Why there is none; the request ends with it.
    async fn step_up(&self, wanted: &StepUp) -> Result<Credential, Error>;
}

/// Why a request was not sent, or not sent again.
///
/// ```no_run
/// # async fn example(
/// #     token: grantor_client::AccessTokenMiddleware,
/// #     handler: impl grantor_client::OnStepUp + 'static,
/// # ) -> Result<(), Box<dyn std::error::Error>> {
/// use grantor_client::CallError;
///
/// let token = token.and_origin("https://other.example")?.on_step_up(handler);
/// let api = reqwest_middleware::ClientBuilder::new(reqwest::Client::new()).with(token).build();
/// let answer = api.get("https://other.example/").send().await;
/// if let Err(Some(error)) = answer.as_ref().map_err(CallError::of) {
///     println!("there is no token to send: {error}");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, thiserror::Error)]
pub enum CallError {
    /// The vault has no token to send.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// No proof could be made, or the step up did not succeed.
    #[error(transparent)]
    Client(#[from] Error),
}

impl CallError {
    /// The one inside of an error of reqwest-middleware, if it is one of ours.
    pub fn of(error: &reqwest_middleware::Error) -> Option<&Self> {
        match error {
            reqwest_middleware::Error::Middleware(error) => error.downcast_ref(),
            reqwest_middleware::Error::Reqwest(_) => None,
        }
    }
}

impl From<CallError> for reqwest_middleware::Error {
    fn from(error: CallError) -> Self {
        Self::middleware(error)
    }
}

/// What has been tried for one request.
#[derive(Default)]
struct Tried {
    nonce: bool,
    renewal: bool,
    step_up: bool,
}

impl AccessTokenMiddleware {
    /// Sends the token of the credential with this id to this origin, such as `https://api.example`. What comes after the origin
    /// does not count.
    ///
    /// # Errors
    /// [`Misuse::Setting`] when it is no origin of https, nor of http on this machine.
    pub fn new(client: &Client, manager: &CredentialManager, id: &str, origin: &str) -> Result<Self, Error> {
        let middleware = Self {
            client: client.clone(),
            manager: manager.clone(),
            id: id.to_owned(),
            origins: BTreeSet::new(),
            step_up: None,
        };
        middleware.and_origin(origin)
    }

    /// Sends it to another origin too.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn and_origin(mut self, origin: &str) -> Result<Self, Error> {
        let url = Url::parse(origin).map_err(|error| Error::setting("the origin", error))?;
        if !is_secure(&url) {
            return Err(Error::setting(
                "the origin",
                "it is neither https nor on this machine",
            ));
        }
        self.origins.insert(name(&url.origin()));
        Ok(self)
    }

    /// Asks this for a better token when an API wants one. Of several requests that need it at once, one asks.
    #[must_use]
    pub fn on_step_up(mut self, handler: impl OnStepUp + 'static) -> Self {
        self.step_up = Some(Arc::new(Steps {
            handler: Box::new(handler),
            asking: Mutex::default(),
        }));
        self
    }

    fn is_for(&self, request: &Request) -> bool {
        self.origins.contains(&name(&request.url().origin()))
            && !request.headers().contains_key(AUTHORIZATION)
    }

    fn authorize(&self, request: &mut Request, token: &AccessToken) -> Result<(), Error> {
        let kind = TokenType::from_name_ignoring_case(token.token_type()).unwrap_or(TokenType::Bearer);
        let (value, prover) = self.client.presented(kind, token.expose())?;
        if let Some(prover) = prover {
            let proof = prover.proof(
                request.method(),
                request.url(),
                Some(token.expose()),
                self.client.now(),
            )?;
            request.headers_mut().insert(DPOP, proof);
        }
        request.headers_mut().insert(AUTHORIZATION, value);
        Ok(())
    }

    /// Remembers the nonce that an answer brings, if it brings one.
    fn learn(&self, response: &Response) -> bool {
        let prover = self.client.inner().prover.as_ref();
        prover.is_some_and(|prover| prover.remember(response.url(), response.headers()))
    }

    /// The token to send the request with once more, if there is any use in that.
    async fn remedy(
        &self,
        response: &Response,
        has_nonce: bool,
        sent: &AccessToken,
        tried: &mut Tried,
    ) -> Result<Option<AccessToken>, CallError> {
        let (status, headers) = (response.status(), response.headers());
        if status == StatusCode::UNAUTHORIZED && is_challenged(headers) {
            let again = has_nonce && !std::mem::replace(&mut tried.nonce, true);
            return Ok(again.then(|| sent.clone()));
        }
        if let Some(wanted) = StepUp::wanted(status, headers) {
            return match &self.step_up {
                Some(steps) if !std::mem::replace(&mut tried.step_up, true) => {
                    self.step_up(steps, &wanted, sent).await.map(Some)
                }
                Some(_) | None => Ok(None),
            };
        }
        if status == StatusCode::UNAUTHORIZED && !std::mem::replace(&mut tried.renewal, true) {
            let renewed = self.manager.renew_rejected(&self.id, sent).await?;
            return Ok(Some(renewed));
        }
        Ok(None)
    }

    /// A better token, or the one that somebody else has got in the meantime.
    async fn step_up(
        &self,
        steps: &Steps,
        wanted: &StepUp,
        sent: &AccessToken,
    ) -> Result<AccessToken, CallError> {
        let _asking = steps.asking.lock().await;
        let present = self.manager.valid_access_token(&self.id).await?;
        if present.expose() != sent.expose() {
            return Ok(present);
        }
        let better = steps.handler.step_up(wanted).await?;
        let stored = self.manager.get(&self.id).await?.credential;
        if let (Some(before), Some(now)) = (stored.attribute(SUBJECT), better.attribute(SUBJECT))
            && before != now
        {
            return Err(Error::from(InvalidAnswer::IdToken(IdTokenError::Subject)).into());
        }
        self.manager.store(&self.id, better).await?;
        Ok(self.manager.valid_access_token(&self.id).await?)
    }
}

#[async_trait]
impl Middleware for AccessTokenMiddleware {
    async fn handle(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> reqwest_middleware::Result<Response> {
        if !self.is_for(&request) {
            return next.run(request, extensions).await;
        }
        let token = self.manager.valid_access_token(&self.id).await;
        let mut token = token.map_err(CallError::from)?;
        let mut tried = Tried::default();
        loop {
            let again = request.try_clone();
            self.authorize(&mut request, &token).map_err(CallError::from)?;
            let response = next.clone().run(request, extensions).await?;
            let has_nonce = self.learn(&response);
            // Nothing is renewed, and nobody asked, for a request that cannot be repeated.
            let Some(again) = again else {
                return Ok(response);
            };
            match self.remedy(&response, has_nonce, &token, &mut tried).await? {
                Some(better) => (request, token) = (again, better),
                None => return Ok(response),
            }
        }
    }
}

impl std::fmt::Debug for AccessTokenMiddleware {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccessTokenMiddleware")
            .field("id", &self.id)
            .field("origins", &self.origins)
            .finish_non_exhaustive()
    }
}

fn name(origin: &Origin) -> String {
    origin.ascii_serialization()
}
