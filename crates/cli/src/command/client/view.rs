//! A client as commands print it. Hashes of secrets are not shown.

use grantor_protocol::record::{ClientMetadata, ConsentRule, ExchangeRule, IntrospectionRight, SubjectsOf};
use grantor_server::admin::{ClientDocument, ShownSecret};
use grantor_types::{Seconds, TokenTypeUri};
use serde_json::Value;

use crate::config::Setting as _;
use crate::output::{list, print_members};

/// Public or confidential, on or off.
pub(super) fn kind(client: &ClientDocument) -> &'static str {
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
#[allow(clippy::too_many_lines, reason = "a line for each member")]
pub(super) fn print(client: &ClientDocument) {
    let lifetime = |seconds: Option<Seconds>| seconds.map(|seconds| seconds.show()).unwrap_or_default();
    let secrets = client
        .secrets
        .iter()
        .flatten()
        .map(|secret: &ShownSecret| match &secret.expires_at {
            None => "current".to_owned(),
            Some(end) => format!("old, until {end}"),
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
        ("client_id", list(&client.id)),
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
        ("created", list(&client.created_at)),
        ("changed", list(&client.updated_at)),
        (
            "revision",
            client
                .revision
                .map(|revision| revision.0.to_string())
                .unwrap_or_default(),
        ),
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
