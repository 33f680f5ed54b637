//! Client secrets: generated, or chosen by somebody who knows what a fast hash is.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::Args;
use grantor_protocol::record::{Client, StoredSecret};
use grantor_types::{ClientAuthMethod, Secret};

use crate::change::random_bytes;
use crate::declaration::{self, MIN_SECRET_LENGTH};
use crate::engine::DatabaseArguments;
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
    text: Secret,
}

impl NewSecret {
    /// What is kept of it for this client. The master key is read for a client that signs with it, and for no other.
    ///
    /// # Errors
    /// When the master key cannot be used.
    pub(super) fn stored(
        &self,
        client: &Client,
        database: &DatabaseArguments,
    ) -> Result<StoredSecret, CommandError> {
        let methods = &client.authentication_methods;
        let signs = methods.contains(&ClientAuthMethod::ClientSecretJwt);
        let keys = signs.then(|| database.keys()).transpose()?;
        let master = keys.as_ref().map(|keys| &keys.master);
        declaration::new_secret(master, &client.id, methods, &self.text)
            .map_err(|problem| CommandError::new(format!("client {} {problem}", client.id)))
    }
}

impl SecretArguments {
    /// The chosen secret, or a new one.
    ///
    /// # Errors
    /// When it is too short, or there is no randomness.
    pub(super) fn make(self, client: &Client) -> Result<NewSecret, CommandError> {
        let long = client
            .authentication_methods
            .contains(&ClientAuthMethod::ClientSecretJwt);
        let (text, generated) = match self.secret {
            Some(secret) if secret.len() < MIN_SECRET_LENGTH && !self.danger_weak_secret => {
                return Err(CommandError::usage(format!(
                    "the secret has fewer than {MIN_SECRET_LENGTH} characters; leave --secret out and one is made, or add \
                     --danger-weak-secret"
                )));
            }
            Some(secret) => (secret, None),
            None => {
                // Long enough for HMAC with SHA-512, which wants as many bytes as it makes (RFC 7518 3.2).
                let secret = match long {
                    true => URL_SAFE_NO_PAD.encode(random_bytes::<64>()?),
                    false => URL_SAFE_NO_PAD.encode(random_bytes::<32>()?),
                };
                (secret.clone(), Some(secret))
            }
        };
        let text = Secret::new(text);
        Ok(NewSecret { generated, text })
    }
}
