//! `grantor scope delete`.

use clap::Args;
use grantor_server::admin::Action;
use grantor_types::ScopeToken;

use crate::argument::text;
use crate::command::listing::DeleteArguments;
use crate::output::CommandError;

/// Forget a scope: nobody can ask for it any more. Tokens that carry it live on.
#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// The scope token.
    #[arg(value_parser = text::<ScopeToken>)]
    name: ScopeToken,
    #[command(flatten)]
    delete: DeleteArguments,
}

impl Delete {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let name = self.name.as_str();
        let done = format!("scope {name} is no longer known");
        self.delete.run(Action::DeleteScope, name, &done).await
    }
}
