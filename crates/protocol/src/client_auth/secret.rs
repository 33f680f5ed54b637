//! What the two secret methods share: a secret of 256 random bits, kept as its SHA-256, compared in constant time.

use grantor_jose::digest;
use grantor_types::{ClientAuthMethod, Secret, Timestamp};

use crate::Cause;
use crate::record::Client;

pub(super) fn check(
    now: Timestamp,
    client: &Client,
    method: ClientAuthMethod,
    secret: &Secret,
) -> Result<ClientAuthMethod, Cause> {
    let presented = digest::secret_hash(secret.expose());
    let live = client.secrets.iter().filter(|stored| stored.is_live(now));
    // No early exit: the time must not tell which secret matched.
    let matches = live.fold(false, |found, stored| found | (stored.hash == presented));
    if !matches {
        return Err(Cause::ClientSecretWrong);
    }
    if !client.authentication_methods.contains(&method) {
        return Err(Cause::ClientAuthenticationMethod);
    }
    Ok(method)
}
