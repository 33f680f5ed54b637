//! Who may use the administration API: a client, with an access token of ours that it got for itself and for that API
//! alone.

use grantor_types::{Audience, Issuer, Resource, ScopeToken};

use crate::dpop::Presentation;
use crate::record::Client;
use crate::token::AccessTokenFacts;
use crate::{Cause, Cx};

/// Allows to read everything but secrets.
pub const READ_SCOPE: &str = "admin:read";
/// Allows to change everything.
pub const WRITE_SCOPE: &str = "admin:write";
/// The path of the API's resource indicator, below the issuer.
pub const RESOURCE_PATH: &str = "/admin";

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It changes nothing.
    Read,
    /// It changes something.
    Write,
}

impl Access {
    /// The scope that it needs.
    pub const fn scope(self) -> &'static str {
        match self {
            Self::Read => READ_SCOPE,
            Self::Write => WRITE_SCOPE,
        }
    }

    const fn missing(self) -> Cause {
        match self {
            Self::Read => Cause::AdminReadMissing,
            Self::Write => Cause::AdminWriteMissing,
        }
    }
}

/// Whether this is a scope of the administration API. The server knows them without being told.
pub fn is_scope(scope: &ScopeToken) -> bool {
    [READ_SCOPE, WRITE_SCOPE].contains(&scope.as_str())
}

/// The resource indicator of the administration API: `<issuer>/admin`. It needs no declaration.
pub fn resource(issuer: &Issuer) -> Option<Resource> {
    Resource::parse(&issuer.url(RESOURCE_PATH)).ok()
}

