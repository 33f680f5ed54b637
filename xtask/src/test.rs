//! `cargo xtask test`: everything that has to hold, each part with its time, and one line with the sum.

mod part;
mod tally;

use std::process::ExitCode;
use std::time::Instant;

use self::part::Part;
use self::tally::Tally;
use crate::Failure;
use crate::workspace::Workspace;

/// Runs the parts that were asked for, or all of them. A part that fails does not stop the others.
///
/// # Errors
/// When there is no such part. What failed is in the exit code, so that the line with the sum is the last one.
pub(crate) fn run(workspace: &Workspace, options: &[&str]) -> Result<ExitCode, Failure> {
    let parts = chosen(options)?;
    let mut sum = Tally::default();
    let mut lines = Vec::new();
    for part in parts {
        println!("\n== {}: {}", part.name(), part.description());
        let started = Instant::now();
        let tally = part.run(workspace).unwrap_or_else(|failure| {
            eprintln!("{}: {failure}", part.name());
            Tally::FAILED
        });
        let line = format!(
            "{:<8} {:>7.1} s  {tally}",
            part.name(),
            started.elapsed().as_secs_f64()
        );
        println!("{line}");
        lines.push(line);
        sum = sum.plus(&tally);
    }
    println!(
        "\n{}\n\n{} passed, {} failed",
        lines.join("\n"),
        sum.passed,
        sum.failed
    );
    Ok(match sum.failed {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

fn chosen(options: &[&str]) -> Result<Vec<Part>, Failure> {
    let mut parts = Vec::new();
    let mut options = options.iter();
    while let Some(option) = options.next() {
        let name = match (*option, option.strip_prefix("--only=")) {
            (_, Some(name)) => name,
            ("--only", None) => options.next().copied().unwrap_or_default(),
            (other, None) => return Err(format!("{other} is no option; there is --only PART")),
        };
        let part = Part::ALL.into_iter().find(|part| part.name() == name);
        parts.push(part.ok_or_else(|| {
            let names: Vec<&str> = Part::ALL.iter().map(|part| part.name()).collect();
            format!("\"{name}\" is no part; there are {}", names.join(", "))
        })?);
    }
    Ok(if parts.is_empty() {
        Part::ALL.to_vec()
    } else {
        parts
    })
}
