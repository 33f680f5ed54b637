//! The vault of the person at this machine: where it lies, what opens it, and what its records say.

mod account;
mod failure;
mod key_source;
mod place;
mod provider;

use std::path::{Path, PathBuf};

use clap::Args;
use grantor_vault::{CredentialManager, FileStorage, MasterKey, VaultError};

pub(crate) use account::{Account, Asked, DpopKey, Registration, Way};
pub(crate) use failure::{client_error, no_login, vault_error};
pub(crate) use key_source::KeySource;
pub(crate) use provider::{address, delete_registration, metadata, preset};

use crate::output::CommandError;
use key_source::NewKeyFile;
use place::{Place, make_folder_of};

/// The name of a login when none is said.
pub(crate) const DEFAULT_NAME: &str = "default";

/// A command on a login, as somebody would type it.
pub(crate) fn command(command: &str, name: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@' | ':' | '/' | '+');
    match name {
        DEFAULT_NAME => format!("grantor {command}"),
        name if name.chars().all(is_plain) => format!("grantor {command} {name}"),
        name => format!("grantor {command} '{}'", name.replace('\'', "'\\''")),
    }
}

/// Which vault, and what opens it.
#[derive(Clone, Debug, Args)]
pub(crate) struct VaultArguments {
    /// The file of the vault; also GRANTOR_VAULT. Where your data is when absent: `grantor vault path` shows it.
    #[arg(long, value_name = "PATH", env = "GRANTOR_VAULT", hide_env = true)]
    vault: Option<PathBuf>,
    /// What opens it; also GRANTOR_VAULT_KEY. file:PATH, env:NAME, keyring or passphrase; a file that is made with the vault
    /// when absent.
    #[arg(long, value_name = "SOURCE", env = "GRANTOR_VAULT_KEY", hide_env = true)]
    vault_key: Option<KeySource>,
}

impl VaultArguments {
    /// The file of the vault, whether it is there or not.
    ///
    /// # Errors
    /// When nobody knows.
    pub(crate) fn path(&self) -> Result<PathBuf, CommandError> {
        match &self.vault {
            Some(path) => Ok(path.clone()),
            None => Ok(Place::of_this_person()?.vault),
        }
    }

    /// What opens the vault: as it was said, or as it is found. `None` when there is a vault and no key that is not in
    /// somebody's head.
    ///
    /// # Errors
    /// When nobody knows where to look.
    pub(crate) fn key_source(&self) -> Result<Option<KeySource>, CommandError> {
        match &self.vault_key {
            Some(source) => Ok(Some(source.clone())),
            None => Ok(KeySource::found(
                &Place::of_this_person()?.key,
                self.path()?.exists(),
            )),
        }
    }

    /// Opens the vault, and makes it and its key where there is none.
    ///
    /// # Errors
    /// When its key is not to be had or another one.
    pub(crate) async fn open_or_make(&self) -> Result<CredentialManager, CommandError> {
        if let Some(vault) = self.open().await? {
            return Ok(vault);
        }
        let path = self.path()?;
        let found = self.key_source()?.unwrap_or(KeySource::Passphrase);
        let (source, key) = match self.vault_key {
            Some(_) => (found.clone(), found.read_or_make()?),
            None => found.make_usual()?,
        };
        make_folder_of(&path)?;
        let storage = storage(&path).await?;
        let opened = CredentialManager::builder(storage, key).refresher(provider::Provider);
        opened
            .open()
            .await
            .map_err(|error| broken(&path, &source, &error))
    }

    /// Opens the vault, if there is one.
    ///
    /// # Errors
    /// When its key is not to be had or another one.
    pub(crate) async fn open(&self) -> Result<Option<CredentialManager>, CommandError> {
        let path = self.path()?;
        if !path.exists() {
            return Ok(None);
        }
        let storage = storage(&path).await?;
        let source = match self.key_source()? {
            Some(source) => source,
            None if wants_passphrase(&storage).await? => KeySource::Passphrase,
            None => return Err(lost(&path, &Place::of_this_person()?.key)),
        };
        let opened = open_with(&storage, &source).await?;
        match opened {
            // It tells itself that it wants a passphrase; who named another key shall know that it is the wrong one.
            Err(VaultError::OtherKindOfKey(_))
                if self.vault_key.is_none() && source != KeySource::Passphrase =>
            {
                let source = KeySource::Passphrase;
                let opened = open_with(&storage, &source).await?;
                opened.map(Some).map_err(|error| broken(&path, &source, &error))
            }
            opened => opened.map(Some).map_err(|error| broken(&path, &source, &error)),
        }
    }

