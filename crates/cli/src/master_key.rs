//! The master key: read from a file or the environment, made on the first start of a development server.

use std::io::Write as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_server::keyring::MasterKey;
use grantor_types::SecretBytes;

use crate::change::random_bytes;
use crate::config::MasterKeySource;
use crate::output::CommandError;

/// The key file in the folder of a development server.
pub(crate) const FILE_NAME: &str = "master.key";
/// Fewest bytes of a master key.
const MIN_LENGTH: usize = 32;

/// Reads the master key.
///
/// # Errors
/// When it is not there, not readable by us alone, or too short.
pub(crate) fn read(source: &MasterKeySource) -> Result<MasterKey, CommandError> {
    let text = match source {
        MasterKeySource::File(path) => read_file(path)?,
        MasterKeySource::Environment(name) => std::env::var(name).map_err(|_| {
            CommandError::usage(format!(
                "there is no master key: set {name}, or keys.master_key_file. `grantor key new-master` makes one"
            ))
        })?,
    };
    parse(text.trim())
}

/// Reads the key file of a development server, and makes it when it is not there.
///
/// # Errors
/// When the file cannot be read or written.
pub(crate) fn read_or_make(path: &Path) -> Result<MasterKey, CommandError> {
    if !path.exists() {
        write_new(path, &generate()?)?;
    }
    parse(read_file(path)?.trim())
}

/// Writes a master key to a file that is not there yet and that only its owner can read.
///
/// # Errors
/// When there is a file already, or it cannot be written.
pub(crate) fn write_new(path: &Path, text: &str) -> Result<(), CommandError> {
    let context = format!("the master key cannot be written to {}", path.display());
    create_private(path)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .map_err(|error| CommandError::caused_by(&context, &error))
}

/// A new master key as text.
///
/// # Errors
/// When there is no randomness.
pub(crate) fn generate() -> Result<String, CommandError> {
    Ok(URL_SAFE_NO_PAD.encode(random_bytes::<MIN_LENGTH>()?))
}

#[cfg(unix)]
fn create_private(path: &Path) -> std::io::Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

#[cfg(not(unix))]
fn create_private(path: &Path) -> std::io::Result<std::fs::File> {
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
}

fn read_file(path: &Path) -> Result<String, CommandError> {
    let context = format!("the master key cannot be read from {}", path.display());
    check_permissions(path)?;
    std::fs::read_to_string(path).map_err(|error| CommandError::caused_by(&context, &error))
}

/// A key that others can read is no secret.
#[cfg(unix)]
fn check_permissions(path: &Path) -> Result<(), CommandError> {
    use std::os::unix::fs::PermissionsExt as _;
    let Ok(metadata) = std::fs::metadata(path) else {
        return Ok(());
    };
    if metadata.permissions().mode() & 0o077 != 0 {
        let path = path.display();
        return Err(CommandError::usage(format!(
            "{path} can be read by others; run: chmod 600 {path}"
        )));
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_permissions(_: &Path) -> Result<(), CommandError> {
    Ok(())
}

fn parse(text: &str) -> Result<MasterKey, CommandError> {
    let bytes = hex(text).or_else(|| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok());
    let bytes = bytes.filter(|bytes| bytes.len() >= MIN_LENGTH).ok_or_else(|| {
        CommandError::usage(
            "the master key is not 32 or more bytes as base64url or hex; `grantor key new-master` makes one",
        )
    })?;
    MasterKey::new(&SecretBytes::new(bytes))
        .map_err(|error| CommandError::caused_by("the master key", &error))
}

fn hex(text: &str) -> Option<Vec<u8>> {
    if text.len() < 2 * MIN_LENGTH || !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
