//! The binary under test.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::SystemTime;

static BINARY: OnceLock<PathBuf> = OnceLock::new();

/// The path of `grantor`, built from the sources as they are now.
///
/// A test of the whole workspace has built it already, with the features that the workspace has together; to build it
/// alone would compile most of its dependencies a second time. So cargo is asked only when a source is newer.
pub(crate) fn grantor() -> &'static Path {
    BINARY.get_or_init(|| {
        let path = profile_folder().join(format!("grantor{}", std::env::consts::EXE_SUFFIX));
        if !is_fresh(&path) {
            build(&["--package", "grantor-cli", "--bin", "grantor"]);
        }
        assert!(path.is_file(), "cargo built no {}", path.display());
        path
    })
}

/// The path of an example, built with the features that the workspace has together.
pub(crate) fn example(name: &str) -> PathBuf {
    build(&["--workspace", "--example", name]);
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    profile_folder().join("examples").join(file)
}

/// The folder that cargo builds in. What is installed for tests, and what they leave to look at, is there too.
pub(crate) fn target_folder() -> PathBuf {
    let profile = profile_folder();
    profile
        .parent()
        .expect("a profile has a folder below the target")
        .to_owned()
}

/// Cargo put this very test at `<target>/<profile>/deps/<test>`.
fn profile_folder() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own path");
    let deps = test.parent().expect("an executable is in a folder");
    let profile = if deps.ends_with("deps") {
        deps.parent()
    } else {
        Some(deps)
    };
    profile.expect("deps is in the folder of the profile").to_owned()
}

/// Compares with the list of sources that cargo writes beside each binary.
fn is_fresh(binary: &Path) -> bool {
    let modified = |path: &Path| path.metadata().and_then(|metadata| metadata.modified()).ok();
    let (Some(built), Ok(list)) = (
        modified(binary),
        std::fs::read_to_string(binary.with_extension("d")),
    ) else {
        return false;
    };
    let Some((_, sources)) = list.split_once(": ") else {
        return false;
    };
    let older = |source: &str| modified(Path::new(source)).is_some_and(|at: SystemTime| at <= built);
    sources.split_whitespace().all(older)
}

fn build(what: &[&str]) {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--quiet"]).args(what);
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    // What cargo tells a test about its own package: build scripts that read it would run anew.
    let own = |name: &OsStr| {
        let name = name.to_string_lossy();
        name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
    };
    for (name, _) in std::env::vars_os().filter(|(name, _)| own(name)) {
        command.env_remove(name);
    }
    let status = command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .expect("cargo starts");
    assert!(status.success(), "cargo could not build {what:?}");
}
