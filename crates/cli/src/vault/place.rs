//! Where the vault and its key lie when nobody says so.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::output::CommandError;

/// The name of our folders.
const FOLDER: &str = "grantor";
const VAULT: &str = "vault.db";
const KEY: &str = "vault.key";

/// The files of this person. They lie in different folders, so that a copy of one is not a copy of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The vault, among the person's data.
    pub(crate) vault: PathBuf,
    /// The key that opens it, among their configuration.
    pub(crate) key: PathBuf,
}

impl Place {
    /// The files of the person who runs this.
    ///
    /// # Errors
    /// When this person has no folders.
    pub(crate) fn of_this_person() -> Result<Self, CommandError> {
        Self::find(std::env::consts::OS, |name| std::env::var_os(name)).ok_or_else(|| {
            CommandError::usage(
                "nobody knows where your files are, as HOME is not set: name the vault with --vault and its key with \
                 --vault-key",
            )
        })
    }

    fn find(system: &str, variable: impl Fn(&str) -> Option<OsString>) -> Option<Self> {
        let folder = |name: &str| {
            let path = variable(name).map(PathBuf::from)?;
            // XDG Base Directory Specification: "If an implementation encounters a relative path in any of these
            // variables it should consider the path invalid and ignore it."
            path.is_absolute().then_some(path)
        };
        let in_home = |path: &str| Some(folder("HOME")?.join(path));
        let (data, configuration) = match system {
            // What is local does not follow the person to other machines, as the vault may.
            "windows" => (folder("APPDATA"), folder("LOCALAPPDATA")),
            "macos" => (in_home("Library/Application Support"), in_home(".config")),
            _ => (in_home(".local/share"), in_home(".config")),
        };
        Some(Self {
            vault: folder("XDG_DATA_HOME").or(data)?.join(FOLDER).join(VAULT),
            key: folder("XDG_CONFIG_HOME")
                .or(configuration)?
                .join(FOLDER)
                .join(KEY),
        })
    }
}

/// Makes the folder that a file is to lie in, for its owner alone.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn make_folder_of(file: &Path) -> Result<(), CommandError> {
    let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) else {
        return Ok(());
    };
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| {
        CommandError::caused_by(&format!("the folder {} cannot be made", folder.display()), &error)
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// The place, for these variables.
    fn found(system: &str, variables: &[(&str, &str)]) -> Option<(String, String)> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(own, _)| *own == name);
            found.map(|(_, value)| OsString::from(value))
        };
        let text = |path: PathBuf| path.display().to_string();
        Place::find(system, variable).map(|place| (text(place.vault), text(place.key)))
    }

    #[test]
    fn files_lie_where_the_system_has_them() {
        let home = ("HOME", "/home/a");
        let in_home = (
            "/home/a/.local/share/grantor/vault.db",
            "/home/a/.config/grantor/vault.key",
        );
        let in_mac_home = (
            "/home/a/Library/Application Support/grantor/vault.db",
            "/home/a/.config/grantor/vault.key",
        );
        let elsewhere = [("XDG_DATA_HOME", "/d"), ("XDG_CONFIG_HOME", "/c")];
        let invalid = [home, ("XDG_DATA_HOME", "d"), ("XDG_CONFIG_HOME", "")];
        let windows = [("APPDATA", "/roaming"), ("LOCALAPPDATA", "/local")];
        let said = |(vault, key): (&str, &str)| Some((vault.to_owned(), key.to_owned()));
        assert_eq!(found("linux", &[home]), said(in_home));
        assert_eq!(found("freebsd", &invalid), said(in_home));
        assert_eq!(found("macos", &[home]), said(in_mac_home));
        let named = said(("/d/grantor/vault.db", "/c/grantor/vault.key"));
        assert_eq!(found("linux", &elsewhere), named);
        assert_eq!(found("macos", &[home, elsewhere[0], elsewhere[1]]), named);
        let local = said(("/roaming/grantor/vault.db", "/local/grantor/vault.key"));
        assert_eq!(found("windows", &windows), local);
        assert_eq!(found("linux", &elsewhere[..1]), None);
    }
}
