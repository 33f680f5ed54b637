//! `grantor grant list`.

use clap::Args;
use grantor_server::admin::GrantDocument;
use grantor_types::ClientId;

use super::of;
use crate::argument::text;
use crate::command::listing::{ListArguments, Table};
use crate::output::{CommandError, list};

/// List grants: what users gave to clients.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Of this user: login name or id.
    #[arg(long)]
    user: Option<String>,
    /// Of this client.
    #[arg(long, value_name = "CLIENT_ID", value_parser = text::<ClientId>)]
    client: Option<ClientId>,
    #[command(flatten)]
    list: ListArguments,
}

const TABLE: Table = Table {
    titles: &[
        "ID",
        "USER",
        "CLIENT",
        "SCOPE",
        "RESOURCES",
        "STATE",
        "GIVEN",
        "ENDS",
    ],
    nothing: "There are no such grants.",
};

impl List {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let administrator = self.list.administrator.open()?;
        let request = of(&administrator, self.user.as_deref(), self.client.as_ref()).await?;
        let grants: Vec<GrantDocument> = administrator.all(request).await?;
        self.list.print(&grants, &TABLE, row)
    }
}

fn row(grant: &GrantDocument) -> Vec<String> {
    let state = match &grant.revocation {
        Some(revocation) => format!("revoked {} ({})", revocation.at, revocation.reason),
        None if grant.has_refresh_token => format!("{}, with refresh", grant.state),
        None => grant.state.clone(),
    };
    vec![
        grant.id.to_string(),
        grant.username.clone(),
        grant.client.to_string(),
        grant.scope.to_string(),
        list(&grant.resources),
        state,
        grant.created_at.clone(),
        grant.expires_at.clone(),
    ]
}
