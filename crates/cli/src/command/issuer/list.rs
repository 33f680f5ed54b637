//! `grantor issuer list`.

use clap::Args;
use grantor_protocol::record::{SubjectMapping, TrustedIssuer};
use grantor_server::admin::{Action, Request};
use grantor_types::WebUri;

use crate::command::listing::{ListArguments, Table};
use crate::config::Setting as _;
use crate::output::{CommandError, list};

/// List the issuers that are trusted.
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    list: ListArguments,
}

const TABLE: Table = Table {
    titles: &[
        "ISSUER",
        "KEYS",
        "ALGORITHMS",
        "SUBJECT",
        "SCOPE",
        "CLIENTS",
        "MAX LIFETIME",
    ],
    nothing: "No issuer is trusted; `grantor issuer create` makes one so.",
};

impl List {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let request = Request::new(Action::ListTrustedIssuers, &[]);
        self.list.run(request, &TABLE, row).await
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
