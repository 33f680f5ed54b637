//! `[client_assertions]`: JWTs that clients authenticate with, RFC 7523.

use grantor_protocol::ClientAssertionPolicy;

use super::reader::Section;

pub(super) fn read(section: &mut Section<'_>, policy: &mut ClientAssertionPolicy) {
    policy.algorithms = section.setting(
        "algorithms",
        policy.algorithms.clone(),
        "The algorithms that clients may sign them with by a private key.",
    );
    if policy.algorithms.is_empty() {
        section.problem("algorithms", "has to name at least one");
    }
    policy.issuer_audience_only = section.setting(
        "issuer_audience_only",
        policy.issuer_audience_only,
        "Whether the issuer is the only audience that is taken, whatever clients are registered for, as FAPI 2.0 wants.",
    );
}
