//! Scopes, in words a person can decide on.

use crate::text::shown_line;
use crate::view::View;

/// One scope the app asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeItem {
    /// The scope as it stands in the request.
    pub name: String,
    /// What it allows, in a few words, from the operator. Without it the scopes of OpenID Connect read in the language
    /// of the page, and any other by its name.
    pub title: Option<String>,
    /// What that means, in a sentence, from the operator.
    pub description: Option<String>,
}

impl ScopeItem {
    /// A scope without words of the operator's.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            title: None,
            description: None,
        }
    }
}

/// A scope as the template wants it.
pub(crate) struct ShownScope {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) description: Option<String>,
    /// The outline of the icon.
    pub(crate) icon: &'static str,
}

impl ShownScope {
    /// Who somebody is first, then what the application adds, then how long it lasts.
    pub(crate) fn all(scopes: &[ScopeItem], view: View<'_>) -> Vec<Self> {
        let mut in_order: Vec<&ScopeItem> = scopes.iter().collect();
        in_order.sort_by_key(|scope| match scope.name.as_str() {
            "openid" => 0,
            "profile" => 1,
            "email" => 2,
            "address" => 3,
            "phone" => 4,
            "offline_access" => 6,
            _ => 5,
        });
        in_order.into_iter().map(|scope| Self::new(scope, view)).collect()
    }

    fn new(scope: &ScopeItem, view: View<'_>) -> Self {
        let known = known(&scope.name);
        let ours = |kind: &str| known.map(|(id, _)| view.t(&format!("scope-{id}-{kind}")));
        Self {
            name: scope.name.clone(),
            title: scope
                .title
                .as_deref()
                .map(shown_line)
                .or_else(|| ours("title"))
                .unwrap_or_else(|| shown_line(&scope.name)),
            // The operator's title with our description would be two halves of different sentences.
            description: match &scope.description {
                Some(text) => Some(shown_line(text)),
                None if scope.title.is_none() => ours("text"),
                None => None,
            },
            icon: known.map_or(KEY, |(_, icon)| icon),
        }
    }
}

/// The scopes of OpenID Connect Core 1.0, sections 3.1.2.1, 5.4 and 11: the name in message ids, and the icon.
fn known(name: &str) -> Option<(&'static str, &'static str)> {
    match name {
        "openid" => Some((
            "openid",
            "M10 2.8l6 2.2v4.5c0 3.7-2.5 6.4-6 7.7-3.5-1.3-6-4-6-7.7V5zM7.3 9.9l2 2 3.6-3.9",
        )),
        "profile" => Some((
            "profile",
            "M10 3.2a3.3 3.3 0 1 1 0 6.6 3.3 3.3 0 0 1 0-6.6zM3.6 16.8c.8-2.9 3.3-4.5 6.4-4.5s5.6 1.6 6.4 4.5",
        )),
        "email" => Some((
            "email",
            "M3.8 4.8h12.4a1 1 0 0 1 1 1v8.4a1 1 0 0 1-1 1H3.8a1 1 0 0 1-1-1V5.8a1 1 0 0 1 1-1zM3.2 5.6L10 10.9l6.8-5.3",
        )),
        "address" => Some((
            "address",
            "M10 17.4s5.6-4.7 5.6-9.2a5.6 5.6 0 0 0-11.2 0c0 4.5 5.6 9.2 5.6 9.2zM10 10.2a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
        )),
        "phone" => Some((
            "phone",
            "M6.7 2.6h6.6a1.2 1.2 0 0 1 1.2 1.2v12.4a1.2 1.2 0 0 1-1.2 1.2H6.7a1.2 1.2 0 0 1-1.2-1.2V3.8a1.2 1.2 0 0 1 1.2-1.2zM9 14.6h2",
        )),
        "offline_access" => Some((
            "offline-access",
            "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6.2V10l2.6 1.7",
        )),
        _ => None,
    }
}

const KEY: &str = "M9.3 10.7l7.2-7.2M13.3 6.7l2.4 2.4M7 16.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4z";
