//! A folder that goes away with the test.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{Run, grantor, grantor_with};

/// A folder with a configuration and, in time, a database.
#[derive(Debug)]
pub(crate) struct Folder(TempDir);

impl Folder {
    /// A folder with a configuration that can be used, behind a proxy on this machine.
    pub(crate) fn new() -> Self {
        Self::with_server_section("trusted_proxies = [\"127.0.0.1\"]")
    }

    /// A folder with a configuration whose section on the server has these lines too.
    pub(crate) fn with_server_section(lines: &str) -> Self {
        let folder = Self(TempDir::new().unwrap());
        let (database, key) = (folder.path("grantor.db"), folder.path("master.key"));
        let (database, key) = (database.display(), key.display());
        folder.write(
            "grantor.toml",
            &format!(
                "[server]\nissuer = \"https://id.example.test\"\nlisten = \"127.0.0.1:0\"\n{lines}\n\
                 [database]\npath = \"{database}\"\n[keys]\nmaster_key_file = \"{key}\"\n\
                 algorithms = [\"ES256\", \"RS256\"]\n"
            ),
        );
        grantor(&["key", "new-master", "--out", folder.text("master.key").as_str()]).ok();
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).unwrap();
        self.text(name)
    }

    pub(crate) fn root(&self) -> &Path {
        self.0.path()
    }

    /// Runs a command on the database that the configuration names. The arguments are one line; `'…'` keeps spaces.
    pub(crate) fn run(&self, line: &str) -> Run {
        self.run_with(line, "")
    }

    /// As [`Folder::run`], with text on standard input.
    pub(crate) fn run_with(&self, line: &str, input: &str) -> Run {
        let config = self.text("grantor.toml");
        let mut words = words(line);
        words.extend(["--config".to_owned(), config]);
        grantor_with(&words.iter().map(String::as_str).collect::<Vec<_>>(), input)
    }
}

/// The words of a command line; single quotes keep what they hold together.
pub(super) fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for character in line.chars() {
        match character {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            other => words.last_mut().unwrap().push(other),
        }
    }
    words
}
