//! A client as it is declared, and the record it becomes.

use grantor_jose::digest;
use grantor_protocol::record::{
    Client, ClientMetadata, ConsentRule, ExchangeRule, IntrospectionRight, Lifetimes, Links, Revision,
    StoredSecret, resealed,
};
use grantor_protocol::validity::{self, MIN_SECRET_LENGTH};
use grantor_server::client_secret;
use grantor_server::keyring::MasterKey;
use grantor_types::{
    ApplicationType, ClientAuthMethod, ClientId, GrantType, Origin, RedirectUri, Resource, Scope, Secret,
    SigningAlgorithm, Timestamp, TokenFormat, WebUri,
};
use serde::Deserialize;

/// A client in the declarative file. Without a secret it is public.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeclaredClient {
    pub(crate) id: ClientId,
    #[serde(default)]
    pub(crate) name: String,
    /// The secret itself, for development.
    pub(crate) secret: Option<String>,
    /// The environment variable that holds the secret.
    pub(crate) secret_variable: Option<String>,
    #[serde(default)]
    pub(crate) authentication_methods: Option<Vec<ClientAuthMethod>>,
    #[serde(default = "web")]
    pub(crate) application_type: ApplicationType,
    pub(crate) grant_types: Vec<GrantType>,
    #[serde(default)]
    pub(crate) redirect_uris: Vec<RedirectUri>,
    #[serde(default)]
    pub(crate) origins: Vec<Origin>,
    #[serde(default)]
    pub(crate) scope: Scope,
    #[serde(default)]
    pub(crate) audiences: Vec<Resource>,
    #[serde(default)]
    pub(crate) token_exchange: Vec<ExchangeRule>,
    #[serde(default)]
    pub(crate) introspection: IntrospectionRight,
    #[serde(default)]
    pub(crate) consent: ConsentRule,
    #[serde(default)]
    pub(crate) dpop_bound_access_tokens: bool,
    #[serde(default)]
    pub(crate) require_pushed_authorization_requests: bool,
    #[serde(default)]
    pub(crate) personal_access_tokens: bool,
    pub(crate) access_token_format: Option<TokenFormat>,
    pub(crate) access_token_algorithm: Option<SigningAlgorithm>,
    pub(crate) id_token_algorithm: Option<SigningAlgorithm>,
    #[serde(default)]
    pub(crate) lifetimes: Lifetimes,
    pub(crate) client_uri: Option<WebUri>,
    pub(crate) logo_uri: Option<WebUri>,
    pub(crate) policy_uri: Option<WebUri>,
    pub(crate) tos_uri: Option<WebUri>,
    #[serde(default)]
    pub(crate) metadata: Box<ClientMetadata>,
    #[serde(default)]
    pub(crate) disabled: bool,
}

fn web() -> ApplicationType {
    ApplicationType::Web
}

impl DeclaredClient {
    /// The record, with the secrets and times of the one that is there when they still hold.
    ///
    /// # Errors
    /// What is wrong with the declaration.
    pub(crate) fn record(
        &self,
        existing: Option<&Client>,
        environment: impl Fn(&str) -> Option<String>,
        master: Option<&MasterKey>,
        now: Timestamp,
    ) -> Result<Client, String> {
        let secret = self.secret_text(environment)?;
        let methods = self.methods(secret.is_some());
        let secrets = match &secret {
            None => Vec::new(),
            Some(secret) => self.secrets(secret, existing, &methods, master)?,
        };
        let record = Client {
            id: self.id.clone(),
            name: self.name.clone(),
            secrets,
            authentication_methods: methods,
            application_type: self.application_type,
            grant_types: self.grant_types.clone(),
            redirect_uris: self.redirect_uris.clone(),
            origins: self.origins.clone(),
            scope: self.scope.clone(),
            audiences: self.audiences.clone(),
            token_exchange: self.token_exchange.clone(),
            introspection: self.introspection,
            consent: self.consent,
            dpop_bound_access_tokens: self.dpop_bound_access_tokens,
            require_pushed_authorization_requests: self.require_pushed_authorization_requests,
            personal_access_tokens: self.personal_access_tokens,
            access_token_format: self.access_token_format,
            access_token_algorithm: self.access_token_algorithm,
            id_token_algorithm: self.id_token_algorithm,
            lifetimes: self.lifetimes,
            links: Links {
                client_uri: self.client_uri.clone(),
                logo_uri: self.logo_uri.clone(),
                policy_uri: self.policy_uri.clone(),
                tos_uri: self.tos_uri.clone(),
            },
            metadata: self.metadata.clone(),
            registration: existing.and_then(|client| client.registration.clone()),
            disabled: self.disabled,
            created_at: existing.map_or(now, |client| client.created_at),
            updated_at: existing.map_or(now, |client| client.updated_at),
            revision: existing.map_or(Revision(0), |client| client.revision),
        };
        validity::client(&record).map_err(|invalid| invalid.problem)?;
        Ok(record)
    }

    /// The stored secrets: those that are there while the declared one is the current one of them, or a new one.
    fn secrets(
        &self,
        secret: &str,
        existing: Option<&Client>,
        methods: &[ClientAuthMethod],
        master: Option<&MasterKey>,
    ) -> Result<Vec<StoredSecret>, String> {
        let hash = digest::secret_hash(secret);
        let is_current = |stored: &StoredSecret| stored.hash == hash && stored.expires_at.is_none();
        let kept = existing.filter(|client| client.secrets.iter().any(is_current));
        if let Some(kept) = kept.and_then(|client| resealed(methods, &client.secrets)) {
            return Ok(kept);
        }
        let stored = client_secret::stored(master, &self.id, methods, &Secret::new(secret));
        stored
            .map(|stored| vec![stored])
            .map_err(|error| error.to_string())
    }

    /// Whether its secret has to be sealed.
    pub(crate) fn wants_master_key(&self) -> bool {
        self.authentication_methods
            .as_ref()
            .is_some_and(|methods| methods.contains(&ClientAuthMethod::ClientSecretJwt))
    }

    /// What is done as declared and should not stay so.
    pub(crate) fn weakness(&self, environment: impl Fn(&str) -> Option<String>) -> Option<String> {
        let secret = self.secret_text(environment).ok().flatten()?;
        (secret.len() < MIN_SECRET_LENGTH).then(|| {
            format!(
                "client {} has a secret of fewer than {MIN_SECRET_LENGTH} characters; whoever reads the database guesses it",
                self.id
            )
        })
    }

    fn secret_text(&self, environment: impl Fn(&str) -> Option<String>) -> Result<Option<String>, String> {
        match (&self.secret, &self.secret_variable) {
            (Some(_), Some(_)) => Err("has both secret and secret_variable; one is enough".to_owned()),
            (Some(secret), None) => Ok(Some(secret.clone())),
            (None, Some(variable)) => {
                let value = environment(variable).filter(|value| !value.is_empty());
                value
                    .map(Some)
                    .ok_or_else(|| format!("wants its secret from {variable}, which is not set"))
            }
            (None, None) => Ok(None),
        }
    }

    fn methods(&self, has_secret: bool) -> Vec<ClientAuthMethod> {
        match &self.authentication_methods {
            None if has_secret => ClientAuthMethod::BY_SECRET.to_vec(),
            None => vec![ClientAuthMethod::None],
            Some(methods) => methods.clone(),
        }
    }
}
