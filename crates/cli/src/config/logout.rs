//! `[logout]`: what the end of a session brings about.

use grantor_protocol::Policy;

use super::reader::Section;

pub(super) fn read(section: &mut Section<'_>, policy: &mut Policy) {
    policy.revoke_grants_at_logout = section.setting(
        "revoke_grants",
        policy.revoke_grants_at_logout,
        "Whether signing out ends what applications were given in that session, but for what was given offline_access.",
    );
}
