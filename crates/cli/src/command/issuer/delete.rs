//! `grantor issuer delete`.

use clap::Args;
use grantor_server::admin::Action;

use crate::command::listing::DeleteArguments;
use crate::output::CommandError;

/// Trust an issuer no more. What its JWTs were taken for lives on; `grantor grant revoke` ends it.
#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// Its identifier.
    issuer: String,
    #[command(flatten)]
    delete: DeleteArguments,
}

impl Delete {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let done = format!("the issuer {} is trusted no more", self.issuer);
        self.delete
            .run(Action::DeleteTrustedIssuer, &self.issuer, &done)
            .await
    }
}
