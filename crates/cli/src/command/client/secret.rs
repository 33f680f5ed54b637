//! Client secrets: generated, or chosen by somebody who knows what a fast hash is.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::Args;
use grantor_jose::digest;
use grantor_protocol::record::StoredSecret;

use crate::change::random_bytes;
use crate::declaration::MIN_SECRET_LENGTH;
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

/// A new secret.
pub(super) struct NewSecret {
    /// The text, when we made it: it is shown once.
    pub(super) generated: Option<String>,
    /// What is kept of it.
    pub(super) stored: StoredSecret,
}

impl SecretArguments {
    /// The chosen secret, or a new one.
    ///
    /// # Errors
    /// When it is too short, or there is no randomness.
    pub(super) fn make(self) -> Result<NewSecret, CommandError> {
        let (text, generated) = match self.secret {
            Some(secret) if secret.len() < MIN_SECRET_LENGTH && !self.danger_weak_secret => {
                return Err(CommandError::usage(format!(
                    "the secret has fewer than {MIN_SECRET_LENGTH} characters; leave --secret out and one is made, or add \
                     --danger-weak-secret"
                )));
            }
            Some(secret) => (secret, None),
            None => {
                let secret = URL_SAFE_NO_PAD.encode(random_bytes::<32>()?);
                (secret.clone(), Some(secret))
            }
        };
        let stored = StoredSecret {
            hash: digest::secret_hash(&text),
            expires_at: None,
            sealed: None,
        };
        Ok(NewSecret { generated, stored })
    }
}
