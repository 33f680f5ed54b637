//! `[log]`: what is written and how.

use super::reader::Section;

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// One JSON object a line, for machines.
    Json,
    /// For people.
    Text,
}

pub(super) fn read(section: &mut Section<'_>) -> (LogFormat, String) {
    let name = section.setting("format", "json".to_owned(), "json or text.");
    let format = match name.as_str() {
        "json" => LogFormat::Json,
        "text" => LogFormat::Text,
        _ => {
            section.problem("format", "has to be json or text");
            LogFormat::Json
        }
    };
    let filter = section.setting(
        "filter",
        "info".to_owned(),
        "Least level that is written (error, warn, info, debug, trace), also per module: info,grantor_server=debug.",
    );
    (format, filter)
}