    /// Opens the vault that has to have this login.
    ///
    /// # Errors
    /// As [`VaultArguments::open`]; when there is no vault, which is when nobody has signed in yet.
    pub(crate) async fn open_for(&self, name: &str) -> Result<CredentialManager, CommandError> {
        self.open().await?.ok_or_else(|| no_login(name))
    }

    /// Opens the vault that has to be there.
    ///
    /// # Errors
    /// As [`VaultArguments::open`]; when there is none.
    pub(crate) async fn open_there(&self) -> Result<CredentialManager, CommandError> {
        let path = self.path()?;
        let missing = || CommandError::usage(format!("there is no vault at {}", path.display()));
        self.open().await?.ok_or_else(missing)
    }

    /// Puts the vault under another key: the one of this source, or a new one in the file where it is now.
    ///
    /// Returns where the new key is.
    ///
    /// # Errors
    /// When the vault does not open, or the new key is not to be had.
    pub(crate) async fn change_key(&self, to: Option<KeySource>) -> Result<KeySource, CommandError> {
        let path = self.path()?;
        let vault = self.open_there().await?;
        let now = self.key_source()?;
        let to = match (to, &now) {
            (Some(to), _) => to,
            (None, Some(KeySource::File(path))) => KeySource::File(path.clone()),
            (None, _) => KeySource::File(Place::of_this_person()?.key),
        };
        let change = async |key| {
            let changed = vault.change_master_key(&key).await;
            changed.map_err(|error| broken(&path, &to, &error))
        };
        match &to {
            KeySource::File(file) if file.exists() && now.as_ref() == Some(&to) => {
                let (made, key) = NewKeyFile::beside(file)?;
                match change(key).await {
                    Ok(()) => made.keep()?,
                    Err(error) => {
                        made.forget();
                        return Err(error);
                    }
                }
            }
            KeySource::File(_) | KeySource::Environment(_) | KeySource::Keyring | KeySource::Passphrase => {
                change(to.read_or_make()?).await?;
            }
        }
        Ok(to)
    }
}

async fn storage(path: &Path) -> Result<FileStorage, CommandError> {
    FileStorage::open(path)
        .await
        .map_err(|error| CommandError::caused_by(&format!("the vault {}", path.display()), &error))
}

async fn open_with(
    storage: &FileStorage,
    source: &KeySource,
) -> Result<Result<CredentialManager, VaultError>, CommandError> {
    let key = source.read()?;
    let builder = CredentialManager::builder(storage.clone(), key).refresher(provider::Provider);
    Ok(builder.open().await)
}

/// Whether the vault is under a passphrase: it says so to whoever comes with a key, be it any.
async fn wants_passphrase(storage: &FileStorage) -> Result<bool, CommandError> {
    let any = MasterKey::generate().map_err(|error| CommandError::caused_by("a key", &error))?;
    let opened = CredentialManager::builder(storage.clone(), any.0).open().await;
    Ok(matches!(opened, Err(VaultError::OtherKindOfKey(_))))
}

fn lost(path: &Path, key: &Path) -> CommandError {
    CommandError::usage(format!(
        "the vault {} is opened by a key, and there is none where it should be: put back {}, or name it with --vault-key",
        path.display(),
        key.display()
    ))
}

fn broken(path: &Path, source: &KeySource, error: &VaultError) -> CommandError {
    let path = path.display();
    if let VaultError::WrongMasterKey = error {
        return CommandError::usage(format!(
            "the key ({source}) does not open the vault {path}: name the right one with --vault-key or GRANTOR_VAULT_KEY"
        ));
    }
    if let VaultError::OtherKindOfKey(kind) = error {
        return CommandError::usage(format!(
            "the vault {path} is opened by {kind}, and was given {source}: see --vault-key"
        ));
    }
    CommandError::caused_by(&format!("the vault {path}"), error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_can_be_typed_as_they_are_told() {
        assert_eq!(command("login", DEFAULT_NAME), "grantor login");
        assert_eq!(command("login", "work"), "grantor login work");
        assert_eq!(command("token", "it's $HOME"), "grantor token 'it'\\''s $HOME'");
    }
}
