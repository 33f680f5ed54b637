//! How users are to be logged in for the client (OpenID Connect Dynamic Client Registration 2).

use super::document::{Document, Refusal};
use super::{Context, MAX_TEXT, Wanted, logout};

pub(super) fn read(context: &Context<'_>, document: &Document, wanted: &mut Wanted) -> Result<(), Refusal> {
    let metadata = &mut wanted.metadata;
    metadata.default_max_age = document.seconds("default_max_age")?;
    metadata.require_auth_time = document.flag("require_auth_time")?;
    let contexts = document.list("default_acr_values", MAX_TEXT)?.unwrap_or_default();
    metadata.default_acr_values = contexts.into_iter().map(str::to_owned).collect();
    // "URI using the https scheme that a third party can use to initiate a login by the RP"
    metadata.initiate_login_uri = logout::address(context, document, "initiate_login_uri")?;
    Ok(())
}
