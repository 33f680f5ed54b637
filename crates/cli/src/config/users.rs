//! `[users]`: accounts of people.

use grantor_protocol::Policy;

use super::reader::Section;

pub(super) fn read(section: &mut Section<'_>, policy: &mut Policy) {
    policy.self_registration = section.setting(
        "self_registration",
        policy.self_registration,
        "Whether people may make accounts for themselves: a link on the login page, and prompt=create for clients.",
    );
}
