//! `cargo xtask bench`.

use crate::workspace::Workspace;
use crate::{Failure, process};

/// Runs the load harness in release mode.
///
/// # Errors
/// When it cannot be built or fails.
pub(crate) fn run(workspace: &Workspace, arguments: &[&str]) -> Result<(), Failure> {
    let mut command = process::cargo(
        workspace,
        &["run", "--release", "--package", "grantor-bench", "--"],
    );
    command.args(arguments);
    process::run(command)
}
