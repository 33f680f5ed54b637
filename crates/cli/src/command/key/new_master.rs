//! `grantor key new-master`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::master_key;
use crate::output::{CommandError, print_json, say};

/// Make a master key: 32 random bytes as base64url. It is printed, or written to a file that only its owner can read.
///
/// A database belongs to the master key that it was begun with; this command changes no database.
#[derive(Debug, Args)]
pub(crate) struct NewMaster {
    /// The file to write; it must not be there yet.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl NewMaster {
    pub(crate) fn run(self) -> Result<(), CommandError> {
        let text = master_key::generate()?;
        match (self.out, self.json) {
            (None, false) => say!("{text}"),
            (None, true) => print_json(&json!({ "master_key": text }))?,
            (Some(path), json) => {
                master_key::write_new(&path, &text)?;
                if json {
                    return print_json(&json!({ "file": path }));
                }
                say!(
                    "master key written to {}; keep a copy where the database's backup is not",
                    path.display()
                );
            }
        }
        Ok(())
    }
}
