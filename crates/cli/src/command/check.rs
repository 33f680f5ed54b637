//! `grantor check`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use crate::config::{self, Config, Report};
use crate::output::{CommandError, print_json, say};

/// Check a configuration file and report every problem at once.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The configuration file.
    #[arg(long, default_value = "grantor.toml")]
    config: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(crate) fn run(self) -> Result<(), CommandError> {
        let (config, report) = read(&self.config)?;
        if self.json {
            print_json(&json!({
                "valid": config.is_some(), "problems": report.problems, "dangers": report.dangers,
            }))?;
        } else {
            for danger in &report.dangers {
                say!("danger   {danger}");
            }
            for problem in &report.problems {
                say!("problem  {} {}", problem.path, problem.message);
            }
        }
        match config {
            Some(_) if !self.json => say!("{} can be used.", self.config.display()),
            Some(_) => {}
            None => {
                return Err(CommandError::usage(format!(
                    "{} cannot be used",
                    self.config.display()
                )));
            }
        }
        Ok(())
    }
}

/// Reads a configuration file and the environment.
///
/// # Errors
/// When the file cannot be read at all.
pub(crate) fn read(path: &Path) -> Result<(Option<Config>, Report), CommandError> {
    let context = format!("{} cannot be read", path.display());
    let text = std::fs::read_to_string(path).map_err(|error| CommandError::caused_by(&context, &error))?;
    Ok(config::read(&text, &|name| std::env::var(name).ok()))
}

/// Reads a configuration that has to be usable.
///
/// # Errors
/// Every problem, a line each.
pub(crate) fn usable(path: &Path) -> Result<(Config, Report), CommandError> {
    match read(path)? {
        (Some(config), report) => Ok((config, report)),
        (None, report) => {
            let lines = report
                .problems
                .iter()
                .map(|problem| format!("\n  {} {}", problem.path, problem.message));
            Err(CommandError::usage(format!(
                "{} cannot be used:{}",
                path.display(),
                lines.collect::<String>()
            )))
        }
    }
}
