//! A user as commands print it. Hashes of passwords are not shown.

use grantor_server::admin::UserDocument;

use crate::output::{list, print_members};

/// On or off, and whether there is a password.
pub(super) fn state(user: &UserDocument) -> &'static str {
    match (user.disabled, user.has_password.unwrap_or_default()) {
        (true, _) => "disabled",
        (false, true) => "enabled",
        (false, false) => "enabled, no password",
    }
}

/// The user for people.
pub(super) fn print(user: &UserDocument, sessions: usize) {
    let claims = serde_json::to_value(&user.claims).unwrap_or_default();
    let claims = claims.as_object().into_iter().flatten();
    let claims = claims.map(|(name, value)| {
        format!(
            "{name}={}",
            value.as_str().map_or_else(|| value.to_string(), str::to_owned)
        )
    });
    print_members(&[
        ("id (sub)", list(user.id)),
        ("username", user.username.clone()),
        ("state", state(user).to_owned()),
        ("sessions", sessions.to_string()),
        ("claims", list(claims)),
        ("created", list(&user.created_at)),
        ("changed", list(&user.updated_at)),
        (
            "revision",
            user.revision
                .map(|revision| revision.0.to_string())
                .unwrap_or_default(),
        ),
    ]);
}
