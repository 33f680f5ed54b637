//! Runs one command.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

/// What a command said.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs `grantor` without input.
pub(crate) fn grantor(arguments: &[&str]) -> Run {
    grantor_with(arguments, "")
}

/// Runs `grantor` with text on standard input.
pub(crate) fn grantor_with(arguments: &[&str], input: &str) -> Run {
    run(Command::new(env!("CARGO_BIN_EXE_grantor")).args(arguments), input)
}

/// Runs a command that was put together elsewhere, with text on standard input.
pub(crate) fn run(command: &mut Command, input: &str) -> Run {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that needs no input may have ended already.
    let _ended = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Run {
    /// The command did its work.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }

    /// The command refused with this exit code and said this.
    #[track_caller]
    pub(crate) fn refused(self, code: i32, says: &str) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        assert!(self.stderr.contains(says), "{says:?} is not in {self:?}");
        assert_eq!(self.stdout, "", "{self:?}");
        self
    }

    /// What it printed, as JSON, of a command that did its work.
    #[track_caller]
    pub(crate) fn json(self) -> Value {
        let run = self.ok();
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"))
    }
}
