//! Everything that can be done, in one table: routes, the command line and the OpenAPI document are made from it.

use grantor_protocol::administration::Access;
use http::Method;

/// Declares [`Action`] and its table from lines of
/// `/// summary`, `Variant, METHOD, "path", "tag", body, answer, condition, query;`.
macro_rules! actions {
    ($($(#[doc = $doc:literal])+ $variant:ident, $method:ident, $path:literal, $tag:literal, $body:expr, $answer:expr, $condition:ident, $query:expr;)+) => {
        /// Something that can be done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action { $($(#[doc = $doc])+ $variant,)+ }

        impl Action {
            /// Every action, in the order of the document.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// What it looks like over HTTP.
            #[rustfmt::skip]
            pub const fn operation(self) -> Operation {
                match self {
                    $(Self::$variant => Operation {
                        name: stringify!($variant), summary: concat!($($doc,)+), method: Method::$method, path: $path, tag: $tag, body: $body,
                        answer: $answer, condition: Condition::$condition, query: $query,
                    },)+
                }
            }
        }
    };
}

/// An action as it travels over HTTP.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its name in the document, in camel case with a capital.
    pub name: &'static str,
    /// What it does, in a sentence that begins with a space.
    pub summary: &'static str,
    /// The method.
    pub method: Method,
    /// The path below [`BASE`](super::BASE), with `{…}` for what is named.
    pub path: &'static str,
    /// What it belongs to.
    pub tag: &'static str,
    /// The schema of the body that it takes.
    pub body: Option<&'static str>,
    /// What it answers with when it did its work.
    pub answer: Answer,
    /// Whether it looks at `If-Match`.
    pub condition: Condition,
    /// The parameters of the query that it takes.
    pub query: &'static [&'static str],
}

