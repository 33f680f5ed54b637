//! `[registration]`: clients that register themselves, RFC 7591.

use grantor_protocol::RegistrationPolicy;
use grantor_types::{RegistrationMode, Seconds};

use super::reader::Section;

pub(super) fn read(section: &mut Section<'_>, policy: &mut RegistrationPolicy) {
    policy.mode = section.setting(
        "mode",
        policy.mode,
        "Who may register clients: nobody but the administrator, whoever has an initial access token, or everybody.",
    );
    policy.quota = section.setting(
        "quota",
        policy.quota,
        "The most clients that there may be of those that registered themselves.",
    );
    policy.unused_lifetime = section.setting(
        "unused_lifetime",
        policy.unused_lifetime,
        "How long a client that registered itself stays when nobody ever logs in to it and it gets no token.",
    );
    policy.allowed_scope = section.setting(
        "allowed_scope",
        policy.allowed_scope.clone(),
        "The scopes that clients which register themselves may have, and have when they name none.",
    );
    policy.allowed_grant_types = section.setting(
        "allowed_grant_types",
        policy.allowed_grant_types.clone(),
        "The grants that clients which register themselves may use.",
    );
    policy.address_rate = section.setting(
        "address_rate",
        policy.address_rate,
        "The most registrations and updates from one address in a minute.",
    );
    if policy.mode == RegistrationMode::Open {
        section.weakness(
            "mode",
            "Strangers register clients, and an address of this server can lead to their redirect URIs.",
        );
    }
    if policy.quota == 0 {
        section.problem(
            "quota",
            "has to be 1 or more; mode = \"closed\" switches registration off",
        );
    }
    if policy.address_rate == 0 {
        section.problem(
            "address_rate",
            "has to be 1 or more; mode = \"closed\" switches registration off",
        );
    }
    let (least, most) = (Seconds::minutes(1), Seconds::days(365));
    if policy.unused_lifetime < least || policy.unused_lifetime > most {
        let bounds = format!("has to be from {} to {} seconds", least.0, most.0);
        section.problem("unused_lifetime", bounds);
    }
}
