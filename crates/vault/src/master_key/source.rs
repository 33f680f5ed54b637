//! Where master keys come from.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_jose::random;
use grantor_types::{Secret, SecretBytes};
use zeroize::Zeroizing;

use super::{Inner, MasterKey};

const LENGTH: usize = 32;
/// More than any way to write a key takes.
const MAX_FILE_LENGTH: u64 = 1024;

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MasterKeyError {
    /// The environment variable is not set, or is no text.
    #[error("the environment variable {0} holds no master key")]
    Environment(String),
    /// The file cannot be read or written.
    #[error("the file of the master key: {0}")]
    File(#[from] std::io::Error),
    /// The path leads to a folder, a device or a pipe.
    #[error("the master key has to be in a regular file")]
    NotRegular,
    /// Others than its owner can read or write the file: `chmod 600` mends that, unless they already did.
    #[error(
        "the file of the master key is open to others than its owner (mode {0:o}); it has to be 600 or 400"
    )]
    Permissions(u32),
    /// Not 32 bytes as base64url or hex.
    #[error("a master key is 32 bytes, written as base64url or hex")]
    Length,
    /// 32 equal bytes, such as a placeholder that was never replaced.
    #[error("the master key is a placeholder: make one from random bytes")]
    Placeholder,
    /// A passphrase that is too short or too long.
    #[error("a passphrase has 8 to 1024 bytes")]
    Passphrase,
    /// No randomness to make a key from.
    #[error("there is no randomness to make a key from")]
    Random,
    /// The keyring of the system cannot be used, or holds no such key.
    #[cfg(feature = "keyring")]
    #[error("the keyring of the system: {0}")]
    Keyring(String),
    /// The keyring has a key of this name; it is not replaced, as a vault may depend on it.
    #[cfg(feature = "keyring")]
    #[error("the keyring has a key of this name")]
    Exists,
}

impl MasterKey {
    /// The key in an environment variable, as base64url or hex.
    ///
    /// # Errors
    /// [`MasterKeyError`].
    pub fn from_environment(name: &str) -> Result<Self, MasterKeyError> {
        let text = std::env::var(name).map_err(|_| MasterKeyError::Environment(name.to_owned()))?;
        parse(&Zeroizing::new(text))
    }

    /// The key in a file that its owner alone can read, as base64url or hex.
    ///
    /// # Errors
    /// [`MasterKeyError`].
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, MasterKeyError> {
        // What is checked is what was opened, whatever happens to the path meanwhile.
        let file = File::open(path)?;
        check_file(&file)?;
        let mut text = Zeroizing::new(String::with_capacity(MAX_FILE_LENGTH as usize));
        file.take(MAX_FILE_LENGTH).read_to_string(&mut text)?;
        parse(&text)
    }

    /// Makes a key, and writes it to a file that is not there yet and that its owner alone can read.
    ///
    /// # Errors
    /// [`MasterKeyError`]; also when there is a file already.
    pub fn create_file(path: impl AsRef<Path>) -> Result<Self, MasterKeyError> {
        let (key, text) = new_key()?;
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        file.write_all(text.expose().as_bytes())?;
        file.sync_all()?;
        Ok(key)
    }

    /// The key in the keyring of the system, under a service and an account.
    ///
    /// # Errors
    /// [`MasterKeyError`].
    #[cfg(feature = "keyring")]
    pub fn from_keyring(service: &str, account: &str) -> Result<Self, MasterKeyError> {
        let text = keyring::Entry::new(service, account)
            .and_then(|entry| entry.get_password())
            .map_err(told)?;
        parse(&Zeroizing::new(text))
    }

    /// Makes a key and puts it into the keyring of the system.
    ///
    /// ```no_run
    /// use grantor_vault::{MasterKey, MasterKeyError};
    ///
    /// let key = match MasterKey::from_keyring("my-app", "vault") {
    ///     Err(MasterKeyError::Keyring(_)) => MasterKey::create_in_keyring("my-app", "vault"),
    ///     key => key,
    /// }?;
    /// # Ok::<(), MasterKeyError>(())
    /// ```
    ///
    /// # Errors
    /// [`MasterKeyError`]; [`MasterKeyError::Exists`] when there is one.
    #[cfg(feature = "keyring")]
    pub fn create_in_keyring(service: &str, account: &str) -> Result<Self, MasterKeyError> {
        let entry = keyring::Entry::new(service, account).map_err(told)?;
        match entry.get_password().map(Zeroizing::new) {
            Err(keyring::Error::NoEntry) => {}
            Ok(_) => return Err(MasterKeyError::Exists),
            Err(error) => return Err(told(error)),
        }
        let (key, text) = new_key()?;
        entry.set_password(text.expose()).map_err(told)?;
        Ok(key)
    }

