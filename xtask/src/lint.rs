//! `cargo xtask lint`: rules of the house that the compiler and clippy do not know.

mod coverage;
mod dependencies;
mod examples;
mod references;
mod sources;

use crate::Failure;
use crate::workspace::Workspace;

/// Checks every rule and reports everything that breaks one.
///
/// # Errors
/// Each finding with its file and rule.
pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
    let mut findings = dependencies::check(workspace)?;
    findings.extend(sources::check(workspace)?);
    findings.extend(coverage::check(workspace)?);
    findings.extend(examples::check(workspace)?);
    findings.extend(references::check(workspace)?);
    if findings.is_empty() {
        println!("lint: nothing found");
        return Ok(());
    }
    let lines: String = findings
        .iter()
        .map(|finding| format!("\n  {}: {} ({})", finding.place, finding.what, finding.rule))
        .collect();
    Err(format!("{} broken rules:{lines}", findings.len()))
}

/// A rule that is broken somewhere.
#[derive(Debug)]
struct Finding {
    place: String,
    what: String,
    /// Where the rule stands.
    rule: &'static str,
}
