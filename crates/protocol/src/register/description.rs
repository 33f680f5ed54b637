//! What people read of a client: name, contacts, links.

use grantor_types::MAX_URI_LENGTH;

use super::document::{self, Document, Refusal};
use super::{Context, MAX_TEXT, Wanted};
use crate::Cause;
use crate::record::{Links, MAX_LANGUAGES, Translations};

/// Longest name, in bytes.
const MAX_NAME: usize = 200;

pub(super) fn read(context: &Context<'_>, document: &Document, wanted: &mut Wanted) -> Result<(), Refusal> {
    wanted.name = document
        .text_up_to("client_name", MAX_NAME)?
        .unwrap_or_default()
        .to_owned();
    let contacts = document.list("contacts", MAX_TEXT)?.unwrap_or_default();
    wanted.metadata.contacts = contacts.into_iter().map(str::to_owned).collect();
    for (member, link) in wanted.links.each_mut() {
        *link = document.web_uri(context, member)?;
    }
    wanted.metadata.translations = translations(context, document)?;
    Ok(())
}

/// "Human-readable client metadata values and client metadata values that reference human-readable values MAY be represented
/// in multiple languages and scripts. [...] To specify the languages and scripts, BCP 47 language tags are added to client
/// metadata member names, delimited by a "#" character." (RFC 7591 2.2)
fn translations(context: &Context<'_>, document: &Document) -> Result<Translations, Refusal> {
    let mut translations = Translations::default();
    for (language, text) in document.tagged("client_name", MAX_NAME)? {
        translations.entry(language).name = Some(text.to_owned());
    }
    for (member, _) in Links::default().each() {
        for (language, text) in document.tagged(member, MAX_URI_LENGTH)? {
            let uri = document::web_uri(context, member, text)?;
            if let Some(link) = translations.entry(language).link_mut(member) {
                *link = Some(uri);
            }
        }
        if translations.languages() > MAX_LANGUAGES {
            return Err(Refusal::of(member, Cause::RegistrationMemberTooMany));
        }
    }
    Ok(translations)
}
