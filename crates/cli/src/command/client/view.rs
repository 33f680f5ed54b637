//! A client as commands print it. Hashes of secrets are not shown.

use grantor_protocol::record::{
    Client, ClientMetadata, ConsentRule, ExchangeRule, IntrospectionRight, SubjectsOf,
};
use grantor_types::{Seconds, TokenTypeUri};
use serde_json::{Value, json};

use crate::config::Setting as _;
use crate::output::{CommandError, instant, list, print_members};

/// The registration as JSON.
///
/// # Errors
/// When it cannot be written, which no record does.
pub(super) fn json(client: &Client) -> Result<Value, CommandError> {
    let mut value = serde_json::to_value(client).map_err(|error| CommandError::caused_by("JSON", &error))?;
    let secrets = client
        .secrets
        .iter()
        .map(|secret| json!({ "expires_at": secret.expires_at.map(instant) }));
    if let Value::Object(members) = &mut value {
        members.insert("secrets".to_owned(), secrets.collect());
        members.insert("created_at".to_owned(), instant(client.created_at).into());
        members.insert("updated_at".to_owned(), instant(client.updated_at).into());
    }
    Ok(value)
}

/// Public or confidential, on or off.
pub(super) fn kind(client: &Client) -> &'static str {
    match (client.is_public(), client.disabled) {
        (true, false) => "public",
        (false, false) => "confidential",
        (true, true) => "public, disabled",
        (false, true) => "confidential, disabled",
    }
}

fn yes_or_no(value: bool) -> String {
    if value { "always" } else { "as the client likes" }.to_owned()
}

/// The registration for people.
pub(super) fn print(client: &Client) {
    let lifetime = |seconds: Option<Seconds>| seconds.map(|seconds| seconds.show()).unwrap_or_default();
    let secrets = client.secrets.iter().map(|secret| match secret.expires_at {
        None => "current".to_owned(),
        Some(end) => format!("old, until {}", instant(end)),
    });
    let introspection = match client.introspection {
        IntrospectionRight::Own => "own tokens",
        IntrospectionRight::All => "all tokens",
    };
    let consent = match client.consent {
        ConsentRule::Ask => "ask",
        ConsentRule::Implied => "implied",
    };
    let exchanges: Vec<String> = client.token_exchange.iter().map(exchange).collect();
    let (lifetimes, links) = (&client.lifetimes, &client.links);
    print_members(&[
        ("client_id", client.id.to_string()),
        ("name", client.name.clone()),
        ("kind", kind(client).to_owned()),
        ("application type", client.application_type.to_string()),
        ("authentication", list(&client.authentication_methods)),
        ("secrets", list(secrets)),
        ("grants", list(&client.grant_types)),
        ("redirect URIs", list(&client.redirect_uris)),
        ("origins", list(&client.origins)),
        ("scope", client.scope.to_string()),
        ("audiences", list(&client.audiences)),
        ("token exchange", exchanges.join("; ")),
        ("introspection", introspection.to_owned()),
        ("consent", consent.to_owned()),
        ("tokens bound", yes_or_no(client.dpop_bound_access_tokens)),
        (
            "requests pushed",
            yes_or_no(client.require_pushed_authorization_requests),
        ),
        (
            "personal tokens",
            if client.personal_access_tokens {
                "yes"
            } else {
                "no"
            }
            .to_owned(),
        ),
        ("access token format", list(client.access_token_format)),
        ("access token algorithm", list(client.access_token_algorithm)),
        ("ID token algorithm", list(client.id_token_algorithm)),
        ("access token lifetime", lifetime(lifetimes.access_token)),
        ("refresh token lifetime", lifetime(lifetimes.refresh_token)),
        ("ID token lifetime", lifetime(lifetimes.id_token)),
        ("refresh replay window", lifetime(lifetimes.refresh_replay_window)),
        ("home page", list(&links.client_uri)),
        ("logo", list(&links.logo_uri)),
        ("policy", list(&links.policy_uri)),
        ("terms of service", list(&links.tos_uri)),
        ("metadata", metadata(&client.metadata)),
        ("created", instant(client.created_at)),
        ("changed", instant(client.updated_at)),
        ("revision", client.revision.0.to_string()),
    ]);
}

/// The members that are set, as they are declared.
fn metadata(metadata: &ClientMetadata) -> String {
    let members = serde_json::to_value(metadata).ok();
    let set = members.as_ref().and_then(Value::as_object);
    let lines = set
        .into_iter()
        .flatten()
        .map(|(name, value)| format!("{name} = {value}"));
    lines.collect::<Vec<_>>().join("\n")
}

/// A rule in a line: what of whom, for what, and how.
fn exchange(rule: &ExchangeRule) -> String {
    let short = |kind: &TokenTypeUri| kind.as_str().rsplit(':').next().unwrap_or_default().to_owned();
    let kinds: Vec<String> = rule.subject_token_types.iter().map(short).collect();
    let whose = match &rule.subjects_of {
        SubjectsOf::Own => "its own".to_owned(),
        SubjectsOf::Clients(clients) => list(clients),
        SubjectsOf::Any => "any client".to_owned(),
    };
    let how = match (rule.delegation, rule.impersonation) {
        (true, true) => "delegation, impersonation",
        (true, false) => "delegation",
        (false, true) => "impersonation",
        (false, false) => "nothing",
    };
    let refresh = if rule.refresh_token {
        ", with refresh tokens"
    } else {
        ""
    };
    format!(
        "{} of {whose} for {} by {how}{refresh}",
        kinds.join(" or "),
        list(&rule.audiences)
    )
}
