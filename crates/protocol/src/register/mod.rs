//! Dynamic client registration ([RFC 7591](https://www.rfc-editor.org/rfc/rfc7591),
//! [RFC 7592](https://www.rfc-editor.org/rfc/rfc7592),
//! [OpenID Connect Dynamic Client Registration 1.0](https://openid.net/specs/openid-connect-registration-1_0.html)).
//!
//! [`check`] is the table of checks, one file for each group of members, in the order they run. [`admit`] says who may
//! register, [`create`], [`replace`] and [`delete`] decide, [`response`] is what the client reads.

mod admission;
mod application;
mod authentication;
mod decide;
mod description;
mod document;
mod grants;
mod keys;
mod login;
mod logout;
mod request_object;
mod response;
mod software;
mod subject;
mod tokens;

use grantor_types::{
    ApplicationType, ClientAuthMethod, GrantType, RedirectUri, Scope, SigningAlgorithm, WebUri,
};

pub use self::admission::{INITIAL_PREFIX, NewInitialToken, Presented, admit, make_initial, parse_initial};
pub use self::decide::{Fresh, Registered, create, delete, replace};
pub use self::document::{Document, MAX_DOCUMENT, Refusal};
pub use self::response::response;
pub use self::software::StatementClaims;
use crate::Cx;
use crate::record::{Client, ClientMetadata, Links};

/// Most entries of a list, unless its check says otherwise.
const MAX_ENTRIES: usize = 20;
/// Longest text, in bytes, unless its check says otherwise.
const MAX_TEXT: usize = 255;

/// What a check is told beside the document.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The world.
    pub cx: &'a Cx<'a>,
    /// The algorithms that there are keys for.
    pub algorithms: &'a [SigningAlgorithm],
    /// The client as it is, when its registration is updated.
    pub current: Option<&'a Client>,
}

/// A registration that passed every check, but for the document of its sector.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    name: String,
    method: ClientAuthMethod,
    application_type: ApplicationType,
    grant_types: Vec<GrantType>,
    redirect_uris: Vec<RedirectUri>,
    scope: Scope,
    links: Links,
    dpop_bound_access_tokens: bool,
    require_pushed_authorization_requests: bool,
    id_token_algorithm: Option<SigningAlgorithm>,
    metadata: ClientMetadata,
    software: software::Software,
}

/// Checks a registration. Each line is a group of members; the later ones look at what the earlier ones found. "The
/// authorization server MUST ignore any client metadata sent by the client that it does not understand" (RFC 7591 2).
///
/// # Errors
/// The first member that is wrong, and what is.
pub fn check(context: &Context<'_>, document: &Document) -> Result<Wanted, Refusal> {
    let mut wanted = Wanted::new();
    description::read(context, document, &mut wanted)?;
    application::read(context, document, &mut wanted)?;
    grants::read(context, document, &mut wanted)?;
    keys::read(context, document, &mut wanted)?;
    authentication::read(context, document, &mut wanted)?;
    application::check_presence(&wanted)?;
    subject::read(context, document, &mut wanted)?;
    tokens::read(context, document, &mut wanted)?;
    request_object::read(context, document, &mut wanted)?;
    login::read(context, document, &mut wanted)?;
    logout::read(context, document, &mut wanted)?;
    software::read(document, &mut wanted)?;
    Ok(wanted)
}

impl Wanted {
    fn new() -> Self {
        Self {
            name: String::new(),
            method: ClientAuthMethod::ClientSecretBasic,
            application_type: ApplicationType::Web,
            grant_types: Vec::new(),
            redirect_uris: Vec::new(),
            scope: Scope::default(),
            links: Links::default(),
            dpop_bound_access_tokens: false,
            require_pushed_authorization_requests: false,
            id_token_algorithm: None,
            metadata: ClientMetadata::default(),
            software: software::Software::default(),
        }
    }

    /// Where the document of its sector is, which has to be fetched and [checked](Self::check_sector).
    pub fn sector_identifier_uri(&self) -> Option<&WebUri> {
        self.metadata.sector_identifier_uri.as_ref()
    }

    fn uses(&self, grant_type: GrantType) -> bool {
        self.grant_types.contains(&grant_type)
    }

    fn is_public(&self) -> bool {
        self.method == ClientAuthMethod::None
    }
}

impl Context<'_> {
    /// Whether plain http to this machine is in order: only on a server that does so itself, in development.
    fn allows_loopback(&self) -> bool {
        !self.cx.issuer.is_https()
    }
}

#[cfg(test)]
mod tests;
