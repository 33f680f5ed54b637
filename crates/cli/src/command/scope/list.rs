//! `grantor scope list`.

use clap::Args;
use grantor_protocol::record::ScopeDefinition;
use grantor_server::admin::{Action, Request};

use crate::command::listing::{ListArguments, Table};
use crate::output::CommandError;

/// List the scopes.
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    list: ListArguments,
}

impl List {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let table = Table {
            titles: &["SCOPE", "DESCRIPTION"],
            nothing: "No scope is known yet; `grantor scope create` makes one known.",
        };
        let row = |scope: &ScopeDefinition| vec![scope.name.as_str().to_owned(), scope.description.clone()];
        self.list
            .run(Request::new(Action::ListScopes, &[]), &table, row)
            .await
    }
}
