//! `[admin]`: the administration API.

use super::reader::Section;

pub(super) fn read(section: &mut Section<'_>, enabled: bool) -> bool {
    section.setting(
        "enabled",
        enabled,
        "Whether the administration API answers. It takes access tokens with the scopes admin:read and admin:write alone.",
    )
}
