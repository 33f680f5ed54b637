//! `grantor scope create`.

use clap::Args;
use grantor_protocol::record::ScopeDefinition;
use grantor_server::admin::Action;
use grantor_types::ScopeToken;

use crate::argument::text;
use crate::command::catalogue::{EntryActions, EntryArguments};
use crate::output::{CommandError, print_json, say};

/// Make a scope known.
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// The scope token.
    #[arg(value_parser = text::<ScopeToken>)]
    name: ScopeToken,
    /// What it allows, in a sentence for the consent page.
    #[arg(long, default_value = "")]
    description: String,
    #[command(flatten)]
    entry: EntryArguments,
}

const ACTIONS: EntryActions = EntryActions {
    create: Action::CreateScope,
    show: Action::ShowScope,
    replace: Action::ReplaceScope,
};

impl Create {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let scope = ScopeDefinition {
            name: self.name,
            description: self.description,
        };
        let name = scope.name.as_str();
        let done = self.entry.write(&ACTIONS, name, &scope).await?;
        if self.entry.json {
            return print_json(&done.body);
        }
        say!("scope {name} is known");
        Ok(())
    }
}
