//! `grantor resource delete`.

use clap::Args;
use grantor_server::admin::Action;
use grantor_types::Resource;

use crate::argument::text;
use crate::command::listing::DeleteArguments;
use crate::output::CommandError;

/// Forget a resource server: its tokens follow policy again, and its introspectors speak for it no more.
#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// The resource indicator.
    #[arg(value_name = "RESOURCE", value_parser = text::<Resource>)]
    id: Resource,
    #[command(flatten)]
    delete: DeleteArguments,
}

impl Delete {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let id = self.id.as_str();
        let done = format!("resource server {id} is no longer known");
        self.delete.run(Action::DeleteResource, id, &done).await
    }
}
