//! `[outgoing]`: requests of the server's own, such as for the keys of trusted issuers.

use grantor_fetch::Guard;
use grantor_types::Origin;

use super::reader::Section;

pub(super) fn read(section: &mut Section<'_>) -> Guard {
    let origins: Vec<Origin> = section.setting(
        "origins",
        Vec::new(),
        "Origins that may be asked although they are not at a public address over https, such as https://idp.internal.",
    );
    let urls = origins.iter().filter_map(|origin| origin.as_str().parse().ok());
    urls.fold(Guard::new(), |guard, url| guard.allow_origin(&url))
}
