//! `subject_type` and `sector_identifier_uri` (OpenID Connect Core 8.1, Dynamic Client Registration 5).

use std::collections::BTreeSet;

use grantor_types::SubjectType;

use super::document::{Document, Refusal};
use super::{Context, Wanted};
use crate::Cause;

const SECTOR: &str = "sector_identifier_uri";

pub(super) fn read(context: &Context<'_>, document: &Document, wanted: &mut Wanted) -> Result<(), Refusal> {
    let subject_type = document.word("subject_type", SubjectType::from_name)?;
    wanted.metadata.subject_type = subject_type.unwrap_or_default();
    wanted.metadata.sector_identifier_uri = document.web_uri(context, SECTOR)?;
    // "If there are multiple hostnames in the registered redirect_uris, the Client MUST register a
    // sector_identifier_uri." (OpenID Connect Core 8.1)
    let is_pairwise = wanted.metadata.subject_type == SubjectType::Pairwise;
    if is_pairwise && wanted.metadata.sector_identifier_uri.is_none() && !has_one_host(wanted) {
        return Err(Refusal::of(SECTOR, Cause::RegistrationSectorHosts));
    }
    Ok(())
}

fn has_one_host(wanted: &Wanted) -> bool {
    let host = |uri: &grantor_types::RedirectUri| uri.to_url()?.host_str().map(str::to_owned);
    let hosts: BTreeSet<Option<String>> = wanted.redirect_uris.iter().map(host).collect();
    hosts.len() == 1 && !hosts.contains(&None)
}

impl Wanted {
    /// Checks what was fetched from [`sector_identifier_uri`](Self::sector_identifier_uri); `None` when it could not be.
    ///
    /// # Errors
    /// "The values registered in redirect_uris MUST be included in the elements of the array."
    /// (OpenID Connect Dynamic Client Registration 5)
    pub fn check_sector(&self, listed: Option<&[String]>) -> Result<(), Refusal> {
        let listed = listed.ok_or(Refusal::of(SECTOR, Cause::RegistrationSectorUnavailable))?;
        let is_listed = |uri: &grantor_types::RedirectUri| listed.iter().any(|text| text == uri.as_str());
        if self.redirect_uris.iter().all(is_listed) {
            Ok(())
        } else {
            Err(Refusal::of(SECTOR, Cause::RegistrationSectorMismatch))
        }
    }
}
