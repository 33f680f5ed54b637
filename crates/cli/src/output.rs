//! What commands print: tables and plain words for people, JSON with `--json`.

use comfy_table::{ContentArrangement, Table, presets};
use thiserror::Error;

pub(crate) use grantor_server::admin::instant;

/// Why a command did not do its work.
#[derive(Debug, Error)]
#[error("{message}")]
pub(crate) struct CommandError {
    message: String,
    exit_code: u8,
}

impl CommandError {
    /// Something failed.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            exit_code: 1,
        }
    }

    /// What was asked for cannot be: a wrong argument or configuration.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            exit_code: 2,
        }
    }

    /// A login is missing or has ended: somebody has to sign in.
    pub(crate) fn login_needed(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            exit_code: 3,
        }
    }

    /// The provider could not be asked, and nothing has changed: the same again later may work.
    pub(crate) fn later(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            exit_code: 4,
        }
    }

    /// The same, with something more to say.
    pub(crate) fn with(mut self, more: &str) -> Self {
        self.message = format!("{}.{more}", self.message.trim_end_matches('.'));
        self
    }

    /// The exit code of the process: 1 for a failure, 2 for a wrong argument or configuration, 3 when somebody has to sign
    /// in, 4 when it can be tried again later.
    pub(crate) fn exit_code(&self) -> u8 {
        self.exit_code
    }

    /// An error with everything that led to it.
    pub(crate) fn caused_by(context: &str, error: &dyn std::error::Error) -> Self {
        let mut message = format!("{context}: {error}");
        let mut source = error.source();
        while let Some(cause) = source {
            message.push_str(": ");
            message.push_str(&cause.to_string());
            source = cause.source();
        }
        Self::new(message)
    }
}

impl From<grantor_store::StoreError> for CommandError {
    fn from(error: grantor_store::StoreError) -> Self {
        Self::caused_by("the database", &error)
    }
}

/// Prints a line. Who reads it may leave early, as `head` does: that is no failure of ours.
macro_rules! say {
    ($($argument:tt)*) => { $crate::output::write_line(format_args!($($argument)*)) };
}
pub(crate) use say;

/// What [`say`] does.
pub(crate) fn write_line(line: std::fmt::Arguments<'_>) {
    use std::io::Write as _;
    match writeln!(std::io::stdout(), "{line}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            eprintln!("grantor: standard output cannot be written: {error}");
        }
        Ok(()) | Err(_) => {}
    }
}

/// Prints a value as indented JSON.
pub(crate) fn print_json(value: &impl serde::Serialize) -> Result<(), CommandError> {
    let text =
        serde_json::to_string_pretty(value).map_err(|error| CommandError::caused_by("JSON", &error))?;
    say!("{text}");
    Ok(())
}

/// Prints rows under their titles; `nothing` when there are none.
pub(crate) fn print_table(titles: &[&str], rows: Vec<Vec<String>>, nothing: &str) {
    if rows.is_empty() {
        say!("{nothing}");
        return;
    }
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(titles.to_vec());
    for row in rows {
        table.add_row(row);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    say!("{}", table.trim_fmt());
}

/// Prints the members of one thing, a line each. Members without a value are left out.
pub(crate) fn print_members(members: &[(&str, String)]) {
    let shown = members.iter().filter(|(_, value)| !value.is_empty());
    let width = shown.clone().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, value) in shown {
        say!("{name:width$}  {value}");
    }
}

/// Tells a person what was done as asked and may still not be what they want.
pub(crate) fn print_warnings(warnings: &[String]) {
    for warning in warnings {
        eprintln!("warning: {warning}");
    }
}

/// Values separated by commas.
pub(crate) fn list<T: ToString>(values: impl IntoIterator<Item = T>) -> String {
    let values: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
    values.join(", ")
}
