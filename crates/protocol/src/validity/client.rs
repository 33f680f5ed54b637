//! Clients.

use grantor_jose::{Jwks, signing_algorithm};
use grantor_types::{ClientAuthMethod, GrantType, MacAlgorithm, ScopeToken};

use super::Invalid;
use crate::administration;
use crate::logout;
use crate::record::{Client, MAX_LANGUAGES, resealed};
use crate::token::MAX_ACCESS_TOKEN_LIFETIME;

/// Fewest characters of a secret that somebody chose. Secrets are stored under a fast hash, which hides only what cannot
/// be guessed.
pub const MIN_SECRET_LENGTH: usize = 32;

/// Checks a client.
///
/// # Errors
/// What is wrong and what to do.
pub fn client(client: &Client) -> Result<(), Invalid> {
    let uses = |grant| client.grant_types.contains(&grant);
    if uses(GrantType::AuthorizationCode) && client.redirect_uris.is_empty() {
        return Err(Invalid::new(
            "redirect_uris",
            "uses authorization_code and has no redirect_uris",
        ));
    }
    if uses(GrantType::ClientCredentials) && client.is_public() {
        return Err(Invalid::new(
            "grant_types",
            "uses client_credentials and has no secret (RFC 6749 4.4 wants a confidential client)",
        ));
    }
    if client.metadata.danger_pkce_optional && client.is_public() {
        return Err(Invalid::new(
            "metadata",
            "has danger_pkce_optional and no secret; then nothing would protect its codes",
        ));
    }
    token_exchange(client)?;
    logout::check_registration(client).map_err(|problem| Invalid::new("metadata", problem))?;
    if client.grant_types.is_empty() {
        return Err(Invalid::new("grant_types", "has no grant_types"));
    }
    authentication(client)?;
    if client.metadata.translations.languages() > MAX_LANGUAGES {
        let problem = format!("has names or links in more than {MAX_LANGUAGES} languages");
        return Err(Invalid::new("metadata", problem));
    }
    if client
        .lifetimes
        .access_token
        .is_some_and(|lifetime| lifetime > MAX_ACCESS_TOKEN_LIFETIME)
    {
        return Err(Invalid::new(
            "lifetimes",
            "has an access token lifetime of more than a day",
        ));
    }
    Ok(())
}

fn authentication(client: &Client) -> Result<(), Invalid> {
    let member = "authentication_methods";
    let methods = &client.authentication_methods;
    if methods.is_empty() {
        return Err(Invalid::new(member, "has no authentication method"));
    }
    if methods.contains(&ClientAuthMethod::None) && (methods.len() > 1 || !client.secrets.is_empty()) {
        return Err(Invalid::new(
            member,
            "has authentication_methods that do not fit: none is for clients without a secret",
        ));
    }
    if methods.iter().any(|method| method.uses_secret()) && client.secrets.is_empty() {
        return Err(Invalid::new(
            member,
            "has authentication_methods that want a secret, and none is set",
        ));
    }
    assertions(client)
}

/// What the methods that sign need: keys, a secret that is kept, an algorithm that there is.
fn assertions(client: &Client) -> Result<(), Invalid> {
    let (methods, metadata) = (&client.authentication_methods, &client.metadata);
    let wrong = |member: &'static str, problem: String| Err(Invalid::new(member, problem));
    if metadata.jwks.is_some() && metadata.jwks_uri.is_some() {
        return wrong("metadata", "has both jwks and jwks_uri; one is enough".to_owned());
    }
    if let Some(Err(error)) = metadata.jwks.as_ref().map(Jwks::check_registered) {
        return wrong("metadata", format!("has a jwks that cannot be used: {error}"));
    }
    let by_key = methods.contains(&ClientAuthMethod::PrivateKeyJwt);
    if by_key && metadata.jwks.is_none() && metadata.jwks_uri.is_none() {
        let problem = "authenticates by private_key_jwt and has no keys; set jwks or jwks_uri";
        return wrong("metadata", problem.to_owned());
    }
    let by_secret = methods.contains(&ClientAuthMethod::ClientSecretJwt);
    if resealed(methods, &client.secrets).is_none() {
        let problem = "authenticates by client_secret_jwt from now on, and only a hash is kept of its secret; give it a new \
                       one with `grantor client rotate-secret --authentication-method client_secret_jwt --overlap 0`";
        return wrong("authentication_methods", problem.to_owned());
    }
    let Some(name) = metadata.token_endpoint_auth_signing_alg.as_deref() else {
        return Ok(());
    };
    match (signing_algorithm(name).is_some(), MacAlgorithm::from_name(name)) {
        (true, _) if by_key => Ok(()),
        (false, Some(_)) if by_secret => Ok(()),
        (_, _) => wrong(
            "metadata",
            format!(
                "has the token_endpoint_auth_signing_alg {name}, which none of its authentication_methods signs with"
            ),
        ),
    }
}

