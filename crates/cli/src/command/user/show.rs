//! `grantor user show`.

use clap::Args;

use super::{find, view};
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, print_json};

/// Show one user.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Login name or id.
    user: String,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Show {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let store = self.database.open()?;
        let user = find(&*store, &self.user).await?;
        let sessions = store.sessions_of(user.id).await?.len();
        if self.json {
            let mut view = view::json(&user);
            if let Some(members) = view.as_object_mut() {
                members.insert("sessions".to_owned(), sessions.into());
            }
            return print_json(&view);
        }
        view::print(&user, sessions);
        Ok(())
    }
}
