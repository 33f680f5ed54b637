//! The stored form of client secrets: a hash for all, and the secret itself, sealed, for clients that sign with it
//! (`client_secret_jwt`). It is sealed under the master key and not under a key that is replaced: a client keeps its secret
//! for years.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_jose::SealError;
use grantor_protocol::record::StoredSecret;
use grantor_types::{ClientAuthMethod, ClientId, Secret, SecretBytes, SecretHash};

use crate::keyring::{KeyringError, MasterKey};

/// What is stored of a secret of a client that authenticates by these methods; the master key is needed where one of them
/// signs with it. Whoever changes the methods of a client without its secret uses
/// [`resealed`](grantor_protocol::record::resealed).
///
/// # Errors
/// [`KeyringError`] when it cannot be sealed, and [`KeyringError::NoMasterKey`] when it has to be.
pub fn stored(
    master: Option<&MasterKey>,
    client: &ClientId,
    methods: &[ClientAuthMethod],
    secret: &Secret,
) -> Result<StoredSecret, KeyringError> {
    let hashed = StoredSecret::hashed(secret);
    if !methods.contains(&ClientAuthMethod::ClientSecretJwt) {
        return Ok(hashed);
    }
    let master = master.ok_or(KeyringError::NoMasterKey)?;
    Ok(StoredSecret {
        sealed: Some(seal(master, client, hashed.hash, secret)?),
        ..hashed
    })
}

/// The secret itself; `None` when only its hash is kept.
///
/// # Errors
/// [`KeyringError::Unwrap`] when it does not open: the master key is another one, or the row was altered.
pub(crate) fn opened(
    master: &MasterKey,
    client: &ClientId,
    stored: &StoredSecret,
) -> Result<Option<Secret>, KeyringError> {
    let Some(sealed) = &stored.sealed else {
        return Ok(None);
    };
    let failed = |source| unwrap_error(client, source);
    let sealed = URL_SAFE_NO_PAD
        .decode(sealed)
        .map_err(|_| failed(SealError::Malformed))?;
    let opened = master
        .client_secrets()
        .open(&sealed, &place(client, stored.hash))
        .map_err(failed)?;
    let text = std::str::from_utf8(opened.expose()).map_err(|_| failed(SealError::Malformed))?;
    Ok(Some(Secret::new(text)))
}

fn seal(
    master: &MasterKey,
    client: &ClientId,
    hash: SecretHash,
    secret: &Secret,
) -> Result<String, KeyringError> {
    let bytes = SecretBytes::new(secret.expose().as_bytes());
    let sealed = master.client_secrets().wrap(&bytes, &place(client, hash));
    sealed
        .map(|sealed| URL_SAFE_NO_PAD.encode(sealed))
        .map_err(|source| unwrap_error(client, source))
}

/// Ties a sealed secret to its client and to its hash, so that those of two clients cannot be exchanged.
fn place(client: &ClientId, hash: SecretHash) -> Vec<u8> {
    [hash.as_bytes().as_slice(), client.as_str().as_bytes()].concat()
}

fn unwrap_error(client: &ClientId, source: SealError) -> KeyringError {
    KeyringError::Unwrap {
        id: format!("of the secret of client {client}"),
        source,
    }
}

#[cfg(test)]
mod tests {
    use grantor_jose::digest;

    use super::*;
    use ClientAuthMethod::{ClientSecretBasic, ClientSecretJwt};

    fn master(byte: u8) -> MasterKey {
        MasterKey::new(&SecretBytes::new([byte; 32])).unwrap()
    }

    #[test]
    fn a_secret_is_kept_for_those_who_sign_with_it_and_opens_in_its_place_only() {
        let (app, other) = (ClientId::parse("app").unwrap(), ClientId::parse("other").unwrap());
        let secret = Secret::new("s3cret s3cret s3cret s3cret s3cret");
        let hashed = stored(Some(&master(1)), &app, &[ClientSecretBasic], &secret).unwrap();
        assert_eq!(hashed.sealed, None);
        assert!(opened(&master(1), &app, &hashed).unwrap().is_none());

        let sealed = stored(
            Some(&master(1)),
            &app,
            &[ClientSecretBasic, ClientSecretJwt],
            &secret,
        )
        .unwrap();
        assert_eq!(sealed.hash, hashed.hash);
        let found = opened(&master(1), &app, &sealed).unwrap().unwrap();
        assert_eq!(found.expose(), secret.expose());
        assert!(opened(&master(1), &other, &sealed).is_err());
        assert!(opened(&master(2), &app, &sealed).is_err());
        let moved = StoredSecret {
            hash: digest::secret_hash("another"),
            ..sealed.clone()
        };
        assert!(opened(&master(1), &app, &moved).is_err());
        assert!(!sealed.sealed.unwrap().contains("s3cret"));
    }
}