fn token_exchange(client: &Client) -> Result<(), Invalid> {
    let uses = client.grant_types.contains(&GrantType::TokenExchange);
    if uses && client.is_public() {
        return Err(Invalid::new(
            "grant_types",
            "uses token exchange and has no secret; whoever found a token could exchange it",
        ));
    }
    let wrong = |problem: &str| Err(Invalid::new("token_exchange", problem));
    if !uses && !client.token_exchange.is_empty() {
        let missing = GrantType::TokenExchange;
        return wrong(&format!(
            "has token_exchange rules and lacks the grant type {missing}"
        ));
    }
    for rule in &client.token_exchange {
        if rule.audiences.is_empty() || rule.subject_token_types.is_empty() {
            return wrong(
                "has a token_exchange rule that allows nothing: audiences or subject_token_types is empty",
            );
        }
        if !rule.delegation && !rule.impersonation {
            return wrong("has a token_exchange rule that allows neither delegation nor impersonation");
        }
    }
    Ok(())
}

/// Checks a secret that somebody chose. `danger_weak` takes a shorter one all the same.
///
/// # Errors
/// When it is empty, or too short to be kept under a fast hash.
pub fn secret(text: &str, danger_weak: bool) -> Result<(), Invalid> {
    if text.is_empty() || (text.len() < MIN_SECRET_LENGTH && !danger_weak) {
        let problem = format!(
            "has a secret of fewer than {MIN_SECRET_LENGTH} characters; leave it out and one is made, or say \
             danger_weak_secret"
        );
        return Err(Invalid::new("secret", problem));
    }
    Ok(())
}

/// What is allowed and may still not be what was meant: scopes that the server does not know, because the order of things is
/// free, and what weakens the client.
pub fn warnings(client: &Client, is_known: impl Fn(&ScopeToken) -> bool) -> Vec<String> {
    let unknown = client
        .scope
        .iter()
        .filter(|scope| !administration::is_scope(scope) && !is_known(scope))
        .map(ScopeToken::as_str);
    let warning = |scope| {
        format!(
            "client {} names the scope {scope}, which the server does not know; `grantor scope create {scope}` makes it \
             known",
            client.id
        )
    };
    let without_pkce = client.metadata.danger_pkce_optional.then(|| {
        format!(
            "client {} has danger_pkce_optional: under the profile oidc its secret alone protects a code of its that leaks",
            client.id
        )
    });
    unknown.map(warning).chain(without_pkce).collect()
}

#[cfg(test)]
mod tests {
    use grantor_types::{ClientAuthMethod, GrantType, Seconds};

    use super::{client, secret, warnings};
    use crate::fixture::{Edit, confidential, scope};
    use crate::record::Client;

    #[test]
    fn what_a_client_cannot_be() {
        assert_eq!(client(&confidential()), Ok(()));
        let rows: [(&str, &str, Edit<Client>); 7] = [
            (
                "metadata",
                "nothing would protect its codes",
                Box::new(|client| {
                    client.metadata.danger_pkce_optional = true;
                    client.grant_types = vec![GrantType::AuthorizationCode];
                    client.authentication_methods = vec![ClientAuthMethod::None];
                    client.secrets.clear();
                }),
            ),
            (
                "redirect_uris",
                "no redirect_uris",
                Box::new(|client| client.redirect_uris.clear()),
            ),
            (
                "grant_types",
                "no grant_types",
                Box::new(|client| client.grant_types.clear()),
            ),
            (
                "authentication_methods",
                "no authentication method",
                Box::new(|client| client.authentication_methods.clear()),
            ),
            (
                "authentication_methods",
                "none is for clients without a secret",
                Box::new(|client| {
                    client.grant_types = vec![GrantType::RefreshToken];
                    client.authentication_methods.push(ClientAuthMethod::None);
                }),
            ),
            (
                "lifetimes",
                "more than a day",
                Box::new(|client| client.lifetimes.access_token = Some(Seconds::days(2))),
            ),
            (
                "grant_types",
                "wants a confidential client",
                Box::new(|client| {
                    client.grant_types = vec![GrantType::ClientCredentials];
                    client.authentication_methods = vec![ClientAuthMethod::None];
                    client.secrets.clear();
                }),
            ),
        ];
        for (member, says, change) in rows {
            let mut record = confidential();
            change(&mut record);
            let found = client(&record).unwrap_err();
            assert_eq!(found.member, member, "{says}");
            assert!(found.problem.contains(says), "{found}");
        }
    }

    #[test]
    fn chosen_secrets() {
        let long = "x".repeat(32);
        assert!(secret(&long, false).is_ok() && secret("short", true).is_ok());
        assert!(secret("short", false).is_err() && secret("", true).is_err());
    }

    #[test]
    fn the_scopes_of_administration_are_known() {
        let record = Client {
            scope: scope("admin:read admin:write reed"),
            ..confidential()
        };
        assert_eq!(warnings(&record, |_| false).len(), 1);
    }

    #[test]
    fn what_weakens_a_client_is_said() {
        let mut record = confidential();
        assert!(warnings(&record, |_| true).is_empty());
        record.metadata.danger_pkce_optional = true;
        let found = warnings(&record, |_| true);
        assert!(
            found.len() == 1 && found[0].contains("danger_pkce_optional"),
            "{found:?}"
        );
    }
}
