//! Project tasks, run as `cargo xtask TASK`.

mod bench;
mod conformance;
mod install;
mod lint;
mod process;
mod reference;
mod test;
mod workspace;

use std::process::ExitCode;

use crate::workspace::Workspace;

/// Why a task failed, in words.
type Failure = String;

const USAGE: &str = "\
cargo xtask TASK

  gen [--check]         write docs/reference from the code; --check fails when a page is stale
  lint                  rules of the house that the compiler does not know
  test [--only PART]…   everything that has to hold, with what it needs installed first
  bench [ARGUMENT]…     the load harness, in release mode
  bench client          the client library beside the crate openidconnect
  bench weight          what it takes to depend on it: packages, time to compile";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = Workspace::find().and_then(|workspace| run(&workspace, &arguments));
    match result {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode, Failure> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["gen"] => reference::write(workspace)?,
        ["gen", "--check"] => reference::check(workspace)?,
        ["lint"] => lint::run(workspace)?,
        ["test", options @ ..] => return test::run(workspace, options),
        ["bench", passed_on @ ..] => bench::run(workspace, passed_on)?,
        ["help" | "--help" | "-h"] => println!("{USAGE}"),
        _ => return Err(format!("that is no task\n\n{USAGE}")),
    }
    Ok(ExitCode::SUCCESS)
}
