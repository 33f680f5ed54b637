//! Signing users in to a web application of axum.

mod cookies;
mod failure;
mod routes;
mod session;
mod under_way;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::response::Response;
use grantor_jose::{SealingKey, SealingKeys, random};
use grantor_types::{RedirectUri, Seconds, SecretBytes, Timestamp};
use grantor_vault::{CredentialManager, VaultError};

use crate::{AuthorizationRequest, Client, Error};

use cookies::Cookies;
pub use failure::{SignInError, SignInRequired};
pub use session::Session;
use under_way::Used;

/// How long a session lasts when nothing is said.
const LIFETIME: Duration = Duration::from_secs(12 * 3_600);
/// How often sessions that are over are looked for.
const PURGE_EVERY: Seconds = Seconds(3_600);

/// Signs users in to a web application, and knows who is signed in: a login route, a callback route, a logout route, and the
/// extractor [`Session`].
///
/// A session is a credential in the vault that is given: sealed, renewed when it has to be, shared by all nodes on one storage,
/// and reached by a random cookie of which the vault knows the hash. A login that is under way is in a sealed cookie of that
/// browser alone; it ends after ten minutes, and is good for one callback. On https the cookies are `__Host-` ones.
///
/// ```no_run
/// use axum::{Router, routing::get};
/// use grantor_client::{Client, ClientAuthentication, Session, SignIn};
/// use grantor_vault::{CredentialManager, MasterKey, MemoryStorage};
///
/// async fn home(session: Session) -> String {
///     format!("Hello, {}!", session.user().name().unwrap_or("you"))
/// }
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::builder("https://id.example", "my-app")
///     .authentication(ClientAuthentication::basic("the secret"))
///     .redirect_uri("https://app.example/callback")
///     .discover()
///     .await?;
/// let (master_key, _) = MasterKey::generate()?;
/// let sessions = CredentialManager::builder(MemoryStorage::default(), master_key)
///     .refresher(client.clone())
///     .open()
///     .await?;
/// let sign_in = SignIn::builder(client, sessions).scope("openid profile").build()?;
///
/// let app: Router = Router::new()
///     .route("/", get(home))
///     .merge(sign_in.routes())
///     .with_state(sign_in);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct SignIn(Arc<Inner>);

struct Inner {
    client: Client,
    sessions: CredentialManager,
    request: Box<Request>,
    lifetime: Seconds,
    login_path: String,
    callback_path: String,
    logout_path: String,
    post_logout_redirect_uri: Option<String>,
    cookies: Cookies,
    keys: SealingKeys,
    used: Used,
    purged_at: AtomicU64,
    on_error: Box<OnError>,
}

type Request = dyn for<'a> Fn(AuthorizationRequest<'a>) -> AuthorizationRequest<'a> + Send + Sync;
type OnError = dyn Fn(&SignInError) -> Option<Response> + Send + Sync;

/// Puts a [`SignIn`] together.
///
/// ```no_run
/// # async fn example(
/// #     client: grantor_client::Client,
/// #     sessions: grantor_vault::CredentialManager,
/// #     key: grantor_client::SecretBytes,
/// # ) -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use axum::response::{IntoResponse, Redirect};
/// use grantor_client::{Error, SignIn, SignInBuilder, SignInError};
///
/// let builder: SignInBuilder = SignIn::builder(client, sessions);
/// let sign_in = builder
///     .scope("openid profile offline_access")
///     .request(|request| request.resource("https://api.example"))
///     .lifetime(Duration::from_secs(3_600))
///     .login_path("/auth/login")
///     .logout_path("/auth/logout")
///     .post_logout_redirect_uri("https://app.example/goodbye")
///     .cookie_key(key)
///     .on_error(|error| {
///         eprintln!("{}: {error}", error.status());
///         match error {
///             SignInError::Client(Error::UserRequired(_)) => Some(Redirect::to("/welcome").into_response()),
///             _ => None,
///         }
///     })
///     .build()?;
/// let over = sign_in.purge().await?;
/// println!("{over} of the sessions were over, {} are left", sign_in.sessions().list().await?.len());
/// # Ok(())
/// # }
/// ```
pub struct SignInBuilder {
    client: Client,
    sessions: CredentialManager,
    scope: String,
    request: Box<Request>,
    lifetime: Duration,
    login_path: String,
    logout_path: String,
    post_logout_redirect_uri: Option<String>,
    cookie_key: Option<SecretBytes>,
    on_error: Box<OnError>,
}

impl SignIn {
    /// Begins with the client, which needs a redirect URI, and the vault that sessions are kept in. Give it a
    /// [`Compartment`](grantor_vault::Compartment) with nothing else in it, and the client as its refresher.
    pub fn builder(client: Client, sessions: CredentialManager) -> SignInBuilder {
        SignInBuilder {
            client,
            sessions,
            scope: "openid profile".to_owned(),
            request: Box::new(|request| request),
            lifetime: LIFETIME,
            login_path: "/login".to_owned(),
            logout_path: "/logout".to_owned(),
            post_logout_redirect_uri: None,
            cookie_key: None,
            on_error: Box::new(|_| None),
        }
    }

    /// The vault that sessions are kept in.
    pub fn sessions(&self) -> &CredentialManager {
        &self.0.sessions
    }

    /// The client.
    pub fn client(&self) -> &Client {
        &self.0.client
    }