/// The client that may go on. A token for other resources too could be presented here by one of those, and a token
/// that somebody delegated was not meant for this. The registration is looked at besides the token: a client that loses
/// the right has lost it at once.
///
/// # Errors
/// `invalid_token` for a token that is no longer good or of another kind, `insufficient_scope` when it does not allow
/// this.
pub fn authorize<'a>(
    cx: &Cx<'_>,
    facts: &'a AccessTokenFacts,
    presentation: Presentation,
    access: Access,
) -> Result<&'a Client, Cause> {
    facts.check(cx.now)?;
    presentation.check(facts.claims.cnf.map(|cnf| cnf.jkt))?;
    let claims = &facts.claims;
    let resource = resource(cx.issuer).ok_or(Cause::AdminAudienceWrong)?;
    match &claims.aud {
        Audience::One(audience) if *audience == resource.as_str() => {}
        Audience::One(_) | Audience::Many(_) => return Err(Cause::AdminAudienceWrong),
    }
    let delegated =
        claims.act.is_some() || !claims.ancestors.is_empty() || !claims.ancestor_grants.is_empty();
    if facts.is_users() || delegated || claims.sub != claims.client_id.as_str() {
        return Err(Cause::AdminForeignToken);
    }
    let client = facts.client.as_deref().ok_or(Cause::TokenRevoked)?;
    // A client that registered itself asked for what it has; nobody gave it.
    let allowed = client.registration.is_none()
        && claims.scope.contains(access.scope())
        && client.scope.contains(access.scope())
        && client.audiences.contains(&resource);
    if allowed {
        Ok(client)
    } else {
        Err(access.missing())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use grantor_types::{Actor, Audience, GrantId, Timestamp};

    use super::{Access, authorize, resource};
    use crate::Cause;
    use crate::dpop::Presentation;
    use crate::fixture::{Edit, NOW, World, access_facts, confidential, scope};
    use crate::record::Client;
    use crate::token::AccessTokenFacts;

    fn facts() -> AccessTokenFacts {
        let mut facts = access_facts();
        let issuer = World::new().issuer;
        let client = Client {
            scope: scope("admin:read admin:write"),
            audiences: vec![resource(&issuer).unwrap()],
            ..confidential()
        };
        facts.claims.sub = client.id.to_string();
        facts.claims.client_id = client.id.clone();
        facts.claims.grant = None;
        facts.claims.aud = Audience::One("https://id.example/admin".to_owned());
        facts.claims.scope = scope("admin:read admin:write");
        facts.client = Some(Arc::new(client));
        facts.user = None;
        facts
    }

    fn ask(access: Access, change: impl FnOnce(&mut AccessTokenFacts)) -> Result<(), Cause> {
        let mut facts = facts();
        change(&mut facts);
        authorize(&World::new().cx(), &facts, Presentation::Bearer, access).map(|_| ())
    }

    #[test]
    fn each_scope_allows_its_own() {
        for (text, read, write) in [
            ("admin:read admin:write", Ok(()), Ok(())),
            ("admin:read", Ok(()), Err(Cause::AdminWriteMissing)),
            ("admin:write", Err(Cause::AdminReadMissing), Ok(())),
            (
                "admin",
                Err(Cause::AdminReadMissing),
                Err(Cause::AdminWriteMissing),
            ),
        ] {
            assert_eq!(
                ask(Access::Read, |facts| facts.claims.scope = scope(text)),
                read,
                "{text}"
            );
            assert_eq!(
                ask(Access::Write, |facts| facts.claims.scope = scope(text)),
                write,
                "{text}"
            );
        }
    }

    #[test]
    fn tokens_that_are_refused() {
        let audience =
            |values: &[&str]| Audience::of(values.iter().map(|value| (*value).to_owned()).collect());
        let rows: [(Cause, Edit<AccessTokenFacts>); 9] = [
            (
                Cause::TokenExpired,
                Box::new(|facts| facts.claims.exp = NOW.as_seconds()),
            ),
            (Cause::TokenRevoked, Box::new(|facts| facts.revoked = true)),
            (Cause::TokenRevoked, Box::new(|facts| facts.client = None)),
            (
                Cause::AdminAudienceWrong,
                Box::new(move |facts| facts.claims.aud = audience(&["https://id.example"])),
            ),
            (
                Cause::AdminAudienceWrong,
                Box::new(move |facts| {
                    facts.claims.aud = audience(&["https://id.example/admin", "https://api.example"]);
                }),
            ),
            (
                Cause::AdminForeignToken,
                Box::new(|facts| {
                    facts.claims.grant = Some(GrantId::new(NOW, [1; 10]));
                    facts.user = access_facts().user;
                }),
            ),
            (
                Cause::AdminForeignToken,
                Box::new(|facts| facts.claims.sub = "somebody".to_owned()),
            ),
            (
                Cause::AdminForeignToken,
                Box::new(|facts| {
                    facts.claims.act = Some(Actor {
                        sub: "a".to_owned(),
                        iss: None,
                        client_id: None,
                        act: None,
                    });
                }),
            ),
            (
                Cause::AdminForeignToken,
                Box::new(|facts| {
                    facts
                        .claims
                        .ancestor_grants
                        .push(GrantId::new(Timestamp::default(), [0; 10]))
                }),
            ),
        ];
        for (cause, change) in rows {
            assert_eq!(ask(Access::Read, change), Err(cause));
        }
    }

    /// The registration counts, whatever the token says.
    #[test]
    fn clients_that_lost_the_right() {
        let edit_client = |facts: &mut AccessTokenFacts, change: fn(&mut Client)| {
            let mut client = confidential();
            client.clone_from(facts.client.as_ref().unwrap());
            change(&mut client);
            facts.client = Some(Arc::new(client));
        };
        let rows: [(Cause, Edit<AccessTokenFacts>); 3] = [
            (
                Cause::AdminReadMissing,
                Box::new(move |facts| {
                    edit_client(facts, |client| {
                        client.registration = Some(Box::new(crate::record::Registration {
                            access_token: grantor_types::SecretHash::from_digest([1; 32]),
                            unused_until: None,
                            software_id: None,
                            software_version: None,
                            software_statement: None,
                        }));
                    });
                }),
            ),
            (
                Cause::AdminReadMissing,
                Box::new(move |facts| edit_client(facts, |client| client.scope = scope("read"))),
            ),
            (
                Cause::AdminReadMissing,
                Box::new(move |facts| edit_client(facts, |client| client.audiences.clear())),
            ),
        ];
        for (cause, change) in rows {
            assert_eq!(ask(Access::Read, change), Err(cause));
        }
    }
}
