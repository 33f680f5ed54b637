//! `grantor user list`.

use clap::Args;
use grantor_server::admin::{Action, Request, UserDocument};

use super::view;
use crate::command::listing::{ListArguments, Table};
use crate::output::{CommandError, list};

/// List the users.
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    list: ListArguments,
}

const TABLE: Table = Table {
    titles: &["USERNAME", "ID", "NAME", "STATE", "CREATED"],
    nothing: "There are no users yet; `grantor user create` makes one.",
};

impl List {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let row = |user: &UserDocument| {
            vec![
                user.username.clone(),
                list(user.id),
                user.claims.name.clone().unwrap_or_default(),
                view::state(user).to_owned(),
                list(&user.created_at),
            ]
        };
        self.list
            .run(Request::new(Action::ListUsers, &[]), &TABLE, row)
            .await
    }
}
