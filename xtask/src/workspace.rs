//! The folder that everything happens in.

use std::path::{Path, PathBuf};

use crate::Failure;

/// Folders with what is not ours or not source.
const SKIPPED: [&str; 5] = ["target", "node_modules", "__pycache__", ".git", ".venv"];

/// The repository.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The workspace that this package lies in.
    ///
    /// # Errors
    /// When the task was not started by cargo.
    pub(crate) fn find() -> Result<Self, Failure> {
        let package = std::env::var_os("CARGO_MANIFEST_DIR").ok_or("start it as `cargo xtask`")?;
        let root = Path::new(&package)
            .parent()
            .ok_or("the package has no parent folder")?;
        Ok(Self {
            root: root.to_owned(),
        })
    }

    /// A path below the root.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Where cargo builds; what is installed for tests goes there too.
    pub(crate) fn target(&self) -> PathBuf {
        std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| self.path("target"), |folder| self.root.join(folder))
    }

    /// A path as it is shown: below the root, with forward slashes.
    pub(crate) fn shown(&self, path: &Path) -> String {
        let relative = path.strip_prefix(&self.root).unwrap_or(path);
        relative.display().to_string().replace('\\', "/")
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn read(&self, path: &Path) -> Result<String, Failure> {
        std::fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}", self.shown(path)))
    }

    /// Every source file with this extension, in the order of the paths.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub(crate) fn files(&self, extension: &str) -> Result<Vec<PathBuf>, Failure> {
        let mut found = Vec::new();
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            let broken = |error: std::io::Error| format!("{} cannot be read: {error}", self.shown(&folder));
            for entry in std::fs::read_dir(&folder).map_err(broken)? {
                let entry = entry.map_err(broken)?;
                let (path, kind) = (entry.path(), entry.file_type().map_err(broken)?);
                let name = entry.file_name();
                let skipped = SKIPPED.iter().any(|skipped| name == *skipped);
                if kind.is_dir() && !skipped {
                    folders.push(path);
                } else if kind.is_file() && path.extension().is_some_and(|found| found == extension) {
                    found.push(path);
                }
            }
        }
        found.sort();
        Ok(found)
    }
}
