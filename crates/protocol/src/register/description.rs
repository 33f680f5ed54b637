//! What people read of a client: name, contacts, links.

use super::document::{Document, Refusal};
use super::{Context, MAX_TEXT, Wanted};
use crate::record::Links;

/// Longest name, in bytes.
const MAX_NAME: usize = 200;

pub(super) fn read(context: &Context<'_>, document: &Document, wanted: &mut Wanted) -> Result<(), Refusal> {
    wanted.name = document
        .text_up_to("client_name", MAX_NAME)?
        .unwrap_or_default()
        .to_owned();
    let contacts = document.list("contacts", MAX_TEXT)?.unwrap_or_default();
    wanted.metadata.contacts = contacts.into_iter().map(str::to_owned).collect();
    wanted.links = Links {
        client_uri: document.web_uri(context, "client_uri")?,
        logo_uri: document.web_uri(context, "logo_uri")?,
        policy_uri: document.web_uri(context, "policy_uri")?,
        tos_uri: document.web_uri(context, "tos_uri")?,
    };
    Ok(())
}
