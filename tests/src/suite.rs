//! Runs test suites that are written in other languages.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;

use crate::binary::{self, target_folder};

/// Longest run of one suite. A suite that hangs is ended, with all that it started.
const LIMIT: Duration = Duration::from_secs(480);

/// A suite: a command in a folder below `tests`.
#[derive(Debug)]
pub struct Suite {
    command: Command,
    folder: PathBuf,
}

impl Suite {
    /// A suite that `program` runs in the folder.
    pub fn new(folder: &str, program: impl AsRef<Path>) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut command = Command::new(program.as_ref());
        command
            .current_dir(&folder)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        Self { command, folder }
    }

    /// The folder that cargo builds in; what is installed for suites is there too.
    pub fn target_folder() -> PathBuf {
        target_folder()
    }

    /// A suite of pytest, in the environment that the tests install.
    pub fn pytest(folder: &str) -> Self {
        let python = target_folder().join("python-venv/bin/python");
        Self::new(folder, &python)
            .needs(&python)
            .arg("-m")
            .arg("pytest")
            .arg("--quiet")
            .arg("-p")
            .arg("no:cacheprovider")
    }

    /// An example program of the workspace, built as it is now.
    pub fn example(name: &str) -> PathBuf {
        binary::example(name)
    }

    /// Says that something has to be there before the suite can run. A suite never skips: what does not run is not
    /// known to work.
    #[must_use]
    pub fn needs(self, path: impl AsRef<Path>) -> Self {
        let path = self.folder.join(path);
        assert!(
            path.exists(),
            "{} is missing: run `cargo xtask test`, which installs it",
            path.display()
        );
        self
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, arg: &str) -> Self {
        self.command.arg(arg);
        self
    }

    /// Sets a variable of the suite's environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<Path>) -> Self {
        self.command.env(name, value.as_ref());
        self
    }

    /// Runs it to its end and shows what it printed.
    pub async fn run(mut self) {
        let mut child = self.command.spawn().unwrap_or_else(|error| {
            panic!(
                "{:?} does not start ({error}): run `cargo xtask test`, which installs it",
                self.command
            )
        });
        let group = child.id();
        let Ok(status) = timeout(LIMIT, child.wait()).await else {
            end_group(group);
            panic!(
                "the suite in {} was not done after {LIMIT:?}",
                self.folder.display()
            );
        };
        let status = status.expect("the end of a child can be awaited");
        assert!(
            status.success(),
            "the suite in {} failed: {status}",
            self.folder.display()
        );
    }
}

/// Ends the suite and the browsers and workers that it started.
fn end_group(group: Option<u32>) {
    #[cfg(unix)]
    if let Some(id) = group.and_then(|id| rustix::process::Pid::from_raw(id.try_into().ok()?)) {
        // Gone already is as good as ended now.
        let _ended = rustix::process::kill_process_group(id, rustix::process::Signal::KILL);
    }
    #[cfg(not(unix))]
    let _ = group;
}
