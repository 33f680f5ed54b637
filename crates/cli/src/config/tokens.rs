//! `[tokens]`: what is handed out and how long it lives.

use grantor_protocol::Policy;
use grantor_server::keyring::MAX_ACCESS_TOKEN_LIFETIME;
use grantor_types::{Seconds, SigningAlgorithm};

use super::reader::Section;

pub(super) fn read(section: &mut Section<'_>, policy: &mut Policy, algorithms: &[SigningAlgorithm]) {
    lifetimes(section, policy);
    policy.access_token_format = section.setting(
        "access_token_format",
        policy.access_token_format,
        "The form of access tokens.",
    );
    policy.access_token_algorithm = section.setting(
        "access_token_algorithm",
        policy.access_token_algorithm,
        "The signature of JWT access tokens, unless the resource server or the client has another.",
    );
    policy.id_token_algorithm = section.setting(
        "id_token_algorithm",
        policy.id_token_algorithm,
        "The signature of ID tokens, unless the client has another.",
    );
    for (key, algorithm) in [
        ("access_token_algorithm", policy.access_token_algorithm),
        ("id_token_algorithm", policy.id_token_algorithm),
    ] {
        if !algorithms.contains(&algorithm) {
            section.problem(key, format!("is {algorithm}, which is not in keys.algorithms"));
        }
    }
    policy.require_pushed_authorization_requests = section.setting(
        "require_pushed_authorization_requests",
        policy.require_pushed_authorization_requests,
        "Whether every authorization request has to be pushed by its client first (RFC 9126).",
    );
    policy.default_audience = section.optional(
        "default_audience",
        "The audience of tokens whose request names no resource; the issuer when absent.",
    );
    policy.danger_anonymous_introspection = section.danger(
        "danger_anonymous_introspection",
        "Whoever holds a token may ask about it without authenticating.",
    );
    policy.danger_anonymous_revocation = section.danger(
        "danger_anonymous_revocation",
        "Whoever holds a token may revoke it without authenticating, tokens of confidential clients too.",
    );
}

fn lifetimes(section: &mut Section<'_>, policy: &mut Policy) {
    let ten_years = Seconds::days(3650);
    let mut read = |key, value: &mut Seconds, bounds: (Seconds, Seconds), documentation| {
        *value = section.setting(key, *value, documentation);
        let (least, most) = bounds;
        if *value < least || *value > most {
            section.problem(key, format!("has to be from {} to {} seconds", least.0, most.0));
        }
    };
    read(
        "code_lifetime",
        &mut policy.code_lifetime,
        (Seconds(1), Seconds::minutes(10)),
        "Life of an authorization code.",
    );
    read(
        "pushed_request_lifetime",
        &mut policy.pushed_request_lifetime,
        (Seconds(5), Seconds::minutes(10)),
        "Life of a pushed authorization request, for the browser to come with it.",
    );
    read(
        "access_token_lifetime",
        &mut policy.access_token_lifetime,
        (Seconds(1), MAX_ACCESS_TOKEN_LIFETIME),
        "Life of an access token.",
    );
    read(
        "id_token_lifetime",
        &mut policy.id_token_lifetime,
        (Seconds(1), Seconds::days(1)),
        "Life of an ID token.",
    );
    read(
        "refresh_token_lifetime",
        &mut policy.refresh_token_lifetime,
        (Seconds(1), ten_years),
        "Life of a refresh token that is not used; each use starts it anew.",
    );
    read(
        "grant_lifetime",
        &mut policy.grant_lifetime,
        (Seconds(1), ten_years),
        "Life of a grant, however often it is refreshed.",
    );
    read(
        "personal_access_token_lifetime",
        &mut policy.personal_access_token_lifetime,
        (Seconds::days(1), ten_years),
        "Longest life of a personal access token, and its life when nothing is said.",
    );
    read(
        "refresh_replay_window",
        &mut policy.refresh_replay_window,
        (Seconds(0), Seconds::minutes(5)),
        "How long a rotated refresh token of a public client still answers with the same successor; 0s switches it off.",
    );
}
