//! Where the key of the vault comes from.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use grantor_types::Secret;
use grantor_vault::{MasterKey, MasterKeyError};

use super::place::make_folder_of;
use crate::output::CommandError;

/// Under which service and account the keyring of the system has the key.
#[cfg(feature = "keyring")]
const KEYRING: (&str, &str) = ("grantor", "vault");

/// What a vault is opened with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeySource {
    /// A file that its owner alone can read.
    File(PathBuf),
    /// An environment variable.
    Environment(String),
    /// The keyring of the system.
    Keyring,
    /// Something that a person knows. It is asked for, or the next line of standard input.
    Passphrase,
}

impl FromStr for KeySource {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(path.into())),
            Some(("env", name)) if !name.is_empty() => Ok(Self::Environment(name.to_owned())),
            None if text == "keyring" => Ok(Self::Keyring),
            None if text == "passphrase" => Ok(Self::Passphrase),
            Some(_) | None => Err("is none of file:PATH, env:NAME, keyring and passphrase"),
        }
    }
}

impl std::fmt::Display for KeySource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::Environment(name) => write!(f, "env:{name}"),
            Self::Keyring => f.write_str("keyring"),
            Self::Passphrase => f.write_str("passphrase"),
        }
    }
}

impl KeySource {
    /// Where the key of the vault is when nobody says so: in the file, or in the keyring. Where there is neither, a new vault has
    /// the file.
    ///
    /// `None` when there is a vault and no key: somebody must know a passphrase.
    pub(super) fn found(key_file: &Path, is_vault_there: bool) -> Option<Self> {
        let file = Self::File(key_file.to_owned());
        if key_file.exists() {
            return Some(file);
        }
        if cfg!(feature = "keyring") && from_keyring().is_ok() {
            return Some(Self::Keyring);
        }
        (!is_vault_there).then_some(file)
    }

    /// The key of a new vault for which nobody named one: in the keyring if there is one, otherwise in the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn make_usual(self) -> Result<(Self, MasterKey), CommandError> {
        match &self {
            Self::File(path) if cfg!(feature = "keyring") && !path.exists() => match make_in_keyring() {
                Ok(key) => return Ok((Self::Keyring, key)),
                Err(error) => eprintln!("The key of the vault goes into {}: {error}.", path.display()),
            },
            Self::File(_) | Self::Environment(_) | Self::Keyring | Self::Passphrase => {}
        }
        let key = self.read_or_make()?;
        Ok((self, key))
    }

    /// Reads the key.
    ///
    /// # Errors
    /// When there is none, or others can read it.
    pub(super) fn read(&self) -> Result<MasterKey, CommandError> {
        let key = match self {
            Self::File(path) => MasterKey::from_file(path),
            Self::Environment(name) => MasterKey::from_environment(name),
            Self::Keyring => from_keyring(),
            Self::Passphrase => {
                return MasterKey::from_passphrase(ask("Passphrase of the vault: ")?)
                    .map_err(|error| self.failed(&error));
            }
        };
        key.map_err(|error| self.failed(&error))
    }

    /// Reads the key of a vault that is yet to be, and makes it where the source can hold a new one and has none.
    ///
    /// # Errors
    /// As [`KeySource::read`]; when it cannot be written; when somebody typed two different passphrases.
    pub(super) fn read_or_make(&self) -> Result<MasterKey, CommandError> {
        match self {
            Self::File(path) if !path.exists() => {
                make_file(path).map_err(|error| self.failed(&error))?;
                self.read()
            }
            Self::Keyring => self
                .read()
                .or_else(|_| make_in_keyring().map_err(|error| self.failed(&error))),
            Self::Passphrase => {
                let passphrase = ask("New passphrase of the vault: ")?;
                if std::io::stdin().is_terminal() && ask("Again: ")?.expose() != passphrase.expose() {
                    return Err(CommandError::usage("the two passphrases differ"));
                }
                MasterKey::from_passphrase(passphrase).map_err(|error| self.failed(&error))
            }
            Self::File(_) | Self::Environment(_) => self.read(),
        }
    }

    fn failed(&self, error: &MasterKeyError) -> CommandError {
        let advice = match self {
            Self::File(path) if matches!(error, MasterKeyError::Permissions(_)) => {
                format!("; run: chmod 600 {}", path.display())
            }
            Self::File(_) | Self::Environment(_) | Self::Keyring | Self::Passphrase => String::new(),
        };
        CommandError::usage(format!("the key of the vault ({self}): {error}{advice}"))
    }
}

