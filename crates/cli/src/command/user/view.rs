//! A user as commands print it. Hashes of passwords are not shown.

use grantor_protocol::record::User;
use serde_json::{Value, json};

use crate::output::{instant, list, print_members};

/// The user as JSON.
pub(super) fn json(user: &User) -> Value {
    json!({
        "id": user.id,
        "username": user.username,
        "has_password": user.password_hash.is_some(),
        "disabled": user.disabled,
        "claims": user.claims,
        "created_at": instant(user.created_at),
        "updated_at": instant(user.updated_at),
        "revision": user.revision,
    })
}

/// On or off, and whether there is a password.
pub(super) fn state(user: &User) -> &'static str {
    match (user.disabled, user.password_hash.is_some()) {
        (true, _) => "disabled",
        (false, true) => "enabled",
        (false, false) => "enabled, no password",
    }
}

/// The user for people.
pub(super) fn print(user: &User, sessions: usize) {
    let claims = serde_json::to_value(&user.claims).unwrap_or_default();
    let claims = claims.as_object().into_iter().flatten();
    let claims = claims.map(|(name, value)| {
        format!(
            "{name}={}",
            value.as_str().map_or_else(|| value.to_string(), str::to_owned)
        )
    });
    print_members(&[
        ("id (sub)", user.id.to_string()),
        ("username", user.username.clone()),
        ("state", state(user).to_owned()),
        ("sessions", sessions.to_string()),
        ("claims", list(claims)),
        ("created", instant(user.created_at)),
        ("changed", instant(user.updated_at)),
        ("revision", user.revision.0.to_string()),
    ]);
}