    /// Deletes the sessions that are over, and says how many they were. A login does that in passing, once an hour.
    ///
    /// # Errors
    /// [`VaultError::Storage`].
    pub async fn purge(&self) -> Result<usize, VaultError> {
        let (sessions, now) = (self.sessions(), self.now());
        let mut purged = 0;
        for listed in sessions.list().await? {
            let is_over = match sessions.get(&listed.id).await {
                Ok(stored) => session::ends_at(&stored.credential).is_none_or(|end| end.is_past(now)),
                Err(error @ VaultError::Storage(_)) => return Err(error),
                // A record that nobody can open, or that has just gone.
                Err(_) => false,
            };
            if is_over && sessions.delete(&listed.id).await.is_ok() {
                purged += 1;
            }
        }
        Ok(purged)
    }

    fn now(&self) -> Timestamp {
        self.0.client.now()
    }

    /// Purges in the background, if that is due.
    fn purge_in_passing(&self) {
        let now = self.now().as_seconds();
        let purged_at = &self.0.purged_at;
        let last = purged_at.load(Ordering::Relaxed);
        let is_due = now >= last.saturating_add(PURGE_EVERY.0);
        let is_ours = purged_at.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed);
        if is_due && is_ours.is_ok() {
            let this = self.clone();
            tokio::spawn(async move { this.purge().await });
        }
    }
}

impl SignInBuilder {
    /// The scopes to ask for, separated by spaces; `openid profile` when nothing is said. `openid` is always among them, and
    /// `offline_access` where sessions should outlive the first access token.
    #[must_use]
    pub fn scope(mut self, scope: &str) -> Self {
        scope.clone_into(&mut self.scope);
        self
    }

    /// What else the authorization request has: a resource, a prompt, the provider's own parameters.
    #[must_use]
    pub fn request(
        mut self,
        request: impl for<'a> Fn(AuthorizationRequest<'a>) -> AuthorizationRequest<'a> + Send + Sync + 'static,
    ) -> Self {
        self.request = Box::new(request);
        self
    }

    /// How long a session lasts after the login; 12 hours when nothing is said.
    #[must_use]
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// Where a login begins; `/login` when nothing is said.
    #[must_use]
    pub fn login_path(mut self, path: &str) -> Self {
        path.clone_into(&mut self.login_path);
        self
    }

    /// Where a form is posted to that signs out; `/logout` when nothing is said.
    #[must_use]
    pub fn logout_path(mut self, path: &str) -> Self {
        path.clone_into(&mut self.logout_path);
        self
    }

    /// Where the provider sends the browser after it has signed out there too. Register it.
    #[must_use]
    pub fn post_logout_redirect_uri(mut self, uri: &str) -> Self {
        self.post_logout_redirect_uri = Some(uri.to_owned());
        self
    }

    /// 32 bytes that seal the cookies of logins under way. Give it where several nodes answer for one application; otherwise a
    /// key of this process is made, and logins that are under way do not survive a restart.
    #[must_use]
    pub fn cookie_key(mut self, key: SecretBytes) -> Self {
        self.cookie_key = Some(key);
        self
    }

    /// Sees every failure, to log it, and may answer with a page of its own.
    #[must_use]
    pub fn on_error(
        mut self,
        on_error: impl Fn(&SignInError) -> Option<Response> + Send + Sync + 'static,
    ) -> Self {
        self.on_error = Box::new(on_error);
        self
    }

    /// Checks it all.
    ///
    /// # Errors
    /// [`Misuse::Setting`](crate::Misuse::Setting) when the client has no redirect URI of http, a path is none, or the key is not of 32 bytes.
    pub fn build(self) -> Result<SignIn, Error> {
        let redirect_uri = self.client.inner().redirect_uri.as_deref().unwrap_or_default();
        let redirect_uri = RedirectUri::parse(redirect_uri).ok().and_then(|uri| uri.to_url());
        let redirect_uri = redirect_uri
            .filter(|uri| matches!(uri.scheme(), "https" | "http"))
            .ok_or_else(|| Error::setting("the redirect URI", "the client needs one of https"))?;
        for (name, path) in [
            ("login_path", &self.login_path),
            ("logout_path", &self.logout_path),
        ] {
            if !cookies::is_local(path) || path == redirect_uri.path() {
                return Err(Error::setting(name, "it is a path of its own that begins with /"));
            }
        }
        let key = match self.cookie_key {
            Some(key) => key,
            None => SecretBytes::new(random::array::<32>()?),
        };
        let scope = match self.scope.split(' ').any(|scope| scope == "openid") {
            true => self.scope,
            false => format!("openid {}", self.scope),
        };
        let request = self.request;
        Ok(SignIn(Arc::new(Inner {
            client: self.client,
            sessions: self.sessions,
            request: Box::new(move |started| request(started.scope(&scope))),
            lifetime: Seconds(self.lifetime.as_secs()),
            login_path: self.login_path,
            callback_path: redirect_uri.path().to_owned(),
            logout_path: self.logout_path,
            post_logout_redirect_uri: self.post_logout_redirect_uri,
            cookies: Cookies::new(redirect_uri.scheme() == "https"),
            keys: SealingKeys::new(SealingKey::from_bytes(1, &key)?, Vec::new()),
            used: Used::default(),
            purged_at: AtomicU64::new(0),
            on_error: self.on_error,
        })))
    }
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SignIn({:?})", self.0.client)
    }
}

impl std::fmt::Debug for SignInBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SignInBuilder({:?})", self.client)
    }
}
