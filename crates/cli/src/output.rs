//! What commands print: plain words for people, JSON with `--json`.

use thiserror::Error;

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

    /// The exit code of the process: 1 for a failure, 2 for a wrong argument or configuration.
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

/// Prints a value as indented JSON.
pub(crate) fn print_json(value: &impl serde::Serialize) -> Result<(), CommandError> {
    let text =
        serde_json::to_string_pretty(value).map_err(|error| CommandError::caused_by("JSON", &error))?;
    println!("{text}");
    Ok(())
}
