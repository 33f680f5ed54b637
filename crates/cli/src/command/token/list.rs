//! `grantor token list`.

use clap::Args;
use grantor_server::admin::{Action, PersonalAccessTokenDocument, Request};

use crate::command::listing::{ListArguments, Table};
use crate::command::user;
use crate::output::{CommandError, list};

/// List somebody's personal access tokens.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Whose: login name or id.
    #[arg(long)]
    user: String,
    #[command(flatten)]
    list: ListArguments,
}

const TABLE: Table = Table {
    titles: &["ID", "NAME", "SCOPE", "MADE BY", "ENDS", "LAST USED"],
    nothing: "There are no such tokens; `grantor token personal` makes one.",
};

impl List {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let administrator = self.list.administrator.open()?;
        let (owner, _) = user::find(&administrator, &self.user).await?;
        let request = Request::new(Action::ListPersonalAccessTokens, &[&list(owner.id)]);
        let tokens: Vec<PersonalAccessTokenDocument> = administrator.all(request).await?;
        self.list.print(&tokens, &TABLE, row)
    }
}

fn row(token: &PersonalAccessTokenDocument) -> Vec<String> {
    vec![
        token.id.to_string(),
        token.name.clone(),
        token.scope.to_string(),
        list(&token.client),
        token.expires_at.clone(),
        token.last_used_at.clone().unwrap_or_else(|| "never".to_owned()),
    ]
}
