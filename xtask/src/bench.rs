//! `cargo xtask bench`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::workspace::Workspace;
use crate::{Failure, process};

/// Runs what is to be measured, in release mode: the load harness, or with `client` first the client library, or with `weight`
/// what it takes to depend on it.
///
/// # Errors
/// When it cannot be built or fails.
pub(crate) fn run(workspace: &Workspace, arguments: &[&str]) -> Result<(), Failure> {
    let (binary, arguments) = match arguments {
        ["weight"] => return weigh(workspace),
        ["client", rest @ ..] => ("client_library", rest),
        rest => ("grantor-bench", rest),
    };
    let mut command = process::cargo(
        workspace,
        &[
            "run",
            "--release",
            "--package",
            "grantor-bench",
            "--bin",
            binary,
            "--",
        ],
    );
    command.args(arguments);
    process::run(command)
}

/// A program that depends on one library and uses nothing of it.
struct Program {
    name: &'static str,
    dependency: String,
}

/// What a program weighs that depends on the client library, beside the crates that others would pick.
fn weigh(workspace: &Workspace) -> Result<(), Failure> {
    let client = workspace.path("crates/client");
    let programs = [
        Program {
            name: "grantor-client",
            dependency: format!("grantor-client = {{ path = {client:?} }}"),
        },
        Program {
            name: "oauth2",
            dependency: "oauth2 = \"5\"".to_owned(),
        },
        Program {
            name: "openidconnect",
            dependency: "openidconnect = \"4\"".to_owned(),
        },
    ];
    println!("| default features, from nothing | packages | debug build | release build |");
    println!("|---|--:|--:|--:|");
    for program in programs {
        let folder = workspace.target().join("weight").join(program.name);
        write(&folder, &program).map_err(|error| error.to_string())?;
        let packages = packages(workspace, &folder)?;
        let debug = build(workspace, &folder, &[])?;
        let release = build(workspace, &folder, &["--release"])?;
        fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
        println!(
            "| {} | {packages} | {:.0} s | {:.0} s |",
            program.name,
            debug.as_secs_f64(),
            release.as_secs_f64()
        );
    }
    Ok(())
}

fn write(folder: &Path, program: &Program) -> std::io::Result<()> {
    let manifest = format!(
        "[package]\nname = \"weight\"\nedition = \"2024\"\n\n[dependencies]\n{}\n\n[workspace]\n",
        program.dependency
    );
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::write(folder.join("src/main.rs"), "fn main() {}\n")
}

/// How many packages are compiled for it, not counting itself.
fn packages(workspace: &Workspace, folder: &Path) -> Result<usize, Failure> {
    let mut tree = process::cargo(
        workspace,
        &["tree", "--prefix", "none", "--edges", "normal,build"],
    );
    tree.current_dir(folder);
    let listed = process::output(tree)?;
    // A package that stands there again is marked.
    let packages: BTreeSet<_> = listed.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    Ok(packages.len().saturating_sub(1))
}

/// How long a build takes whose dependencies have been downloaded.
fn build(workspace: &Workspace, folder: &Path, profile: &[&str]) -> Result<Duration, Failure> {
    let mut fetch = process::cargo(workspace, &["fetch", "--quiet"]);
    fetch.current_dir(folder);
    process::run(fetch)?;
    let mut build = process::cargo(workspace, &["build", "--quiet"]);
    build
        .args(profile)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"));
    let begun = Instant::now();
    process::run(build)?;
    Ok(begun.elapsed())
}
