//! `[dpop]`: proofs of possession, RFC 9449.

use grantor_protocol::DpopPolicy;

use super::reader::Section;

pub(super) fn read(section: &mut Section<'_>, policy: &mut DpopPolicy) {
    policy.algorithms = section.setting(
        "algorithms",
        policy.algorithms.clone(),
        "The algorithms that clients may sign proofs with.",
    );
    if policy.algorithms.is_empty() {
        section.problem("algorithms", "has to name at least one");
    }
    policy.require_nonce = section.setting(
        "require_nonce",
        policy.require_nonce,
        "Whether every proof has to hold a nonce of this server; clients have to repeat their first request then.",
    );
}
