//! `grantor issuer delete`.

use clap::Args;
use grantor_protocol::Change;
use serde_json::json;

use crate::change;
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, print_json, say};

/// Trust an issuer no more. What its JWTs were taken for lives on; `grantor grant revoke` ends it.
#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// Its identifier.
    issuer: String,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Delete {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let store = self.database.open()?;
        let name = self.issuer;
        let known = store.trusted_issuers().await?;
        if known.iter().all(|known| known.issuer != name) {
            return Err(CommandError::usage(format!(
                "the issuer {name} is not trusted; `grantor issuer list` shows those that are"
            )));
        }
        let delete = Change::DeleteTrustedIssuer(name.clone());
        change::commit(&*store, vec![delete], &format!("issuer {name}")).await?;
        if self.json {
            return print_json(&json!({ "deleted": name }));
        }
        say!("the issuer {name} is trusted no more");
        Ok(())
    }
}