    /// A new key, and the text to keep it as: where none of the other sources fits.
    ///
    /// # Errors
    /// [`MasterKeyError::Random`].
    pub fn generate() -> Result<(Self, Secret), MasterKeyError> {
        new_key()
    }
}

/// What a keyring says, without the error itself: that may hold the bytes that it could not read.
#[cfg(feature = "keyring")]
fn told(error: keyring::Error) -> MasterKeyError {
    MasterKeyError::Keyring(error.to_string())
}

fn new_key() -> Result<(MasterKey, Secret), MasterKeyError> {
    let bytes = random::secret::<LENGTH>().map_err(|_| MasterKeyError::Random)?;
    let text = Secret::new(URL_SAFE_NO_PAD.encode(bytes.expose()));
    Ok((MasterKey(Inner::Key(bytes)), text))
}

fn parse(text: &str) -> Result<MasterKey, MasterKeyError> {
    let text = text.trim();
    let bytes = match text.len() {
        64 => hex(text),
        _ => URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok(),
    };
    MasterKey::from_bytes(SecretBytes::new(bytes.ok_or(MasterKeyError::Length)?))
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    // Of the length that it gets: a buffer that grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() / 2));
    for pair in text.as_bytes().chunks_exact(2) {
        match pair {
            [high, low] => bytes.push((digit(*high)? << 4) | digit(*low)?),
            _ => return None,
        }
    }
    Some(std::mem::take(&mut bytes))
}

pub(super) fn check(bytes: SecretBytes) -> Result<SecretBytes, MasterKeyError> {
    if bytes.expose().len() != LENGTH {
        return Err(MasterKeyError::Length);
    }
    if bytes.expose().windows(2).all(|pair| pair.first() == pair.last()) {
        return Err(MasterKeyError::Placeholder);
    }
    Ok(bytes)
}

fn check_file(file: &File) -> Result<(), MasterKeyError> {
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(MasterKeyError::NotRegular);
    }
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777;
        if mode & 0o077 != 0 {
            return Err(MasterKeyError::Permissions(mode));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_32_bytes_and_no_placeholder() {
        let good: String = (0..32).map(|byte| format!("{byte:02x}")).collect();
        let (_, text) = new_key().unwrap();
        for text in [
            good.as_str(),
            &good.to_uppercase(),
            &format!(" {good}\n"),
            text.expose(),
            &format!("{}=", text.expose()),
        ] {
            assert!(parse(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "short",
            &good[2..],
            &format!("{good}00"),
            &good.replace("00", "zz"),
            "=",
            "é",
        ] {
            assert!(matches!(parse(text), Err(MasterKeyError::Length)), "{text}");
        }
        assert!(matches!(
            parse(&"00".repeat(32)),
            Err(MasterKeyError::Placeholder)
        ));
        assert!(matches!(parse(&"A".repeat(43)), Err(MasterKeyError::Placeholder)));
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        MasterKey::create_file(&path).unwrap();
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        MasterKey::from_file(&path).unwrap();
        assert!(matches!(
            MasterKey::create_file(&path),
            Err(MasterKeyError::File(_))
        ));
        for mode in [0o640, 0o604, 0o620, 0o601] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert!(
                matches!(MasterKey::from_file(&path), Err(MasterKeyError::Permissions(found)) if found == mode)
            );
        }
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o400)).unwrap();
        MasterKey::from_file(&path).unwrap();
        assert!(matches!(
            MasterKey::from_file(folder.path()),
            Err(MasterKeyError::NotRegular)
        ));
        assert!(matches!(
            MasterKey::from_file(folder.path().join("none")),
            Err(MasterKeyError::File(_))
        ));
    }

    #[test]
    fn a_missing_variable_is_named() {
        let error = MasterKey::from_environment("GRANTOR_VAULT_TEST_NOT_SET").unwrap_err();
        assert!(error.to_string().contains("GRANTOR_VAULT_TEST_NOT_SET"));
    }

    #[test]
    fn passphrases_have_a_length() {
        for (length, good) in [(7, false), (8, true), (1024, true), (1025, false)] {
            let passphrase = Secret::new("p".repeat(length));
            assert_eq!(MasterKey::from_passphrase(passphrase).is_ok(), good, "{length}");
        }
    }
}
