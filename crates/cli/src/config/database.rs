//! `[database]`: where everything is kept.

use std::path::PathBuf;

use super::reader::Section;

pub(super) fn read(section: &mut Section<'_>) -> PathBuf {
    section.setting(
        "path",
        PathBuf::from("grantor.db"),
        "The SQLite file. It is made when it is not there.",
    )
}
