//! The parts of `cargo xtask test`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

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
    System,
    Interop,
    OpenApi,
    Seeds,
    Browser,
}

impl Part {
    /// Quick ones first.
    pub(super) const ALL: [Self; 12] = [
        Self::Format,
        Self::Lint,
        Self::Dependencies,
        Self::Clippy,
        Self::Generated,
        Self::Rust,
        Self::Documentation,
        Self::System,
        Self::Interop,
        Self::OpenApi,
        Self::Seeds,
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
            Self::System => "system",
            Self::Interop => "interop",
            Self::OpenApi => "openapi",
            Self::Seeds => "seeds",
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
            Self::System => {
                "the real server under kills and races, as it is certified, and with our own client library"
            }
            Self::Interop => "other people's clients against the real server, and our own against another",
            Self::OpenApi => "requests made from the OpenAPI documents against the real server",
            Self::Seeds => "the printed clients of the documents beside the clone",
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
            Self::Rust => rust(workspace),
            Self::Documentation => {
                let mut doc = process::cargo(workspace, &["doc", "--workspace", "--no-deps", "--locked"]);
                doc.env("RUSTDOCFLAGS", "-D warnings");
                single(process::run(doc))
            }
            Self::Dependencies => dependencies(workspace),
            Self::System => {
                let elsewhere = ["interop", "browser", "openapi", "seeds"];
                let named = |name: &str| !elsewhere.iter().any(|start| name.starts_with(start));
                system_tests(workspace, named)
            }
            Self::Interop => {
                suites(workspace)?;
                system_tests(workspace, |name| name.starts_with("interop"))
            }
            Self::OpenApi => {
                install::python_packages(workspace, "tests/openapi", "openapi-venv")?;
                system_tests(workspace, |name| name == "openapi")
            }
            Self::Seeds => seeds(workspace),
            Self::Browser => {
                suites(workspace)?;
                system_tests(workspace, |name| name.starts_with("browser"))
            }
        }
    }
}

/// What needs no server of ours; the vault's tests start databases of their own.
fn rust(workspace: &Workspace) -> Result<Tally, Failure> {
    install::tools(workspace, &[Tool::POSTGRES])?;
    let tests = TestTarget::all(workspace)?
        .into_iter()
        .filter(|test| test.package != SYSTEM_TESTS);
    let selection = ["--lib", "--bins"]
        .map(str::to_owned)
        .into_iter()
        .chain(flags(tests))
        .collect();
    let tally = rust_tests(workspace, selection)?;
    Ok(tally.plus(&rust_tests(workspace, vec!["--doc".to_owned()])?))
}

/// The documents are not ours: they lie beside the clone, or where `GRANTOR_SHARED` says.
fn seeds(workspace: &Workspace) -> Result<Tally, Failure> {
    let shared = std::env::var_os("GRANTOR_SHARED");
    let shared = shared.map_or_else(|| workspace.path("../shared"), PathBuf::from);
    if !shared.join("seeds").is_dir() {
        return Ok(Tally::not_checked("seed clients: not run, ../shared is not here"));
    }
    suites(workspace)?;
    system_tests(workspace, |name| name == "seeds")
}

/// Installs what suites in other languages need. Some log in by way of the browser suite, so it is one set.
fn suites(workspace: &Workspace) -> Result<(), Failure> {
    install::node_packages(workspace, "tests/interop/node")?;
    install::node_packages(workspace, "tests/interop/oidc-provider")?;
    install::node_packages(workspace, "examples/express-api")?;
    install::go_modules(workspace, "examples/go-api")?;
    install::node_packages(workspace, "tests/interop/seeds/node")?;
    install::node_packages(workspace, "tests/browser")?;
    install::python_packages(workspace, "tests/interop/python", "python-venv")?;
    install::go_modules(workspace, "tests/interop/go")?;
    install::go_modules(workspace, "tests/interop/seeds/go")?;
    install::java_packages(workspace, "tests/interop/java", "interop-java")?;
    if workspace.path("tests/browser").exists() {
        install::tools(workspace, &[Tool::CHROMIUM])?;
    }
    Ok(())
}

fn single(result: Result<(), Failure>) -> Result<Tally, Failure> {
    result.map(|()| Tally::PASSED)
}

/// An integration test.
struct TestTarget {
    package: String,
    name: String,
}

impl TestTarget {
    /// Every one of the workspace.
    fn all(workspace: &Workspace) -> Result<Vec<Self>, Failure> {
        let text = process::output(process::cargo(
            workspace,
            &["metadata", "--format-version", "1", "--no-deps", "--locked"],
        ))?;
        let metadata: Value =
            serde_json::from_str(&text).map_err(|error| format!("cargo metadata cannot be read: {error}"))?;
        let mut found = Vec::new();
        for package in metadata
            .get("packages")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            for target in package
                .get("targets")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                let is_test = target
                    .get("kind")
                    .and_then(|kinds| kinds.get(0))
                    .is_some_and(|kind| kind == "test");
                let name = |value: &Value| {
                    value
                        .get("name")
                        .and_then(Value::as_str)
                        .unwrap_or_default()
                        .to_owned()
                };
                if is_test {
                    found.push(Self {
                        package: name(package),
                        name: name(target),
                    });
                }
            }
        }
        Ok(found)
    }
}

/// The flags that select these tests.
fn flags(tests: impl Iterator<Item = TestTarget>) -> impl Iterator<Item = String> {
    let names: BTreeSet<String> = tests.map(|test| test.name).collect();
    names.into_iter().flat_map(|name| ["--test".to_owned(), name])
}

/// Runs what is selected. The whole workspace is named each time: another choice of packages would have other features,
/// and compile most dependencies once more.
fn rust_tests(workspace: &Workspace, selection: Vec<String>) -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    let mut command = process::cargo(workspace, &["test", "--workspace", "--locked", "--no-fail-fast"]);
    command.args(selection);
    let success = process::watched(command, |line| tally.read(line))?;
    Ok(tally.ended(success))
}

fn system_tests(workspace: &Workspace, named: impl Fn(&str) -> bool) -> Result<Tally, Failure> {
    let tests = TestTarget::all(workspace)?.into_iter();
    let selection: Vec<String> =
        flags(tests.filter(|test| test.package == SYSTEM_TESTS && named(&test.name))).collect();
    if selection.is_empty() {
        return Ok(Tally::not_checked(format!("{SYSTEM_TESTS} has no such test yet")));
    }
    rust_tests(workspace, selection)
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
