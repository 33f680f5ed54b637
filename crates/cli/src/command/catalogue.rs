//! What `scope create`, `resource create` and `issuer create` have in common: they make one, or replace the one there is.

use clap::Args;
use grantor_server::admin::{Action, Request};
use serde::Serialize;
use serde_json::Value;

use crate::administrator::{AdministratorArguments, Done};
use crate::output::CommandError;

/// The arguments of such a command.
#[derive(Debug, Args)]
pub(crate) struct EntryArguments {
    /// Replace the one of this name when there is one.
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    administrator: AdministratorArguments,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What to do with an entry: make, show and replace it.
pub(crate) struct EntryActions {
    pub(crate) create: Action,
    pub(crate) show: Action,
    pub(crate) replace: Action,
}

impl EntryArguments {
    /// Makes the entry of this name, or replaces it where that is wanted.
    ///
    /// # Errors
    /// When there is one already, or it cannot be so.
    pub(crate) async fn write(
        &self,
        actions: &EntryActions,
        name: &str,
        entry: &impl Serialize,
    ) -> Result<Done, CommandError> {
        let administrator = self.administrator.open()?;
        let body: Value =
            serde_json::to_value(entry).map_err(|error| CommandError::caused_by("JSON", &error))?;
        if self.replace {
            let there = administrator.find(Request::new(actions.show, &[name])).await?;
            if let Some(there) = there {
                let replace = Request::new(actions.replace, &[name])
                    .if_match(there.etag)
                    .body(body);
                return administrator.send(replace).await;
            }
        }
        let created = administrator
            .ask(Request::new(actions.create, &[]).body(body))
            .await?;
        created.map_err(|problem| match problem.status {
            409 => CommandError::usage(format!("{}; --replace replaces it", problem.sentence())),
            _ => CommandError::usage(problem.sentence()),
        })
    }
}
