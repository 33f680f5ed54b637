//! Client secrets: generated, or chosen by somebody who knows what a fast hash is.

use clap::Args;
use grantor_protocol::validity::{self, MIN_SECRET_LENGTH};
use serde_json::{Map, Value};

use crate::output::CommandError;

/// Where a secret comes from.
#[derive(Clone, Debug, Args)]
pub(super) struct SecretArguments {
    /// A secret that was chosen elsewhere, of 32 or more characters. Generated when absent, from 256 random bits.
    #[arg(long)]
    secret: Option<String>,
    /// Take a shorter secret all the same. It is stored under a fast hash: whoever reads the database guesses it.
    #[arg(long, requires = "secret")]
    danger_weak_secret: bool,
}

impl SecretArguments {
    /// The members of a request that name the secret; none when one is to be made.
    ///
    /// # Errors
    /// When it is too short.
    pub(super) fn write_to(self, members: &mut Map<String, Value>) -> Result<(), CommandError> {
        let Some(secret) = self.secret else { return Ok(()) };
        if validity::secret(&secret, self.danger_weak_secret).is_err() {
            return Err(CommandError::usage(format!(
                "the secret has fewer than {MIN_SECRET_LENGTH} characters; leave --secret out and one is made, or add \
                 --danger-weak-secret"
            )));
        }
        members.insert("secret".to_owned(), Value::String(secret));
        members.insert(
            "danger_weak_secret".to_owned(),
            Value::Bool(self.danger_weak_secret),
        );
        Ok(())
    }
}
