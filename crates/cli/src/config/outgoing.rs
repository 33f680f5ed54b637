//! `[outgoing]`: requests of the server's own, such as for the keys of trusted issuers.

use std::path::PathBuf;

use grantor_fetch::Guard;
use grantor_types::Origin;

use super::reader::Section;

pub(super) fn read(section: &mut Section<'_>) -> Guard {
    let origins: Vec<Origin> = section.setting(
        "origins",
        Vec::new(),
        "Origins that may be asked although they are not at a public address over https, such as https://idp.internal.",
    );
    let anchors: Vec<PathBuf> = section.setting(
        "trust_anchors",
        Vec::new(),
        "Files of certificates in PEM that are trusted beside those of the system, for servers with a certificate of the \
         operator's own.",
    );
    let urls = origins.iter().filter_map(|origin| origin.as_str().parse().ok());
    let guard = urls.fold(Guard::new(), |guard, url| guard.allow_origin(&url));
    anchors
        .iter()
        .fold(guard, |guard, path| match std::fs::read(path) {
            Ok(pem) => guard.trust_anchors(&pem),
            Err(error) => {
                section.problem(
                    "trust_anchors",
                    format!("{} cannot be read: {error}", path.display()),
                );
                guard
            }
        })
}
