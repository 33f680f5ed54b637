//! `grantor issuer create`.

use std::path::PathBuf;

use clap::Args;
use grantor_jose::Jwks;
use grantor_protocol::Change;
use grantor_protocol::record::{SubjectMapping, TrustedIssuer};
use grantor_types::{ClientId, Scope, Seconds, SigningAlgorithm, WebUri};

use crate::argument::{duration, text};
use crate::change;
use crate::declaration;
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, print_json, say};

/// Trust an issuer: its JWTs are taken for the users that they name.
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// Its identifier: the `iss` of its JWTs, compared exactly.
    issuer: String,
    /// Where its keys are.
    #[arg(long, value_name = "URI", value_parser = text::<WebUri>)]
    jwks_uri: Option<WebUri>,
    /// A file with its keys, a JWK set.
    #[arg(long, value_name = "FILE", conflicts_with = "jwks_uri")]
    jwks: Option<PathBuf>,
    /// An algorithm that it may sign with: ES256, EdDSA, PS256 or RS256. All when absent. Repeat it for more.
    #[arg(long = "algorithm", value_name = "ALGORITHM", value_parser = text::<SigningAlgorithm>)]
    algorithms: Vec<SigningAlgorithm>,
    /// What its `sub` is here: username or user_id.
    #[arg(long, value_name = "WHAT", value_parser = text::<SubjectMapping>)]
    subject: SubjectMapping,
    /// The most that its JWTs are good for, scopes separated by spaces.
    #[arg(long, value_parser = text::<Scope>)]
    scope: Scope,
    /// A client that may present its JWTs. Repeat it for more.
    #[arg(long = "client", value_name = "CLIENT_ID", value_parser = text::<ClientId>, required_unless_present = "software_statements")]
    clients: Vec<ClientId>,
    /// The longest life that its JWTs may have left, such as 10m; an hour when absent.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    max_lifetime: Option<Seconds>,
    /// Take its software statements when clients register themselves (RFC 7591).
    #[arg(long)]
    software_statements: bool,
    /// Replace the issuer of this identifier when there is one.
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Create {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let issuer = TrustedIssuer {
            jwks: self.jwks()?,
            issuer: self.issuer,
            jwks_uri: self.jwks_uri,
            algorithms: self.algorithms,
            subject: self.subject,
            scope: self.scope,
            clients: self.clients,
            max_lifetime: self.max_lifetime,
            software_statements: self.software_statements,
        };
        let name = issuer.issuer.clone();
        declaration::check_trusted_issuer(&issuer)
            .map_err(|problem| CommandError::usage(format!("the issuer {name} {problem}")))?;
        let store = self.database.open()?;
        let known = store.trusted_issuers().await?;
        if !self.replace && known.iter().any(|known| known.issuer == name) {
            return Err(CommandError::usage(format!(
                "the issuer {name} is trusted already; --replace replaces it"
            )));
        }
        let put = Change::PutTrustedIssuer(Box::new(issuer.clone()));
        change::commit(&*store, vec![put], &format!("issuer {name}")).await?;
        if self.json {
            return print_json(&issuer);
        }
        say!("the issuer {name} is trusted");
        Ok(())
    }

    fn jwks(&self) -> Result<Option<Jwks>, CommandError> {
        let Some(path) = &self.jwks else {
            return Ok(None);
        };
        let context = format!("{} cannot be read", path.display());
        let text =
            std::fs::read_to_string(path).map_err(|error| CommandError::caused_by(&context, &error))?;
        let jwks = serde_json::from_str(&text)
            .map_err(|error| CommandError::usage(format!("{context} as a JWK set: {error}")))?;
        Ok(Some(jwks))
    }
}
