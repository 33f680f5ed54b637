//! Clients.

use grantor_protocol::record::{
    Client, ClientMetadata, ConsentRule, ExchangeRule, IntrospectionRight, Lifetimes, Links, Revision,
    StoredSecret, resealed,
};
use grantor_protocol::{Cause, Change, Expect, validity};
use grantor_store::CommitError;
use grantor_types::{
    ApplicationType, ClientAuthMethod, ClientId, GrantType, Origin, RedirectUri, Resource, Scope,
    SigningAlgorithm, TokenFormat,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::administration::{Administration, Output};
use super::refusal::Refusal;
use super::request::{Request, read};
use super::secrets::NewSecret;
use super::{cursor, instant, precondition};

/// A client as it is shown and written. Hashes of secrets are not shown. What only the server sets is there when a client
/// is shown, and not looked at when one is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "the members are those of the record, which documents them"
)]
pub struct ClientDocument {
    /// Its identifier; generated when absent at its registration, and never changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ClientId>,
    #[serde(default)]
    pub name: String,
    /// `[none]` is a public client. By secret when absent.
    #[serde(default = "secret_methods")]
    pub authentication_methods: Vec<ClientAuthMethod>,
    #[serde(default = "web")]
    pub application_type: ApplicationType,
    #[serde(default)]
    pub grant_types: Vec<GrantType>,
    #[serde(default)]
    pub redirect_uris: Vec<RedirectUri>,
    #[serde(default)]
    pub origins: Vec<Origin>,
    #[serde(default)]
    pub scope: Scope,
    #[serde(default)]
    pub audiences: Vec<Resource>,
    #[serde(default)]
    pub token_exchange: Vec<ExchangeRule>,
    #[serde(default)]
    pub introspection: IntrospectionRight,
    #[serde(default)]
    pub consent: ConsentRule,
    #[serde(default)]
    pub dpop_bound_access_tokens: bool,
    #[serde(default)]
    pub require_pushed_authorization_requests: bool,
    #[serde(default)]
    pub personal_access_tokens: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token_format: Option<TokenFormat>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token_algorithm: Option<SigningAlgorithm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token_algorithm: Option<SigningAlgorithm>,
    #[serde(default)]
    pub lifetimes: Lifetimes,
    #[serde(default)]
    pub links: Links,
    #[serde(default, skip_serializing_if = "is_empty")]
    pub metadata: Box<ClientMetadata>,
    #[serde(default)]
    pub disabled: bool,
    /// The secrets that it may use: the current one, and those that end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrets: Option<Vec<ShownSecret>>,
    /// When it was registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// When it was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
    /// Counts its changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<Revision>,
}

/// What is shown of a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShownSecret {
    /// When it stops working; null for the current one.
    pub expires_at: Option<String>,
}

/// What is as the specifications say is not shown.
fn is_empty(metadata: &ClientMetadata) -> bool {
    *metadata == ClientMetadata::default()
}

fn web() -> ApplicationType {
    ApplicationType::Web
}

fn secret_methods() -> Vec<ClientAuthMethod> {
    ClientAuthMethod::BY_SECRET.to_vec()
}

impl ClientDocument {
    /// A client with a secret that may do nothing.
    pub fn new(id: Option<ClientId>) -> Self {
        Self {
            id,
            name: String::new(),
            authentication_methods: secret_methods(),
            application_type: web(),
            grant_types: Vec::new(),
            redirect_uris: Vec::new(),
            origins: Vec::new(),
            scope: Scope::default(),
            audiences: Vec::new(),
            token_exchange: Vec::new(),
            introspection: IntrospectionRight::default(),
            consent: ConsentRule::default(),
            dpop_bound_access_tokens: false,
            require_pushed_authorization_requests: false,
            personal_access_tokens: false,
            access_token_format: None,
            access_token_algorithm: None,
            id_token_algorithm: None,
            lifetimes: Lifetimes::default(),
            links: Links::default(),
            metadata: Box::default(),
            disabled: false,
            secrets: None,
            created_at: None,
            updated_at: None,
            revision: None,
        }
    }

