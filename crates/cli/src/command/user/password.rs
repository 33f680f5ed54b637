//! New passwords: asked for, or read from standard input. Never an argument: other users of the machine can read those.

use std::io::{IsTerminal as _, Read as _};

use clap::Args;
use grantor_types::Secret;

use crate::output::CommandError;

/// Where the password comes from.
#[derive(Clone, Debug, Args)]
pub(super) struct PasswordArguments {
    /// Read the password from standard input, up to the end of the first line.
    #[arg(long)]
    password_stdin: bool,
}

impl PasswordArguments {
    /// The new password. Whether it is long enough is for the administrator to say.
    ///
    /// # Errors
    /// When there is nobody to ask, or the two answers differ.
    pub(super) fn read(&self) -> Result<Secret, CommandError> {
        if self.password_stdin {
            from_stdin()
        } else {
            from_person()
        }
    }
}

fn from_stdin() -> Result<Secret, CommandError> {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| CommandError::caused_by("the password cannot be read", &error))?;
    Ok(Secret::new(text.lines().next().unwrap_or_default()))
}

fn from_person() -> Result<Secret, CommandError> {
    if !std::io::stdin().is_terminal() {
        return Err(CommandError::usage(
            "there is no terminal to ask for the password; pipe it in and add --password-stdin",
        ));
    }
    let ask = |prompt: &str| {
        rpassword::prompt_password(prompt)
            .map(Secret::new)
            .map_err(|error| CommandError::caused_by("the password cannot be read", &error))
    };
    let (first, second) = (ask("New password: ")?, ask("Again: ")?);
    if first.expose() != second.expose() {
        return Err(CommandError::usage("the two passwords differ"));
    }
    Ok(first)
}
