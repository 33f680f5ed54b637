//! `[paths]`: where endpoints answer.

use std::collections::BTreeMap;

use grantor_server::{Endpoint, PathFamily, Paths};

use super::reader::Section;

pub(super) fn read(section: &mut Section<'_>) -> Paths {
    let names: Vec<String> = section.setting(
        "families",
        vec!["oauth".to_owned()],
        "Families of path names that answer: oauth (always), oauth2, root.",
    );
    let mut families = Vec::new();
    for name in names {
        match PathFamily::from_name(&name) {
            Some(family) => families.push(family),
            None => section.problem(
                "families",
                format!("\"{name}\" is not a family; there are oauth, oauth2, root"),
            ),
        }
    }
    let mut overrides = BTreeMap::new();
    for endpoint in Endpoint::ALL {
        let path: Option<String> = section.optional(
            endpoint.name(),
            "The path of this endpoint in place of the canonical one; it is the one that metadata advertises.",
        );
        let Some(path) = path else { continue };
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_' | b'.' | b'~');
        if !path.starts_with('/') || path.ends_with('/') || !path.bytes().all(plain) {
            section.problem(
                endpoint.name(),
                "has to begin with / and hold only letters, digits, / - _ . ~",
            );
        } else if overrides.values().any(|other| *other == path) {
            section.problem(endpoint.name(), "is the path of another endpoint too");
        } else {
            overrides.insert(endpoint, path);
        }
    }
    Paths::new(&families, overrides)
}
