//! `grantor user create`.

use clap::Args;
use grantor_protocol::record::{Revision, User};
use grantor_protocol::{Change, Expect};
use grantor_types::{StandardClaims, UserId};

use super::claims::ClaimArguments;
use super::password::PasswordArguments;
use super::view;
use crate::change::{self, random_bytes};
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, print_json, say};

/// Longest login name, in bytes; the login page takes no longer one.
const MAX_USERNAME_LENGTH: usize = 255;

/// Create a user. The password is asked for.
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// The login name, compared without regard to case.
    #[arg(value_parser = username)]
    username: String,
    #[command(flatten)]
    password: PasswordArguments,
    /// Set no password: the user cannot log in until `set-password` gives them one.
    #[arg(long, conflicts_with = "password_stdin")]
    no_password: bool,
    #[command(flatten)]
    claims: ClaimArguments,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Create {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let store = self.database.open()?;
        let username = self.username;
        let taken = store.user_by_username(&username).await?;
        if taken.is_some() {
            return Err(CommandError::usage(format!(
                "there is a user {username} already; `grantor user update {username}` changes them"
            )));
        }
        let mut claims = StandardClaims::default();
        self.claims.write_to(&mut claims)?;
        let password_hash = if self.no_password {
            None
        } else {
            Some(self.password.hash().await?)
        };
        let now = change::now();
        let user = User {
            id: UserId::new(now, random_bytes()?),
            username,
            password_hash,
            claims,
            disabled: false,
            created_at: now,
            updated_at: now,
            revision: Revision(1),
        };
        let put = Change::PutUser {
            user: Box::new(user.clone()),
            expect: Expect::Absent,
        };
        change::commit(&*store, vec![put], &format!("user {}", user.username)).await?;
        if self.json {
            return print_json(&view::json(&user));
        }
        say!("user {} created, sub {}", user.username, user.id);
        Ok(())
    }
}

/// A login name as it can be typed.
///
/// # Errors
/// When it is empty, too long, or begins or ends with white space, which the login page takes away.
pub(super) fn username(text: &str) -> Result<String, String> {
    if text.is_empty()
        || text.len() > MAX_USERNAME_LENGTH
        || text.trim() != text
        || text.contains(char::is_control)
    {
        return Err(format!(
            "has to be 1 to {MAX_USERNAME_LENGTH} bytes without control characters or white space around them"
        ));
    }
    Ok(text.to_owned())
}