/// The answer of an action that did its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// 200 with one thing, and its `ETag` when it can be replaced.
    One(&'static str),
    /// 200 with a page of such things.
    Page(&'static str),
    /// 201 with what was made, and where it is.
    Made(&'static str),
    /// 200 with what was written.
    Written(&'static str),
    /// 200 with a report on what was done.
    Report(&'static str),
    /// 204.
    Nothing,
}

/// What is expected of `If-Match`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Nothing; it is not looked at.
    Unused,
    /// It is honoured when it is there.
    Optional,
    /// It has to be there.
    Required,
}

const PAGE: &[&str] = &["limit", "after"];

use Answer::{Made, Nothing, One, Page, Report, Written};

actions! {
    /// List clients.
    ListClients, GET, "/clients", "clients", None, Page("Client"), Unused, PAGE;
    /// Register a client.
    CreateClient, POST, "/clients", "clients", Some("NewClient"), Made("MadeClient"), Unused, &[];
    /// Show a client.
    ShowClient, GET, "/clients/{client_id}", "clients", None, One("Client"), Unused, &[];
    /// Replace the registration of a client.
    ReplaceClient, PUT, "/clients/{client_id}", "clients", Some("Client"), Written("WrittenClient"), Required, &[];
    /// Delete a client with its consents and grants.
    DeleteClient, DELETE, "/clients/{client_id}", "clients", None, Nothing, Optional, &[];
    /// Give a client a new secret.
    RotateClientSecret, POST, "/clients/{client_id}/secrets", "clients", Some("NewSecret"), Report("RotatedSecret"), Optional, &[];
    /// List users, or find one by login name.
    ListUsers, GET, "/users", "users", None, Page("User"), Unused, &["limit", "after", "username"];
    /// Create a user.
    CreateUser, POST, "/users", "users", Some("NewUser"), Made("User"), Unused, &[];
    /// Show a user.
    ShowUser, GET, "/users/{user_id}", "users", None, One("User"), Unused, &[];
    /// Replace the login name, the claims and the state of a user. Whoever is switched off is logged out everywhere.
    ReplaceUser, PUT, "/users/{user_id}", "users", Some("User"), Written("User"), Required, &[];
    /// Set a new password. The sessions of the user end.
    SetPassword, PUT, "/users/{user_id}/password", "users", Some("NewPassword"), Nothing, Optional, &[];
    /// List the sessions of a user.
    ListSessions, GET, "/users/{user_id}/sessions", "sessions", None, Page("Session"), Unused, &[];
    /// End every session of a user.
    EndSessions, DELETE, "/users/{user_id}/sessions", "sessions", None, Nothing, Unused, &[];
    /// Show a session.
    ShowSession, GET, "/sessions/{session_id}", "sessions", None, One("Session"), Unused, &[];
    /// End a session.
    EndSession, DELETE, "/sessions/{session_id}", "sessions", None, Nothing, Unused, &[];
    /// List the personal access tokens of a user.
    ListPersonalAccessTokens, GET, "/users/{user_id}/personal-access-tokens", "personal access tokens", None, Page("PersonalAccessToken"), Unused, &[];
    /// End every personal access token of a user.
    RevokePersonalAccessTokens, DELETE, "/users/{user_id}/personal-access-tokens", "personal access tokens", None, Nothing, Unused, &[];
    /// End a personal access token of a user.
    RevokePersonalAccessToken, DELETE, "/users/{user_id}/personal-access-tokens/{token_id}", "personal access tokens", None, Nothing, Unused, &[];
    /// End every token of a user: the personal access tokens, and the grants with their access and refresh tokens.
    RevokeTokens, DELETE, "/users/{user_id}/tokens", "personal access tokens", None, Nothing, Unused, &[];
    /// List grants, of a user, of a client, or all.
    ListGrants, GET, "/grants", "grants", None, Page("Grant"), Unused, &["limit", "after", "user", "client"];
    /// Show a grant.
    ShowGrant, GET, "/grants/{grant_id}", "grants", None, One("Grant"), Unused, &[];
    /// End a grant. It is shown as revoked until its last token would have ended.
    RevokeGrant, DELETE, "/grants/{grant_id}", "grants", None, Nothing, Unused, &[];
    /// End several grants as one.
    RevokeGrants, POST, "/grants/revoke", "grants", Some("GrantsToRevoke"), Report("RevokedGrants"), Unused, &[];
    /// List scopes.
    ListScopes, GET, "/scopes", "scopes", None, Page("Scope"), Unused, PAGE;
    /// Make a scope known.
    CreateScope, POST, "/scopes", "scopes", Some("Scope"), Made("Scope"), Unused, &[];
    /// Show a scope.
    ShowScope, GET, "/scopes/{name}", "scopes", None, One("Scope"), Unused, &[];
    /// Replace a scope.
    ReplaceScope, PUT, "/scopes/{name}", "scopes", Some("Scope"), Written("Scope"), Required, &[];
    /// Forget a scope.
    DeleteScope, DELETE, "/scopes/{name}", "scopes", None, Nothing, Optional, &[];
    /// List resource servers.
    ListResources, GET, "/resources", "resources", None, Page("Resource"), Unused, PAGE;
    /// Declare a resource server.
    CreateResource, POST, "/resources", "resources", Some("Resource"), Made("WrittenResource"), Unused, &[];
    /// Show a resource server.
    ShowResource, GET, "/resources/{resource}", "resources", None, One("Resource"), Unused, &[];
    /// Replace a resource server.
    ReplaceResource, PUT, "/resources/{resource}", "resources", Some("Resource"), Written("WrittenResource"), Required, &[];
    /// Forget a resource server.
    DeleteResource, DELETE, "/resources/{resource}", "resources", None, Nothing, Optional, &[];
    /// List trusted issuers.
    ListTrustedIssuers, GET, "/trusted-issuers", "trusted issuers", None, Page("TrustedIssuer"), Unused, PAGE;
    /// Trust an issuer.
    CreateTrustedIssuer, POST, "/trusted-issuers", "trusted issuers", Some("TrustedIssuer"), Made("TrustedIssuer"), Unused, &[];
    /// Show a trusted issuer.
    ShowTrustedIssuer, GET, "/trusted-issuers/{issuer}", "trusted issuers", None, One("TrustedIssuer"), Unused, &[];
    /// Replace a trusted issuer.
    ReplaceTrustedIssuer, PUT, "/trusted-issuers/{issuer}", "trusted issuers", Some("TrustedIssuer"), Written("TrustedIssuer"), Required, &[];
    /// Trust an issuer no more.
    DeleteTrustedIssuer, DELETE, "/trusted-issuers/{issuer}", "trusted issuers", None, Nothing, Optional, &[];
    /// List the keys and where they stand.
    ListKeys, GET, "/keys", "keys", None, Page("Key"), Unused, &[];
    /// Replace keys now.
    RotateKeys, POST, "/keys/rotate", "keys", Some("KeysToRotate"), Report("RotatedKeys"), Unused, &[];
}

impl Action {
    /// The action of a method at a path below [`BASE`](super::BASE), and the names in the path, decoded.
    pub(super) fn find(method: &Method, path: &str) -> Option<(Self, Vec<String>)> {
        // "The HEAD method is identical to GET except that the server MUST NOT send content in the response." (RFC 9110
        // 9.3.2)
        let method = if method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        Self::ALL.iter().find_map(|action| {
            let operation = action.operation();
            let names = names(operation.path, path).filter(|_| operation.method == *method)?;
            Some((*action, names))
        })
    }

    /// What it needs to be allowed.
    pub fn access(self) -> Access {
        if self.operation().method == Method::GET {
            Access::Read
        } else {
            Access::Write
        }
    }
}

/// What a path has where the template has `{…}`; `None` when it is not of the template.
fn names(template: &str, path: &str) -> Option<Vec<String>> {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    let mut names = Vec::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(names),
            (Some(segment), Some(name)) if segment.starts_with('{') && !name.is_empty() => {
                let decoded = percent_encoding::percent_decode_str(name).decode_utf8().ok()?;
                names.push(decoded.into_owned());
            }
            (Some(segment), Some(name)) if segment == name => {}
            (Some(_), Some(_)) | (Some(_), None) | (None, Some(_)) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::Action;

    #[test]
    fn paths_lead_to_actions() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let rows = [
            (Method::GET, "/clients", Some((Action::ListClients, names(&[])))),
            (
                Method::HEAD,
                "/clients/a%2Fb",
                Some((Action::ShowClient, names(&["a/b"]))),
            ),
            (Method::GET, "/clients/", None),
            (Method::GET, "/clients/a/b", None),
            (Method::GET, "/clients/%ff", None),
            (Method::PATCH, "/clients/a", None),
            (
                Method::POST,
                "/grants/revoke",
                Some((Action::RevokeGrants, names(&[]))),
            ),
            (
                Method::DELETE,
                "/users/u/personal-access-tokens/t",
                Some((Action::RevokePersonalAccessToken, names(&["u", "t"]))),
            ),
        ];
        for (method, path, expected) in rows {
            assert_eq!(Action::find(&method, path), expected, "{method} {path}");
        }
    }
}
