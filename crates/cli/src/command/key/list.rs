//! `grantor key list`.

use clap::Args;
use grantor_protocol::record::StoredKey;
use grantor_types::Timestamp;
use serde_json::{Value, json};

use super::state;
use crate::change;
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, instant, print_json, print_table};

/// List the keys and where they stand. Key material is not shown.
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
        let keys = self.database.open()?.keys().await?;
        let now = change::now();
        if self.json {
            return print_json(&keys.iter().map(|key| view(key, now)).collect::<Vec<_>>());
        }
        let rows = keys.iter().map(|key| {
            vec![
                key.id.clone(),
                key.purpose.as_str().to_owned(),
                state(key, now).to_owned(),
                instant(key.created_at),
                instant(key.use_from),
                key.retire_at.map(instant).unwrap_or_default(),
            ]
        });
        print_table(
            &["ID", "PURPOSE", "STATE", "CREATED", "USED FROM", "KEPT UNTIL"],
            rows.collect(),
            "There are no keys yet; the server makes them when it starts.",
        );
        Ok(())
    }
}

fn view(key: &StoredKey, now: Timestamp) -> Value {
    json!({
        "id": key.id,
        "purpose": key.purpose.as_str(),
        "state": state(key, now),
        "created_at": instant(key.created_at),
        "use_from": instant(key.use_from),
        "retire_at": key.retire_at.map(instant),
    })
}
