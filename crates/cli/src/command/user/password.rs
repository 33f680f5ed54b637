//! New passwords: asked for, or read from standard input. Never an argument: other users of the machine can read those.

use std::io::{IsTerminal as _, Read as _};

use clap::Args;
use grantor_server::password::PasswordHasher;
use grantor_types::Secret;

use crate::change::random_bytes;
use crate::output::CommandError;

/// Fewest characters ("a minimum of eight characters in length", NIST SP 800-63B 3.1.1.2).
const MIN_LENGTH: usize = 8;

/// Where the password comes from.
#[derive(Clone, Debug, Args)]
pub(super) struct PasswordArguments {
    /// Read the password from standard input, up to the end of the first line.
    #[arg(long)]
    password_stdin: bool,
}

impl PasswordArguments {
    /// The hash of the new password.
    ///
    /// # Errors
    /// When there is nobody to ask, the two answers differ, or the password is too short or too long.
    pub(super) async fn hash(&self) -> Result<String, CommandError> {
        let password = if self.password_stdin {
            from_stdin()?
        } else {
            from_person()?
        };
        if password.expose().chars().count() < MIN_LENGTH {
            return Err(CommandError::usage(format!(
                "a password has {MIN_LENGTH} or more characters"
            )));
        }
        let salt = random_bytes()?;
        PasswordHasher::start(1)
            .hash(password, salt)
            .await
            .map_err(|error| CommandError::usage(error.to_string()))
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
