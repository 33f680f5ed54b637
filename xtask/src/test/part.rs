//! The parts of `cargo xtask test`.

use super::tally::Tally;
use crate::install::{self, Tool};
use crate::workspace::Workspace;
use crate::{Failure, lint, process, reference};

/// The package with the tests that need other people's programs.
const SYSTEM_TESTS: &str = "grantor-tests";

/// One part.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    Format,
    Clippy,
    Generated,
    Lint,
    Rust,
    Documentation,
    Dependencies,
    Interop,
    Browser,
}

impl Part {
    /// Quick ones first.
    pub(super) const ALL: [Self; 9] = [
        Self::Format,
        Self::Lint,
        Self::Dependencies,
        Self::Clippy,
        Self::Generated,
        Self::Rust,
        Self::Documentation,
        Self::Interop,
        Self::Browser,
    ];

    /// The name for `--only`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Format => "fmt",
            Self::Clippy => "clippy",
            Self::Generated => "gen",
            Self::Lint => "lint",
            Self::Rust => "rust",
            Self::Documentation => "doc",
            Self::Dependencies => "deny",
            Self::Interop => "interop",
            Self::Browser => "browser",
        }
    }

    /// What it checks.
    pub(super) const fn description(self) -> &'static str {
        match self {
            Self::Format => "the code is formatted",
            Self::Clippy => "no warning of the compiler or of clippy",
            Self::Generated => "the reference pages are what the code says",
            Self::Lint => "rules of the house",
            Self::Rust => "unit, contract, protocol and command tests, and examples in documentation",
            Self::Documentation => "the documentation builds without a warning",
            Self::Dependencies => "licences, advisories and sources of dependencies",
            Self::Interop => "other people's clients against the real server",
            Self::Browser => "a real browser on the pages",
        }
    }

    /// Installs what is missing and checks.
    ///
    /// # Errors
    /// When something cannot be installed or started, or a single check fails.
    pub(super) fn run(self, workspace: &Workspace) -> Result<Tally, Failure> {
        match self {
            Self::Format => {
                install::component(workspace, "fmt", "rustfmt")?;
                single(process::run(process::cargo(
                    workspace,
                    &["fmt", "--all", "--check"],
                )))
            }
            Self::Clippy => {
                install::component(workspace, "clippy", "clippy")?;
                let arguments = [
                    "clippy",
                    "--workspace",
                    "--all-targets",
                    "--locked",
                    "--",
                    "-D",
                    "warnings",
                ];
                single(process::run(process::cargo(workspace, &arguments)))
            }
            Self::Generated => single(reference::check(workspace)),
            Self::Lint => single(lint::run(workspace)),
            Self::Rust => {
                let mut arguments = vec!["test", "--workspace", "--locked", "--no-fail-fast"];
                if has_system_tests(workspace) {
                    arguments.extend(["--exclude", SYSTEM_TESTS]);
                }
                rust_tests(workspace, &arguments)
            }
            Self::Documentation => {
                let mut doc = process::cargo(workspace, &["doc", "--workspace", "--no-deps", "--locked"]);
                doc.env("RUSTDOCFLAGS", "-D warnings");
                single(process::run(doc))
            }
            Self::Dependencies => dependencies(workspace),
            Self::Interop => {
                install::node_packages(workspace, "tests/interop/node")?;
                install::python_packages(workspace, "tests/interop/python")?;
                install::go_modules(workspace, "tests/interop/go")?;
                system_tests(workspace, "interop", &[])
            }
            Self::Browser => system_tests(workspace, "browser", &[Tool::CHROMIUM]),
        }
    }
}

fn single(result: Result<(), Failure>) -> Result<Tally, Failure> {
    result.map(|()| Tally::PASSED)
}

fn rust_tests(workspace: &Workspace, arguments: &[&str]) -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    let success = process::watched(process::cargo(workspace, arguments), |line| tally.read(line))?;
    Ok(tally.ended(success))
}

fn has_system_tests(workspace: &Workspace) -> bool {
    workspace.path("tests/Cargo.toml").exists()
}

fn system_tests(workspace: &Workspace, suite: &str, tools: &[Tool]) -> Result<Tally, Failure> {
    if !has_system_tests(workspace) {
        return Ok(Tally::not_checked(format!(
            "there is no package {SYSTEM_TESTS} in tests/"
        )));
    }
    install::tools(workspace, tools)?;
    // The suites start the binary: it has to be there, and of this code.
    process::run(process::cargo(
        workspace,
        &["build", "--package", "grantor-cli", "--locked"],
    ))?;
    let arguments = [
        "test",
        "--package",
        SYSTEM_TESTS,
        "--test",
        suite,
        "--locked",
        "--no-fail-fast",
    ];
    rust_tests(workspace, &arguments)
}

fn dependencies(workspace: &Workspace) -> Result<Tally, Failure> {
    if !process::succeeds(process::cargo(workspace, &["deny", "--version"])) {
        return Ok(Tally::not_checked(
            "cargo-deny is not installed; `cargo install cargo-deny` brings it",
        ));
    }
    single(process::run(process::cargo(
        workspace,
        &["deny", "--workspace", "check"],
    )))
}