    /// Whether it cannot keep a secret.
    pub fn is_public(&self) -> bool {
        self.authentication_methods.contains(&ClientAuthMethod::None)
    }

    /// Whether it authenticates with a secret.
    pub(super) fn uses_secret(&self) -> bool {
        self.authentication_methods
            .iter()
            .any(|method| method.uses_secret())
    }

    pub(super) fn methods(&self) -> &[ClientAuthMethod] {
        &self.authentication_methods
    }

    pub(super) fn of(client: Client) -> Self {
        let shown = |secret: StoredSecret| ShownSecret {
            expires_at: secret.expires_at.map(instant),
        };
        Self {
            id: Some(client.id),
            name: client.name,
            authentication_methods: client.authentication_methods,
            application_type: client.application_type,
            grant_types: client.grant_types,
            redirect_uris: client.redirect_uris,
            origins: client.origins,
            scope: client.scope,
            audiences: client.audiences,
            token_exchange: client.token_exchange,
            introspection: client.introspection,
            consent: client.consent,
            dpop_bound_access_tokens: client.dpop_bound_access_tokens,
            require_pushed_authorization_requests: client.require_pushed_authorization_requests,
            personal_access_tokens: client.personal_access_tokens,
            access_token_format: client.access_token_format,
            access_token_algorithm: client.access_token_algorithm,
            id_token_algorithm: client.id_token_algorithm,
            lifetimes: client.lifetimes,
            links: client.links,
            metadata: client.metadata,
            disabled: client.disabled,
            secrets: Some(client.secrets.into_iter().map(shown).collect()),
            created_at: Some(instant(client.created_at)),
            updated_at: Some(instant(client.updated_at)),
            revision: Some(client.revision),
        }
    }

    /// The record that it says, with what only the server sets from the one that is there.
    fn record(self, existing: Client) -> Client {
        Client {
            name: self.name,
            authentication_methods: self.authentication_methods,
            application_type: self.application_type,
            grant_types: self.grant_types,
            redirect_uris: self.redirect_uris,
            origins: self.origins,
            scope: self.scope,
            audiences: self.audiences,
            token_exchange: self.token_exchange,
            introspection: self.introspection,
            consent: self.consent,
            dpop_bound_access_tokens: self.dpop_bound_access_tokens,
            require_pushed_authorization_requests: self.require_pushed_authorization_requests,
            personal_access_tokens: self.personal_access_tokens,
            access_token_format: self.access_token_format,
            access_token_algorithm: self.access_token_algorithm,
            id_token_algorithm: self.id_token_algorithm,
            lifetimes: self.lifetimes,
            links: self.links,
            metadata: self.metadata,
            disabled: self.disabled,
            ..existing
        }
    }
}

pub(super) fn etag(client: &Client) -> String {
    precondition::of_revision(client.revision, client.created_at)
}

/// The client that the path names.
pub(super) async fn find(admin: &Administration<'_>, request: &Request) -> Result<Client, Refusal> {
    let name = request.name(0);
    let found = match ClientId::parse(name) {
        Ok(id) => admin.store.client(&id).await?,
        Err(_) => None,
    };
    found.ok_or_else(|| Refusal::of(Cause::NotFound, format!("there is no client {name}")))
}

pub(super) async fn list(admin: &Administration<'_>, request: &Request) -> Result<Output, Refusal> {
    let after = cursor::after(request, |text| ClientId::parse(text).ok())?;
    let page = admin
        .store
        .clients(after.as_ref(), cursor::limit(request)?)
        .await?;
    cursor::page(page, |client| client.id.to_string(), ClientDocument::of)
}

pub(super) async fn show(admin: &Administration<'_>, request: &Request) -> Result<Output, Refusal> {
    let client = find(admin, request).await?;
    let etag = etag(&client);
    Ok(Output::document(&ClientDocument::of(client))?.etag(etag))
}