/// Makes a key under another name first, so that nobody ever reads half of one, and of two who make one at once the second
/// takes that of the first.
fn make_file(path: &Path) -> Result<(), MasterKeyError> {
    make_folder_of(path).map_err(|error| std::io::Error::other(error.to_string()))?;
    let draft = beside(path, &format!(".new-{}", std::process::id()));
    MasterKey::create_file(&draft)?;
    let linked = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        // Some file systems have no links.
        Err(_) => MasterKey::create_file(path).map(drop),
        Ok(()) => Ok(()),
    }
}

#[cfg(feature = "keyring")]
fn from_keyring() -> Result<MasterKey, MasterKeyError> {
    MasterKey::from_keyring(KEYRING.0, KEYRING.1)
}

#[cfg(feature = "keyring")]
fn make_in_keyring() -> Result<MasterKey, MasterKeyError> {
    MasterKey::create_in_keyring(KEYRING.0, KEYRING.1)
}

#[cfg(not(feature = "keyring"))]
fn from_keyring() -> Result<MasterKey, MasterKeyError> {
    Err(without_keyring())
}

#[cfg(not(feature = "keyring"))]
fn make_in_keyring() -> Result<MasterKey, MasterKeyError> {
    Err(without_keyring())
}

#[cfg(not(feature = "keyring"))]
fn without_keyring() -> MasterKeyError {
    std::io::Error::other("this program was built without the feature keyring").into()
}

/// Asks at the terminal; without one takes the next line of standard input.
fn ask(prompt: &str) -> Result<Secret, CommandError> {
    let broken =
        |error: std::io::Error| CommandError::caused_by("the passphrase of the vault cannot be read", &error);
    if std::io::stdin().is_terminal() {
        return rpassword::prompt_password(prompt)
            .map(Secret::new)
            .map_err(broken);
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(broken)?;
    let passphrase = Secret::new(line.trim_end_matches(['\r', '\n']));
    if passphrase.is_empty() {
        return Err(CommandError::usage(
            "the vault wants a passphrase, and there is neither a terminal to ask at nor a line on standard input",
        ));
    }
    Ok(passphrase)
}

/// The file of this name with something more at its end.
fn beside(path: &Path, more: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(more);
    name.into()
}

/// Makes a key in a new file, to be put in the place of another one by [`NewKeyFile::keep`] once the vault is under it.
pub(super) struct NewKeyFile {
    draft: PathBuf,
    path: PathBuf,
}

impl NewKeyFile {
    /// Makes it beside the other.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn beside(path: &Path) -> Result<(Self, MasterKey), CommandError> {
        make_folder_of(path)?;
        let draft = beside(path, ".next");
        if draft.exists() {
            let draft = draft.display();
            return Err(CommandError::usage(format!(
                "{draft} is there already, from a change that was interrupted, and may be what opens the vault: try \
                 --vault-key file:{draft}. Move the one that opens it to {}, and delete the other",
                path.display()
            )));
        }
        let key = MasterKey::create_file(&draft)
            .map_err(|error| CommandError::caused_by(&format!("a new key in {}", draft.display()), &error))?;
        let path = path.to_owned();
        Ok((Self { draft, path }, key))
    }

    /// Puts it in the place of the other.
    ///
    /// # Errors
    /// When that fails: the vault is opened by the draft then, and the message says where it is.
    pub(super) fn keep(self) -> Result<(), CommandError> {
        std::fs::rename(&self.draft, &self.path).map_err(|error| {
            let draft = self.draft.display();
            let context = format!("the vault is opened by {draft} from now on, which cannot be renamed");
            CommandError::caused_by(&context, &error)
        })
    }

    /// Forgets it, when the vault did not come under it.
    pub(super) fn forget(self) {
        // It opens nothing.
        let _left_behind = std::fs::remove_file(self.draft);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_written_as_they_are_read() {
        for text in ["file:/etc/key", "file:a:b", "env:KEY", "keyring", "passphrase"] {
            assert_eq!(text.parse::<KeySource>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "file:",
            "env:",
            "/etc/key",
            "keyring:x",
            "secret",
            "passphrase:x",
        ] {
            assert!(text.parse::<KeySource>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_key_that_others_make_at_the_same_time_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/vault.key");
        make_file(&path).unwrap();
        let first = std::fs::read(&path).unwrap();
        make_file(&path).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), first);
        assert_eq!(std::fs::read_dir(folder.path().join("a")).unwrap().count(), 1);
    }
}
