//! `grantor issuer list`.

use clap::Args;
use grantor_protocol::record::{SubjectMapping, TrustedIssuer};
use grantor_types::WebUri;

use crate::config::Setting as _;
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, list, print_json, print_table};

/// List the issuers that are trusted.
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
        let issuers = self.database.open()?.trusted_issuers().await?;
        if self.json {
            return print_json(&issuers);
        }
        print_table(
            &[
                "ISSUER",
                "KEYS",
                "ALGORITHMS",
                "SUBJECT",
                "SCOPE",
                "CLIENTS",
                "MAX LIFETIME",
            ],
            issuers.iter().map(row).collect(),
            "No issuer is trusted; `grantor issuer create` makes one so.",
        );
        Ok(())
    }
}

fn row(issuer: &TrustedIssuer) -> Vec<String> {
    let subject = match issuer.subject {
        SubjectMapping::Username => "username",
        SubjectMapping::UserId => "user_id",
    };
    let lifetime = issuer.max_lifetime.map(|lifetime| lifetime.show());
    vec![
        issuer.issuer.clone(),
        issuer
            .jwks_uri
            .as_ref()
            .map_or_else(|| "in place".to_owned(), WebUri::to_string),
        list(&issuer.algorithms),
        subject.to_owned(),
        issuer.scope.to_string(),
        list(&issuer.clients),
        lifetime.unwrap_or_default(),
    ]
}
