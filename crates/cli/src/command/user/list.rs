//! `grantor user list`.

use clap::Args;
use grantor_protocol::record::User;
use grantor_store::Store;

use super::view;
use crate::engine::{DatabaseArguments, PAGE};
use crate::output::{CommandError, instant, print_json, print_table};

/// List the users.
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl List {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let users = all(&*self.database.open()?).await?;
        if self.json {
            return print_json(&users.iter().map(view::json).collect::<Vec<_>>());
        }
        let rows = users.iter().map(|user| {
            vec![
                user.username.clone(),
                user.id.to_string(),
                user.claims.name.clone().unwrap_or_default(),
                view::state(user).to_owned(),
                instant(user.created_at),
            ]
        });
        print_table(
            &["USERNAME", "ID", "NAME", "STATE", "CREATED"],
            rows.collect(),
            "There are no users yet; `grantor user create` makes one.",
        );
        Ok(())
    }
}

/// Every user.
async fn all(store: &dyn Store) -> Result<Vec<User>, CommandError> {
    let mut users: Vec<User> = Vec::new();
    loop {
        let after = users.last().map(|user| user.id);
        let page = store.users(after, PAGE).await?;
        users.extend(page.items);
        if !page.more {
            return Ok(users);
        }
    }
}
