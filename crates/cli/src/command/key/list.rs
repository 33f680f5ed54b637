//! `grantor key list`.

use clap::Args;
use grantor_server::admin::{Action, KeyDocument, Request};

use crate::command::listing::{ListArguments, Table};
use crate::output::CommandError;

/// List the keys and where they stand. Key material is not shown.
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    list: ListArguments,
}

const TABLE: Table = Table {
    titles: &["ID", "PURPOSE", "STATE", "CREATED", "USED FROM", "KEPT UNTIL"],
    nothing: "There are no keys yet; the server makes them when it starts.",
};

impl List {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let row = |key: &KeyDocument| {
            vec![
                key.id.clone(),
                key.purpose.clone(),
                key.state.clone(),
                key.created_at.clone(),
                key.use_from.clone(),
                key.retire_at.clone().unwrap_or_default(),
            ]
        };
        self.list
            .run(Request::new(Action::ListKeys, &[]), &TABLE, row)
            .await
    }
}
