//! What every `list` does, and every `delete`.

use clap::Args;
use grantor_server::admin::{Action, Request};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::administrator::AdministratorArguments;
use crate::output::{CommandError, print_json, print_table, say};

/// The arguments of a command that shows a list.
#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    #[command(flatten)]
    pub(crate) administrator: AdministratorArguments,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// A table with its titles, and what is said when it is empty.
pub(crate) struct Table {
    pub(crate) titles: &'static [&'static str],
    pub(crate) nothing: &'static str,
}

impl ListArguments {
    /// Lists all there are.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(crate) async fn run<T: DeserializeOwned + Serialize>(
        &self,
        request: Request,
        table: &Table,
        row: impl Fn(&T) -> Vec<String>,
    ) -> Result<(), CommandError> {
        let all: Vec<T> = self.administrator.open()?.all(request).await?;
        self.print(&all, table, row)
    }

    /// Prints what was listed.
    ///
    /// # Errors
    /// When it cannot be printed.
    pub(crate) fn print<T: Serialize>(
        &self,
        all: &[T],
        table: &Table,
        row: impl Fn(&T) -> Vec<String>,
    ) -> Result<(), CommandError> {
        if self.json {
            return print_json(&all);
        }
        print_table(table.titles, all.iter().map(row).collect(), table.nothing);
        Ok(())
    }
}

/// The arguments of a command that deletes one thing.
#[derive(Debug, Args)]
pub(crate) struct DeleteArguments {
    #[command(flatten)]
    administrator: AdministratorArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl DeleteArguments {
    /// Deletes what has this name, and says so.
    ///
    /// # Errors
    /// When it is not there or cannot be deleted.
    pub(crate) async fn run(&self, action: Action, name: &str, done: &str) -> Result<(), CommandError> {
        self.administrator
            .open()?
            .send(Request::new(action, &[name]))
            .await?;
        if self.json {
            return print_json(&json!({ "deleted": name }));
        }
        say!("{done}");
        Ok(())
    }
}