pub(super) async fn create(admin: &Administration<'_>, mut request: Request) -> Result<Output, Refusal> {
    let mut members = request.object()?;
    let chosen = NewSecret::take(&mut members)?;
    let document: ClientDocument = read(members.into())?;
    let id = match &document.id {
        Some(id) => id.clone(),
        None => ClientId::from_random(admin.random()?),
    };
    let mut client = Client::new(id.clone(), admin.now);
    let mut generated = None;
    if document.uses_secret() {
        let made = chosen.make(admin, &id, document.methods())?;
        client.secrets = vec![made.stored];
        generated = made.generated;
    } else if chosen.is_there() {
        return Err(Refusal::member(
            "secret",
            "is for clients that authenticate with one",
        ));
    }
    let client = document.record(client);
    let subject = format!("client {id}");
    validity::client(&client).map_err(|invalid| Refusal::invalid(&subject, &invalid))?;
    let warnings = warnings(admin, &client).await?;
    let put = Change::PutClient {
        client: Box::new(client.clone()),
        expect: Expect::Absent,
    };
    admin.commit(vec![put]).await.map_err(|error| match error {
        CommitError::Conflict => Refusal::of(Cause::AlreadyThere, format!("there is a {subject} already")),
        CommitError::Store(error) => error.into(),
    })?;
    let etag = etag(&client);
    let body = json!({ "client": ClientDocument::of(client), "secret": generated, "warnings": warnings });
    Ok(Output::body(body).etag(etag).made(id))
}

pub(super) async fn replace(admin: &Administration<'_>, mut request: Request) -> Result<Output, Refusal> {
    let before = find(admin, &request).await?;
    precondition::check(request.if_match.as_deref(), &etag(&before))?;
    let document: ClientDocument = request.document()?;
    if document.id.as_ref().is_some_and(|id| *id != before.id) {
        return Err(Refusal::member("id", "cannot be changed"));
    }
    let subject = format!("client {}", before.id);
    if document.is_public() != before.is_public() {
        let problem = "cannot become public or confidential afterwards; create another one";
        return Err(Refusal {
            detail: Some(format!("{subject} {problem}")),
            ..Refusal::member("authentication_methods", problem)
        });
    }
    let revision = before.revision;
    let changed = document.record(before);
    let warnings = warnings(admin, &changed).await?;
    let client = save(admin, revision, changed).await?;
    let etag = etag(&client);
    let body = json!({ "client": ClientDocument::of(client), "warnings": warnings });
    Ok(Output::body(body).etag(etag))
}

/// Writes a client who was at this revision. None of its secrets stays sealed that need not be; one that is missing, the
/// check speaks of.
pub(super) async fn save(
    admin: &Administration<'_>,
    before: Revision,
    changed: Client,
) -> Result<Client, Refusal> {
    let secrets = resealed(&changed.authentication_methods, &changed.secrets);
    let client = Client {
        secrets: secrets.unwrap_or_else(|| changed.secrets.clone()),
        updated_at: admin.now,
        revision: before.next(),
        ..changed
    };
    let subject = format!("client {}", client.id);
    validity::client(&client).map_err(|invalid| Refusal::invalid(&subject, &invalid))?;
    let put = Change::PutClient {
        client: Box::new(client.clone()),
        expect: Expect::Revision(before),
    };
    admin.commit(vec![put]).await?;
    Ok(client)
}

/// With a condition the client is written once more in the same commit: that write has a guard, the deletion has none.
pub(super) async fn delete(admin: &Administration<'_>, request: &Request) -> Result<Output, Refusal> {
    let client = find(admin, request).await?;
    precondition::check(request.if_match.as_deref(), &etag(&client))?;
    let id = client.id.clone();
    let guard = request.if_match.is_some().then(|| Change::PutClient {
        expect: Expect::Revision(client.revision),
        client: Box::new(Client {
            revision: client.revision.next(),
            ..client
        }),
    });
    let delete = Change::DeleteClient(id);
    admin.commit(guard.into_iter().chain([delete]).collect()).await?;
    Ok(Output::default())
}

/// What is allowed and may still not be what was meant.
async fn warnings(admin: &Administration<'_>, client: &Client) -> Result<Vec<String>, Refusal> {
    let known = admin.store.scopes().await?;
    Ok(validity::warnings(client, |scope| {
        known.iter().any(|known| known.name == *scope)
    }))
}
