//! `grantor user disable` and `grantor user enable`.

use std::sync::Arc;

use clap::Args;
use grantor_protocol::Change;
use grantor_protocol::logout::{EndingSession, notifications};
use grantor_protocol::record::User;
use grantor_store::Store;
use grantor_types::UserId;

use super::{find, save, view};
use crate::change::now;
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, print_json, say};

/// Switch a user off: no login, sessions end, tokens become inactive. Nothing is forgotten.
#[derive(Debug, Args)]
pub(crate) struct Disable {
    #[command(flatten)]
    arguments: Arguments,
}

/// Switch a user on again.
#[derive(Debug, Args)]
pub(crate) struct Enable {
    #[command(flatten)]
    arguments: Arguments,
}

#[derive(Debug, Args)]
struct Arguments {
    /// Login name or id.
    user: String,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Disable {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        self.arguments.switch(true).await
    }
}

impl Enable {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        self.arguments.switch(false).await
    }
}

/// Ends every session of a user. The clients of each hear of it from the server that runs, or from the next that does.
async fn end_sessions(store: &dyn Store, user: UserId) -> Result<Vec<Change>, CommandError> {
    let mut changes = Vec::new();
    for session in store.sessions_of(user).await? {
        let mut clients = Vec::new();
        for id in store.clients_of_session(session.id).await? {
            clients.extend(store.client(&id).await?.map(Arc::new));
        }
        changes.extend(notifications(now(), &EndingSession { session, clients }));
    }
    changes.push(Change::EndSessionsOf(user));
    Ok(changes)
}

impl Arguments {
    async fn switch(self, disabled: bool) -> Result<(), CommandError> {
        let store = self.database.open()?;
        let before = find(&*store, &self.user).await?;
        let also = if disabled {
            end_sessions(&*store, before.id).await?
        } else {
            Vec::new()
        };
        let user = save(
            &*store,
            &before,
            User {
                disabled,
                ..before.clone()
            },
            also,
        )
        .await?;
        if self.json {
            return print_json(&view::json(&user));
        }
        let done = if disabled {
            "disabled; their sessions ended and their tokens are inactive"
        } else {
            "enabled"
        };
        say!("user {} {done}", user.username);
        Ok(())
    }
}
