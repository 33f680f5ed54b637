//! `grantor user show`.

use clap::Args;
use grantor_server::admin::{Action, Request, SessionDocument};

use super::{find, view};
use crate::administrator::AdministratorArguments;
use crate::output::{CommandError, list, print_json};

/// Show one user.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Login name or id.
    user: String,
    #[command(flatten)]
    administrator: AdministratorArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Show {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let administrator = self.administrator.open()?;
        let (user, _) = find(&administrator, &self.user).await?;
        let sessions = Request::new(Action::ListSessions, &[&list(user.id)]);
        let sessions: Vec<SessionDocument> = administrator.all(sessions).await?;
        if self.json {
            let mut view =
                serde_json::to_value(&user).map_err(|error| CommandError::caused_by("JSON", &error))?;
            if let Some(members) = view.as_object_mut() {
                members.insert("sessions".to_owned(), sessions.len().into());
            }
            return print_json(&view);
        }
        view::print(&user, sessions.len());
        Ok(())
    }
}
